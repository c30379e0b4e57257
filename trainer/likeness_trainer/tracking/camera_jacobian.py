"""Derivatives of the projection: how source pixels move with pose and shape."""

from __future__ import annotations

import numpy as np

from likeness_trainer.morphable.mesh import to_camera


def projection_and_jacobians(
    points: np.ndarray, rotation: np.ndarray, translation: np.ndarray, focal: float, principal: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pixels [T, P, 2], their derivative by camera coordinates [T, P, 2, 3], and by pose [T, P, 2, 6].

    The pose step is (rotation vector w, translation step): `R <- exp(w) R`, `t <- t + step`.
    points [T, P, 3] head space.
    """
    camera = to_camera(points, rotation, translation)
    turned = camera - translation[:, None]
    depth = -camera[..., 2]
    scale = focal / depth
    x, y = scale * camera[..., 0], scale * camera[..., 1]
    pixels = np.stack([principal[0] + x, principal[1] - y], -1)
    by_camera = np.zeros((*camera.shape[:2], 2, 3), camera.dtype)
    by_camera[..., 0, 0] = scale
    by_camera[..., 1, 1] = -scale
    by_camera[..., 0, 2] = x / depth
    by_camera[..., 1, 2] = -y / depth
    # d(w x X)/dw: the derivative by w is X cross the derivative by camera coordinates.
    by_rotation = np.cross(turned[..., None, :], by_camera)
    return pixels, by_camera, np.concatenate([by_rotation, by_camera], -1)
