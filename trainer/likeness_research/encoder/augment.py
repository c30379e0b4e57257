"""Augmentation of log-mel spectra: other throats, microphones, rooms and rates than the four synthetic voices have."""

import numpy as np

from likeness_trainer.speech.sizes import MEL_BANDS


def warp_frequency(mel: np.ndarray, factor: float) -> np.ndarray:
    """Vocal tract length perturbation: band k takes what was at band k * factor. mel: [frames, 80]."""
    position = np.clip(np.arange(MEL_BANDS) * factor, 0, MEL_BANDS - 1)
    lower = np.minimum(position.astype(int), MEL_BANDS - 2)
    share = (position - lower).astype(np.float32)
    return mel[:, lower] * (1 - share) + mel[:, lower + 1] * share


def colour(mel: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A microphone's tilt and an equaliser of eight bands, in natural-log power."""
    tilt = rng.normal(0, 1.0) * np.linspace(-1, 1, MEL_BANDS)
    equaliser = 0.6 * rng.normal(0, 1.2, 8).repeat(MEL_BANDS // 8)
    return mel + tilt + equaliser


def add_noise(mel: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Steady noise of random level and tilt."""
    noise = rng.uniform(-11, -5) + rng.normal(0, 0.5, mel.shape) + np.linspace(0, rng.normal(0, 2), MEL_BANDS)
    return np.logaddexp(mel, noise)


def add_reverberation(mel: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A room's tail: past frames leak into the present with exponentially falling power."""
    power = np.exp(mel)
    room = power.copy()
    decay, wetness = rng.uniform(0.15, 0.6), rng.uniform(0.05, 0.35)
    for delay in range(1, 12):
        room[delay:] += power[:-delay] * wetness * np.exp(-decay * delay)
    return np.log(room)


def low_pass(mel: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Telephone and codec bandwidth: the upper bands fall to the floor."""
    mel = mel.copy()
    mel[:, rng.integers(52, MEL_BANDS) :] -= rng.uniform(4, 10)
    return mel


def augment(mel: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """One random recording condition for an utterance [frames, 80] of natural-log power: any level, any bandwidth."""
    mel = colour(warp_frequency(mel, rng.uniform(0.82, 1.22)), rng) + rng.normal(0, 1.5)
    if rng.random() < 0.15:
        mel = low_pass(mel, rng)
    return in_a_room(mel, rng)


def augment_gently(mel: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The same at one level and with the full bandwidth: what shuts a mouth is told from less than what it says."""
    return in_a_room(colour(warp_frequency(mel, rng.uniform(0.82, 1.22)), rng), rng)


def in_a_room(mel: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Noise and reverberation, each in about half of all cases."""
    if rng.random() < 0.6:
        mel = add_noise(mel, rng)
    if rng.random() < 0.5:
        mel = add_reverberation(mel, rng)
    return mel.astype(np.float32)
