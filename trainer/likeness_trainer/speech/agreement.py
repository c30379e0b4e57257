"""How well something heard goes with something seen, at every lag, and on how much that rests."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.fft import irfft, rfft
from scipy.fft import next_fast_len
from scipy.ndimage import gaussian_filter1d

from likeness_trainer.speech.sizes import FEATURE_RATE

DRIFT_SECONDS = 0.5  # a smile that comes, a head that turns: slower than speech, and it goes with nothing that is heard
MEMORY_SECONDS = 1.0  # without drift, moments farther apart know nothing of each other
LARGEST_R = 0.99


@dataclass(frozen=True)
class Signal:
    """Something measured at 100 Hz from the clock's zero on, without its drift."""

    values: np.ndarray  # [n], 0 where unknown
    known: np.ndarray  # [n] 1.0 where it was measured, else 0.0

    @classmethod
    def of(cls, values: np.ndarray, known: np.ndarray | None = None) -> Signal:
        """From values [n] and where they were measured [n] (everywhere when left out)."""
        weight = np.ones(len(values)) if known is None else known.astype(np.float64)
        drift = _mean_around(values * weight) / np.maximum(_mean_around(weight), 1e-9)
        return cls((values - drift) * weight, weight)


@dataclass(frozen=True)
class Agreement:
    """Pearson's r of two signals at each lag of the second behind the first."""

    seconds: np.ndarray  # [K] lags, ascending
    r: np.ndarray  # [K]
    samples: np.ndarray  # [K] how many independent samples each r rests on

    @classmethod
    def between(cls, seen: Signal, heard: Signal, reach: float) -> Agreement:
        """At lags up to `reach` seconds to both sides, where both are known (Padfield 2012, masked correlation)."""
        size = next_fast_len(len(seen.values) + len(heard.values), real=True)
        steps = min(round(reach * FEATURE_RATE), len(heard.values) // 2)
        lags = np.arange(-steps, steps + 1)

        def together(first: np.ndarray, second: np.ndarray) -> np.ndarray:
            return irfft(np.conj(rfft(first, size)) * rfft(second, size), size)[lags]

        product = together(seen.values, heard.values)
        power = together(seen.values**2, heard.known) * together(seen.known, heard.values**2)
        r = product / np.sqrt(np.maximum(power, 1e-12))
        both = np.maximum(together(seen.known, heard.known), 1.0)
        return cls(
            lags / FEATURE_RATE, np.clip(r, -LARGEST_R, LARGEST_R), np.maximum(both / _common_memory(seen, heard), 1.0)
        )

    def over(self, times: float) -> Agreement:
        """The same r, had `times` as much been seen and heard."""
        return replace(self, samples=self.samples * times)


def _common_memory(seen: Signal, heard: Signal) -> float:
    """How many samples count as one (Bartlett 1935): 1 when either signal knows nothing of its own past."""
    steps = round(MEMORY_SECONDS * FEATURE_RATE)
    fading = 1 - np.arange(1, steps + 1) / (steps + 1)
    return max(1.0, 1 + 2 * float((_memory(seen, steps) * _memory(heard, steps) * fading).sum()))


def _memory(signal: Signal, steps: int) -> np.ndarray:
    """Autocorrelation at 1 to `steps` samples."""
    size = next_fast_len(len(signal.values) + steps, real=True)
    power = irfft(np.abs(rfft(signal.values, size)) ** 2, size)
    return power[1 : steps + 1] / max(power[0], 1e-12)


def _mean_around(values: np.ndarray) -> np.ndarray:
    return gaussian_filter1d(values.astype(np.float64), DRIFT_SECONDS * FEATURE_RATE, mode="constant", truncate=3)
