"""Giving predictions the person's own distribution back.

A regression that minimises squared error predicts the mean of what it cannot know: its mouth opens 0.56 to 0.71 of the
way. A monotone map from predicted to true quantiles restores the range without touching the order.
"""

from dataclasses import dataclass

import numpy as np

LEVELS = np.array([0.01, 0.03, 0.06, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.94, 0.97, 0.99])


@dataclass(frozen=True)
class QuantileMap:
    """A piecewise linear, non-decreasing map, flat outside its knots."""

    knots: np.ndarray  # [q] strictly ascending
    values: np.ndarray  # [q] non-decreasing

    @classmethod
    def between(cls, predicted: np.ndarray, true: np.ndarray) -> "QuantileMap":
        """Map the distribution of `predicted` [n] to that of `true` [m]."""
        return cls.of_quantiles(np.quantile(predicted, LEVELS), np.quantile(true, LEVELS))

    @classmethod
    def of_quantiles(cls, knots: np.ndarray, values: np.ndarray) -> "QuantileMap":
        """From matching quantiles; equal knots are spread by a hair so that the map stays a function."""
        spread = max(np.ptp(knots), 1e-6) * 1e-4
        return cls(np.maximum.accumulate(knots) + spread * np.arange(len(knots)), np.maximum.accumulate(values))

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return np.interp(x, self.knots, self.values)

    def hinges(self) -> tuple[np.ndarray, np.ndarray, float]:
        """The map as `start + sum_k gains_k relu(x - knots_k)`, as graphs can compute it: knots [q], gains [q],
        start."""
        slopes = np.concatenate([[0.0], np.diff(self.values) / np.diff(self.knots), [0.0]])
        return self.knots, np.diff(slopes), float(self.values[0])
