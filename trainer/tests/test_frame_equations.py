"""What the fit reads in compiled loops is what plain arithmetic says."""

import numpy as np

from likeness_trainer.morphable.generic_face import mean_shape
from likeness_trainer.morphable.harmonics import axis_basis
from likeness_trainer.morphable.mesh import Camera, Face, Motion, Pose
from likeness_trainer.morphable.rotations import rodrigues
from likeness_trainer.morphable.topology import uv
from likeness_trainer.tracking.camera_jacobian import projection_and_jacobians
from likeness_trainer.tracking.frame_equations import FrameEquations
from likeness_trainer.tracking.observations import Frames, GreyFaces
from likeness_trainer.tracking.texture_reading import Looks, texture_grid

CAMERA = Camera(800.0, np.array([320.0, 240.0]))
POSE = Pose(
    rodrigues(np.array([[0.1, -0.3, 0.05], [0.0, 0.2, 0.0]])), np.array([[1.0, -2.0, -60.0], [0.0, 0.0, -50.0]])
)


def test_a_frames_equations_are_the_projections_derivatives():
    rng, shape, basis = np.random.default_rng(1), mean_shape().astype(np.float64), axis_basis(1, 4)
    weights, pixels = rng.uniform(0, 3, 468), rng.uniform(0, 400, (468, 2))
    rows, errors = FrameEquations(basis, weights).of(pixels, shape, POSE[0], CAMERA)
    projected, by_camera, by_pose = projection_and_jacobians(shape[None], POSE[:1], CAMERA)
    by_shape = np.einsum("pij,kpj->pik", by_camera[0] @ POSE.rotation[0], basis)
    expected = np.concatenate([by_pose[0], by_shape], -1) * weights[:, None, None]
    np.testing.assert_allclose(rows, expected.transpose(1, 0, 2), rtol=1e-5, atol=1e-4)
    np.testing.assert_allclose(errors, ((pixels - projected[0]) * weights[:, None]).T, rtol=1e-5, atol=1e-4)


def test_grey_levels_and_their_change_by_pose_are_those_of_the_picture_under_the_mesh():
    # A picture whose grey grows along x and falls along y: what is read is known at every point.
    picture = (40 + 0.5 * np.arange(224)[None] - 0.2 * np.arange(224)[:, None] + 60).round().astype(np.uint8)
    square = np.array([180.0, 100.0, 280.0], np.float32)
    face = Face(mean_shape().astype(np.float64), axis_basis(1, 2) * 0.1)
    motion = Motion(POSE, np.zeros((2, 3)))
    faces = GreyFaces(np.stack([picture, picture]), np.stack([square, square]))
    grid = texture_grid(uv(face.neutral))
    looks = Looks(faces, Frames(np.arange(2), np.zeros(2, int)), face, motion, CAMERA, grid)
    grey, rows = looks.with_gradients(1)
    points = grid.of(face.neutral)
    pixels = CAMERA.project(points, POSE[1])[0]
    u, v = ((pixels - square[:2]) * 224 / square[2] - 0.5).T
    inside = (u > 4) & (u < 219) & (v > 4) & (v < 219)
    assert inside.mean() > 0.9
    np.testing.assert_allclose(grey[inside], (100 + 0.5 * u - 0.2 * v)[inside], atol=0.5)  # levels are whole numbers
    np.testing.assert_array_equal(grey, looks.grey(1))
    small, of_skin = 1e-3, inside[grid.skin]
    for unknown in range(6):
        step = np.zeros(6)
        step[unknown] = small
        moved = (CAMERA.project(points, POSE[1].stepped(step))[0] - pixels) / small
        expected = (0.5 * moved[:, 0] - 0.2 * moved[:, 1]) * 224 / square[2]
        error = rows[of_skin, unknown] - expected[grid.skin][of_skin]
        assert np.abs(error).mean() < 0.1 * np.abs(expected).max() + 1e-6
