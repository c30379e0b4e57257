"""Fine detail that laying out, drawing and regressing lose, and how much of it is given back."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from made_person import FRAMES, SIDE, made_track, paint

from likeness_trainer.appearance import sharpening
from likeness_trainer.appearance.appearance import Appearance, open_posture
from likeness_trainer.appearance.chart import Chart, sample
from likeness_trainer.appearance.laying import Laying
from likeness_trainer.appearance.regression import GAP, PIECES, Kernel, left_out, pieces
from likeness_trainer.appearance.sharpening import Drawn, fine, finest, raises, rows_left_out, shares_without
from likeness_trainer.bundle.composite import crop_picture
from likeness_trainer.metrics.image import psnr, sharpness
from likeness_trainer.renderer.proxies import control_of
from likeness_trainer.renderer.rig_fit import fit_rig


def noise(*shape: int) -> np.ndarray:
    return np.random.default_rng(2).normal(0, 40, shape).astype(np.float32)


@pytest.fixture(scope="module")
def made():
    """(rig, controls, head crops) of a made person with a grain on her."""
    track = made_track()
    rig = fit_rig(track, np.arange(FRAMES))
    controls = [control_of(track, frame) for frame in range(FRAMES)]
    plate = np.full((SIDE, SIDE, 3), 120, np.uint8)
    painted = [crop_picture(paint(track, frame, plate)[0], controls[frame].crop) for frame in range(FRAMES)]
    still = Laying(rig, Chart.of(rig, open_posture(rig, controls), controls), controls)
    grain = cv2.GaussianBlur(noise(256, 256, 1), (0, 0), 1)[..., None]
    crops = [
        (picture + sample(grain, still.addresses(frame, 256)).reshape(256, 256, 1)).clip(0, 255).round()
        for frame, picture in enumerate(painted)
    ]
    # as a lens and a film have it, and not as a painter
    return rig, controls, [cv2.GaussianBlur(crop.astype(np.uint8), (0, 0), 0.6) for crop in crops]


def test_a_frame_drawn_back_is_nearer_where_its_layout_is_restored(made):
    rig, controls, crops = made
    laying = Laying(rig, Chart.of(rig, open_posture(rig, controls), controls), controls)
    forehead, everything = np.s_[75:115, 85:170], np.s_[:, :]
    for frame in (3, 20):
        addresses = laying.addresses(frame, 256)
        plain, restored = (
            sample(layout(frame, crops[frame]), addresses).clip(0, 255).round().astype(np.uint8)
            for layout in (laying.plain, laying.restored)
        )
        for part, gain in ((forehead, 10), (everything, 0)):  # where nothing folds, and where the chart does
            assert psnr(restored[part], crops[frame][part]) > psnr(plain[part], crops[frame][part]) + gain


def test_frames_are_told_by_those_of_other_pieces_as_they_are_when_these_are_left_out():
    traits = np.cumsum(np.random.default_rng(3).normal(size=(90, 4)), 0)
    values, kernel = traits @ np.random.default_rng(4).normal(size=(4, 5)), Kernel(3.0, 0.2)
    rows = rows_left_out(90)
    shares = shares_without(kernel, traits, rows)
    np.testing.assert_allclose(shares.sum(1), 1, atol=1e-5)
    np.testing.assert_allclose(shares @ values, left_out(kernel, traits, values)[rows], atol=1e-3)
    for fitted, out in pieces(90, PIECES, GAP):
        here = (rows >= out[0]) & (rows <= out[-1])
        assert np.abs(np.delete(shares[here], fitted, axis=1)).max() == 0


def test_too_few_frames_raise_nothing():
    assert len(rows_left_out(59)) == 0 and len(rows_left_out(60)) > 0


def test_the_band_is_raised_to_what_was_seen():
    seen = noise(32, 32, 3)
    halves = np.zeros((32, 32), np.float32)
    halves[:, :16] = 1

    def found(told: float, band: float) -> float:
        return raises([Drawn(told * seen, band * seen, seen, [halves])])[0]

    # (.8 + r .4)^2 = 1; what is as sharp as the seen, or sharper, stays; no more than the band itself is added
    assert found(0.8, 0.4) == pytest.approx(0.5, abs=1e-4)
    assert found(1.0, 0.4) == found(1.2, 0.4) == 0
    assert found(0.1, 0.1) == 1
    # each part by its own pixels
    told = seen * (0.8 * halves + 1.0 * (1 - halves))[..., None]
    parts = raises([Drawn(told, 0.5 * told, seen, [np.pad(np.ones((32, 12)), ((0, 0), (0, 20))), 1 - halves])])
    assert parts[0] == pytest.approx(0.5, abs=1e-4) and parts[1] == pytest.approx(0, abs=0.05)


def test_the_finest_is_raised_most_and_what_is_even_stays():
    assert np.abs(finest(np.full((16, 16, 3), 90, np.float32))).max() < 1e-4
    columns = np.arange(64, dtype=np.float32)
    for period, kept in ((2, 1.0), (4, 1 - 0.25)):  # a binomial's answer: cos^4(pi / period)
        wave = np.tile(np.cos(2 * np.pi * columns / period)[None, :, None], (64, 1, 3)).astype(np.float32)
        inside = np.s_[8:-8, 8:-8]
        np.testing.assert_allclose(fine(wave)[inside], kept * wave[inside], atol=1e-5)
        np.testing.assert_allclose(finest(wave)[inside], kept**2 * wave[inside], atol=1e-5)


def test_what_is_tracked_a_little_wrong_is_drawn_as_sharp_as_it_was_filmed(made, monkeypatch: pytest.MonkeyPatch):
    rig, controls, crops = made
    random = np.random.default_rng(5)
    loose = [
        replace(control, translation=control.translation + random.normal(0, 0.1, 3).astype(np.float32))
        for control in controls
    ]
    monkeypatch.setattr(sharpening, "_LEAST_FRAMES", 30)
    sharp = Appearance.of(rig, loose, crops)
    monkeypatch.setattr(sharpening, "_LEAST_FRAMES", FRAMES + 1)
    soft = Appearance.of(rig, loose, crops)
    face = np.s_[70:190, 75:185]
    frames = (10, 25, 40)
    truths = [crops[frame][face] for frame in frames]
    before, after = (
        sharpness([picture[face] for picture in form.draw([loose[frame] for frame in frames])], truths)
        for form in (soft, sharp)
    )
    assert before + 0.05 < after < 1.1
