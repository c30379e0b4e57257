"""Pitch and voicing against tones whose frequency is known, and against SciPy's autocorrelation."""

import numpy as np
import pytest
import torch
from scipy.signal import correlate, sawtooth

from likeness_trainer.speech.pitch import Pitch

RATE = 16000


def track(waveform: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """F0 in Hz and voicing, [T] each."""
    with torch.no_grad():
        octaves, voicing = Pitch()(torch.from_numpy(waveform.astype(np.float32))[None])
    return 50.0 * 2 ** octaves[0, 0].numpy(), voicing[0, 0].numpy()


def voice(f0: np.ndarray | float, seconds: float = 1.0) -> np.ndarray:
    """A buzz with harmonics that fall off as a voice's do."""
    time = np.arange(int(seconds * RATE)) / RATE
    phase = 2 * np.pi * np.cumsum(np.broadcast_to(f0, time.shape)) / RATE
    return sum(np.sin(k * phase) / k**1.5 for k in range(1, 9)) * 0.1


@pytest.mark.parametrize("f0", [70.0, 98.0, 123.4, 180.0, 260.0, 391.0, 460.0])
def test_a_harmonic_tone_is_found_within_one_percent_and_is_voiced(f0):
    hertz, voicing = track(voice(f0))
    inner = slice(5, -5)
    assert np.abs(hertz[inner] / f0 - 1).max() < 0.01
    assert voicing[inner].min() > 0.95


def test_a_glide_is_followed_without_octave_jumps():
    time = np.arange(2 * RATE) / RATE
    truth = 110.0 * 2 ** (0.5 * time)  # 110 to 220 Hz
    hertz, _ = track(voice(truth, 2.0))
    at_frames = truth[np.minimum(np.arange(len(hertz)) * 160, len(truth) - 1)]
    assert np.abs(hertz[8:-8] / at_frames[8:-8] - 1).max() < 0.02


def test_a_missing_fundamental_is_heard():
    time = np.arange(RATE) / RATE
    hertz, _ = track(0.1 * sum(np.sin(2 * np.pi * 150 * k * time) for k in (3, 4, 5, 6)))
    assert np.abs(hertz[5:-5] / 150 - 1).max() < 0.01


def test_noise_and_silence_are_unvoiced():
    rng = np.random.default_rng(0)
    assert track(rng.normal(0, 0.1, RATE))[1].mean() < 0.1
    assert track(np.zeros(RATE))[1].max() < 0.01


def test_it_agrees_with_a_plain_autocorrelation_of_a_sawtooth_in_noise():
    rng = np.random.default_rng(1)
    signal = 0.1 * sawtooth(2 * np.pi * 137.0 * np.arange(RATE) / RATE) + rng.normal(0, 0.01, RATE)
    hertz, voicing = track(signal)
    correlation = correlate(signal, signal, method="fft")[len(signal) - 1 :]
    lag = 40 + int(np.argmax(correlation[40:200]))
    assert np.median(hertz[5:-5]) == pytest.approx(RATE / lag, rel=0.01)
    assert np.median(voicing[5:-5]) > 0.9
