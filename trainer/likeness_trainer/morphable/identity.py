"""The identity basis: 79 generic smooth deformations and one of the person's own.

Without a statistical model, 27 harmonics an axis (less one) describe the shape as well as more do for near-frontal
video. What they leave, the person's own detail, is the 80th component, so that `neutral` is exact.
"""

from __future__ import annotations

import numpy as np

from likeness_trainer.morphable.harmonics import PER_AXIS, axis_basis

COMPONENTS = 80
GENERIC = COMPONENTS - 1


def generic_identity_basis() -> np.ndarray:
    """[79, 468, 3] f64, orthonormal, cm per unit."""
    return axis_basis(0, PER_AXIS)[:GENERIC]


def identity_of(neutral: np.ndarray, mean_shape: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The orthonormal basis [80, 468, 3] and the coefficients [80] with `mean_shape + sum c_k basis_k = neutral`."""
    generic = generic_identity_basis()
    difference = np.asarray(neutral, np.float64) - mean_shape
    coefficients = np.tensordot(generic, difference, 2)
    detail = difference - np.tensordot(coefficients, generic, 1)
    length = float(np.linalg.norm(detail))
    if length < 1e-9:  # nothing left: any direction orthogonal to the others completes the basis
        detail, length = axis_basis(PER_AXIS, PER_AXIS + 1)[0], 0.0
        own = detail
    else:
        own = detail / length
    return np.concatenate([generic, own[None]]), np.append(coefficients, length)
