"""The sync gate: own sound passes with its lag, another's does not, a still mouth proves nothing."""

import numpy as np
import pytest
from speaking_person import FPS, LAG_SECONDS, speaking_track, spoken

from likeness_trainer.speech import estimate
from likeness_trainer.speech.sync import Mouth, compare, threshold


@pytest.fixture(scope="module")
def voice() -> tuple[np.ndarray, np.ndarray]:
    return spoken()


def test_own_sound_belongs_and_its_lag_is_found(voice):
    sound, lips = voice
    sync = estimate(sound, speaking_track(lips))
    assert sync.belongs == "yes" and sync.score > 4 and sync.correlation > 0.6
    assert sync.lag_seconds == pytest.approx(LAG_SECONDS, abs=0.03)


@pytest.mark.parametrize("shift", [-0.2, 0.15])
def test_a_shifted_sound_track_moves_the_lag(voice, shift):
    sound, lips = voice
    sync = estimate(np.roll(sound, int(shift * 16000)), speaking_track(lips))
    assert sync.belongs == "yes" and sync.lag_seconds == pytest.approx(LAG_SECONDS + shift, abs=0.03)


def test_another_sound_does_not_belong(voice):
    sound, lips = voice
    track = speaking_track(lips)
    assert estimate(np.roll(sound, 5 * 16000), track).belongs == "no"
    other, _ = spoken("other-voice")
    assert estimate(np.tile(other, 3)[: len(sound)], track).belongs == "no"


def test_too_little_to_tell_is_unknown(voice):
    sound, lips = voice
    assert estimate(sound, speaking_track(lips, still=True)).belongs == "unknown"
    assert estimate(np.zeros_like(sound), speaking_track(lips)).belongs == "unknown"
    assert estimate(sound[: 2 * 16000], speaking_track(lips)).belongs == "unknown"


def test_noise_passes_the_gate_rarely():
    rng = np.random.default_rng(0)
    time = np.arange(500) / FPS
    slow = [np.convolve(rng.normal(size=3000), np.hanning(15), "same") for _ in range(40)]
    passed = [
        compare(sound[:2000], time, mouth[200:2200:4]).belongs == "yes" for sound, mouth in zip(slow[::2], slow[1::2])
    ]
    assert sum(passed) <= 1
    assert threshold(8) == 3 and threshold(30) == 4


def test_chosen_frames_are_enough(voice):
    sound, lips = voice
    track = speaking_track(lips)
    chosen = track.split()[0]
    assert estimate(sound, Mouth(track.time[chosen], track.aperture[chosen])).belongs == "yes"
