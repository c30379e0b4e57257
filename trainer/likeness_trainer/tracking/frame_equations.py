"""A frame's landmarks as linear equations for its pose and shape: what Gauss-Newton solves, a frame at a time."""

from __future__ import annotations

import numpy as np
from numba import njit

from likeness_trainer.morphable.mesh import Camera, Pose

POSE = 6  # unknowns of `Pose.stepped`


class FrameEquations:
    """Rows by pose and by the components of a basis, for one frame after another, in memory of their own."""

    def __init__(self, basis: np.ndarray, weights: np.ndarray) -> None:
        """basis [K, P, 3], cm a unit; weights [P] of residuals in source pixels."""
        self._by_axis = np.ascontiguousarray(basis.transpose(2, 1, 0), np.float32)  # [3, P, K]
        self._weights = np.asarray(weights, np.float64)
        self._rows = np.empty((2, len(weights), POSE + len(basis)), np.float32)
        self._errors = np.empty((2, len(weights)), np.float32)

    def of(self, pixels: np.ndarray, points: np.ndarray, pose: Pose, camera: Camera) -> tuple[np.ndarray, np.ndarray]:
        """Weighted derivatives [2, P, 6 + K] f32 by pose (`Pose.stepped`) and components, and weighted errors [2, P]
        f32, x before y; overwritten by the next call. pixels [P, 2], points [P, 3] in head space, one pose."""
        _fill(
            np.ascontiguousarray(pixels, np.float64),
            np.ascontiguousarray(points, np.float64),
            np.ascontiguousarray(pose.rotation, np.float64),
            np.ascontiguousarray(pose.translation, np.float64),
            float(camera.focal),
            np.ascontiguousarray(camera.principal, np.float64),
            self._weights,
            self._by_axis,
            self._rows,
            self._errors,
        )
        return self._rows, self._errors


# With its types named it is there when the module is, which may be loaded beside something else; Numba takes half a
# second before the first compiled loop.
@njit(
    "void(f8[:,::1], f8[:,::1], f8[:,::1], f8[::1], f8, f8[::1], f8[::1], f4[:,:,::1], f4[:,:,::1], f4[:,::1])",
    cache=True,
    nogil=True,
)
def _fill(  # type: ignore[no-untyped-def]
    pixels, points, rotation, translation, focal, principal, weights, basis, rows, errors
):
    count, components = basis.shape[1], basis.shape[2]
    by_camera = np.zeros((2, 3))
    by_head = np.zeros((2, 3), np.float32)
    turned = np.zeros(3)
    for p in range(count):
        for i in range(3):
            turned[i] = rotation[i, 0] * points[p, 0] + rotation[i, 1] * points[p, 1] + rotation[i, 2] * points[p, 2]
        depth = -(turned[2] + translation[2])
        scale = focal / depth
        x, y = scale * (turned[0] + translation[0]), scale * (turned[1] + translation[1])
        weight = weights[p]
        errors[0, p] = weight * (pixels[p, 0] - principal[0] - x)
        errors[1, p] = weight * (pixels[p, 1] - principal[1] + y)
        by_camera[0, 0], by_camera[0, 2] = weight * scale, weight * x / depth
        by_camera[1, 1], by_camera[1, 2] = -weight * scale, -weight * y / depth
        for axis in range(2):
            a, b, c = by_camera[axis]
            # d(w x X)/dw: the derivative by w is X cross the derivative by camera coordinates.
            rows[axis, p, 0] = turned[1] * c - turned[2] * b
            rows[axis, p, 1] = turned[2] * a - turned[0] * c
            rows[axis, p, 2] = turned[0] * b - turned[1] * a
            rows[axis, p, 3], rows[axis, p, 4], rows[axis, p, 5] = a, b, c
            for j in range(3):
                by_head[axis, j] = a * rotation[0, j] + b * rotation[1, j] + c * rotation[2, j]
            own = rows[axis, p, 6:]
            first, second, third = by_head[axis]
            for k in range(components):
                own[k] = first * basis[0, p, k] + second * basis[1, p, k] + third * basis[2, p, k]
