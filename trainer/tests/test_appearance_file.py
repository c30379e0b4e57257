"""The closed form as an avatar holds it: as good as what it was reduced from, the same after reading, and refused where
it is damaged."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from made_person import FRAMES, SIDE, made_track, paint
from safetensors.numpy import load, save

from likeness_trainer.appearance.appearance import Appearance
from likeness_trainer.appearance.chart import sample
from likeness_trainer.appearance.cubic import sample_cubic
from likeness_trainer.appearance.detail import Footage, detail_side, with_detail
from likeness_trainer.appearance.likeness_file import AppearanceFile, enlarged, numbers
from likeness_trainer.appearance.reduction import appearance_of, reduced, with_alpha
from likeness_trainer.bundle.archive import read_archive
from likeness_trainer.bundle.composite import crop_picture
from likeness_trainer.bundle.load import APPEARANCE, Bundle
from likeness_trainer.bundle.probe import probe_tensors
from likeness_trainer.format import TABLES
from likeness_trainer.metrics.image import psnr
from likeness_trainer.protocol import TrainerError
from likeness_trainer.renderer.proxies import Control, control_of
from likeness_trainer.renderer.rig_fit import fit_rig

HELD_OUT = 8
FIXTURES = Path(__file__).parents[2] / "src/main/studio/engine/fixtures"  # appearance: made by tests/tiny_appearance.py


@pytest.fixture(scope="module")
def made():
    """(rig, controls, head crops, masks) of a made person, and the closed form of the first frames."""
    track = made_track()
    rig = fit_rig(track, np.arange(FRAMES - HELD_OUT))
    painted = [paint(track, frame, np.full((SIDE, SIDE, 3), 120, np.uint8)) for frame in range(FRAMES)]
    controls = [control_of(track, frame) for frame in range(FRAMES)]
    crops, masks = (
        [crop_picture(frame[part], control.crop) for frame, control in zip(painted, controls)] for part in (0, 1)
    )
    seen = [with_alpha(*pair) for pair in zip(crops[:-HELD_OUT], masks)]
    return rig, controls, crops, masks, Appearance.of(rig, controls[:-HELD_OUT], seen)


@pytest.fixture(scope="module")
def file(made) -> AppearanceFile:
    return reduced(made[-1])


def test_an_alpha_reaches_beyond_the_person_and_ends_softly():
    mask = np.zeros((256, 256), np.uint8)
    mask[100:150, 100:150] = 255
    made = with_alpha(np.full((256, 256, 3), 200, np.uint8), mask)
    assert made[125, 125].tolist() == [200, 200, 200, 255] and made[125, 152, 3] > 240
    assert 100 < made[125, 159, 3] < 200 and made[125, 175].tolist() == [0, 0, 0, 0]


def test_the_reduced_form_draws_what_the_whole_one_does(made, file):
    rig, controls, _, _, appearance = made
    for control, whole in zip(controls[-HELD_OUT:], appearance.draw(controls[-HELD_OUT:])):
        # Apart from OpenCV's own rounding of positions, which shows where edges are hard.
        few = (file.multiplied(rig, control) * 255).round().astype(np.uint8)
        assert psnr(few, whole) > 38


def test_traits_are_linear_in_a_control(made, file):
    rig, controls, _, _, appearance = made
    for region, basis in zip(appearance.regions, file.regions.values()):
        expected = region.traits(appearance.traits, rig, controls[-3:])
        np.testing.assert_allclose([numbers(c) @ basis.traits for c in controls[-3:]], expected, atol=0.02)


def test_what_was_written_is_what_is_read(made, file):
    rig, controls = made[:2]
    again = AppearanceFile.read(file.content())
    assert len(file.content()) < 12e6
    for name, basis in file.regions.items():
        np.testing.assert_array_equal(again.regions[name].textures.textures, basis.textures.textures)
    np.testing.assert_allclose(again.draw(rig, controls[5]), file.draw(rig, controls[5]), atol=1e-5)


def test_colour_is_not_multiplied_and_has_no_rim(made, file):
    rig, controls, crops = made[:3]
    drawn = file.draw(rig, controls[-1])
    assert drawn.shape == (256, 256, 4) and drawn.min() >= 0 and drawn.max() <= 1
    half = (drawn[..., 3] > 0.3) & (drawn[..., 3] < 0.7)
    assert half.sum() > 50
    # Beyond the person all is background, at an alpha of a half too.
    assert np.abs(drawn[half][:, :3] * 255 - crops[-1][half]).mean() < 6


def test_cubic_samples_are_those_of_opencv():
    picture = np.random.default_rng(2).random((20, 20, 4), np.float32)
    rows, columns = np.mgrid[:40, :40].astype(np.float32)
    at = np.stack([columns * 0.625 - 2, rows * 0.625 - 2], -1)  # of 32nds, which OpenCV rounds to
    x, y = (np.ascontiguousarray(at[..., axis] - 0.5) for axis in range(2))
    expected = cv2.remap(picture, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    np.testing.assert_allclose(sample_cubic(picture, at), expected, atol=1e-5)


FINE = 520  # pixels of a crop as it was filmed, two for each of the made source


@pytest.fixture(scope="module")
def filmed(made):
    """Head crops of `FINE` pixels: what the small ones show, and a pattern on the person that is too fine for them."""
    rig, controls, crops, _, appearance = made
    pattern = np.random.default_rng(4).integers(-25, 26, (250, 250, 1)).astype(np.float32)
    pictures = []
    for control, crop in zip(controls, crops):
        large = cv2.resize(crop, (FINE, FINE), interpolation=cv2.INTER_CUBIC).astype(np.float32)
        drawn = sample(pattern, appearance.chart.addresses(rig, control, FINE))[..., None]
        pictures.append(np.clip(large + drawn, 0, 255).astype(np.uint8))
    return pictures


def test_what_is_finer_than_the_chart_is_seen_on_pictures_that_are_large_enough(made, file, filmed):
    rig, controls, crops, masks, appearance = made
    asked = []

    def read(rows, size):
        asked.append((list(rows), size))
        for row in rows:
            picture = np.zeros((2 * SIDE, 2 * SIDE, 3), np.uint8)
            left, top = (2 * controls[row].crop[:2]).astype(int)
            picture[top : top + FINE, left : left + FINE] = filmed[row]
            yield picture

    seen = [with_alpha(*pair) for pair in zip(crops[:-HELD_OUT], masks)]
    known = controls[:-HELD_OUT]
    fine = with_detail(file, appearance, known, seen.__getitem__, Footage(SIDE, SIDE, read), 384)
    assert asked == [(list(range(len(known))), (SIDE, SIDE))]  # of 260 pixels a crop no more than all there are
    again = AppearanceFile.read(fine.content())
    for control, large in zip(controls[-2:], filmed[-2:]):
        truth = cv2.resize(large, (384, 384), interpolation=cv2.INTER_AREA)
        without, with_it = (form.draw(rig, control, 384) for form in (file, again))
        inside = with_it[..., 3] > 0.99
        off = [np.square(drawn[inside][:, :3] * 255 - truth[inside]).mean() for drawn in (without, with_it)]
        assert off[1] < off[0] / 2
        np.testing.assert_allclose(again.draw(rig, control, 288), file.draw(rig, control, 288), atol=1e-3)


def test_what_was_filmed_beyond_the_crop_is_no_detail(made, file):
    _, controls, crops, _, appearance = made
    known = [replace(c, torso=c.torso + np.array([[0, 0, 0], [0, 0, 25 * (k % 2)]])) for k, c in enumerate(controls)]
    left, top, size = controls[0].crop.astype(int)
    picture = np.zeros((SIDE, SIDE, 3), np.uint8)
    picture[top : top + size, left : left + size] = 120
    footage = Footage(SIDE, SIDE, lambda rows, _: (picture for _ in rows))
    grey = with_alpha(np.full_like(crops[0], 120), np.full(crops[0].shape[:2], 255, np.uint8))
    made_of = with_detail(file, appearance, known[:-HELD_OUT], lambda _: grey, footage, 384)
    lacking = np.abs((made_of.detail_mean.astype(int) - 128) * made_of.detail_scale).max(-1)
    assert lacking.max() < 3


def test_a_detail_has_as_many_texels_as_the_source_has_pixels(made):
    controls = made[1]

    def cropped(size):
        return [replace(control, crop=np.array([0, 0, size], np.float32)) for control in controls]

    assert [detail_side(cropped(size)) for size in (200, 287, 290, 512, 611, 2000)] == [None, None, 320, 512, 640, 768]


def test_an_enlarged_chart_is_what_its_cubic_samples_say():
    chart = np.random.default_rng(3).random((24, 24, 4), np.float32)
    rows, columns = np.mgrid[:40, :40].astype(np.float32)
    centres = (np.stack([columns, rows], -1) + 0.5) * np.float32(24 / 40)
    np.testing.assert_allclose(enlarged(chart, 40), sample_cubic(chart, centres), atol=2e-5)


def test_of_many_frames_a_spread_is_taken(made, monkeypatch):
    rig, controls, crops, masks, _ = made
    monkeypatch.setattr("likeness_trainer.appearance.reduction.MOST_FRAMES", 12)
    few = appearance_of(rig, controls, lambda row: (crops[row], masks[row]))
    assert len(few.regions["rest"].bank) == 12


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("mean", lambda value: value * np.float32(np.nan)),
        ("mean", lambda value: value[:-1]),
        ("corners", lambda value: value + np.float32(1e6)),
        ("around", lambda value: value + 100_000),
        ("ring", lambda value: value[:-1]),
        ("mouth_corner", lambda value: value + 23),
        ("mouth_corner", lambda value: value - 100),
        ("eyes_length", lambda value: value * 0),
        ("eyes_bank", lambda value: value[:-1]),
        ("rest_traits", lambda value: value.astype(np.float32)),
        ("rest_textures", lambda value: value[..., :3]),
        ("rest_coefficients", lambda value: None),
        ("detail_mean", lambda value: value[:-1]),
        ("detail_scale", lambda value: value * np.float32(np.inf)),
        ("mouth_detail_textures", lambda value: None),
        ("eyes_detail_corner", lambda value: value + 39),
        ("rest_detail_coefficients", lambda value: value[1:]),
        ("displacement_mean", lambda value: value[:-1]),
        ("displacement_fields", lambda value: None),
        ("displacement_coefficients", lambda value: value * np.float32(np.nan)),
        ("displacement_length", lambda value: value * 0),
    ],
)
def test_a_damaged_file_is_refused(name, change):
    tensors = load((FIXTURES / APPEARANCE).read_bytes())
    changed = change(tensors.pop(name))
    if changed is not None:
        tensors[name] = np.ascontiguousarray(changed)
    manifest, files = read_archive(FIXTURES / "tiny.likeness")
    with pytest.raises(TrainerError, match=APPEARANCE):
        Bundle(manifest, files | {APPEARANCE: save(tensors, TABLES["appearance"].metadata)})


def test_an_avatar_draws_by_what_its_manifest_says():
    manifest, files = read_archive(FIXTURES / "tiny.likeness")
    assert Bundle(manifest | {"draws": "closed"}, files).draws == "std"
    files |= {APPEARANCE: (FIXTURES / APPEARANCE).read_bytes()}
    trained, closed = Bundle(manifest, files), Bundle(manifest | {"draws": "closed"}, files)
    assert (trained.draws, closed.draws) == ("std", "closed")
    probe = trained.probe
    control = Control(
        *(probe[name][0] for name in ("expression", "gaze", "rotation", "translation", "crop", "torso")),
        trained.idle.torso_pose,
    )
    np.testing.assert_array_equal(trained.draw(control), trained.render(trained.proxies(control)))
    np.testing.assert_array_equal(closed.draw(control), trained.draw(control, "closed"))
    picture = probe_tensors(closed, control, np.zeros(16000, np.float32))["rgba_closed"]
    expected = load((FIXTURES / "probe-closed.safetensors").read_bytes())["rgba_closed"]
    np.testing.assert_allclose(picture[::4, ::4], expected, atol=1e-5)
