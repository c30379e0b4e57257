"""More looks at a picture: what is found in each is led back to where it is."""

from __future__ import annotations

import numpy as np
import pytest

from likeness_research.face_basis.views import CHANGED, TURNED, Looks
from likeness_trainer.tracking.landmarks import LANDMARKS, Landmarker


class Brightest:
    """Finds the brightest place, in both looks, where a landmarker finds a face; `lost`: none in one of them."""

    def __init__(self) -> None:
        self.lost = False

    def submit(self, crop: np.ndarray, restart: bool) -> None:
        y, x = np.unravel_index(crop.sum(-1).argmax(), crop.shape[:2])
        self.at = (np.array([x, y]) + 0.5) / len(crop)

    def result(self) -> np.ndarray:
        found = np.zeros((2, LANDMARKS, 3), np.float32)
        found[..., :2] = self.at
        if self.lost:
            found[1] = np.nan
        return found

    def __exit__(self, *_: object) -> None:
        pass


@pytest.fixture
def crop(monkeypatch: pytest.MonkeyPatch) -> np.ndarray:
    for name in ("__init__", "submit", "result", "__exit__"):
        monkeypatch.setattr(Landmarker, name, getattr(Brightest, name))
    dark = np.full((200, 200, 3), 60, np.uint8)
    dark[39:42, 149:152] = 200
    dark[40, 150] = 255
    return dark


@pytest.mark.parametrize("views", [TURNED, CHANGED[1:3], TURNED + CHANGED])
def test_what_is_found_in_a_view_is_led_back(crop: np.ndarray, views: list) -> None:
    with Looks(views) as looks:
        looks.submit(crop, True)
        found = looks.result()
    assert found.shape == (2, LANDMARKS, 3)
    np.testing.assert_allclose(
        found[..., :2], np.broadcast_to([150.5 / 200, 40.5 / 200], (2, LANDMARKS, 2)), atol=0.006
    )


def test_a_mode_that_finds_no_face_in_the_picture_itself_has_none(crop: np.ndarray) -> None:
    with Looks(TURNED) as looks:
        looks.submit(crop, True)
        looks.lost = True  # type: ignore[attr-defined]
        found = looks.result()
    assert np.isnan(found[1]).all() and np.isfinite(found[0]).all()
