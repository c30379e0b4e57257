"""What a person's video teaches: speech features at a frame's time, and the mouth that was tracked there."""

from dataclasses import dataclass

import numpy as np

from likeness_trainer.motion.head_turn import without_rotation
from likeness_trainer.speech import Layout, sample_at
from likeness_trainer.tracking.lips import LipMeasures
from likeness_trainer.tracking.track_file import Track

NEIGHBOURS_SECONDS = (-0.04, 0.0, 0.04)
SIGHT_ROWS = 7  # of 10 ms, on each side: neighbours, the mean over 40 ms, and the row after a moment between two


@dataclass(frozen=True)
class Examples:
    """Training frames; targets are (opening, width, expression), the last two with the head's rotation regressed out.

    Opening is left as measured: nodding goes with speech, and removing it took r from .61 to .58 on a real clip.
    """

    time: np.ndarray  # [n] seconds
    targets: np.ndarray  # [n, 66]
    importance: np.ndarray  # [66] weight of each target's squared error

    @classmethod
    def of(cls, track: Track, frames: np.ndarray) -> "Examples":
        """Examples of the given frames of a track."""
        measures = LipMeasures.of(track)
        expression = without_rotation(track.expression[frames].astype(np.float64), track.rotation[frames])
        opening = measures(track.expression[frames].astype(np.float64))[:, :1]
        targets = np.concatenate([opening, measures(expression)[:, 1:], expression], axis=1)
        energy = measures.energy * expression.std(axis=0)
        energy = np.sqrt(3 * energy**2 / max((energy**2).sum(), 1e-12)) / (expression.std(axis=0) + 1e-6)
        lips = 1 / (targets[:, :2].std(axis=0) + 1e-6)
        return cls(track.time[frames], targets, np.concatenate([lips, energy]))


def smooth(features: np.ndarray) -> np.ndarray:
    """Mean of [T, F] over 40 ms, a frame of the usual video; the graph does the same."""
    padded = np.pad(features, ((2, 2), (0, 0)), mode="edge")
    ends, inner = padded[:-4] + padded[4:], padded[1:-3] + padded[2:-2] + padded[3:-1]
    return (0.125 * ends + 0.25 * inner).astype(features.dtype)


def ridge_inputs(features: np.ndarray, seconds: np.ndarray) -> np.ndarray:
    """Smoothed features 40 ms before, at and 40 ms after given times: [n, 3 F]."""
    smoothed = smooth(features)
    return np.concatenate([sample_at(smoothed, seconds + offset) for offset in NEIGHBOURS_SECONDS], axis=1).astype(
        np.float64
    )


def closing_inputs(features: np.ndarray, seconds: np.ndarray) -> np.ndarray:
    """Features at the same three moments as they are, [n, 3 F]: a closure is too short to be smoothed."""
    return np.concatenate([sample_at(features, seconds + offset) for offset in NEIGHBOURS_SECONDS], axis=1).astype(
        np.float64
    )


def heard_closure(features: np.ndarray, seconds: np.ndarray) -> np.ndarray:
    """The closure that the general towers hear at given times, smoothed as their other features are: [n]."""
    return sample_at(smooth(features[:, Layout.closure, None]), seconds)[:, 0].astype(np.float64)
