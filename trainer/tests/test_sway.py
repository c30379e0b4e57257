"""The sway: tracked in a frame that was filmed, between frames, and in an avatar where it pays."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pytest
from safetensors.numpy import load, save
from tiny_avatar import FIXTURE

from likeness_trainer.appearance.displacement import GRID
from likeness_trainer.appearance.likeness_file import AppearanceFile
from likeness_trainer.appearance.sway import KNOTS, swayed
from likeness_trainer.appearance.sway_tracking import track_sway
from likeness_trainer.bundle.archive import read_archive
from likeness_trainer.bundle.idle import IDLE, TABLE
from likeness_trainer.bundle.load import APPEARANCE, Bundle
from likeness_trainer.protocol import Reporter, TrainerError
from likeness_trainer.protocol.job_fields import read
from likeness_trainer.protocol.jobs import AnalysedJob
from likeness_trainer.renderer.proxies import SIDE, Control, control_of
from likeness_trainer.renderer.rig import Rig
from likeness_trainer.tracking.track_file import Track
from likeness_trainer.training import sway as tracking
from likeness_trainer.training.selection import evenly
from likeness_trainer.training.sway import sway_in, tracked_sway


def spotted() -> tuple[AppearanceFile, Rig, Control]:
    """The tiny closed form on a chart of spots, half of it loose."""
    form = AppearanceFile.read((FIXTURE.parent / APPEARANCE).read_bytes())
    spots = np.random.default_rng(1).random((32, 32, 4)).astype(np.float32)
    mean = 255 * cv2.resize(spots, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC).clip(0, 1)
    mean[..., 3] = 255
    loose = np.zeros((GRID, GRID), np.float32)
    loose[:, GRID // 2 :] = 1
    bundle = Bundle.load(FIXTURE)
    still = replace(form, mean=mean, loose=loose, displacement=None, detail_mean=None)
    return still, bundle.rig, control_of(bundle.idle, 7)


def filmed(form: AppearanceFile, rig: Rig, control: Control) -> np.ndarray:
    return (255 * form.multiplied(rig, control)).round().astype(np.uint8)


def test_what_moved_a_frame_is_found_where_it_is_loose():
    form, rig, control = spotted()
    assert form.loose is not None
    rows, columns = np.mgrid[:KNOTS, :KNOTS]
    true = np.stack([2.5 * np.sin(rows / 2), 2 * np.cos(columns / 2)], -1).astype(np.float32)
    seen = filmed(form, rig, replace(control, sway=true))
    everywhere = np.full((SIDE, SIDE), 255, np.uint8)
    found = track_sway(form, rig, control, seen, everywhere)
    expected = swayed(true, form.loose)[16:48, 36:56]
    assert np.abs(expected).mean() > 1
    assert np.abs(swayed(found, form.loose)[16:48, 36:56] - expected).mean() < 0.25
    assert np.abs(found[:, :2]).max() == 0  # what is held says nothing

    drawn = filmed(form, rig, replace(control, sway=found)).astype(int)
    off = [np.abs(picture - seen.astype(int)).mean() for picture in (drawn, filmed(form, rig, control).astype(int))]
    assert off[0] < off[1] / 3
    # Nothing moved, or nothing of it is the person.
    assert np.abs(track_sway(form, rig, control, filmed(form, rig, control), everywhere)).mean() < 0.05
    assert np.abs(track_sway(form, rig, control, seen, np.zeros_like(everywhere))).max() == 0


def test_every_frame_has_one_and_those_that_were_not_good_what_lies_between(
    clip: dict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    job = read(AnalysedJob, {key: clip[key] for key in ("producer", "ffmpeg", "ffprobe", "source", "analysisDir")})
    track = Track.load(job.track_path)
    state = track.state.copy()
    state[[0, 5, 6]] = 1
    numbers = np.arange(len(state), dtype=np.float32)
    track = replace(track, state=state, translation=np.repeat(numbers[:, None], 3, 1))
    rig, form = object(), SimpleNamespace(loose=0)

    def tracked(reuse: bool) -> np.ndarray | None:
        return tracked_sway(tmp_path, job, rig, track, form, Reporter.silent(), reuse=reuse)  # type: ignore[arg-type]

    def numbered(_form: object, _rig: object, control: Control, seen: np.ndarray, mask: np.ndarray) -> np.ndarray:
        assert (seen.shape, mask.shape) == ((SIDE, SIDE, 4), (SIDE, SIDE))
        return np.full((KNOTS, KNOTS, 2), control.translation[0], np.float32)

    monkeypatch.setattr(tracking, "track_sway", numbered)
    assert sway_in(tmp_path) is None
    sway = tracked(reuse=True)
    assert sway is not None
    np.testing.assert_allclose(sway[:, 3, 4, 1], [1, *range(1, len(track))], atol=1e-5)
    monkeypatch.setattr(tracking, "track_sway", lambda *_: pytest.fail("it was tracked already"))
    again = tracked(reuse=True)
    assert again is not None and np.array_equal(again, sway)
    # Of a long clip as many as there is time for, and the last frames are as the last of those.
    monkeypatch.setattr(tracking, "track_sway", numbered)
    monkeypatch.setattr(tracking, "MOST_TRACKED", 4)
    few = tracked(reuse=False)
    assert few is not None and few.shape == sway.shape
    at = evenly(track.good, 4)
    np.testing.assert_allclose(few[at[0] : at[-1], 3, 4, 1], np.arange(at[0], at[-1]), atol=1e-5)
    assert (few[: at[0]] == at[0]).all() and (few[at[-1] :] == at[-1]).all()
    form.loose = None  # as a training that an earlier version began has it
    assert tracked(reuse=False) is None


@pytest.mark.parametrize(
    "change", [lambda sway: sway[1:], lambda sway: sway[:, :4], lambda sway: sway * np.nan, lambda sway: sway + 65]
)
def test_a_bundle_with_a_damaged_sway_is_refused(change):
    manifest, files = read_archive(FIXTURE)
    idle = load(files[IDLE])
    whole = np.zeros((len(idle["time"]), KNOTS, KNOTS, 2), np.float32)
    content = save(idle | {"sway": whole}, TABLE.metadata)
    assert not Bundle(manifest, files | {IDLE: content}).has_sway  # since nothing draws it
    files |= {APPEARANCE: (FIXTURE.parent / APPEARANCE).read_bytes()}
    assert Bundle(manifest, files | {IDLE: content}).has_sway
    with pytest.raises(TrainerError, match="sway"):
        Bundle(manifest, files | {IDLE: save(idle | {"sway": np.ascontiguousarray(change(whole))}, TABLE.metadata)})
