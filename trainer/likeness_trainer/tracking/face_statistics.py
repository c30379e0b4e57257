"""What a face model's statistics say: which shape is likely, and how depth goes with what is seen of an expression.

Both are Gaussian: shapes differ as the basis says, and by so much more at every vertex that the basis does not know of
(what it was not made of, and where its vertices lie beside the mesh's).
"""

from __future__ import annotations

import numpy as np

from likeness_trainer.morphable.face_basis import FaceBasis
from likeness_trainer.morphable.rotations import similarity

_BESIDE_IDENTITY = 0.12  # cm a vertex and axis: what the identities do not know of
_BESIDE_EXPRESSION = 0.05  # cm, likewise
_SEEN_ACROSS, _SEEN_ALONG = 0.1, 0.4  # cm: how well landmarks tell where a vertex has moved, and its depth


def identity_statistics(basis: FaceBasis, shape: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The identities [K, 468, 3] turned to a shape [468, 3]; the precision [K] of steps along them from that shape; and
    the precision times the likeliest step [K].

    That the face speaks is not allowed for: with the expressions' spread beside it depth is further off.
    """
    scale, rotation, shift = similarity(basis.mean, shape)
    identity = basis.identity @ rotation.T
    away = (scale * basis.mean @ rotation.T + shift - shape).reshape(-1)
    precision = 1 / (basis.identity_spread**2 + _BESIDE_IDENTITY**2)
    return identity, precision, precision * (identity.reshape(len(identity), -1) @ away)


def told_depth(basis: FaceBasis, shapes: np.ndarray) -> np.ndarray:
    """Depth [T, 468] of shapes [T, 468, 3] in the mesh's axes: their mean, and the likeliest change for what is
    seen."""
    mean = shapes.mean(0)
    rows = basis.expression.reshape(len(basis.expression), -1)
    likely = (rows.T * basis.expression_spread**2) @ rows + _BESIDE_EXPRESSION**2 * np.eye(rows.shape[1])
    noise = np.tile(np.array([_SEEN_ACROSS, _SEEN_ACROSS, _SEEN_ALONG]) ** 2, shapes.shape[1])
    gain = np.linalg.solve(likely + np.diag(noise), likely[:, 2::3])
    return mean[:, 2] + (shapes - mean).reshape(len(shapes), -1) @ gain
