"""Shoulders before a camera, by pictures in which they move by a known similarity and the wall does not."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from likeness_trainer.tracking.live_torso import LiveTorso, chest_region

HEIGHT, WIDTH = 360, 480
FACE = np.array([[200, 60], [280, 60], [200, 160], [280, 160], [240, 110]], np.float32)  # its box: 80 by 100


def soft(seed: int) -> np.ndarray:
    """A picture [360, 480] u8 of soft spots."""
    noise = np.random.default_rng(seed).integers(0, 256, (HEIGHT, WIDTH)).astype(np.float32)
    return cv2.normalize(cv2.GaussianBlur(noise, (0, 0), 3), None, 0, 255, cv2.NORM_MINMAX).astype(np.uint8)


def picture(by: np.ndarray) -> np.ndarray:
    """Shoulders moved by a similarity [2, 3] before a wall that stands still."""
    body = np.zeros((HEIGHT, WIDTH), np.uint8)
    body[185:, 110:370] = 1
    moved = cv2.warpAffine(body, by, (WIDTH, HEIGHT)) > 0
    return np.where(moved, cv2.warpAffine(soft(1), by, (WIDTH, HEIGHT)), soft(2))


def lean(step: int) -> np.ndarray:
    turn = cv2.getRotationMatrix2D((240, 250), -0.3 * step, 1 + 0.004 * step)
    turn[:, 2] += 1.2 * step, -0.5 * step
    return turn


def landmarks() -> np.ndarray:
    return np.pad(np.tile(FACE, (96, 1))[:478], ((0, 0), (0, 1)))


def test_shoulders_are_followed_and_not_the_wall() -> None:
    torso = LiveTorso(picture(lean(0)), landmarks())
    for step in range(1, 16):
        found = torso.follow(picture(lean(step)))
    assert found is not None
    between = np.array([240.0, 250.0, 1.0])
    assert found @ between == pytest.approx(lean(15) @ between, abs=0.5)
    turned = [np.degrees(np.arctan2(by[1, 0], by[0, 0])) for by in (found, lean(15))]
    assert turned[0] == pytest.approx(turned[1], abs=0.2)


def test_what_does_not_move_alike_is_not_told() -> None:
    torso = LiveTorso(picture(lean(0)), landmarks())
    assert torso.follow(soft(3)) is None
    found = torso.follow(picture(lean(1)))
    assert found is not None and found @ np.array([240.0, 250.0, 1.0]) == pytest.approx(
        lean(1) @ np.array([240.0, 250.0, 1.0]), abs=0.5
    )


def test_where_the_picture_ends_above_them_nothing_is_told() -> None:
    low = landmarks() + np.array([0, 200, 0])  # a face that fills the picture down to its edge
    assert chest_region((HEIGHT, WIDTH), low[:468, :2]).any() is np.False_
    assert LiveTorso(picture(lean(0)), low).follow(picture(lean(3))) is None
