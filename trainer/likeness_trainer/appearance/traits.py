"""What an appearance depends on: the numbers of a control that are compared with those of the frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from likeness_trainer.morphable.topology import EYE_LEFT, EYE_RIGHT, INNER_LIP, OUTER_LIP
from likeness_trainer.renderer.proxies import Control
from likeness_trainer.renderer.rig import Rig

LIPS = tuple(INNER_LIP) + tuple(OUTER_LIP)
EYES = tuple(EYE_LEFT) + tuple(EYE_RIGHT)
_LEAST_SPREAD = 1e-6
_LEAST_TOLD = 0.02  # of the widest movement; what is smaller is no movement of a face


@dataclass(frozen=True)
class _Shape:
    """The first principal movements of some vertices, the widest with a spread of 1."""

    vertices: tuple[int, ...]
    mean: np.ndarray  # [v*3]
    directions: np.ndarray  # [v*3,k]
    spread: np.ndarray  # [k] of each

    @classmethod
    def of(cls, posed: np.ndarray, vertices: Sequence[int], count: int) -> _Shape:
        flat = posed[:, list(vertices)].reshape(len(posed), -1)
        mean = flat.mean(0)
        _, spread, directions = np.linalg.svd(flat - mean, full_matrices=False)
        unit = max(float(spread[0]) / np.sqrt(len(posed)), _LEAST_SPREAD)
        of_each = spread[:count] / np.sqrt(len(posed)) / unit
        return cls(tuple(vertices), mean, directions[:count].T / unit, np.maximum(of_each, _LEAST_SPREAD))

    def __call__(self, posed: np.ndarray) -> np.ndarray:
        return (posed[:, list(self.vertices)].reshape(len(posed), -1) - self.mean) @ self.directions


@dataclass(frozen=True)
class _Scale:
    mean: np.ndarray
    spread: np.ndarray

    @classmethod
    def of(cls, values: np.ndarray) -> _Scale:
        return cls(values.mean(0), values.std(0) + _LEAST_SPREAD)

    def __call__(self, values: np.ndarray) -> np.ndarray:
        return (values - self.mean) / self.spread


@dataclass(frozen=True)
class Traits:
    """Makes traits of controls, in units of how much each varied in the frames it was fitted on."""

    face: _Shape
    lips: _Shape
    eyes: _Shape
    pose: _Scale
    gaze: _Scale
    torso: _Scale

    @classmethod
    def of(cls, rig: Rig, controls: Sequence[Control]) -> Traits:
        posed = _posed(rig, controls)
        return cls(
            _Shape.of(posed, range(posed.shape[1]), 12),
            _Shape.of(posed, LIPS, 8),
            _Shape.of(posed, EYES, 6),
            _Scale.of(_pose(controls)),
            _Scale.of(_gaze(controls)),
            _Scale.of(_torso(controls)),
        )

    def whole(self, rig: Rig, controls: Sequence[Control]) -> np.ndarray:
        """[n,28] for everything at once: shape, pose, and with half their weight gaze and torso."""
        posed = _posed(rig, controls)
        return np.concatenate(
            [
                self.face(posed),
                self.pose(_pose(controls)),
                0.5 * self.gaze(_gaze(controls)),
                0.5 * self.torso(_torso(controls)),
            ],
            1,
        )

    def mouth(self, rig: Rig, controls: Sequence[Control]) -> np.ndarray:
        """[n,36] lips, with half its weight the pose, and with little everything else that a scale of its own may make
        more of: cheeks and jaw, torso, gaze."""
        posed = _posed(rig, controls)
        return np.concatenate(
            [
                self.lips(posed),
                0.5 * self.pose(_pose(controls)),
                0.1 * self.face(posed) / np.maximum(self.face.spread, _LEAST_TOLD),
                0.1 * self.torso(_torso(controls)),
                0.1 * self.gaze(_gaze(controls)),
            ],
            1,
        )

    def eye(self, rig: Rig, controls: Sequence[Control]) -> np.ndarray:
        """[n,16] lids, gaze and pose."""
        return np.concatenate(
            [
                self.eyes(_posed(rig, controls)),
                0.7 * self.gaze(_gaze(controls)),
                0.5 * self.pose(_pose(controls)),
            ],
            1,
        )


def _posed(rig: Rig, controls: Sequence[Control]) -> np.ndarray:
    """[n,468,3] cm, head space."""
    return np.stack([rig.vertices(control.expression) for control in controls])


def _pose(controls: Sequence[Control]) -> np.ndarray:
    """[n,6] rotation vector (radians) and translation (cm)."""
    turns = [cv2.Rodrigues(np.asarray(control.rotation, np.float64))[0].ravel() for control in controls]
    return np.concatenate([np.stack(turns), np.stack([control.translation for control in controls])], 1)


def _gaze(controls: Sequence[Control]) -> np.ndarray:
    return np.stack([np.asarray(control.gaze, np.float64) for control in controls])


def _torso(controls: Sequence[Control]) -> np.ndarray:
    return np.stack([np.asarray(control.torso, np.float64).ravel() for control in controls])
