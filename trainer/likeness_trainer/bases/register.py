"""Where on a published model the face mesh's 468 vertices lie (docs/decisions/face-bases.md).

A few vertices of every model are known to show the same place as one of the mesh's. They lay the generic face on the
model's mean by a similarity; smooth deformations, from the mesh's first harmonics to finer ones, then bring it onto
the surface: nearest points that look the same way pull it along their normals (Chen and Medioni 1992, with the
stiffness falling as in Amberg et al. 2007). A vertex belongs to the place of the surface that it ends at.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from likeness_trainer.bases.dense import DenseModel
from likeness_trainer.bases.refusal import refuse
from likeness_trainer.bases.surface import Nearest, Surface
from likeness_trainer.morphable.generic_face import mean_shape
from likeness_trainer.morphable.harmonics import harmonics, roughness
from likeness_trainer.morphable.rotations import similarity
from likeness_trainer.morphable.topology import FACE_OVAL, VERTICES, triangles

_SMALLEST, _LARGEST = 0.6, 1.7  # how many times as large as the generic face a model in centimetres may be
_SEED_ERROR = 0.9  # cm, root mean square: landmarks that fit worse are not where this model has them
_FARTHEST = 0.25  # cm, the median's: a face that ends further from the surface was not laid on it
_STAGES = ((10, 1.0), (24, 0.5), (60, 0.2), (140, 0.08), (300, 0.04))  # harmonics, stiffness
_ROUNDS = 5  # of each stage
_SEED_WEIGHT = 4.0  # of a vertex
_SLIDE = 0.08  # weight of a step along the surface beside one across it
_SAME_WAY = 0.35  # cosine between normals: the upper lip does not stick to the lower one
_NEAR = 1.2  # cm: further away there is no counterpart


@dataclass(frozen=True)
class Correspondence:
    """Where the 468 vertices lie on the model."""

    triangle: np.ndarray  # [468] rows of the model's triangles
    weights: np.ndarray  # [468, 3] barycentric
    distance: np.ndarray  # [468] cm from where the smooth deformation had brought them


def correspondence(model: DenseModel) -> Correspondence:
    """Lay the face mesh on the model's mean. Raises TrainerError('bad-request') where that does not come out."""
    seeds, there = (np.array(side) for side in zip(*model.landmarks.items()))
    generic = mean_shape().astype(np.float64)
    spread = float(np.linalg.norm(np.ptp(model.mean[there], 0)))
    scale, rotation, shift = similarity(model.mean[there], generic[seeds]) if spread > 1e-3 else (1e3, np.eye(3), 0)
    laid = scale * model.mean @ rotation.T + shift
    error = float(np.sqrt(((laid[there] - generic[seeds]) ** 2).sum(1).mean()))
    if not (_SMALLEST < 1 / scale < _LARGEST and error < _SEED_ERROR):
        raise refuse(
            f"Eyes, nose and mouth are not where {model.title} has them: its vertices are in another order or unit.",
            f"landmarks {error:.2f} cm apart, scale {1 / scale:.3g}",
        )
    surface = Surface(laid, _outward(laid, model.triangles))
    shape = _deformed(generic, seeds, laid[there], surface)
    found = surface.nearest(shape)
    distance = np.linalg.norm(found.point - shape, axis=1)
    if np.median(distance) > _FARTHEST:
        raise refuse(
            f"The face mesh could not be laid on this {model.title}.", f"median distance {np.median(distance):.2f} cm"
        )
    return Correspondence(found.triangle, found.weights, distance)


def _outward(vertices: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """The faces [F, 3] turned so that most of the front looks along z, as the face mesh does; their rows stay."""
    corners = vertices[faces]
    facing = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])[:, 2]
    front = corners[..., 2].mean(1) > np.median(vertices[:, 2])
    return faces if facing[front].sum() >= 0 else faces[:, ::-1]


def _deformed(generic: np.ndarray, seeds: np.ndarray, targets: np.ndarray, surface: Surface) -> np.ndarray:
    """The generic face [468, 3] brought onto the surface."""
    shape = generic
    for waves, stiffness in _STAGES:
        basis, rough = harmonics()[:, :waves], roughness()[:waves]
        for _ in range(_ROUNDS):
            found, normals = surface.nearest(shape), _normals(shape)
            shape = generic + basis @ _solved(
                basis, stiffness * rough, generic, seeds, targets, found, _trust(shape, normals, found)
            )
    return shape


def _trust(shape: np.ndarray, normals: np.ndarray, found: Nearest) -> np.ndarray:
    """Weight [468] of each vertex's nearest point: none where it looks another way or is far."""
    away = np.linalg.norm(found.point - shape, axis=1)
    weight = ((normals * found.normal).sum(1) > _SAME_WAY) * np.maximum(0, 1 - (away / _NEAR) ** 2) ** 2
    weight[list(FACE_OVAL)] *= 0.5  # the edge of the face is drawn where it turns away, not on the skin
    return weight


def _solved(
    basis: np.ndarray,
    stiffness: np.ndarray,
    generic: np.ndarray,
    seeds: np.ndarray,
    targets: np.ndarray,
    found: Nearest,
    weight: np.ndarray,
) -> np.ndarray:
    """Coefficients [waves, 3] of the least sum: across the surface, along it, at the seeds, and of the stiffness."""
    waves = basis.shape[1]
    pull = np.einsum("vi,vj->vij", found.normal, found.normal) + _SLIDE * np.eye(3)
    pull *= weight[:, None, None]
    goal = np.einsum("vij,vj->vi", pull, found.point - generic)
    pull[seeds] += _SEED_WEIGHT * np.eye(3)
    goal[seeds] += _SEED_WEIGHT * (targets - generic[seeds])
    normal = np.empty((waves, 3, waves, 3))
    for i in range(3):
        for j in range(3):
            normal[:, i, :, j] = basis.T @ (pull[:, i, j, None] * basis)
    normal = normal.reshape(3 * waves, 3 * waves)
    diagonal = np.arange(3 * waves)
    normal[diagonal, diagonal] += np.repeat(stiffness, 3) + 1e-6
    return np.linalg.solve(normal, (basis.T @ goal).reshape(-1)).reshape(waves, 3)


def _normals(shape: np.ndarray) -> np.ndarray:
    """Unit normals [468, 3] of the face mesh, out of the head."""
    corners = shape[triangles()]
    faces = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    vertices = np.zeros((VERTICES, 3))
    for corner in range(3):
        np.add.at(vertices, triangles()[:, corner], faces)
    vertices *= np.sign(vertices[:, 2].sum())
    return vertices / np.maximum(np.linalg.norm(vertices, axis=1, keepdims=True), 1e-12)
