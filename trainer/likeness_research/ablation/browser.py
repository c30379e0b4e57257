"""A baseline from outside: the visemes that a browser's MFCC library hears, found before this job by the studio.

The library (HeadAudio) compares 12 MFCCs of each 32 ms with Gaussian prototypes of 15 Oculus visemes and takes the
majority of six; a viseme then rises and falls over 100 ms. That much is done here as the library does it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from likeness_research.ablation.visemes import lips_of

# Oculus visemes, in the library's order, by the viseme whose lip targets they share.
OCULUS = {
    "aa": "open",
    "E": "mid",
    "I": "front-close",
    "O": "back-rounded",
    "U": "close-rounded",
    "PP": "bilabial",
    "SS": "sibilant",
    "TH": "dental",
    "DD": "alveolar",
    "FF": "labiodental",
    "kk": "velar",
    "nn": "alveolar",
    "RR": "rhotic",
    "CH": "postalveolar",
    "sil": "silence",
}
RAMP_SECONDS, STEEPNESS = 0.1, 5.0


@dataclass(frozen=True)
class BrowserVisemes:
    """What the library heard of a sound."""

    library: str
    weights: np.ndarray  # [S, 15] at 100 Hz, 0..1

    @classmethod
    def load(cls, path: Path, frames: int) -> BrowserVisemes:
        """From the studio's file: a viseme every `hopSeconds`, each at the middle of what it was heard in."""
        heard = json.loads(path.read_text(encoding="utf-8"))
        at = (np.arange(frames) / 100 - heard["firstSeconds"]) / heard["hopSeconds"]
        shown = np.asarray(heard["visemes"], int)[np.clip(np.floor(at), 0, len(heard["visemes"]) - 1).astype(int)]
        return cls(heard["library"], eased(risen(np.eye(len(OCULUS))[shown])))

    @property
    def lips(self) -> np.ndarray:
        """Opening and width [S, 2]."""
        return lips_of(self.weights, tuple(OCULUS.values()))


def risen(active: np.ndarray) -> np.ndarray:
    """A switch [S, V] of 0 and 1 that takes `RAMP_SECONDS` to follow."""
    step, level, found = 0.01 / RAMP_SECONDS, np.zeros(active.shape[1]), np.empty_like(active)
    for row, goal in enumerate(active):
        level = np.clip(level + np.where(goal > 0, step, -step), 0, 1)
        found[row] = level
    return found


def eased(level: np.ndarray) -> np.ndarray:
    """A sigmoid from 0 at 0 to 1 at 1."""

    def base(x: np.ndarray | float) -> np.ndarray:
        return 1 / (1 + np.exp(-STEEPNESS * np.asarray(x))) - 0.5

    return 0.5 + 0.5 / base(1) * base(2 * level - 1)
