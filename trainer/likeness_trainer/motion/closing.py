"""When the mouth shuts: a branch of its own, because squared error on the opening cares little about one short frame.

It listens to towers of its own (`Layout.closing`). Three witnesses are added, each over its own deviation: a ridge on
the opening, one on how closed the mouth is, and, by a quarter, the closure that the general towers hear in any voice.
Their sum then decides which openings are shut and which are not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from likeness_trainer.motion.restore import QuantileMap
from likeness_trainer.motion.ridge import Ridge, fit_ridge

OPEN_QUANTILE, CLOSED_QUANTILE = 0.3, 0.08  # of the person's openings: not closed at all, and shut
# Openness quantile -> the quantile of openings it allows; above the last it allows everything.
CEILING = ((0.01, 0.01), (0.03, 0.03), (0.06, 0.06), (0.1, 0.1), (0.2, 0.35), (0.35, 1.0))
# Openness quantile -> the quantile of openings it demands at least: what is not called shut is not shut by chance.
FLOOR = ((0.09, 0.0), (0.11, 0.11), (0.25, 0.2))
SHARES = np.array([1.0, 1.0, 0.25])  # of the witnesses; the third is for bilabials of strange voices (docs/speech.md)


def closedness(opening: np.ndarray, of: np.ndarray) -> np.ndarray:
    """How closed openings [n] are, 0..1, by the distribution of a person's openings `of` [m]."""
    open_, closed = np.quantile(of, (OPEN_QUANTILE, CLOSED_QUANTILE))
    return np.clip((open_ - opening) / max(open_ - closed, 1e-9), 0, 1)


@dataclass(frozen=True)
class Witnesses:
    """Fitted on the same inputs; each column of the call is smaller where the mouth is more closed."""

    opening: Ridge  # one column
    closed: Ridge  # one column

    @classmethod
    def fit(cls, inputs: np.ndarray, opening: np.ndarray, time: np.ndarray) -> Witnesses:
        """On inputs [n, D] and the true opening [n] at times [n] s."""
        column, closed = opening[:, None], closedness(opening, opening)[:, None]
        return cls(fit_ridge(inputs, column, time), fit_ridge(inputs, closed, time))

    def __call__(self, inputs: np.ndarray, heard: np.ndarray) -> np.ndarray:
        """[n, 3]; `heard` [n] is the closure that the general towers hear."""
        return np.concatenate([self.opening(inputs), -self.closed(inputs), -heard[:, None]], axis=1)

    def openness(self, deviations: np.ndarray) -> Openness:
        """Their sum, each over its deviation [3]."""
        opening, closed, heard = SHARES / np.maximum(deviations, 1e-6)
        weights = self.opening.weights * opening - self.closed.weights * closed
        return Openness(Ridge(weights, self.opening.bias * opening - self.closed.bias * closed), float(heard))


@dataclass(frozen=True)
class Openness:
    """How open the mouth is: a ridge on the closing inputs, less the closure heard in general times `heard`."""

    ridge: Ridge  # one column
    heard: float

    @staticmethod
    def of(witnessed: np.ndarray) -> np.ndarray:
        """The same from what the witnesses say, [n, 3]: [n]."""
        return (witnessed * SHARES / witnessed.std(axis=0)).sum(axis=1)


@dataclass(frozen=True)
class Limits:
    """Between which openings an openness allows."""

    floor: QuantileMap
    ceiling: QuantileMap

    @classmethod
    def between(cls, openness: np.ndarray, true: np.ndarray) -> Limits:
        """From openness [n] of unheard sound and the true openings [m]."""

        def mapped(pairs: tuple[tuple[float, float], ...]) -> QuantileMap:
            knots, values = zip(*pairs)
            return QuantileMap.of_quantiles(np.quantile(openness, knots), np.quantile(true, values))

        return cls(mapped(FLOOR), mapped(CEILING))
