"""Poses tracked again: against a head that is held as is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_person import made_track

from likeness_trainer.appearance.surroundings import in_crop
from likeness_trainer.metrics.turns import AXES, Turn, angles_of, pose_error, rotation_of, turns_within
from likeness_trainer.renderer.proxies import control_of
from likeness_trainer.renderer.rig_fit import fit_rig


@pytest.fixture(scope="module")
def made():
    track = made_track()
    return fit_rig(track, np.arange(40)), control_of(track, 5)


def landmarks(rig, control) -> np.ndarray:  # type: ignore[no-untyped-def]
    """[478,2] crop pixels of the posed mesh; the irises where the nose is, since nobody asks for them."""
    mesh = in_crop(rig, control, rig.vertices(control.expression))[:, :2]
    return np.concatenate([mesh, np.repeat(mesh[:1], 10, 0)])


def test_angles_are_those_a_rotation_was_made_of():
    angles = np.array([20.0, -7.0, 3.0])
    np.testing.assert_allclose(angles_of(rotation_of(angles)[None])[0], angles, atol=1e-9)
    # a positive yaw turns the nose (z towards the camera) to the picture's right
    assert (rotation_of(np.array([20.0, 0, 0])) @ [0, 0, 1])[0] == pytest.approx(np.sin(np.radians(20)))


def test_a_turn_replaces_one_angle(made):
    _, control = made
    before = angles_of(control.rotation[None])[0]
    after = angles_of(Turn("pitch", 12.0, True).of(control).rotation[None])[0]
    np.testing.assert_allclose(after, [before[0], 12, before[2]], atol=1e-4)


def test_every_range_is_asked_for_at_its_ends_and_beyond():
    turns = list(turns_within({axis: [-10.0, 20.0] for axis in AXES}))
    assert [(turn.degrees, turn.beyond) for turn in turns if turn.axis == "roll"] == [
        (-15, True),
        (-10, False),
        (20, False),
        (25, True),
    ]


def test_a_head_is_off_by_the_angle_it_was_not_turned(made):
    rig, control = made
    asked = Turn("yaw", 15.0, True).of(control)
    assert pose_error(rig, asked, landmarks(rig, asked)) == pytest.approx(0, abs=0.05)
    still = angles_of(control.rotation[None])[0][0]
    assert pose_error(rig, asked, landmarks(rig, control)) == pytest.approx(15 - still, abs=0.2)
    assert pose_error(rig, asked, np.full((478, 2), np.nan)) is None
    nearer = replace(asked, crop=asked.crop * [1, 1, 0.5])  # the same head in another crop
    assert pose_error(rig, nearer, landmarks(rig, nearer)) == pytest.approx(0, abs=0.05)
