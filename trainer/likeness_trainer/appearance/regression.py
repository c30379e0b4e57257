"""Kernel (Gaussian process) regression from controls to whatever was seen with them, and its scales by
cross-validation on contiguous pieces (Rasmussen and Williams 2006, section 2.2 and chapter 5).

Frames that lie side by side in time are nearly equal: held out one by one they would say that the narrowest kernel is
best. So pieces of time are held out, with a gap around them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

PIECES = 6
GAP = 8  # frames between what is held out and what is fitted
LENGTHS = (1.5, 2.2, 3.2, 4.5, 7.0, 11.0)  # in the units of the traits
NOISES = (0.05, 0.2, 0.6)  # of the kernel's variance


@dataclass(frozen=True)
class Kernel:
    """A squared exponential."""

    length: float
    noise: float

    def between(self, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        """[n,m] likeness of traits [n,d] to traits [m,d], 0..1."""
        squared = (left**2).sum(1)[:, None] - 2 * left @ right.T + (right**2).sum(1)[None]
        return np.exp(-np.maximum(squared, 0) / (2 * self.length**2))

    def weights(self, bank: np.ndarray) -> np.ndarray:
        """[n,n] what the likeness to the bank [n,d] is multiplied by to become weights of the bank's rows."""
        return np.linalg.inv(self.between(bank, bank) + self.noise * np.eye(len(bank)))

    def predict(self, bank: np.ndarray, values: np.ndarray, traits: np.ndarray) -> np.ndarray:
        """Values [m,p] at traits [m,d], of values [n,p] (less their mean) at the bank [n,d]."""
        return (self.between(traits, bank) @ self.weights(bank)).astype(values.dtype) @ values


def pieces(count: int, number: int = PIECES, gap: int = GAP) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """(rows to fit on, rows held out) of `count` rows in the order of time, `number` times."""
    for piece in range(number):
        first, last = piece * count // number, (piece + 1) * count // number
        fitted = np.r_[0 : max(0, first - gap), min(count, last + gap) : count]
        if last > first and len(fitted) > 0:
            yield fitted, np.arange(first, last)


def left_out(
    kernel: Kernel, traits: np.ndarray, values: np.ndarray, number: int = PIECES, gap: int = GAP
) -> np.ndarray:
    """Values [n,p] as each of `number` pieces of time is predicted from the others; their mean where nothing is left
    beside one."""
    predicted = np.broadcast_to(values.mean(0), values.shape).copy()
    for fitted, held_out in pieces(len(traits), number, gap):
        mean = values[fitted].mean(0)
        predicted[held_out] = mean + kernel.predict(traits[fitted], values[fitted] - mean, traits[held_out])
    return predicted


def fit_kernel(
    traits: np.ndarray,
    values: np.ndarray,
    lengths: tuple[float, ...] = LENGTHS,
    noises: tuple[float, ...] = NOISES,
    gap: int = GAP,
) -> tuple[Kernel, float]:
    """The kernel that predicts pieces left out best, and its mean squared error.

    traits [n,d], values [n,p]: a few thousand chosen ones are enough.
    """
    errors: dict[Kernel, float] = {}

    def error(kernel: Kernel) -> float:
        if kernel not in errors:
            errors[kernel] = float(((left_out(kernel, traits, values, gap=gap) - values) ** 2).mean())
        return errors[kernel]

    # One after the other, twice, instead of every pair: half the time, and next to nothing worse.
    best = Kernel(lengths[0], noises[len(noises) // 2])
    for _ in range(2):
        best = min((Kernel(length, best.noise) for length in lengths), key=error)
        best = min((Kernel(best.length, noise) for noise in noises), key=error)
    return best, error(best)
