"""The posed mesh and the pinhole camera of docs/formats.md."""

from __future__ import annotations

import numpy as np


def posed_vertices(neutral: np.ndarray, expression_basis: np.ndarray, expression: np.ndarray) -> np.ndarray:
    """Vertices [..., V, 3] in head space, cm: `neutral + sum_k e_k basis_k`.

    neutral [V, 3], expression_basis [K, V, 3], expression [..., K].
    """
    return neutral + np.tensordot(expression, expression_basis, 1)


def to_camera(points: np.ndarray, rotation: np.ndarray, translation: np.ndarray) -> np.ndarray:
    """Camera coordinates [..., P, 3] of head-space points: `R X + t`; in front of the camera z is negative.

    points [..., P, 3] or [P, 3], rotation [..., 3, 3], translation [..., 3].
    """
    return points @ np.swapaxes(rotation, -1, -2) + np.asarray(translation)[..., None, :]


def project(
    points: np.ndarray, rotation: np.ndarray, translation: np.ndarray, focal: float | np.ndarray, principal: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Source pixels [..., P, 2] and depth [..., P] (cm, positive in front of the camera) of head-space points.

    `u = cx + f C.x / Z`, `v = cy - f C.y / Z`, `Z = -C.z`.
    """
    camera = to_camera(points, rotation, translation)
    depth = -camera[..., 2]
    scale = np.asarray(focal).reshape(-1)[0] / depth
    pixels = np.stack([principal[0] + scale * camera[..., 0], principal[1] - scale * camera[..., 1]], -1)
    return pixels, depth


def rodrigues(rotation_vector: np.ndarray) -> np.ndarray:
    """Rotation matrices [..., 3, 3] of rotation vectors [..., 3] (radians)."""
    vector = np.asarray(rotation_vector, np.float64)
    angle = np.linalg.norm(vector, axis=-1)[..., None, None]
    x, y, z = vector[..., 0], vector[..., 1], vector[..., 2]
    zero = np.zeros_like(x)
    cross = np.stack([zero, -z, y, z, zero, -x, -y, x, zero], -1).reshape(*vector.shape[:-1], 3, 3)
    # sin(a)/a and (1 - cos a)/a^2 by their limits near 0
    near = angle < 1e-6
    safe = np.where(near, 1.0, angle)
    first = np.where(near, 1.0, np.sin(safe) / safe)
    second = np.where(near, 0.5, (1 - np.cos(safe)) / safe**2)
    return np.eye(3) + first * cross + second * (cross @ cross)


def rotation_vectors(rotation: np.ndarray) -> np.ndarray:
    """Rotation vectors [..., 3] (radians, length at most pi) of rotation matrices [..., 3, 3]."""
    from scipy.spatial.transform import Rotation

    flat = np.asarray(rotation, np.float64).reshape(-1, 3, 3)
    return Rotation.from_matrix(flat).as_rotvec().reshape(*np.shape(rotation)[:-2], 3)


def nearest_rotation(matrix: np.ndarray) -> np.ndarray:
    """The proper rotation [..., 3, 3] nearest to a matrix in the Frobenius norm (orthogonal Procrustes)."""
    left, _, right = np.linalg.svd(matrix)
    sign = np.linalg.det(left @ right)
    left = left.copy()
    left[..., :, 2] *= sign[..., None]
    return left @ right


def similarity(source: np.ndarray, target: np.ndarray) -> tuple[float, np.ndarray, np.ndarray]:
    """Scale, rotation [D, D] and translation [D] with `scale R source + t` nearest to target (Umeyama 1991).

    source, target [P, D].
    """
    mean_source, mean_target = source.mean(0), target.mean(0)
    centred_source, centred_target = source - mean_source, target - mean_target
    left, singular, right = np.linalg.svd(centred_target.T @ centred_source)
    signs = np.ones(len(singular))
    signs[-1] = np.sign(np.linalg.det(left @ right))
    rotation = (left * signs) @ right
    scale = float((singular * signs).sum() / (centred_source**2).sum())
    return scale, rotation, mean_target - scale * rotation @ mean_source
