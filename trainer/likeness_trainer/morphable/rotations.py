"""Rotations as matrices and vectors, and the nearest ones to what was measured."""

from __future__ import annotations

import numpy as np


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
