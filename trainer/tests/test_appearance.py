"""The regression against numbers worked out by hand, the chart there and back, and the closed form on a made person."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from functools import partial
from threading import Barrier

import cv2
import numpy as np
import pytest
from made_person import FRAMES, SIDE, made_track, paint

from likeness_trainer.appearance import appearance, laid, metric
from likeness_trainer.appearance.appearance import Appearance, ChartPart, open_posture
from likeness_trainer.appearance.chart import Chart, sample
from likeness_trainer.appearance.laid import Laid
from likeness_trainer.appearance.laying import Laying
from likeness_trainer.appearance.regression import Kernel, fit_kernel, left_out, pieces
from likeness_trainer.appearance.shares import held_still, region_shares
from likeness_trainer.appearance.surroundings import TORSO_SEEN_LOWEST, follow_torso, in_crop
from likeness_trainer.appearance.sway import loose_of
from likeness_trainer.bundle.composite import crop_picture
from likeness_trainer.metrics.baselines import mean_of_warps, nearest_apart, warp_frame
from likeness_trainer.metrics.image import psnr
from likeness_trainer.morphable.rasterize import rasterize
from likeness_trainer.morphable.topology import FACE_OVAL
from likeness_trainer.renderer.proxies import Control, control_of
from likeness_trainer.renderer.rig import Rig
from likeness_trainer.renderer.rig_fit import fit_rig

HELD_OUT = 8


@pytest.fixture(scope="module")
def made():
    """(rig, controls, head crops, masks) of a made person."""
    track = made_track()
    rig = fit_rig(track, np.arange(FRAMES - HELD_OUT))
    plate = np.full((SIDE, SIDE, 3), 120, np.uint8)
    painted = [paint(track, frame, plate) for frame in range(FRAMES)]
    controls = [control_of(track, frame) for frame in range(FRAMES)]
    crops = [crop_picture(picture, control.crop) for (picture, _), control in zip(painted, controls)]
    return rig, controls, crops, [crop_picture(mask, control.crop) for (_, mask), control in zip(painted, controls)]


def test_two_known_points_predict_what_is_worked_out_by_hand():
    # likeness of the two: exp(-2^2 / (2 * 2^2)) = e^-.5 = .60653; K + .5 I = [[1.5, .60653], [.60653, 1.5]]
    kernel = Kernel(length=2.0, noise=0.5)
    bank = np.array([[0.0], [2.0]])
    assert kernel.between(bank, bank)[0, 1] == pytest.approx(np.exp(-0.5))
    # weights of the values at the first point: (1.5 - .60653^2, .60653 * 1.5 - .60653) / (1.5^2 - .60653^2)
    determinant = 1.5**2 - np.exp(-1)
    first = (1.5 - np.exp(-1)) / determinant
    second = np.exp(-0.5) * 0.5 / determinant
    predicted = kernel.predict(bank, np.array([[10.0], [-4.0]]), bank[:1])
    assert predicted[0, 0] == pytest.approx(first * 10 - second * 4)


def test_far_from_everything_known_the_mean_is_predicted():
    kernel = Kernel(length=1.0, noise=0.1)
    assert kernel.predict(np.zeros((1, 1)), np.array([[7.0]]), np.array([[50.0]]))[0, 0] == pytest.approx(0)


def test_pieces_are_contiguous_cover_everything_once_and_keep_a_gap():
    held = [out for _, out in pieces(100, number=6, gap=8)]
    assert np.array_equal(np.concatenate(held), np.arange(100))
    for fitted, out in pieces(100, number=6, gap=8):
        assert np.abs(fitted[:, None] - out[None]).min() > 8


def test_the_scale_is_chosen_by_time_and_not_by_neighbours():
    # A slow wave with much noise that neighbours share: only a wide kernel predicts pieces that are left out.
    random = np.random.default_rng(1)
    traits = np.linspace(0, 6, 120)[:, None]
    shared = np.repeat(random.normal(size=(20, 1)), 6, 0)
    values = np.sin(traits) + 0.8 * shared
    kernel, error = fit_kernel(traits, values, lengths=(0.05, 1.5), noises=(0.2,))
    assert kernel.length == 1.5
    assert error == pytest.approx(float(((left_out(kernel, traits, values) - values) ** 2).mean()))


def test_the_same_seed_makes_the_same_form_and_another_chooses_other_texels(made, monkeypatch):
    monkeypatch.setattr(metric, "_LEAST_ROWS", 20)
    monkeypatch.setattr(appearance, "kernel_for", partial(appearance.kernel_for, most=200))  # of the small chart's
    rig, controls, crops, _ = made
    chart = Chart.of(rig, open_posture(rig, controls[:24]), controls[:24])
    laying = Laying(rig, chart, controls[:24])
    on_chart = Laid.of(laying, [cv2.resize(crop, (32, 32)) for crop in crops[:24]], laying.plain)
    parts = ChartPart.all(chart, 32)
    first, again, other = (Appearance.fitted(on_chart, parts, seed) for seed in (5, 5, 6))
    for one, same in zip(first.regions, again.regions):
        assert one.kernel == same.kernel
        np.testing.assert_array_equal(one.weights, same.weights)
    assert np.abs(first.regions[0].scales - other.regions[0].scales).max() > 1e-6


def test_a_frame_laid_out_on_the_chart_and_drawn_back_is_the_frame(made):
    rig, controls, crops, _ = made
    chart = Chart.of(rig, open_posture(rig, controls), controls)
    for frame in (0, 9, 30):
        laid = sample(crops[frame].astype(np.float32), chart.places(rig, controls[frame]))
        back = sample(laid, chart.addresses(rig, controls[frame])).clip(0, 255).round().astype(np.uint8)
        inside = np.s_[40:216, 40:216]
        assert psnr(back[inside], crops[frame][inside]) > 30


def test_chart_and_frame_are_inverse_ways(made):
    rig, controls, _, _ = made
    chart = Chart.of(rig, open_posture(rig, controls), controls)
    places = chart.places(rig, controls[5])
    there = chart.addresses(rig, controls[5])
    # follow a pixel of the face to the chart and back; positions are of centres, hence the half pixel
    back = cv2.remap(places, there[..., 0] - 0.5, there[..., 1] - 0.5, cv2.INTER_LINEAR)
    rows, columns = np.mgrid[100:150, 100:156] + 0.5
    away = np.linalg.norm(back[100:150, 100:156] - np.stack([columns, rows], -1), axis=-1)
    assert np.quantile(away, 0.9) < 0.2


def test_a_torso_that_rises_does_not_leave_the_chart(made):
    rig, controls, _, _ = made
    moved = [replace(c, torso=c.torso + np.array([[0, 0, 0], [0, 0, 12 * np.sin(k)]])) for k, c in enumerate(controls)]
    posture = open_posture(rig, moved)
    # where what lies lowest on the chart is seen in the frames
    lowest = [follow_torso(TORSO_SEEN_LOWEST, control, posture)[0, 1] for control in moved]
    assert np.mean(np.array(lowest) >= TORSO_SEEN_LOWEST[0, 1] - 1e-3) > 0.9


def test_shoulders_that_leave_the_crop_follow_the_torso_up_to_its_border(made):
    rig, controls, _, _ = made
    posture = open_posture(rig, controls)
    chart = Chart.of(rig, posture, controls)
    pixel = posture.crop[2] / 256  # of the crop, in the source's
    for up in (-14, 14):
        moved = replace(posture, torso=posture.torso - np.array([[0, 0, 0], [0, 0, up * pixel]]))
        addresses = chart.addresses(rig, moved)
        rows = np.arange(226 - up, 256)  # below where torso begins
        for columns in (np.arange(4), np.arange(252, 256)):
            seen = addresses[np.ix_(rows, columns)]
            np.testing.assert_allclose(seen[..., 1], (rows + 0.5 + up)[:, None] + np.zeros(4), atol=0.01)
            np.testing.assert_allclose(seen[..., 0], columns + 0.5 + np.zeros((len(rows), 1)), atol=0.01)


def test_a_raised_head_shows_its_neck_where_the_charts_posture_hides_it(made):
    rig, controls, _, _ = made
    bowed, raised = (nodding(controls[0], angle) for angle in (0.3, -0.2))
    chart = Chart.of(rig, bowed, [raised] * 3)
    outline = chart.corners[list(FACE_OVAL)].astype(np.float32)
    shown = chart.addresses(rig, raised)[~face_of(rig, chart, raised)]
    assert not any(cv2.pointPolygonTest(outline, point, True) > 1 for point in shown.astype(float).tolist())


def nodding(control: Control, angle: float) -> Control:
    """Bowed by an angle, radians; raised where it is negative."""
    turn = cv2.Rodrigues(np.array([angle, 0.0, 0.0]))[0]
    return replace(control, rotation=(turn @ control.rotation).astype(np.float32))


def face_of(rig: Rig, chart: Chart, control: Control) -> np.ndarray:
    """[256,256] bool: where the face mesh is in a crop."""
    corners = in_crop(rig, control, rig.vertices(control.expression))
    return np.isfinite(rasterize(corners, corners[:, :2], chart.face, 256, 256)[1])


def test_the_regions_of_a_chart_share_it_out(made):
    rig, controls, _, _ = made
    chart = Chart.of(rig, open_posture(rig, controls), controls)
    mouth, eyes, rest = region_shares(chart, 256)
    np.testing.assert_allclose(mouth + eyes + rest, 1, atol=1e-6)
    lips = chart.corners[[13, 14]].mean(0).astype(int)
    assert mouth[lips[1], lips[0]] == 1 and rest[0, 0] == 1


def test_a_sway_moves_the_skin_round_the_mouth_and_neither_lips_nor_eyes(made):
    rig, controls, _, _ = made
    chart = Chart.of(rig, open_posture(rig, controls), controls)
    loose = loose_of(chart)

    def at(points: list[int]) -> float:
        column, row = (chart.corners[points].mean(0) * len(loose) / 256).astype(int)
        return float(loose[row, column])

    assert at([13, 14]) == at([159, 145]) == 0 and at([61]) < 0.5  # between lips, between lids, a corner of the mouth
    assert min(at([152]), at([205]), at([425])) > 0.9  # chin and cheeks, which a registration holds
    assert held_still(chart)[tuple((chart.corners[205][::-1]).astype(int))] > 0.5


def test_where_nothing_is_left_beside_a_piece_its_mean_is_foretold():
    values = np.arange(10.0)[:, None]  # with a gap of 8 there is nothing beside the pieces in the middle
    foretold = left_out(Kernel(2.0, 0.5), np.arange(10.0)[:, None], values)
    assert np.isfinite(foretold).all() and foretold[4] == 4.5


def test_frames_that_were_left_out_are_foretold_and_the_same_each_time(made):
    rig, controls, crops, _ = made
    train = range(FRAMES - HELD_OUT)
    test = range(FRAMES - HELD_OUT, FRAMES)
    face = np.s_[60:200, 70:190]
    appearance = Appearance.of(rig, [controls[k] for k in train], [crops[k] for k in train])
    mean = np.stack([crops[k] for k in train]).mean(0)
    for k, picture in zip(test, appearance.draw([controls[k] for k in test])):
        assert psnr(picture[face], crops[k][face]) > psnr(mean[face], crops[k][face]) + 5
    again = Appearance.of(rig, [controls[k] for k in train], [crops[k] for k in train], cores=3)
    assert np.array_equal(next(again.draw([controls[40]])), next(appearance.draw([controls[40]])))


@pytest.mark.parametrize("gain", [1.0, -1.0])
def test_what_frames_show_on_the_chart_is_in_memory_once(made, monkeypatch: pytest.MonkeyPatch, gain: float):
    rig, controls, crops, _ = made
    laid_anew = []

    def measured(banks, shares, plain, registered, registration, seen, seed, cores):
        laid_anew.append(np.abs(registered(3) - plain(3)).mean())
        return gain

    monkeypatch.setattr(laid, "registration_gain", measured)
    pictures = [np.dstack([crop, np.full((256, 256), 255, np.uint8)]) for crop in crops]
    tracemalloc.start()
    try:
        appearance = Appearance.of(rig, controls, pictures, cores=2)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (appearance.laying.registration is not None) == (gain > 0) and laid_anew[0] > 0
    assert most < 1.6 * appearance.seen.nbytes


def test_two_frames_are_laid_out_beside_each_other(made):
    rig, controls, crops, _ = made
    both = Barrier(2)

    def layout(row: int, picture: np.ndarray) -> np.ndarray:
        both.wait(60)  # nothing comes of one at a time
        return picture.astype(np.float32) + row

    chart = Chart.of(rig, open_posture(rig, controls[:4]), controls[:4])
    on_chart = Laid.of(Laying(rig, chart, controls[:4], cores=2), crops[:4], layout)
    assert np.allclose((on_chart.textures + on_chart.mean)[3], crops[3] + 3.0, atol=1e-3)


def test_a_larger_picture_is_drawn_from_the_same_chart(made):
    rig, controls, crops, _ = made
    appearance = Appearance.of(rig, controls, crops)
    small, large = next(appearance.draw([controls[3]])), next(appearance.draw([controls[3]], 512))
    assert large.shape == (512, 512, 3)
    assert psnr(cv2.resize(large, (256, 256), interpolation=cv2.INTER_AREA), small) > 30


def test_several_nearest_are_no_neighbours_in_time():
    candidates = np.arange(10, dtype=float)[:, None, None]
    query = np.array([[[4.2]]])
    assert nearest_apart(query, candidates, np.arange(10), 3) == [[4, 6, 2]]
    assert nearest_apart(query, candidates, np.arange(0, 20, 2), 3) == [[4, 5, 3]]
    assert nearest_apart(query, candidates[:2], np.arange(2), 8) == [[1]]


def test_the_mean_of_warps_is_the_mean_of_its_warps(made):
    rig, controls, crops, masks = made
    plate = np.full((256, 256, 3), 120, np.uint8)
    sources = [(controls[k], crops[k], masks[k]) for k in (3, 12, 20)]
    one_by_one = [warp_frame(rig, *source[:1], controls[30], *source[1:], plate) for source in sources]
    expected = np.mean(one_by_one, 0).round().astype(np.uint8)
    assert np.array_equal(mean_of_warps(rig, sources, controls[30], plate), expected)


def test_no_face_of_the_chart_is_turned_away_whatever_way_the_person_looks(made):
    rig, controls, _, _ = made
    aside = cv2.Rodrigues(np.array([0.0, 0.5, 0.0]))[0]
    turned = [replace(control, rotation=(aside @ control.rotation).astype(np.float32)) for control in controls]
    chart = Chart.of(rig, open_posture(rig, turned), turned)
    a, b, c = (chart.corners[chart.face[:, k]] for k in range(3))
    areas = (b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0]
    assert (areas * np.sign(np.median(areas)) < 0).mean() < 0.04
