"""Sounds that a chain was not fitted on: made of the person's own and of noise, the same ones every time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.signal import butter, resample_poly, sosfilt

from likeness_trainer.speech.sizes import SAMPLE_RATE

LONGEST_SECONDS = 20.0  # of the person's own sound
SECONDS = 10.0  # of a sound that is made
SETTLE_SECONDS = 0.4  # after a sound's end, and before the next: the mouth closes and opens there
PAUSE_SECONDS = 2.0
NOISE_DB = 10.0
HISS_DBFS = -80.0
LEVEL_DBFS = -23.0  # of a made sound, as speech has


@dataclass(frozen=True)
class Sound:
    """A sound, and the span of it, if any, in which nothing is to be heard."""

    id: str
    label: str
    samples: np.ndarray  # [N] f32 at 16 kHz
    silent: tuple[float, float] | None = None  # seconds


def hard_sounds(own: np.ndarray) -> list[Sound]:
    """The person's sound [N] as it is, spoilt in four ways and with a pause, and six that are no speech."""
    rng = np.random.default_rng(0)
    own = own[: int(LONGEST_SECONDS * SAMPLE_RATE)].astype(np.float32)
    count = int(SECONDS * SAMPLE_RATE)
    whole = (SETTLE_SECONDS, SECONDS - SETTLE_SECONDS)
    paused, pause = with_pause(own)
    return [
        Sound("own", "The video's own sound", own),
        Sound("telephone", "the same by telephone (8 kHz, mu-law)", telephone(own)),
        Sound("clipped", "the same clipped 12 dB over its peak", clipped(own)),
        Sound("noisy", f"the same with white noise at {NOISE_DB:.0f} dB", noisy(own, rng)),
        Sound("pause", f"the same with a pause of {PAUSE_SECONDS:.0f} s in it", paused, pause),
        Sound("noise", "white noise", at_level(rng.standard_normal(count))),
        Sound("chords", "chords", at_level(chords(count))),
        Sound("sung", "a sung tone", at_level(sung(count))),
        Sound("silence", "silence", np.zeros(count, np.float32), whole),
        Sound("hiss", f"hiss at {HISS_DBFS:.0f} dB", at_level(rng.standard_normal(count), HISS_DBFS), whole),
    ]


def at_level(sound: np.ndarray, dbfs: float = LEVEL_DBFS) -> np.ndarray:
    """Scaled to a root mean square."""
    return (sound * 10 ** (dbfs / 20) / max(float(np.sqrt(np.mean(sound**2))), 1e-9)).astype(np.float32)


def telephone(sound: np.ndarray) -> np.ndarray:
    """300 to 3400 Hz, 8000 samples a second, 8 bits by the mu-law."""
    band = sosfilt(butter(4, (300, 3400), "bandpass", fs=SAMPLE_RATE, output="sos"), sound)
    narrow = np.clip(resample_poly(band, 1, 2), -1, 1)
    code = np.round(np.sign(narrow) * np.log1p(255 * np.abs(narrow)) / np.log(256) * 127) / 127
    heard = np.sign(code) * np.expm1(np.abs(code) * np.log(256)) / 255
    return resample_poly(heard, 2, 1)[: len(sound)].astype(np.float32)


def clipped(sound: np.ndarray) -> np.ndarray:
    """Four times louder than fits."""
    return np.clip(4 * sound / max(float(np.abs(sound).max()), 1e-9), -1, 1).astype(np.float32)


def noisy(sound: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """With white noise `NOISE_DB` below it."""
    power = np.sqrt(np.mean(sound**2)) * 10 ** (-NOISE_DB / 20)
    return (sound + power * rng.standard_normal(len(sound))).astype(np.float32)


def with_pause(sound: np.ndarray) -> tuple[np.ndarray, tuple[float, float]]:
    """Silence put into the middle of a sound, faded on both sides, and the span in which the mouth must be shut."""
    middle, fade = len(sound) // 2, SAMPLE_RATE // 50
    before, after = sound[:middle].copy(), sound[middle:].copy()
    before[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
    after[:fade] *= np.linspace(0, 1, fade, dtype=np.float32)
    start = middle / SAMPLE_RATE
    found = np.concatenate([before, np.zeros(int(PAUSE_SECONDS * SAMPLE_RATE), np.float32), after])
    return found, (start + SETTLE_SECONDS, start + PAUSE_SECONDS - SETTLE_SECONDS)


def chords(count: int) -> np.ndarray:
    """A triad every half second, struck: six harmonics of each tone."""
    seconds, found = np.arange(count) / SAMPLE_RATE, np.zeros(count)
    roots = 220 * 2 ** (np.array([0, 5, 7, 9]) / 12)
    root = roots[(seconds * 2).astype(int) % len(roots)]
    for interval in (0, 4, 7):
        for harmonic in range(1, 7):
            found += np.sin(2 * np.pi * np.cumsum(root * 2 ** (interval / 12) * harmonic) / SAMPLE_RATE) / harmonic
    return found * np.exp(-3 * (seconds * 2 % 1) / 2)


def sung(count: int) -> np.ndarray:
    """An "ah" on notes of two seconds, with vibrato: harmonics weighed by three formants."""
    seconds = np.arange(count) / SAMPLE_RATE
    notes = 196 * 2 ** (np.array([0, 4, 7, 5, 2]) / 12)
    pitch = notes[(seconds / 2).astype(int) % len(notes)] * 2 ** (0.4 / 12 * np.sin(2 * np.pi * 5.5 * seconds))
    phase, found = 2 * np.pi * np.cumsum(pitch) / SAMPLE_RATE, np.zeros(count)
    for harmonic in range(1, 21):
        tone = pitch * harmonic
        gain = sum(
            share / (1 + ((tone - formant) / 120) ** 2) for formant, share in ((700, 1.0), (1220, 0.5), (2600, 0.2))
        )
        found += gain * np.sin(harmonic * phase)
    return found * np.minimum(1, 8 * np.minimum(seconds / 2 % 1, 1 - seconds / 2 % 1))
