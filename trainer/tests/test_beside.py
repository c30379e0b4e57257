"""The video of the filmed mouth beside the driven one."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from made_person import FPS, FRAMES, VOICE, MadePerson, give_voice, make_person

from likeness_trainer.bundle.export import Trained, export_bundle
from likeness_trainer.media import probe, read_audio, read_frames
from likeness_trainer.metrics.beside import best_lag, stretch_of, whole_file
from likeness_trainer.metrics.beside_picture import BAR, CELL, CURVE
from likeness_trainer.metrics.evaluate import evaluate
from likeness_trainer.protocol import Cancelled, Reporter, TrainerError
from likeness_trainer.protocol.job_fields import read
from likeness_trainer.protocol.jobs import EvaluateJob, TrainJob
from likeness_trainer.renderer.fast import FastRenderer
from likeness_trainer.renderer.rig_fit import fit_rig
from likeness_trainer.renderer.std import StdRenderer

HELD_OUT = FRAMES // 11


@pytest.fixture(scope="module")
def person(tmp_path_factory: pytest.TempPathFactory, ffmpeg: str, ffprobe: str) -> MadePerson:
    """A made person with a voice and an untrained avatar."""
    made = make_person(tmp_path_factory.mktemp("beside"), ffmpeg, ffprobe)
    give_voice(made)
    torch.manual_seed(0)
    export_bundle(
        job=read(TrainJob, made.job),
        track=made.track,
        rig=fit_rig(made.track, made.track.split()[0]),
        seed=0,
        trained=Trained(StdRenderer(), FastRenderer()),
        reporter=Reporter.silent(),
        measure=lambda bundle, _: {},
        speech_steps=1,  # how well it speaks is not looked at
    )
    return made


def test_the_video_has_every_frame_its_sound_in_place_and_says_what_was_held_out(
    person: MadePerson, ffmpeg: str, ffprobe: str, tmp_path: Path
):
    path = tmp_path / "new" / "watch.mp4"
    video = evaluate(read(EvaluateJob, {**person.job, "videoPath": str(path)}), Reporter.silent())["video"]
    json.dumps(video, allow_nan=False)
    assert (video["path"], video["frames"], video["heldOut"], video["start"]) == (str(path), FRAMES, HELD_OUT, 0)
    assert [file.name for file in path.parent.iterdir()] == ["watch.mp4"]
    written = probe(ffprobe, str(path))
    assert (written.width, written.height, written.fps, written.frames) == (1024, 1064, FPS, FRAMES)
    assert written.duration == pytest.approx(FRAMES / FPS, abs=0.1)

    heard, said = read_audio(ffmpeg, str(path)), read_audio(ffmpeg, str(VOICE))
    length = round(FRAMES / FPS * 16000)
    assert len(heard) == pytest.approx(length, abs=1100)  # an AAC frame
    moved = [np.corrcoef(heard[2000:20000], said[2000 + lag : 20000 + lag])[0, 1] for lag in range(-400, 401, 20)]
    assert max(moved) > 0.95 and abs(int(np.argmax(moved)) - 20) <= 1

    pictures = list(read_frames(ffmpeg, str(path), written))
    bars = np.array([picture[4:36, 450:500].mean((0, 1)) for picture in pictures])
    trained, held_out = bars[:-HELD_OUT], bars[-HELD_OUT:]
    assert np.abs(trained - trained[0]).max() < 4 and (held_out[:, 1] - held_out[:, 0] > 60).all()
    # the whole of this small picture is shown, as it was filmed on the left and with an untrained head on the right
    left, right = (pictures[20][BAR : BAR + CELL, column : column + CELL].astype(int) for column in (0, CELL))
    filmed = cv2.resize(person.frames[20], (CELL, CELL), interpolation=cv2.INTER_CUBIC)
    inner = slice(8, -8)
    assert np.abs(left - filmed)[inner, inner].mean() < 6
    assert np.abs(right - filmed)[200:300, 200:300].mean() > 15
    assert (
        pictures[0][-CURVE:].std() > 10 and np.abs(pictures[0][-CURVE:].astype(int) - pictures[-1][-CURVE:]).max() > 100
    )  # the marker moves on


def test_what_cannot_be_made_is_refused_before_any_work(person: MadePerson, tmp_path: Path):
    def refused(job: dict) -> str:
        with pytest.raises(TrainerError) as raised:
            evaluate(read(EvaluateJob, {**person.job, "avatarPath": "nowhere", **job}), Reporter.silent())
        return raised.value.code

    (tmp_path / "file").write_text("")
    assert refused({"videoPath": str(tmp_path / "file" / "watch.mp4")}) == "not-found"
    (tmp_path / "folder.mp4").mkdir()
    assert refused({"videoPath": str(tmp_path / "folder.mp4")}) == "not-found"
    assert refused({"videoPath": str(tmp_path / "watch.mp4"), "analysisDir": str(tmp_path)}) == "no-audio"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["file", "folder.mp4"]


def test_a_video_that_is_there_stays_until_the_new_one_is_whole(person: MadePerson, tmp_path: Path):
    path = tmp_path / "watch.mp4"
    path.write_bytes(b"old")
    reporter = Reporter.silent()
    reporter.cancel()
    with pytest.raises(Cancelled):
        evaluate(read(EvaluateJob, {**person.job, "videoPath": str(path)}), reporter)
    with pytest.raises(RuntimeError), whole_file(path) as partial:
        partial.write_bytes(b"half")
        raise RuntimeError
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("watch.mp4", b"old")]
    with whole_file(path) as partial:
        partial.write_bytes(b"new")
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("watch.mp4", b"new")]


def test_the_stretch_ends_with_the_video_and_begins_before_what_was_held_out():
    twenty = np.arange(500) / 25
    stretch = stretch_of(twenty, 455, 25.0)
    assert (stretch.start, stretch.frames[0], stretch.frames[-1], stretch.seconds) == (12.0, 300, 499, 8.0)
    minutes = stretch_of(np.arange(15000) / 25, 13637, 25.0)  # 54 s held out: their first part, and 4 s before it
    assert (minutes.start, minutes.seconds, minutes.frames[100]) == (pytest.approx(541.48), 30.0, 13637)
    assert stretch_of(twenty[:50], 46, 25.0).frames.tolist() == list(range(50))
    # a picture that was shown for three frames' time is shown three times
    uneven = np.array([0, 1, 2, 5, 6, 7]) / 25
    assert stretch_of(uneven, 5, 25.0).frames.tolist() == [0, 1, 2, 2, 2, 3, 4, 5]


def test_the_lag_is_how_late_the_driven_mouth_is():
    true = np.random.default_rng(0).normal(size=200)
    r, lag = best_lag(true, np.roll(true, 2), 25.0)
    assert lag == pytest.approx(0.08) and r == pytest.approx(1)
    assert best_lag(true, np.roll(true, -3), 25.0)[1] == pytest.approx(-0.12)
    assert best_lag(true, np.zeros(200), 25.0) == (None, None)
