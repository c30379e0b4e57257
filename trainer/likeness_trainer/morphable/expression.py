"""The expression basis: what this person's face does, from its own pose-normalised landmarks."""

from __future__ import annotations

import numpy as np
from scipy.linalg import eigh

from likeness_trainer.morphable.harmonics import axis_basis
from likeness_trainer.morphable.topology import INNER_LIP, OUTER_LIP, VERTICES

COMPONENTS = 64
_MOUTH_WEIGHT = 3.0
_SAMPLES = 1500  # frames that a longer clip is thinned to
_FLOOR = 0.004  # cm: components smaller than this are the tracker's noise
_GENERIC_SPREAD = 0.01  # cm: how much the generic components may be used


def expression_basis(shapes: np.ndarray, components: int = COMPONENTS) -> tuple[np.ndarray, np.ndarray]:
    """Principal components of the shapes with the lips counted three times, completed by smooth generic ones.

    shapes [T, 468, 3], cm, pose removed. Returns the mean [468, 3] and the basis [components, 468, 3], scaled so
    that coefficients have unit variance on these frames.
    """
    weight = np.ones(VERTICES)
    weight[list(INNER_LIP + OUTER_LIP)] = _MOUTH_WEIGHT
    chosen = shapes[np.unique(np.linspace(0, len(shapes) - 1, min(len(shapes), _SAMPLES)).astype(int))].astype(
        np.float64
    )
    weighted = (chosen * weight[:, None]).reshape(len(chosen), -1)
    centre = weighted.mean(0)
    spread, rows = _principal(weighted - centre, components)
    own = min(components, int((spread[: len(chosen) - 1] > _FLOOR).sum())) if len(chosen) > 1 else 0
    basis = rows[:own] * spread[:own, None]
    if own < components:
        basis = np.concatenate([basis, _complete(rows[:own], weight, components - own)])
    return (centre.reshape(VERTICES, 3) / weight[:, None]), basis.reshape(-1, VERTICES, 3) / weight[:, None]


def _principal(rows: np.ndarray, most: int) -> tuple[np.ndarray, np.ndarray]:
    """Deviations and directions [K, n] of the largest principal components of centred rows [T, n], at most so many."""
    wide = len(rows) < rows.shape[1]
    square = rows @ rows.T if wide else rows.T @ rows
    last = len(square) - 1
    squares, vectors = eigh(square, subset_by_index=[max(0, last - most + 1), last])
    spread = np.sqrt(np.maximum(squares[::-1], 0) / len(rows))
    directions = vectors.T[::-1]
    if wide:
        directions = directions @ rows / np.maximum(spread * np.sqrt(len(rows)), 1e-12)[:, None]
    return spread, directions


def _complete(rows: np.ndarray, weight: np.ndarray, count: int) -> np.ndarray:
    """Smooth deformations orthogonal to the components already there [own, 1404]."""
    generic = (axis_basis(1, 2 + (count + len(rows)) // 3 + 1) * weight[:, None]).reshape(-1, VERTICES * 3)
    generic = generic - (generic @ rows.T) @ rows
    orthonormal, triangular = np.linalg.qr(generic.T)
    usable = np.abs(np.diag(triangular)) > 0.1
    return orthonormal.T[usable][:count] * _GENERIC_SPREAD * np.sqrt(VERTICES)
