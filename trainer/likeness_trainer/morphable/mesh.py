"""What a picture of a face is made of: the camera, the face, and how it is held and moves (docs/formats.md).

Head space is in cm, y up, z towards the camera that a frontal face looks into; pictures are in source pixels, y down.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from likeness_trainer.morphable.rotations import rodrigues

_TYPICAL_FOCAL = 1.2  # over the picture's longer side


@dataclass(frozen=True)
class Pose:
    """Where the head is, in one frame or in T of them: `C = R X + t`. In front of the camera C.z is negative."""

    rotation: np.ndarray  # [..., 3, 3] head to camera
    translation: np.ndarray  # [..., 3] cm

    def __getitem__(self, frames: int | slice | np.ndarray) -> Pose:
        """Those frames' poses."""
        return Pose(self.rotation[frames], self.translation[frames])

    def to_camera(self, points: np.ndarray) -> np.ndarray:
        """Camera coordinates [..., P, 3] of head-space points [..., P, 3] or [P, 3]."""
        return points @ np.swapaxes(self.rotation, -1, -2) + np.asarray(self.translation)[..., None, :]

    def stepped(self, step: np.ndarray) -> Pose:
        """`R <- exp(w) R`, `t <- t + move` for steps [..., 6]: a rotation vector w and a move in cm."""
        return Pose(rodrigues(step[..., :3]) @ self.rotation, self.translation + step[..., 3:])


@dataclass(frozen=True)
class Camera:
    """A pinhole camera without distortion."""

    focal: float  # source pixels
    principal: np.ndarray  # [2] source pixels: where its axis meets the picture

    @classmethod
    def typical(cls, width: int, height: int) -> Camera:
        """What most pictures of this size are taken with."""
        return cls(_TYPICAL_FOCAL * max(width, height), np.array([width / 2, height / 2]))

    def with_focal(self, focal: float) -> Camera:
        """The same camera at another focal length, source pixels."""
        return replace(self, focal=focal)

    def project(self, points: np.ndarray, pose: Pose) -> tuple[np.ndarray, np.ndarray]:
        """Source pixels [..., P, 2] and depth [..., P] (cm, positive in front of the camera) of head-space points.

        `u = cx + f C.x / Z`, `v = cy - f C.y / Z`, `Z = -C.z`.
        """
        seen = pose.to_camera(points)
        depth = -seen[..., 2]
        scale = self.focal / depth
        u, v = self.principal[0] + scale * seen[..., 0], self.principal[1] - scale * seen[..., 1]
        return np.stack([u, v], -1), depth


@dataclass(frozen=True)
class Face:
    """A person's face at rest, and how it can move."""

    neutral: np.ndarray  # [V, 3] cm, head space
    basis: np.ndarray  # [K, V, 3] cm a unit of expression

    def posed(self, expression: np.ndarray) -> np.ndarray:
        """Vertices [..., V, 3] in head space, cm, of expressions [..., K]: `neutral + sum_k e_k basis_k`."""
        return self.neutral + np.tensordot(expression, self.basis, 1)


@dataclass(frozen=True)
class Motion:
    """What a face does in T frames."""

    pose: Pose  # T of them
    expression: np.ndarray  # [T, K] units of the face's basis

    def __getitem__(self, frames: slice | np.ndarray) -> Motion:
        """Those frames' motion."""
        return Motion(self.pose[frames], self.expression[frames])
