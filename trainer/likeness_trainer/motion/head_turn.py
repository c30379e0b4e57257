"""What the head's rotation adds to a tracked expression.

Tracking errors at turned heads leak into the mouth (16 to 19 % of its variance on real clips). Speech cannot explain
them, and fitting them as speech is noise: they are taken out before a mouth is fitted, and put back where the rotation
is known, because pictures were learnt from expressions that hold them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from likeness_trainer.morphable.rotations import rotation_vectors
from likeness_trainer.tracking.lips import LipMeasures
from likeness_trainer.tracking.track_file import Track

PENALTY = 0.01  # of each regressor's variance


@dataclass(frozen=True)
class HeadTurn:
    """Linear and squared in the head's angles, 0 on average over the frames it was fitted on."""

    angles: np.ndarray  # [3, 3] lowest, mean and highest rotation vector of those frames, radians
    slopes: np.ndarray  # [7, K] of 1, the angles less their mean, and the squares of these

    @classmethod
    def fit(cls, expression: np.ndarray, rotation: np.ndarray) -> HeadTurn:
        """By ridge regression on expressions [n, K] and rotations [n, 3, 3]."""
        angles = rotation_vectors(rotation)
        middle = angles.mean(axis=0)
        turned = _turned(angles - middle)
        mean, deviation = turned.mean(axis=0), turned.std(axis=0) + 1e-6
        scaled = (turned - mean) / deviation
        gram = scaled.T @ scaled + PENALTY * len(scaled) * np.eye(scaled.shape[1])
        slopes = np.linalg.solve(gram, scaled.T @ (expression - expression.mean(axis=0))) / deviation[:, None]
        return cls(
            np.stack([angles.min(axis=0), middle, angles.max(axis=0)]), np.concatenate([-mean[None] @ slopes, slopes])
        )

    @classmethod
    def of(cls, track: Track, frames: np.ndarray) -> HeadTurn:
        """What a person's rotation adds to what is spoken, learnt on frames of their track: the lips' opening stays."""
        expression, measures = track.expression[frames].astype(np.float64), LipMeasures.of(track)
        turn = cls.fit(expression, track.rotation[frames])
        # Divided once more, since `directions` are not exact where opening and width only move together.
        opened, opening = turn.slopes @ measures.slopes[0], measures.directions(expression)[:, 0]
        return replace(turn, slopes=turn.slopes - opened[:, None] * opening / max(measures.slopes[0] @ opening, 1e-6))

    def __call__(self, rotation: np.ndarray) -> np.ndarray:
        """Expressions [n, K] to add at rotations [n, 3, 3]; further than it was seen, the head counts as turned no
        more."""
        lowest, middle, highest = self.angles
        turned = _turned(np.clip(rotation_vectors(rotation), lowest, highest) - middle)
        return self.slopes[0] + turned @ self.slopes[1:]


def without_rotation(expression: np.ndarray, rotation: np.ndarray) -> np.ndarray:
    """Expressions [n, K] less what the rotations [n, 3, 3] of the same frames explain of them; their mean stays."""
    return expression - HeadTurn.fit(expression, rotation)(rotation)


def _turned(angles: np.ndarray) -> np.ndarray:
    return np.concatenate([angles, angles**2], axis=1)
