"""What a turned head adds to the mouth: found, taken out, put back, and told to the TypeScript engine alike."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from made_person import made_track

from likeness_trainer.morphable.rotations import rodrigues
from likeness_trainer.motion.head_turn import HeadTurn, without_rotation
from likeness_trainer.protocol import TrainerError
from likeness_trainer.renderer.rig import NOT_IN_OLDER, Rig
from likeness_trainer.renderer.rig_fit import fit_rig
from likeness_trainer.tracking.lips import LipMeasures

GOLDEN = Path(__file__).parents[2] / "src" / "main" / "studio" / "engine" / "fixtures" / "head-turn.json"
FRAMES = 400


def example() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Rotations [400, 3, 3], speech [400, 5] that knows nothing of them, what they leak [400, 5], and the angles."""
    rng = np.random.default_rng(4)
    time = np.arange(FRAMES)[:, None]
    angles = 0.2 * np.sin(time / np.array([31.0, 47.0, 59.0])) + np.array([0.1, 0, -0.05])
    speech = np.sin(time / np.array([2.0, 3.1, 4.7, 5.3, 6.1]) + np.arange(5))
    leaks = angles @ rng.normal(size=(3, 5)) * 3 + (angles - angles.mean(0)) ** 2 @ rng.normal(size=(3, 5)) * 20
    return rodrigues(angles), speech, leaks - leaks.mean(axis=0), angles


def test_it_finds_what_leaks_and_leaves_the_speech():
    rotation, speech, leaks, _ = example()
    turn = HeadTurn.fit(speech + leaks, rotation)
    assert np.abs(turn(rotation) - leaks).max() < 0.15 * np.abs(leaks).max()
    assert np.abs(turn(rotation).mean(axis=0)).max() < 1e-9
    left = without_rotation(speech + leaks, rotation)
    assert np.abs(left - speech).std() < 0.2 * leaks.std()
    np.testing.assert_allclose(left.mean(axis=0), (speech + leaks).mean(axis=0))


def test_a_head_turned_further_than_it_was_seen_counts_as_turned_no_more():
    rotation, speech, leaks, angles = example()
    turn = HeadTurn.fit(speech + leaks, rotation)
    far = rodrigues(np.stack([angles.max(axis=0) + 0.7, angles.min(axis=0) - 0.7]))
    edge = rodrigues(np.stack([angles.max(axis=0), angles.min(axis=0)]))
    np.testing.assert_allclose(turn(far), turn(edge), atol=1e-9)


def test_what_a_rig_puts_back_does_not_open_the_mouth():
    track = made_track()
    leaking = track.expression.copy()
    leaking[:, 0] += 3 * track.rotation[:, 0, 2]  # a turned head looks open
    leaking[:, 1] += 5 * track.rotation[:, 0, 2]  # and wide
    track = replace(track, expression=leaking)
    rig = fit_rig(track, track.good)
    added, measures = rig.turned(track.rotation), LipMeasures.of(track)
    lips = added @ measures.slopes.T
    assert np.abs(lips[:, 0]).max() < 1e-5
    assert lips[:, 1].std() > 0.1 * measures(leaking.astype(np.float64))[:, 1].std()
    assert (
        np.abs(HeadTurn.fit(leaking, track.rotation)(track.rotation) @ measures.slopes[0]).max() > 0.05
    )  # it would have


def test_a_rig_from_before_adds_nothing(tmp_path):
    from safetensors.numpy import load_file, save_file

    track = made_track()
    fit_rig(track, track.good).save(tmp_path / "rig.safetensors")
    known = Rig.load(tmp_path / "rig.safetensors")
    assert np.abs(known.turned(track.rotation)).max() > 1e-3
    older = {
        name: tensor for name, tensor in load_file(tmp_path / "rig.safetensors").items() if name not in NOT_IN_OLDER
    }
    save_file(older, tmp_path / "older.safetensors", {"format": "likeness.rig", "version": "1"})
    assert not Rig.load(tmp_path / "older.safetensors").turned(track.rotation).any()


@pytest.mark.parametrize(
    "broken", [{"turn_angles": None}, {"turn_slopes": None}, {"turn_slopes": np.full((7, 64), np.nan, np.float32)}]
)
def test_half_of_it_or_no_numbers_are_refused(tmp_path, broken):
    from safetensors.numpy import load_file, save_file

    track = made_track()
    fit_rig(track, track.good).save(tmp_path / "rig.safetensors")
    tensors = {k: v for k, v in (load_file(tmp_path / "rig.safetensors") | broken).items() if v is not None}
    save_file(tensors, tmp_path / "broken.safetensors", {"format": "likeness.rig", "version": "1"})
    with pytest.raises(TrainerError) as refused:
        Rig.load(tmp_path / "broken.safetensors")
    assert refused.value.code == "bad-bundle"


def golden() -> dict[str, list]:
    rotation, speech, leaks, angles = example()
    turn = HeadTurn.fit(np.tile(speech + leaks, 13)[:, :64], rotation)
    asked = np.concatenate([rotation[::80], rodrigues(angles[:2] + 0.6), rodrigues(angles[:2] - 0.6)])
    return {
        "angles": turn.angles.round(6).tolist(),
        "slopes": turn.slopes.round(5).tolist(),
        "rotations": asked.reshape(-1, 9).round(7).tolist(),
        "added": HeadTurn(turn.angles, turn.slopes)(asked).round(5).tolist(),
    }


def test_the_engines_golden_file_is_current():
    stored = json.loads(GOLDEN.read_text(encoding="utf-8"))
    for name, values in golden().items():
        assert np.asarray(stored[name]) == pytest.approx(np.asarray(values), abs=2e-4), name
