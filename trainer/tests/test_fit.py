"""The fit recovers poses, shapes and focal lengths that are known."""

import numpy as np
import pytest

from likeness_trainer.morphable.expression import expression_basis
from likeness_trainer.morphable.generic_face import mean_shape
from likeness_trainer.morphable.harmonics import axis_basis, harmonics
from likeness_trainer.morphable.identity import generic_identity_basis, identity_of
from likeness_trainer.morphable.mesh import Camera, Face, Motion, Pose
from likeness_trainer.morphable.rotations import rodrigues, rotation_vectors, similarity
from likeness_trainer.morphable.topology import INNER_LIP, LOWER_INNER_LIP, OUTER_LIP, UPPER_INNER_LIP
from likeness_trainer.tracking.camera_jacobian import projection_and_jacobians
from likeness_trainer.tracking.fill_gaps import fill_rotations, fill_rows
from likeness_trainer.tracking.identity_fit import fit_identity
from likeness_trainer.tracking.initial_pose import (
    average_shape,
    centred,
    initial_poses,
    meeting_lips,
    pose_normalised,
    refine_poses,
    similarities,
)
from likeness_trainer.tracking.sequence_fit import (
    _laplacian,
    _solve,
    _times,
    fit_sequence,
    landmark_weights,
    refit_expression,
)
from likeness_trainer.tracking.shared_work import SharedWork

PRINCIPAL = np.array([320.0, 240.0])
CAMERA = Camera(800.0, PRINCIPAL)
TWO = SharedWork(2)


def swing(frames: int, yaw_degrees: float = 25.0) -> Pose:
    t = np.linspace(0, 1, frames)
    vectors = np.radians(np.stack([8 * np.sin(9 * t), yaw_degrees * np.sin(2 * np.pi * t), 4 * np.cos(5 * t)], 1))
    moves = np.stack([1.5 * np.sin(4 * t), np.cos(3 * t), -60 + 3 * np.sin(7 * t)], 1)
    return Pose(rodrigues(vectors), moves)


def mouth_basis(components: int, spread: float = 0.25) -> np.ndarray:
    """Local motions at the lips, cm a unit, each smaller than the one before."""
    shape, rng = mean_shape().astype(np.float64), np.random.default_rng(5)
    lips = list(INNER_LIP + OUTER_LIP)
    basis = np.zeros((components, 468, 3))
    for k in range(components):
        near = np.exp(-((shape - shape[lips[k * 7 % 40]]) ** 2).sum(1) / 3)
        basis[k] = near[:, None] * rng.normal(size=3) * spread / (1 + k)
    return basis


def as_landmarks(shapes, pose, camera=CAMERA):
    """What an ideal landmark detector would give: pixels, and depth in pixel scale, nearer is smaller."""
    pixels, depth = camera.project(shapes, pose)
    scale = camera.focal / -pose.translation[:, 2]
    z = (depth - depth.mean(1, keepdims=True)) * scale[:, None]
    return np.concatenate([pixels, z[..., None]], -1)


def degrees_between(one, other):
    return np.degrees(np.linalg.norm(rotation_vectors(one @ np.swapaxes(other, -1, -2)), axis=-1))


def test_jacobians_agree_with_finite_differences():
    rng = np.random.default_rng(0)
    points, pose = rng.normal(size=(2, 5, 3)) * 4, swing(2)
    pixels, by_camera, by_pose = projection_and_jacobians(points, pose, CAMERA)
    np.testing.assert_allclose(pixels, CAMERA.project(points, pose)[0])
    small = 1e-6
    for axis in range(3):
        turn, move = np.zeros(6), np.zeros(6)
        turn[axis] = move[3 + axis] = small
        turned, _ = CAMERA.project(points, pose.stepped(turn))
        moved, _ = CAMERA.project(points, pose.stepped(move))
        np.testing.assert_allclose(by_pose[..., axis], (turned - pixels) / small, atol=2e-2)
        np.testing.assert_allclose(by_pose[..., 3 + axis], (moved - pixels) / small, atol=2e-2)
        np.testing.assert_allclose(by_camera[..., axis], by_pose[..., 3 + axis])


def test_procrustes_of_a_batch_finds_each_frames_similarity():
    rng = np.random.default_rng(1)
    shape, rotation = rng.normal(size=(12, 3)), swing(6).rotation
    scale, shift = rng.uniform(0.5, 9, 6), rng.normal(size=(6, 3))
    target = scale[:, None, None] * shape @ np.swapaxes(rotation, 1, 2) + shift[:, None]
    found = similarities(shape, target)
    np.testing.assert_allclose(found[0], scale)
    np.testing.assert_allclose(found[1], rotation, atol=1e-10)
    np.testing.assert_allclose(found[2], shift, atol=1e-10)


def test_gauss_newton_finds_the_pose_of_a_rigid_face_exactly():
    shape, pose = mean_shape().astype(np.float64), swing(8)
    pixels, _ = CAMERA.project(shape, pose)
    landmarks = as_landmarks(np.broadcast_to(shape, (8, 468, 3)), pose)
    start = initial_poses(centred(landmarks, PRINCIPAL), shape, CAMERA.focal)
    assert degrees_between(start.rotation, pose.rotation).max() < 6  # weak perspective is only near
    found = refine_poses(pixels, shape, start, CAMERA, rounds=10)
    assert degrees_between(found.rotation, pose.rotation).max() < 1e-4
    np.testing.assert_allclose(found.translation, pose.translation, atol=1e-4)


def test_pose_removal_gives_back_the_shape():
    shape, pose = mean_shape().astype(np.float64), swing(5, 8.0)
    landmarks = as_landmarks(np.broadcast_to(shape, (5, 468, 3)), pose)
    shapes = pose_normalised(centred(landmarks, PRINCIPAL), landmarks[..., :2], shape, pose, CAMERA)
    assert np.abs(shapes[..., :2] - shape[:, :2]).max() < 0.08  # cm; the depth came from a weak-perspective view


@pytest.mark.parametrize("widest", [0.8, 0.3])
def test_lips_that_meet_in_the_picture_meet_in_the_shape_however_the_head_is_held(widest):
    shape = mean_shape().astype(np.float64)
    middle = (shape[UPPER_INNER_LIP, 1:] + shape[LOWER_INNER_LIP, 1:]) / 2
    opening = np.maximum(0, widest * np.sin(np.arange(60) / 2.3))
    shapes = np.broadcast_to(shape, (60, 468, 3)).copy()
    for side, lip in ((1, UPPER_INNER_LIP), (-1, LOWER_INNER_LIP)):
        shapes[:, lip, 1:] = middle
        shapes[:, lip, 1] += side * opening[:, None] / 2
        shapes[:, lip, 2] += side * 0.3 * opening[:, None] / 2  # the lower lip goes back as it goes down
    nods = np.radians(12 + 8 * np.sin(np.arange(60) / 7))
    pose = Pose(rodrigues(np.stack([nods, 0 * nods, 0 * nods], 1)), np.tile([0.0, 0, -60], (60, 1)))
    landmarks = as_landmarks(shapes, pose)
    landmarks[:, UPPER_INNER_LIP, 2] -= (
        0.15 * CAMERA.focal / 60
    )  # what landmarks are like: each lip is 0.15 cm off in depth
    landmarks[:, LOWER_INNER_LIP, 2] += 0.15 * CAMERA.focal / 60
    found = pose_normalised(centred(landmarks, PRINCIPAL), landmarks[..., :2], shape, pose, CAMERA)
    apart = (found[:, UPPER_INNER_LIP] - found[:, LOWER_INNER_LIP])[..., 1:]
    shut = opening == 0
    assert shut.sum() > 20
    assert np.abs(apart[shut]).max() < 0.02  # cm; 0.3 cm of depth seen 20 degrees from above would be 0.1
    wide = opening > 0.7 * widest
    open_ = apart[wide].mean(axis=(0, 1))
    assert open_[0] == pytest.approx(opening[wide].mean(), rel=0.05)
    assert open_[1] / open_[0] == pytest.approx(0.3, abs=0.07)


def test_lips_that_never_move_tell_nothing_of_depth_and_are_left_together():
    still = np.broadcast_to(mean_shape().astype(np.float64), (9, 468, 3)).copy()
    still[:, UPPER_INNER_LIP, 2] += np.random.default_rng(3).normal(0, 0.1, (9, 9))
    met = meeting_lips(still[..., 1], still[..., 2])
    assert np.abs(met[:, UPPER_INNER_LIP] - met[:, LOWER_INNER_LIP]).max() < 1e-9
    others = np.setdiff1d(np.arange(468), [*UPPER_INNER_LIP, *LOWER_INNER_LIP])
    np.testing.assert_array_equal(met[:, others], still[:, others, 2])


def test_the_average_shape_does_not_depend_on_pose_or_distance():
    shape, pose = mean_shape() + 0.3 * axis_basis(2, 3)[1] * np.sqrt(468), swing(40)
    far = Pose(pose.rotation, pose.translation * [1, 1, 8])  # nearly parallel rays
    landmarks = as_landmarks(np.broadcast_to(shape, (40, 468, 3)), far, CAMERA.with_focal(CAMERA.focal * 8))
    found = average_shape(centred(landmarks, PRINCIPAL), mean_shape())
    scale, turn, move = similarity(found, shape)
    off = np.linalg.norm(scale * found @ turn.T + move - shape, axis=1)
    assert off.max() < 0.1  # cm, where the shape moved by up to 0.9


@pytest.mark.parametrize("guess", [700.0, 1300.0])
def test_the_focal_length_is_found_from_a_turning_head(guess):
    true_focal, shape = 1000.0, mean_shape().astype(np.float64) + 0.15 * axis_basis(3, 4)[0] * np.sqrt(468)
    pose = swing(40, 35.0)
    pose.translation[:, 2] += 20  # close enough for perspective to show
    true = Face(shape, mouth_basis(4))
    shapes = true.posed(np.random.default_rng(3).normal(size=(40, 4)))
    pixels, _ = Camera(true_focal, PRINCIPAL).project(shapes, pose)
    face, guessed = Face(mean_shape().astype(np.float64), true.basis), Camera(guess, PRINCIPAL)
    nearby = Pose(pose.rotation, pose.translation * [1, 1, guess / true_focal])
    start = refine_poses(pixels, face.neutral, nearby, guessed)

    # Perfect points deserve full trust: then focal length and shape come out exactly.
    trusting = fit_identity(pixels, face, start, guessed, landmark_weights(), TWO, independent_share=1.0)
    assert trusting.focal_estimated
    assert trusting.camera.focal == pytest.approx(true_focal, rel=0.01)
    assert trusting.rms[-1] < 0.1 < trusting.rms[0]

    # A real tracker's points are trusted less: the prior holds part of the way back.
    cautious = fit_identity(pixels, face, start, guessed, landmark_weights(), TWO)
    assert abs(cautious.camera.focal - true_focal) < 0.7 * abs(guess - true_focal)


def test_a_head_that_does_not_turn_keeps_the_usual_focal_length():
    face, pose = Face(mean_shape().astype(np.float64), mouth_basis(2)), swing(20, 1.0)
    pixels, _ = CAMERA.project(face.neutral, pose)
    found = fit_identity(pixels, face, pose, CAMERA.with_focal(777.0), landmark_weights(), TWO, rounds=2)
    assert not found.focal_estimated and found.camera.focal == pytest.approx(777.0)


def test_a_sequence_gives_back_pose_and_mouth():
    face, pose = Face(mean_shape().astype(np.float64), mouth_basis(64)), swing(60, 12.0)
    t = np.arange(60)
    expression = np.zeros((60, 64))
    expression[:, 0], expression[:, 1] = np.sin(t / 4), np.cos(t / 6)
    pixels, _ = CAMERA.project(face.posed(expression), pose)
    start = refine_poses(pixels, face.neutral, pose, CAMERA)
    found = fit_sequence(pixels, t, face, start, CAMERA, 25.0, TWO)
    again, _ = CAMERA.project(face.posed(found.expression), found.pose)
    assert np.abs(again - pixels).mean() < 0.1
    assert degrees_between(found.pose.rotation, pose.rotation).max() < 0.2
    assert np.corrcoef(found.expression[:, 0], expression[:, 0])[0, 1] > 0.99


def test_a_closure_is_not_outvoted_by_the_rest_of_the_face():
    shape, pose = mean_shape().astype(np.float64), swing(30, 6.0)
    below = np.clip((shape[13, 1] - shape[:, 1]) / 2, 0, 1)
    basis = np.zeros((64, 468, 3))
    basis[0, :, 1] = -0.5 * below  # the jaw takes lips and chin along
    basis[1, LOWER_INNER_LIP, 1] = -0.1  # and a lip can do a little alone
    basis[2:] = axis_basis(1, 64)[:62] * 0.1
    opening = np.clip(np.sin(np.arange(30) / 3), 0, 1)
    expression = np.zeros((30, 64))
    expression[:, 0] = opening
    face = Face(shape, basis)
    moved = face.posed(expression)
    chin = (shape[:, 1] < shape[17, 1] - 0.5) & (below > 0.5)
    moved[:, chin, 1] += 0.25 * np.sin(np.arange(30) * 1.7)[:, None]  # a chin that shakes, as tracked chins do
    pixels, _ = CAMERA.project(moved, pose)
    found = refit_expression(pixels, face, Motion(pose, np.zeros((30, 64))), CAMERA, TWO)

    def gap(of: np.ndarray) -> np.ndarray:
        return (of[:, UPPER_INNER_LIP, 1] - of[:, LOWER_INNER_LIP, 1])[:, 3:6].mean(axis=1)

    off = gap(face.posed(found.expression)) - gap(moved)
    assert np.abs(off).max() < 0.0115  # cm; 0.014 by the points alone


def test_the_laplacian_calms_noise_and_keeps_the_motion():
    face, pose = Face(mean_shape().astype(np.float64), mouth_basis(64)), swing(50, 6.0)
    pixels, _ = CAMERA.project(face.neutral, pose)
    noisy = (
        pixels
        + np.random.default_rng(4).normal(0, 1.0, (50, 1, 2))
        + np.random.default_rng(5).normal(0, 0.5, pixels.shape)
    )
    start = refine_poses(noisy, face.neutral, pose, CAMERA)
    found = fit_sequence(noisy, np.arange(50), face, start, CAMERA, 25.0, TWO).pose.translation
    shake = lambda moves: np.diff(moves[:, 0], 2).std()  # noqa: E731
    assert shake(found) < 0.7 * shake(start.translation)
    assert np.abs(found[:, 0] - pose.translation[:, 0]).mean() < 0.08


def test_the_banded_solver_agrees_with_a_dense_one():
    rng = np.random.default_rng(6)
    frames, unknowns = 7, 4
    blocks = rng.normal(size=(frames, 9, unknowns))
    normals, right = np.swapaxes(blocks, 1, 2) @ blocks, rng.normal(size=(frames, unknowns))
    numbers = np.array([0, 1, 2, 3, 9, 10, 11])  # a gap: nothing ties 3 to 9
    stiffness = np.array([1.0, 2.0, 0.5, 3.0])
    differences = np.zeros((3, frames))
    for row, first in enumerate((0, 1, 4)):
        differences[row, first : first + 3] = [1, -2, 1]
    square = differences.T @ differences
    dense = np.kron(square, np.diag(stiffness)) + 1e-6 * np.eye(frames * unknowns)
    for k in range(frames):
        dense[k * unknowns : (k + 1) * unknowns, k * unknowns : (k + 1) * unknowns] += normals[k]
    couplings = _laplacian(numbers)
    expected = np.linalg.solve(dense, right.ravel()).reshape(frames, unknowns)
    np.testing.assert_allclose(_solve(normals, right, couplings, stiffness, TWO), expected, rtol=1e-8)
    state = rng.normal(size=(frames, unknowns))
    np.testing.assert_allclose(_times(couplings, state), square @ state)


def test_identity_is_exact_and_orthonormal():
    neutral = mean_shape() + np.random.default_rng(7).normal(0, 0.2, (468, 3))
    basis, coefficients = identity_of(neutral, mean_shape())
    flat = basis.reshape(80, -1)
    np.testing.assert_allclose(flat @ flat.T, np.eye(80), atol=1e-9)
    np.testing.assert_allclose(mean_shape() + np.tensordot(coefficients, basis, 1), neutral, atol=1e-9)
    same, nothing = identity_of(mean_shape(), mean_shape())
    assert same.shape == (80, 468, 3) and np.abs(nothing).max() < 1e-6


def test_harmonics_are_orthonormal_and_begin_flat():
    waves = harmonics()
    np.testing.assert_allclose(waves.T @ waves, np.eye(468), atol=1e-10)
    np.testing.assert_allclose(np.abs(waves[:, 0]), 1 / np.sqrt(468))
    assert generic_identity_basis().shape == (79, 468, 3)


def test_expression_components_have_unit_variance_and_rebuild_the_frames():
    shape, true = mean_shape().astype(np.float64), mouth_basis(3, 0.5)
    weights = np.random.default_rng(8).normal(size=(200, 3))
    shapes = Face(shape, true).posed(weights)
    centre, basis = expression_basis(shapes)
    assert basis.shape == (64, 468, 3) and np.isfinite(basis).all()
    coefficients = np.linalg.lstsq(basis[:3].reshape(3, -1).T, (shapes - centre).reshape(200, -1).T, rcond=None)[0]
    np.testing.assert_allclose(coefficients.std(1), 1, atol=0.15)  # the lips count three times in the components
    rest = (shapes - centre).reshape(200, -1) - coefficients.T @ basis[:3].reshape(3, -1)
    assert np.abs(rest).max() < 1e-9


def test_a_short_clip_still_has_64_independent_components():
    face = Face(mean_shape().astype(np.float64), mouth_basis(3, 0.5))
    shapes = face.posed(np.random.default_rng(9).normal(size=(6, 3)))
    _, basis = expression_basis(shapes)
    assert basis.shape == (64, 468, 3)
    assert np.linalg.matrix_rank(basis.reshape(64, -1), tol=1e-6) == 64


def test_gaps_are_filled_between_their_neighbours():
    filled = fill_rows(np.array([[0.0, 10.0], [4.0, 30.0]]), np.array([1, 5]), 7)
    np.testing.assert_allclose(filled[:, 0], [0, 0, 1, 2, 3, 4, 4])
    turns = fill_rotations(rodrigues(np.array([[0, 0, 0], [0, 0.4, 0]])), np.array([1, 5]), 7)
    np.testing.assert_allclose(rotation_vectors(turns)[:, 1], [0, 0, 0.1, 0.2, 0.3, 0.4, 0.4], atol=1e-9)
