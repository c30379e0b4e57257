"""Frames as they were filmed, for the detail of an appearance."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import cv2
import numpy as np
import pytest

from likeness_trainer.bundle.composite import crop_picture
from likeness_trainer.matting.mask_file import MASK_CODEC, read_masks
from likeness_trainer.media import FrameWriter, probe, raw_pictures, read_frames
from likeness_trainer.media.chosen import runs_of
from likeness_trainer.protocol import Reporter, TrainerError
from likeness_trainer.protocol.jobs import AnalysedJob
from likeness_trainer.tracking.track_file import Track
from likeness_trainer.training import crops
from likeness_trainer.training.crops import FilmedHeads, prepare_crops


@pytest.fixture(scope="module")
def job(clip: dict) -> AnalysedJob:
    named = {name: clip[name] for name in ("producer", "ffmpeg", "ffprobe", "source")}
    return AnalysedJob(**named, analysis_dir=Path(clip["analysisDir"]))


@pytest.mark.parametrize("share", [1, 0.75])
def test_a_head_is_kept_as_it_was_filmed(job: AnalysedJob, tmp_path: Path, share: float) -> None:
    track = Track.load(job.track_path)
    size = (round(track.width * share), round(track.height * share))
    every = list(read_frames(job.ffmpeg, job.source, probe(job.ffprobe, job.source)))
    heads = FilmedHeads([3, 9], size)
    crops = prepare_crops(job, track, np.array([3, 4, 9]), tmp_path, Reporter.silent(), heads)
    for frame in heads.frames:
        left, top, right, bottom = (np.r_[track.crop[frame, :2], track.crop[frame, :2] + track.crop[frame, 2]]).tolist()
        head = np.s_[int(max(0, top * share)) : int(bottom * share), int(max(0, left * share)) : int(right * share)]
        filmed = cv2.resize(every[frame], size, interpolation=cv2.INTER_AREA)
        np.testing.assert_array_equal(crops.filmed(frame, size)[head], filmed[head])
    assert 4 in crops and 5 not in crops
    np.testing.assert_array_equal(crops.picture(4), crop_picture(every[4], track.crop[4]))


def test_crops_are_cut_once_and_their_heads_let_go_of(
    job: AnalysedJob, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    track, silent = Track.load(job.track_path), Reporter.silent()
    heads = FilmedHeads([4], (track.width, track.height))
    frames = np.array([4, 7])
    first = prepare_crops(job, track, frames, tmp_path, silent, heads).picture(7)
    with monkeypatch.context() as cut:
        cut.setattr(crops, "read_frames", lambda *_, **__: pytest.fail("they are there"))
        again = prepare_crops(job, track, frames, tmp_path, silent, heads)
        np.testing.assert_array_equal(again.picture(7), first)
        again.forget_heads()
        np.testing.assert_array_equal(prepare_crops(job, track, frames, tmp_path, silent).picture(7), first)
    with pytest.raises(FileNotFoundError):
        again.filmed(4, heads.size)
    (tmp_path / crops.LISTED).write_bytes(b'{"frames": [4,\xff')  # damaged
    anew = prepare_crops(job, track, frames, tmp_path, silent, heads)
    assert anew.filmed(4, heads.size).any()


@pytest.mark.parametrize("most", [400, 3, 1])
def test_of_chosen_frames_none_is_another(clip: dict, monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    monkeypatch.setattr(raw_pictures, "runs_of", partial(runs_of, most=most))
    ffmpeg, source = clip["ffmpeg"], probe(clip["ffprobe"], clip["source"])
    every = list(read_frames(ffmpeg, clip["source"], source))
    for wanted in ([0], [32], [1, 2, 9, 11, 12, 13, 30], list(range(0, 33, 2)), list(range(33))):
        found = list(read_frames(ffmpeg, clip["source"], source, frames=wanted))
        np.testing.assert_array_equal(found, [every[frame] for frame in wanted])
    assert list(read_frames(ffmpeg, clip["source"], source, frames=[])) == []
    assert len(list(read_frames(ffmpeg, clip["source"], source, frames=[31, 32, 33, 40]))) == 2  # as many as there are


def test_chosen_frames_are_told_in_few_runs() -> None:
    assert runs_of([5]) == [(5, 5)]
    assert runs_of([1, 2, 3, 7, 9, 10]) == [(1, 3), (7, 7), (9, 10)]
    assert runs_of([1, 2, 3, 7, 9, 10], most=2) == [(1, 3), (7, 10)]
    many = runs_of(range(0, 40_000, 3))
    assert len(many) == 400 and many[0][0] == 0 and many[-1][1] == 39_999


@pytest.mark.parametrize("size", [(128, 1152), (1152, 128), (1152, 1152)])
def test_masks_of_another_size_than_the_source_are_refused_before_they_are_read(
    clip: dict, tmp_path: Path, size: tuple[int, int]
) -> None:
    wide, high = size
    path = tmp_path / "person.mkv"
    with FrameWriter(
        clip["ffmpeg"], str(path), wide, high, 25, ["-c:v", "ffv1", "-pix_fmt", "gray"], gray=True
    ) as file:
        file.write(np.zeros((high, wide), np.uint8))
    with pytest.raises(TrainerError, match="damaged") as refused:
        read_masks(clip["ffmpeg"], clip["ffprobe"], path, (128, 128), [0])
    assert refused.value.code == "bad-request" and f"{wide}x{high}" in str(refused.value.detail)
    path.write_bytes(b"no masks")
    with pytest.raises(TrainerError, match="damaged"):
        read_masks(clip["ffmpeg"], clip["ffprobe"], path, (128, 128), [0])


def test_masks_are_read_as_they_were_written(clip: dict, tmp_path: Path) -> None:
    path, random = tmp_path / "person.mkv", np.random.default_rng(3)
    ramp = np.tile(np.arange(256, dtype=np.uint8), (66, 1))
    masks = [ramp, random.integers(0, 256, ramp.shape, np.uint8), np.zeros_like(ramp), np.full_like(ramp, 255), ramp.T]
    masks = [np.ascontiguousarray(np.resize(mask, ramp.shape)) for mask in masks] * 3
    with FrameWriter(clip["ffmpeg"], str(path), 256, 66, 29.97, MASK_CODEC, gray=True) as file:
        for mask in masks:
            file.write(mask)
    for wanted in (range(len(masks)), [2, 3, 11]):
        scale, read = read_masks(clip["ffmpeg"], clip["ffprobe"], path, (512, 132), wanted)
        assert scale == 0.5
        np.testing.assert_array_equal(list(read), [masks[frame] for frame in wanted])
