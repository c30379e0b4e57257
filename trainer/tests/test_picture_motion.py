"""How a part of a picture moves, by pictures that are moved by a known similarity."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from likeness_trainer.tracking import picture_motion
from likeness_trainer.tracking.picture_motion import SimilarityTracker

SIZE = 320


def moved(by: np.ndarray) -> np.ndarray:
    """A picture [320, 320] u8 of soft spots, under a similarity [2, 3] from its own place."""
    noise = np.random.default_rng(2).integers(0, 256, (SIZE, SIZE)).astype(np.float32)
    soft = cv2.GaussianBlur(noise, (0, 0), 3)
    picture = cv2.normalize(soft, np.zeros_like(soft), 0, 255, cv2.NORM_MINMAX).astype(np.uint8)
    return cv2.warpAffine(picture, by, (SIZE, SIZE), borderMode=cv2.BORDER_REFLECT)


def way(step: int, speed: float) -> np.ndarray:
    """The similarity at a step of a walk, so many pixels a step."""
    turn = cv2.getRotationMatrix2D((120, 200), 0.4 * step, 1 + 0.002 * step)
    turn[:, 2] += speed * step, -0.6 * speed * step
    return turn


def region() -> np.ndarray:
    part = np.zeros((SIZE, SIZE), np.uint8)
    part[150:250, 70:170] = 255
    return part


@pytest.mark.parametrize("speed", [0.0, 1.5, 6.0])
def test_a_region_is_followed_where_it_goes(speed: float) -> None:
    tracker = SimilarityTracker(2.0)
    tracker.start(moved(way(0, speed)), region())
    for step in range(1, 12):  # at the end up to 77 pixels away
        found = tracker.follow(moved(way(step, speed)))
    centre = np.array([240.0, 400.0])  # source pixels, two of which are a small one
    true = way(11, speed) @ np.array([*(centre / 2 - 0.5), 1])
    assert found[:, :2] @ centre + found[:, 2] == pytest.approx((true + 0.5) * 2, abs=0.5)


def test_what_lies_far_from_the_region_need_not_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def follow() -> np.ndarray:
        tracker = SimilarityTracker(1.0)
        tracker.start(moved(way(0, 1.0)), region())
        return np.stack([tracker.follow(moved(way(step, 1.0))) for step in range(1, 8)])

    near = follow()
    monkeypatch.setattr(picture_motion, "_MARGIN", SIZE)
    corners = np.array([[70, 150, 1], [170, 150, 1], [70, 250, 1], [170, 250, 1]]).T
    assert np.abs((near - follow()) @ corners).max() < 0.02  # pixels


def test_without_corners_nothing_moves() -> None:
    tracker, flat = SimilarityTracker(1.0), np.full((SIZE, SIZE), 90, np.uint8)
    tracker.start(flat, region())
    np.testing.assert_array_equal(tracker.follow(flat), np.eye(2, 3))
