"""What a face model knows of people draws the fit to likely shapes, and is worth something where it is true."""

from __future__ import annotations

from functools import cache

import numpy as np

from likeness_research.face_basis.population import Population, kin
from likeness_trainer.bases.dense import DenseModel
from likeness_trainer.bases.register import Correspondence
from likeness_trainer.bases.restrict import restricted
from likeness_trainer.morphable.face_basis import FaceBasis
from likeness_trainer.morphable.harmonics import axis_basis
from likeness_trainer.morphable.mesh import Camera, Pose
from likeness_trainer.morphable.rotations import rodrigues, similarity
from likeness_trainer.morphable.topology import CONTOUR, INNER_LIP, OUTER_LIP, triangles
from likeness_trainer.tracking.face_fit import _fit_shape
from likeness_trainer.tracking.face_statistics import identity_statistics, told_depth
from likeness_trainer.tracking.shared_work import SharedWork

CAMERA = Camera(900.0, np.array([320.0, 240.0]))
INNER = np.setdiff1d(np.arange(468), CONTOUR)
LIPS = np.array(sorted({*INNER_LIP, *OUTER_LIP}))


@cache
def known() -> tuple[Population, FaceBasis]:
    """A population, and what an importer would make of a model of it whose vertices are the mesh's."""
    people, faces = kin(), triangles()
    row = np.array([np.flatnonzero((faces == vertex).any(1))[0] for vertex in range(468)])
    weights = (faces[row] == np.arange(468)[:, None]).astype(float)
    model = DenseModel(
        "known",
        "Known",
        people.mean,
        faces,
        {},
        *(np.moveaxis(rows, 0, -1).astype(np.float32) for rows in (people.identity, people.expression)),
    )
    return people, restricted(model, Correspondence(row, weights, np.zeros(468)))


ALONE = SharedWork(1)


def detected(shapes: np.ndarray, seed: int) -> np.ndarray:
    """Landmarks [T, 468, 3] of shapes as a detector gives them: sharp across, flattened and wrong by centimetres in
    depth."""
    generator, frames = np.random.default_rng(seed), len(shapes)
    t = np.linspace(0, 1, frames)
    turns = np.radians(np.stack([3 * np.sin(7 * t), 4 * np.sin(2 * np.pi * t), 2 * np.cos(5 * t)], 1))
    pose = Pose(rodrigues(turns), np.stack([np.sin(4 * t), np.cos(3 * t), -62 + np.sin(7 * t)], 1))
    pixels, _ = CAMERA.project(shapes, pose)
    wrong = np.tensordot(generator.normal(0, 1.2, 8), axis_basis(1, 9)[16:, :, 2], 1)
    depth = 0.85 * pose.to_camera(shapes)[..., 2] + wrong + generator.normal(0, 0.1, (frames, 468))
    depth = -(depth - depth.mean(1, keepdims=True)) * (CAMERA.focal / -pose.translation[:, 2])[:, None]
    return np.concatenate([pixels + generator.normal(0, 0.3, pixels.shape), depth[..., None]], 2)


def speaking(people: Population, seed: int, frames: int = 40) -> np.ndarray:
    """Shapes [frames, 468, 3] of somebody who speaks."""
    moves = np.random.default_rng(seed).normal(size=(frames, len(people.expression)))
    return people.face(seed) + np.tensordot(moves, people.expression, 1)


def test_the_likely_shape_is_what_its_gaussian_says() -> None:
    people, basis = known()
    shape = people.face(3)
    identity, precision, drawn = identity_statistics(basis, shape)
    # The best step from the mean back to the mean is none; from another shape it goes towards it, but not all the way.
    there = identity_statistics(basis, basis.mean)
    np.testing.assert_allclose(there[2], 0, atol=1e-6)
    step = drawn / precision
    scale, rotation, shift = similarity(basis.mean, shape)
    away = (scale * basis.mean @ rotation.T + shift - shape).reshape(-1)
    flat = identity.reshape(len(identity), -1)
    cosine = step @ (flat @ away) / np.linalg.norm(step) / np.linalg.norm(flat @ away)
    assert cosine > 0.99
    # Narrow components are held more tightly than wide ones: by their variance and the vertices' own .12 cm.
    np.testing.assert_allclose(precision, 1 / (basis.identity_spread**2 + 0.0144))


def test_a_still_heads_depth_is_nearer_the_truth_with_a_model_of_its_people() -> None:
    people, basis = known()
    errors: dict[bool, list[float]] = {False: [], True: []}
    for seed in range(4):
        shapes = speaking(people, seed)
        landmarks, mean = detected(shapes, seed), shapes.mean(0)
        for knowing, found in errors.items():
            fit = _fit_shape(landmarks, CAMERA, basis if knowing else None, ALONE, lambda done: None)
            scale, rotation, shift = similarity(fit.neutral[INNER], mean[INNER])
            found.append(float(np.std((scale * fit.neutral @ rotation.T + shift - mean)[INNER, 2])))
    assert np.mean(errors[True]) < 0.7 * np.mean(errors[False])


def test_the_mouths_depth_goes_as_expressions_say() -> None:
    people, basis = known()
    shapes = speaking(people, 9, 120)
    seen = shapes + np.random.default_rng(1).normal(0, [0.03, 0.03, 0.25], shapes.shape)
    told = told_depth(basis, seen)
    true = shapes[..., 2] - shapes[..., 2].mean(0)
    assert np.std((told - told.mean(0) - true)[:, LIPS]) < 0.4 * np.std((seen - shapes)[:, LIPS, 2])
    np.testing.assert_allclose(told.mean(0), seen[..., 2].mean(0), atol=1e-9)  # what stays is not told by expressions
