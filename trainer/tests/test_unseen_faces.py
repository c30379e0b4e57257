"""What a film never shows is not in it: the measurement of unseen faces rests on that."""

from __future__ import annotations

import numpy as np
import pytest

from likeness_research.unseen_faces.film import EXPRESSIONS, FACES, Shown, faces, nearest, shown
from likeness_trainer.sample.face_rig import CONTROLS
from likeness_trainer.sample.face_shape import neutral_face
from likeness_trainer.tracking.track_file import HELD_OUT_SHARE


@pytest.fixture(scope="module")
def film() -> Shown:
    return shown()


def test_no_two_expressions_are_shown_together(film: Shown) -> None:
    """By what the rig is told, speech and all: only the jaw and round lips are speech's too."""
    rig = np.stack([moment.controls for moment in film.moments])
    by_rig = np.stack(
        [rig[:, CONTROLS.index(next(iter(parts)))] / next(iter(parts.values())) for parts in EXPRESSIONS.values()], 1
    )
    of_face = [name not in ("jaw", "pucker") for name in EXPRESSIONS]
    smiling = by_rig[:, of_face].max(1) > 0.02
    assert smiling.any()
    assert np.sort(by_rig[smiling], 1)[:, -2].max() < 0.07  # a mouth at rest is not quite shut
    assert np.sort(film.shares, 1)[:, -2].max() == 0
    assert np.allclose(film.shares.max(0), 1)


def test_all_that_is_shown_is_trained_on(film: Shown) -> None:
    assert film.shares[-(len(film.shares) // HELD_OUT_SHARE) :].max() == 0


def test_what_was_shown_is_near_and_what_was_not_is_further(film: Shown) -> None:
    neutral = neutral_face()
    found = {name: nearest(neutral, film, face)["all"] for name, face in faces(film)}
    alone = max(value for name, value in found.items() if len(FACES[name]) < 2)
    together = min(value for name, value in found.items() if len(FACES[name]) > 1)
    assert together > 1.5 * alone
