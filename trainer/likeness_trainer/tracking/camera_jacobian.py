"""Derivatives of the projection: how source pixels move with pose and shape."""

from __future__ import annotations

import numpy as np

from likeness_trainer.morphable.mesh import Camera, Pose


def projection_and_jacobians(
    points: np.ndarray, pose: Pose, camera: Camera
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pixels [T, P, 2], their derivative by camera coordinates [T, P, 2, 3], and by pose [T, P, 2, 6].

    The pose's step is that of `Pose.stepped`. points [T, P, 3] head space.
    """
    seen = pose.to_camera(points)
    turned = seen - pose.translation[:, None]
    depth = -seen[..., 2]
    scale = camera.focal / depth
    x, y = scale * seen[..., 0], scale * seen[..., 1]
    pixels = np.stack([camera.principal[0] + x, camera.principal[1] - y], -1)
    by_camera = np.zeros((*seen.shape[:2], 2, 3), seen.dtype)
    by_camera[..., 0, 0] = scale
    by_camera[..., 1, 1] = -scale
    by_camera[..., 0, 2] = x / depth
    by_camera[..., 1, 2] = -y / depth
    # d(w x X)/dw: the derivative by w is X cross the derivative by camera coordinates.
    by_rotation = np.cross(turned[..., None, :], by_camera)
    return pixels, by_camera, np.concatenate([by_rotation, by_camera], -1)
