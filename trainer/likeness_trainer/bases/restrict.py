"""A published model at the face mesh's 468 vertices only: small, in head space, without heads' places and sizes."""

from __future__ import annotations

import numpy as np

from likeness_trainer.bases.dense import DenseModel
from likeness_trainer.bases.register import Correspondence
from likeness_trainer.morphable.face_basis import MOST_COMPONENTS, FaceBasis
from likeness_trainer.morphable.generic_face import mean_shape
from likeness_trainer.morphable.rotations import similarity
from likeness_trainer.morphable.topology import STABLE, VERTICES

_LEAST_SPREAD = 1e-3  # of the widest component's: what is narrower is rounding


def restricted(model: DenseModel, places: Correspondence) -> FaceBasis:
    """The statistics at those places, laid on the generic face by its stable points: their size is its size, since
    pictures do not tell how large a head is."""
    corners = model.triangles[places.triangle]

    def at(field: np.ndarray) -> np.ndarray:
        """What a field [V, ...] of the model is at the 468 places."""
        weights = places.weights.reshape(*places.weights.shape, *[1] * (field.ndim - 1))
        return (field[corners].astype(np.float64) * weights).sum(1)

    mean, stable = at(model.mean), list(STABLE)
    scale, rotation, shift = similarity(mean[stable], mean_shape()[stable].astype(np.float64))
    laid = scale * mean @ rotation.T + shift
    identity, expression = (
        _principal(_held(scale * np.einsum("ij,vjk->kvi", rotation, at(field)), laid))
        for field in (model.identity, model.expression)
    )
    return FaceBasis(model.name, laid, *identity, *expression)


def _held(rows: np.ndarray, shape: np.ndarray) -> np.ndarray:
    """Components [N, 468, 3] of a shape [468, 3], each moved, turned and scaled as a whole so that the stable points
    stay as near as they can: the fit lays heads on each other by those points too."""
    centred, stable = shape - shape.mean(0), list(STABLE)
    turns = [np.cross(axis, centred) for axis in np.eye(3)]
    moves = [np.broadcast_to(axis, shape.shape) for axis in np.eye(3)]
    motions = np.stack([*moves, *turns, centred])
    chosen = motions[:, stable].reshape(len(motions), -1)
    amounts = np.linalg.lstsq(chosen.T, rows[:, stable].reshape(len(rows), 3 * len(stable)).T, rcond=None)[0]
    return rows - np.tensordot(amounts.T, motions, 1)


def _principal(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The widest orthonormal directions [K, 468, 3] and deviations [K] of independent components [N, 468, 3], each at
    one deviation."""
    if not len(rows):
        return np.zeros((0, VERTICES, 3)), np.zeros(0)
    _, spread, directions = np.linalg.svd(rows.reshape(len(rows), -1), full_matrices=False)
    kept = min(MOST_COMPONENTS, int((spread > _LEAST_SPREAD * spread[0]).sum()))
    return directions[:kept].reshape(kept, VERTICES, 3), spread[:kept]
