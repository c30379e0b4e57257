"""How well a predicted mouth follows the tracked one: figures of each fold, and of all folds' frames together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from likeness_trainer.metrics.mouth import closure
from likeness_trainer.motion.graph import LIPS
from likeness_trainer.speech.sync import correlation
from likeness_trainer.tracking.lips import MOUTH
from likeness_trainer.tracking.track_file import Track

COMPONENTS = 24


@dataclass(frozen=True)
class MouthSpace:
    """Principal components of the mouth's vertices, found on the tracked expression of the measured frames."""

    axes: np.ndarray  # [64, 24] components of an expression, without the mean

    @classmethod
    def of(cls, track: Track, frames: np.ndarray) -> MouthSpace:
        """Components of the given frames of a track."""
        vertices = track.expression_basis[:, MOUTH].reshape(len(track.expression_basis), -1).astype(np.float64)
        moved = track.expression[frames].astype(np.float64) @ vertices
        directions = np.linalg.svd(moved - moved.mean(axis=0), full_matrices=False)[2][:COMPONENTS]
        return cls(vertices @ directions.T)

    def correlation(self, truth: np.ndarray, predicted: np.ndarray) -> float:
        """Mean r of the components of expressions [n, 64], weighted by the variance each has in the truth."""
        true, found = truth @ self.axes, predicted @ self.axes
        weight = true.var(axis=0)
        r = [correlation(a, b) for a, b in zip(found.T, true.T)]
        return float(weight @ r / max(weight.sum(), 1e-12))


@dataclass(frozen=True)
class Agreement:
    """Pearson's r of opening, width and mouth components (0 where either side does not move), and the opening's spread
    as a share of the true one."""

    opening: float
    width: float
    mouthPca: float
    spread: float

    @classmethod
    def between(cls, truth: np.ndarray, predicted: np.ndarray, mouth: MouthSpace) -> Agreement:
        """Of mouths [n, 66]: opening, width, expression."""
        return cls(
            opening=correlation(predicted[:, 0], truth[:, 0]),
            width=correlation(predicted[:, 1], truth[:, 1]),
            mouthPca=mouth.correlation(truth[:, LIPS:], predicted[:, LIPS:]),
            spread=float(predicted[:, 0].std() / max(truth[:, 0].std(), 1e-9)),
        )


@dataclass(frozen=True)
class Figures:
    """One way of predicting, measured."""

    folds: tuple[Agreement, ...]
    pooled: Agreement
    precision: float | None
    recall: float | None

    @classmethod
    def of(cls, truth: np.ndarray, predicted: np.ndarray, tests: Sequence[np.ndarray], mouth: MouthSpace) -> Figures:
        """Of mouths [n, 66], each row predicted without the fold that it is in; `tests` are the folds' masks [n].

        Closures are rank-matched over all frames: a fold alone has ten of them.
        """
        folds = tuple(Agreement.between(truth[test], predicted[test], mouth) for test in tests)
        precision, recall = closure(predicted[:, 0], truth[:, 0])
        return cls(folds, Agreement.between(truth, predicted, mouth), precision, recall)

    def summary(self) -> dict[str, object]:
        """Mean and deviation over the folds, the pooled value and each fold's, of every figure."""
        pooled = asdict(self.pooled)
        figures = {
            name: {**_spread_of(values), "pooled": pooled[name], "folds": values.tolist()}
            for name, values in self._by_name().items()
        }
        return {**figures, "closure": {"precision": self.precision, "recall": self.recall}}

    def ahead_of(self, other: Figures) -> dict[str, dict[str, float]]:
        """By how much each r is above another way's, compared fold by fold."""
        own, theirs = self._by_name(), other._by_name()
        return {name: _spread_of(own[name] - theirs[name]) for name in ("opening", "width", "mouthPca")}

    def _by_name(self) -> dict[str, np.ndarray]:
        rows = [asdict(fold) for fold in self.folds]
        return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def _spread_of(values: np.ndarray) -> dict[str, float]:
    return {"mean": float(values.mean()), "sd": float(values.std())}
