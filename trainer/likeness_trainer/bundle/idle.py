"""`idle.safetensors`: the source's own motion, which an avatar goes on with where nothing else moves it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from safetensors.numpy import save

from likeness_trainer.format import TABLES
from likeness_trainer.morphable.mesh import Pose
from likeness_trainer.tracking.track_file import Track

TABLE = TABLES["idle"]
IDLE = "idle.safetensors"


@dataclass(frozen=True)
class Idle:
    """A row a source frame but for `torso_pose`, as in docs/formats.md: the tensors that every avatar has, and the
    sway."""

    time: np.ndarray
    state: np.ndarray
    expression: np.ndarray
    rotation: np.ndarray
    translation: np.ndarray
    gaze: np.ndarray
    crop: np.ndarray
    torso: np.ndarray
    aperture: np.ndarray
    torso_pose: np.ndarray
    sway: np.ndarray | None = None

    @property
    def pose(self) -> Pose:
        return Pose(self.rotation, self.translation)


def idle_bytes(track: Track, heard: np.ndarray | None = None, sway: np.ndarray | None = None) -> bytes:
    """The file's content, with how what was said there was said [S,3] where the sound is the person's, and the sway
    [T,8,8,2] where it was tracked."""
    beside = {"heard": heard, "sway": sway}
    tensors = {name: getattr(track, name) for name in TABLE.required}
    return save(tensors | {name: value for name, value in beside.items() if value is not None}, TABLE.metadata)
