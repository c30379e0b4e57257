"""Motion on the chart that the mesh has not: found between frames, inverted, and used where it can be predicted."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from likeness_trainer.appearance.displacement import GRID, displaced, inverted
from likeness_trainer.appearance.registration import Registration, chart_positions
from likeness_trainer.appearance.registration_gain import Seen, registration_gain
from likeness_trainer.renderer.proxies import SIDE

FRAMES = 72


def painted(side: int = SIDE) -> np.ndarray:
    """[side,side,3] f32: spots that a flow can follow."""
    spots = np.random.default_rng(1).random((side // 8, side // 8, 3)).astype(np.float32)
    return 255 * cv2.resize(spots, (side, side), interpolation=cv2.INTER_CUBIC).clip(0, 1)


def moved(picture: np.ndarray, by: float) -> np.ndarray:
    """What lay at x lies at x + by."""
    return cv2.warpAffine(
        picture, np.float32([[1, 0, by], [0, 1, 0]]), picture.shape[1::-1], borderMode=cv2.BORDER_REPLICATE
    )


def test_offsets_lead_back_from_where_they_lead_to():
    rows, columns = np.mgrid[:GRID, :GRID] / 9
    offsets = (6 * np.stack([np.sin(rows), np.cos(columns)], -1)).astype(np.float32)
    positions = chart_positions(GRID)[8:-8, 8:-8]
    np.testing.assert_allclose(displaced(inverted(offsets), displaced(offsets, positions)), positions, atol=0.05)


def test_a_grid_is_looked_up_between_its_places_and_repeats_its_edge():
    grid = np.zeros((4, 4, 2), np.float32)
    grid[1, 1] = 8, -4
    at = np.array([[[96, 96], [128, 96], [112, 112], [-50, 96]]], np.float32)
    assert displaced(grid, at).tolist() == [[[104, 92], [132, 94], [116.5, 109.75], [-50, 96]]]


def test_frames_are_found_where_they_moved_to_and_what_is_held_stays():
    still = painted()
    layouts = np.stack([moved(still, by) for by in (-5, -2, 0, 2, 5)])
    held = np.zeros((SIDE, SIDE), np.float32)
    held[:, :64] = 1
    mean = layouts.mean(0)
    found = Registration.of(layouts - mean, mean, held, np.ones((SIDE, SIDE), bool))
    inside = found.offsets[:, 16:48, 24:56]
    np.testing.assert_allclose(inside[..., 0].mean((1, 2)), [-5, -2, 0, 2, 5], atol=0.3)
    assert np.abs(inside[..., 1]).max() < 0.5 and np.abs(found.offsets[:, :, :15]).max() == 0
    # Laid out by it, all frames show the same.
    for row, layout in enumerate(layouts):
        places = found.places(row, chart_positions(SIDE)) - 0.5
        again = cv2.remap(layout, places[..., 0].copy(), places[..., 1].copy(), cv2.INTER_CUBIC)
        assert np.abs(again - still)[64:-64, 96:-32].mean() < 3


def test_what_moves_behind_a_person_is_no_motion_of_theirs():
    person = np.zeros((SIDE, SIDE), bool)
    person[:, 64:192] = True
    still, behind = painted(), painted()[::-1]
    layouts = np.stack([np.where(person[..., None], moved(still, by), moved(behind, 3 * by)) for by in (-3, 0, 3)])
    mean = layouts.mean(0)
    found = Registration.of(layouts - mean, mean, np.zeros((SIDE, SIDE), np.float32), person)
    within = found.offsets[:, 8:-8, 18:46, 0].mean((1, 2))
    np.testing.assert_allclose(within, [-3, 0, 3], atol=0.5)
    # it goes on a little beyond the outline, and is none farther away
    assert np.abs(found.offsets[:, 8:-8, 13:15, 0]).max() < 4.5 and np.abs(found.offsets[:, :, :8]).max() < 0.1


@pytest.mark.parametrize("told", [True, False])
def test_motion_pays_where_controls_tell_of_it(told):
    side = 64
    controls = np.random.default_rng(3).uniform(-2.5, 2.5, (FRAMES, 2))
    sway = 10 * controls  # 256ths of the chart
    still = painted(side)
    layouts = np.stack(
        [
            cv2.warpAffine(still, np.float32([[1, 0, x], [0, 1, y]]), (side, side), borderMode=cv2.BORDER_REPLICATE)
            for x, y in sway * side / SIDE
        ]
    )
    registration = Registration(np.broadcast_to(sway[:, None, None], (FRAMES, GRID, GRID, 2)).astype(np.float32))
    bank = controls if told else controls[::-1].copy()
    whole = np.ones((side, side), np.float32)

    def seen(row: int) -> Seen:
        return Seen(layouts[row], chart_positions(side), [whole > 0])

    gain = registration_gain([bank], [whole], layouts.__getitem__, lambda _: still, registration, seen, 0)
    assert gain > 1 if told else gain < 0.2


def test_of_few_frames_nothing_can_be_told():
    registration = Registration(np.zeros((20, GRID, GRID, 2), np.float32))
    whole = np.ones((8, 8), np.float32)
    assert registration_gain([np.zeros((20, 2))], [whole], pytest.fail, pytest.fail, registration, pytest.fail, 0) == 0
