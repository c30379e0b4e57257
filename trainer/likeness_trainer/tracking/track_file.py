"""`track.safetensors`: everything measured about the person, one row a source frame (docs/formats.md)."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from enum import IntEnum
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from likeness_trainer.format import TABLES, TRACKER
from likeness_trainer.morphable.mesh import Camera, Face, Motion, Pose
from likeness_trainer.protocol import TrainerError
from likeness_trainer.tracking.track_limits import require_likely

TABLE = TABLES["track"]
GENERIC = "generic"  # of `face_basis`: nothing was known of people's faces
HELD_OUT_SHARE = 11  # the last 1/11 of the good frames is never trained on


class FrameState(IntEnum):
    """What a source frame is good for."""

    GOOD = 0
    OCCLUDED = 1
    MISSING = 2
    OTHER = 3  # another person, or a cut's first frame
    BLURRED = 4


# Name -> (shape with T for the number of frames, type).
TENSORS = {name: (tensor.shape, tensor.dtype) for name, tensor in TABLE.tensors.items()}


@dataclass
class Track:
    """The tensors and metadata of a track file; shapes, units and axes as in docs/formats.md."""

    time: np.ndarray
    state: np.ndarray
    landmarks: np.ndarray
    neutral: np.ndarray
    mean_shape: np.ndarray
    identity_basis: np.ndarray
    identity: np.ndarray
    expression_basis: np.ndarray
    expression: np.ndarray
    rotation: np.ndarray
    translation: np.ndarray
    focal: np.ndarray
    principal: np.ndarray
    gaze: np.ndarray
    iris_neutral: np.ndarray
    aperture: np.ndarray
    crop: np.ndarray
    torso: np.ndarray
    torso_pose: np.ndarray
    face_box: np.ndarray
    triangles: np.ndarray
    mouth_triangles: np.ndarray
    inner_lip: np.ndarray
    uv: np.ndarray
    fps: float
    width: int
    height: int
    sound_lag_seconds: float = 0.0  # sound after picture; 0 when unknown
    sound_belongs: str = "unknown"  # yes, no or unknown
    sound_probability: float = 0.5  # that it belongs, and nearly in step
    producer: str = ""  # the program that made it, and its version
    face_basis: str = GENERIC  # what the fit knew of people's faces: a face model's name in the registry
    tracker: int = TRACKER  # number of the tracker that made it; 0 of files from before there were any

    def __len__(self) -> int:
        return len(self.time)

    @property
    def camera(self) -> Camera:
        return Camera(float(self.focal[0]), self.principal)

    @property
    def face(self) -> Face:
        return Face(self.neutral, self.expression_basis)

    @property
    def motion(self) -> Motion:
        return Motion(Pose(self.rotation, self.translation), self.expression)

    @property
    def good(self) -> np.ndarray:
        """Indices of the good frames, ascending."""
        return np.flatnonzero(self.state == FrameState.GOOD)

    def split(self) -> tuple[np.ndarray, np.ndarray]:
        """Indices to train on and to test on: the first 10/11 and the last 1/11 of the good frames."""
        good = self.good
        held_out = len(good) // HELD_OUT_SHARE
        return good[: len(good) - held_out], good[len(good) - held_out :]

    def validate(self) -> None:
        """Raise ValueError where a tensor's shape or type, a number or a metadata value breaks the format."""
        frames = len(self.time)
        if frames == 0:
            raise ValueError("the track has no frames")
        for name, (shape, kind) in TENSORS.items():
            array = getattr(self, name)
            wanted = tuple(frames if axis == "T" else axis for axis in shape)
            if array.shape != wanted:
                raise ValueError(f"{name} is {list(array.shape)}, expected {list(wanted)}")
            if array.dtype != kind:
                raise ValueError(f"{name} is {array.dtype}, expected {np.dtype(kind)}")
            if array.dtype.kind == "f" and not np.isfinite(array).all():
                raise ValueError(f"{name} holds values that are not finite")
        if self.state.max() > max(FrameState):
            raise ValueError(f"state {self.state.max()} is unknown")
        if not 0 <= self.triangles.min() <= self.triangles.max() < 468:
            raise ValueError("triangles name vertices the mesh does not have")
        if self.focal[0] <= 0 or self.fps <= 0 or self.width <= 0 or self.height <= 0:
            raise ValueError("focal, fps, width and height must be positive")
        if self.sound_belongs not in ("yes", "no", "unknown"):
            raise ValueError(f"sound_belongs is {self.sound_belongs!r}")
        require_likely({name: getattr(self, name) for name in TENSORS}, self.fps, self.width, self.height)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the file whole: to a temporary name, synced, then renamed."""
        for name, (_, kind) in TENSORS.items():
            setattr(self, name, np.ascontiguousarray(getattr(self, name), kind))
        self.validate()
        metadata = TABLE.metadata | {
            field.name: str(getattr(self, field.name)) for field in fields(self) if field.name not in TENSORS
        }
        target = Path(path)
        partial = target.with_name(target.name + ".part")
        save_file({name: getattr(self, name) for name in TENSORS}, partial, metadata)
        with open(partial, "rb+") as written:
            os.fsync(written.fileno())
        os.replace(partial, target)

    @staticmethod
    def load(path: str | os.PathLike[str]) -> Track:
        """Read and validate a track; raises TrainerError('not-found' or 'bad-request') with what is wrong."""
        hint = "Analyse the video again."
        if not Path(path).is_file():
            raise TrainerError(
                "not-found", "This project has not been analysed yet.", "Run the analysis first.", str(path)
            )
        try:
            with safe_open(path, framework="numpy") as stored:
                metadata = stored.metadata() or {}
                if metadata.get("format") != TABLE.format:
                    raise ValueError(f"format {metadata.get('format')!r}")
                _refuse_other_version(metadata.get("version", "0"), path)
                missing = TENSORS.keys() - set(stored.keys())
                if missing:
                    raise ValueError(f"without {', '.join(sorted(missing))}")
                belongs = metadata["sound_belongs"]
                if "sound_probability" not in metadata and belongs == "no":
                    belongs = "unknown"  # trackers before the second said so of most sounds
                track = Track(
                    **{name: stored.get_tensor(name) for name in TENSORS},
                    fps=float(metadata["fps"]),
                    width=int(metadata["width"]),
                    height=int(metadata["height"]),
                    sound_lag_seconds=float(metadata["sound_lag_seconds"]),
                    sound_belongs=belongs,
                    sound_probability=float(metadata.get("sound_probability", 0.5)),
                    producer=metadata.get("producer", ""),
                    face_basis=metadata.get("face_basis", GENERIC),
                    tracker=int(metadata.get("tracker", 0)),
                )
            track.validate()
        except (SafetensorError, ValueError, KeyError) as error:
            raise TrainerError(
                "bad-request", "The analysis of this project is damaged.", hint, f"{path}: {error}"
            ) from error
        return track


def _refuse_other_version(version: str, path: str | os.PathLike[str]) -> None:
    if version == TABLE.version:
        return
    newer = version.isdecimal() and int(version) > int(TABLE.version)
    raise TrainerError(
        "bad-request",
        f"This video was analysed by {'a newer' if newer else 'an older'} Likeness, "
        "whose analyses this one cannot read.",
        "Update Likeness, or analyse the video again." if newer else "Analyse the video again.",
        f"{path}: version {version}, not {TABLE.version}",
    )
