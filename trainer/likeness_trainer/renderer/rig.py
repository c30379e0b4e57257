"""The rig: everything about a person that turns a control (expression, pose, gaze) into proxies. `docs/formats.md`."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from likeness_trainer.format import TABLES
from likeness_trainer.morphable.mesh import Camera, Face
from likeness_trainer.motion.head_turn import HeadTurn
from likeness_trainer.protocol import TrainerError

TABLE = TABLES["rig"]
NOT_IN_OLDER = TABLE.optional  # files: zeros stand for them, and change nothing


@dataclass(frozen=True)
class Rig:
    """Tensors of `rig.safetensors`; head space in cm, image space in source pixels."""

    neutral: np.ndarray  # [468,3] cm
    mean_shape: np.ndarray  # [468,3] cm
    identity_basis: np.ndarray  # [80,468,3] cm per unit
    identity: np.ndarray  # [80]
    expression_basis: np.ndarray  # [64,468,3] cm per unit
    iris_neutral: np.ndarray  # [10,3] cm
    triangles: np.ndarray  # [898,3]
    mouth_triangles: np.ndarray  # [18] rows of `triangles` that fill the mouth
    inner_lip: np.ndarray  # [20] vertices duplicated by the mouth pocket
    uv: np.ndarray  # [468,2] 0..1
    ellipsoid: np.ndarray  # [2,3] centre and radii of the skull, cm
    chin_y: np.ndarray  # [1] cm
    lip_centre: np.ndarray  # [3] cm
    hull: np.ndarray  # [96,96] u8, 1 where the person may be
    condition_mean: np.ndarray  # [36]
    condition_scale: np.ndarray  # [36]
    expression_low: np.ndarray  # [64] 3 % quantile of the training frames
    expression_high: np.ndarray  # [64] 97 % quantile
    lle_bank: np.ndarray  # [M,64] training expressions
    eye_mask: np.ndarray  # [64,64] keeps what speech must not move
    focal: np.ndarray  # [1] source pixels
    principal: np.ndarray  # [2] source pixels
    turn_angles: np.ndarray = field(default_factory=lambda: np.zeros((3, 3)))  # `motion/head_turn.py`
    turn_slopes: np.ndarray = field(default_factory=lambda: np.zeros((7, 64)))

    def __post_init__(self) -> None:
        for name, wanted in TABLE.tensors.items():
            shape = wanted.shape
            tensor = np.ascontiguousarray(getattr(self, name), dtype=wanted.dtype)
            if tensor.ndim != len(shape) or any(
                isinstance(want, int) and want != have for want, have in zip(shape, tensor.shape)
            ):
                raise TrainerError(
                    "bad-bundle",
                    f"The rig's {name} has shape {tensor.shape}, expected {shape}.",
                    "Train the avatar again.",
                )
            if not np.isfinite(tensor).all():
                raise TrainerError(
                    "bad-bundle", f"The rig's {name} holds values that are not numbers.", "Train the avatar again."
                )
            object.__setattr__(self, name, tensor)

    def save(self, path: str | Path) -> None:
        save_file({f.name: getattr(self, f.name) for f in fields(self)}, str(path), TABLE.metadata)

    @classmethod
    def load(cls, path: str | Path) -> Rig:
        """Raises TrainerError('bad-bundle') when the file is damaged, of another format, or lacks a tensor."""
        try:
            with safe_open(str(path), "np") as file:
                metadata = file.metadata() or {}
                if not TABLE.metadata.items() <= metadata.items():
                    raise TrainerError(
                        "bad-bundle", "This file is not a rig of this version.", "Train the avatar again."
                    )
                older = not any(name in file.keys() for name in NOT_IN_OLDER)  # noqa: SIM118
                return cls(**{name: file.get_tensor(name) for name in (TABLE.required if older else TABLE.tensors)})
        except (SafetensorError, OSError, TypeError) as cause:
            raise TrainerError(
                "bad-bundle", "The rig cannot be read.", "Train the avatar again.", str(cause)
            ) from cause

    @property
    def camera(self) -> Camera:
        return Camera(float(self.focal[0]), self.principal)

    @property
    def face(self) -> Face:
        return Face(self.neutral, self.expression_basis)

    def with_hull(self, hull: np.ndarray) -> Rig:
        """The same rig inside another hull [96,96]."""
        return replace(self, hull=hull)

    def turned(self, rotation: np.ndarray) -> np.ndarray:
        """Expressions [n,64] that the head's rotations [n,3,3] add to what is spoken."""
        return HeadTurn(self.turn_angles.astype(np.float64), self.turn_slopes.astype(np.float64))(rotation)

    def vertices(self, expression: np.ndarray) -> np.ndarray:
        """[468,3] cm, head space, for coefficients [64]."""
        return self.face.posed(expression)
