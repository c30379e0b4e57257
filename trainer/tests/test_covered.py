"""What covers a face, told from what a face does by itself: made textures of a thousand points."""

from __future__ import annotations

import numpy as np
import pytest

from likeness_trainer.tracking.covered import change_of, covered_share, most_changes

POINTS, FRAMES = 1000, 100
HAIR, GLOSS, HAND = slice(0, 150), slice(150, 220), slice(300, 450)
NORMALS = np.tile([0.0, 0.0, 1.0], (POINTS, 1))
BEFORE = (np.eye(3), np.array([0.0, 0.0, -60.0]))


def shares(textures: np.ndarray) -> np.ndarray:
    template = np.median(textures, 0)
    changes = np.stack([change_of(texture, template, NORMALS, *BEFORE) for texture in textures])
    most = most_changes(changes)
    return np.array([covered_share(change, most) for change in changes])


@pytest.fixture
def textures() -> np.ndarray:
    random = np.random.default_rng(0)
    brighter = random.normal(0, 2, (FRAMES, 1))  # light on all of it is no change
    return (130 + brighter + random.normal(0, 3, (FRAMES, POINTS))).astype(np.float32)


def test_strands_of_hair_and_gloss_that_come_and_go_cover_nothing(textures):
    random = np.random.default_rng(1)
    textures[:, HAIR] -= 70 * random.random((FRAMES, 150))
    turned = np.clip(np.linspace(-2, 1, FRAMES), 0, 1)[:, None]  # a third of the film is turned to the light
    textures[:, GLOSS] += 60 * turned + 30 * random.random((FRAMES, 1))
    assert shares(textures).max() < 0.08


def test_a_hand_that_is_there_for_two_fifths_of_the_time_is_seen_whenever_it_is(textures):
    there = np.zeros(FRAMES, bool)
    there[20:60] = True
    textures[there, HAND] -= 45
    found = shares(textures)
    assert found[there].min() > 0.13
    assert found[~there].max() < 0.02


def test_what_faces_away_is_not_looked_at(textures):
    away = NORMALS.copy()
    away[HAND] = [1.0, 0.0, 0.0]
    textures[50, HAND] = 0
    change = change_of(textures[50], np.median(textures, 0), away, *BEFORE)
    assert np.isnan(change[HAND]).all()
    assert covered_share(change, np.full(POINTS, 22.0)) < 0.01


def test_a_face_that_is_turned_away_wholly_is_covered_by_nothing(textures):
    change = change_of(textures[0], textures[1], -NORMALS, *BEFORE)
    assert covered_share(change, most_changes(change[None])) == 0
