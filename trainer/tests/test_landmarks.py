"""The second look at a face: where it looks, and when what is followed is held against a search."""

from __future__ import annotations

from concurrent.futures import Future
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from likeness_trainer.tracking import landmarks
from likeness_trainer.tracking.landmarks import LANDMARKS

CROP = np.zeros((landmarks.CROP_SIDE, landmarks.CROP_SIDE, 3), np.uint8)
NOBODY = np.full((LANDMARKS, 3), np.nan, np.float32)


def face(x: float, y: float, side: float, turn: float = 0.0) -> np.ndarray:
    """Landmarks [478, 3] on the border of a square about (x, y), with the outer corners of the eyes across it."""
    angles = np.linspace(0, 2 * np.pi, LANDMARKS)
    ring = np.stack([np.cos(angles), np.sin(angles)], 1)
    points = np.concatenate([ring / np.abs(ring).max(1, keepdims=True) * side / 2, np.zeros((LANDMARKS, 1))], 1)
    points[33, :2], points[263, :2] = (-side / 4, 0), (side / 4, 0)
    cos, sin = np.cos(turn), np.sin(turn)
    points[:, :2] = points[:, :2] @ np.array([[cos, sin], [-sin, cos]]) + (x, y)
    return points.astype(np.float32)


class Looks:
    """Stands in for both networks: counts searches, which find `found`, and keeps where the other looks."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.found, self.searches, self.squares = face(0.5, 0.5, 0.4), 0, []
        self.close = face(0.51, 0.5, 0.4)
        monkeypatch.setattr(landmarks, "FaceMesh", lambda: SimpleNamespace(look_at=self._look_at))
        monkeypatch.setattr(landmarks, "_searching_mesh", lambda follows: SimpleNamespace(look=self._search))
        monkeypatch.setattr(landmarks, "_points", lambda answer: answer)
        self._closer = landmarks._Closer()

    def _look_at(self, _crop: np.ndarray, *square: Any) -> np.ndarray:
        self.squares.append(square)
        return self.close

    def _search(self, _crop: np.ndarray) -> np.ndarray:
        self.searches += 1
        return self.found

    def at(self, followed: np.ndarray, restart: bool = False) -> np.ndarray:
        first: Future[np.ndarray] = Future()
        first.set_result(followed)
        return self._closer(CROP, restart, first)


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Looks:
    return Looks(monkeypatch)


def test_what_a_search_has_found_too_is_looked_at_closely_and_searched_for_now_and_then(looks: Looks) -> None:
    answers = [looks.at(face(0.5, 0.5, 0.4)) for _ in range(2 * landmarks._SEARCH_EVERY + 3)]
    assert all(answer is looks.close for answer in answers)
    assert looks.searches == 3  # the first, and after every 25 without


def test_it_is_searched_for_again_after_a_jump(looks: Looks) -> None:
    for restart in (True, False, False, True, False):
        looks.at(face(0.5, 0.5, 0.4), restart)
    assert looks.searches == 2


def test_another_face_than_the_one_followed_is_told_until_both_are_the_same(looks: Looks) -> None:
    elsewhere = face(0.8, 0.5, 0.3)
    assert looks.at(elsewhere) is looks.found
    assert looks.at(elsewhere) is looks.found
    assert looks.at(face(0.5, 0.5, 0.4)) is looks.close


def test_a_face_that_no_search_finds_is_looked_at_and_searched_for_each_time(looks: Looks) -> None:
    looks.found = NOBODY
    assert [looks.at(face(0.5, 0.5, 0.4)) is looks.close for _ in range(3)] == [True] * 3
    assert looks.searches == 3


def test_where_nothing_is_followed_the_search_answers(looks: Looks) -> None:
    assert looks.at(NOBODY) is looks.found
    assert not looks.squares


@pytest.mark.parametrize(
    ("turn", "centre"),
    [(0.0, (0.5, 0.5 + 0.054 * 0.4)), (np.pi / 2, (0.5 - 0.054 * 0.4, 0.5))],  # down the face: to the left when turned
)
def test_the_close_look_is_a_little_down_the_face_and_as_large_as_a_searchs(
    looks: Looks, turn: float, centre: tuple[float, float]
) -> None:
    looks.found = face(0.5, 0.5, 0.4, turn)
    looks.at(looks.found)
    ((at, side, turned),) = looks.squares
    np.testing.assert_allclose(at, centre, atol=1e-4)
    assert side == pytest.approx(1.35 * 0.4, rel=1e-3) and turned == pytest.approx(turn, abs=1e-3)
