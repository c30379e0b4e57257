"""Smooth deformations of the face mesh: eigenvectors of its graph Laplacian, an open generic basis of face shape.

Vallet and Levy 2008 use the cotangent Laplacian; on this nearly uniform mesh the combinatorial one spans the same
low frequencies and does not depend on the shape.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from likeness_trainer.morphable.topology import VERTICES, triangles

PER_AXIS = 27


@lru_cache(maxsize=1)
def harmonics() -> np.ndarray:
    """All eigenvectors [468, 468] f64, orthonormal columns, smoothest first; signs fixed by the largest entry."""
    _, vectors = np.linalg.eigh(_laplacian())
    largest = np.abs(vectors).argmax(0)
    return vectors * np.sign(vectors[largest, np.arange(VERTICES)])


@lru_cache(maxsize=1)
def roughness() -> np.ndarray:
    """How rough each harmonic is [468]: the Laplacian's eigenvalues, from 0 on."""
    return np.maximum(np.linalg.eigvalsh(_laplacian()), 0)


def _laplacian() -> np.ndarray:
    faces = triangles()
    laplacian = np.zeros((VERTICES, VERTICES))
    for corner in range(3):
        i, j = faces[:, corner], faces[:, (corner + 1) % 3]
        laplacian[i, j] = laplacian[j, i] = -1.0
    np.fill_diagonal(laplacian, -laplacian.sum(1))
    return laplacian


def axis_basis(first: int, last: int) -> np.ndarray:
    """Harmonics first..last-1 along x, y and z: [3 (last - first), 468, 3], orthonormal."""
    waves = harmonics()[:, first:last]
    basis = np.zeros((last - first, 3, VERTICES, 3))
    for axis in range(3):
        basis[:, axis, :, axis] = waves.T
    return basis.reshape(-1, VERTICES, 3)
