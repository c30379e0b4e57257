"""Coverage, depth order and interpolation of the rasteriser, and the camera, by hand-worked values."""

import numpy as np
import pytest

from likeness_trainer.morphable.mesh import Camera, Face, Pose
from likeness_trainer.morphable.rasterize import rasterize
from likeness_trainer.morphable.rotations import rodrigues, rotation_vectors, similarity


def test_a_right_triangle_covers_the_pixel_centres_on_and_inside_its_edges():
    vertices = np.array([[0, 0, 1], [4, 0, 1], [0, 4, 1]], float)
    image, depth = rasterize(vertices, np.ones((3, 1)), np.array([[0, 1, 2]]), 5, 5)
    # centres (x+.5, y+.5) with x + y + 1 <= 4; those on the hypotenuse count
    expected = np.add.outer(np.arange(5), np.arange(5)) <= 3
    np.testing.assert_array_equal(image[..., 0] > 0, expected)
    assert np.isinf(depth[~expected]).all() and (depth[expected] == 1).all()


def test_winding_does_not_matter():
    vertices = np.array([[0, 0, 1], [4, 0, 1], [0, 4, 1]], float)
    one, _ = rasterize(vertices, np.ones((3, 1)), np.array([[0, 1, 2]]), 5, 5)
    other, _ = rasterize(vertices, np.ones((3, 1)), np.array([[0, 2, 1]]), 5, 5)
    np.testing.assert_array_equal(one, other)


def test_attributes_and_depth_are_linear_in_the_picture():
    vertices = np.array([[0, 0, 10], [8, 0, 18], [0, 8, 26]], float)  # depth = 10 + x + 2y
    attributes = np.array([[1, 5], [9, 5], [1, 5]], float)  # first channel = 1 + x
    image, depth = rasterize(vertices, attributes, np.array([[0, 1, 2]]), 8, 8)
    assert image[2, 3, 0] == pytest.approx(1 + 3.5)
    assert image[2, 3, 1] == pytest.approx(5)
    assert depth[2, 3] == pytest.approx(10 + 3.5 + 2 * 2.5)


def test_the_nearer_triangle_wins_whatever_the_order():
    vertices = np.array([[0, 0, 2], [6, 0, 2], [0, 6, 2], [0, 0, 1], [3, 0, 1], [0, 3, 1]], float)
    attributes = np.array([[1.0]] * 3 + [[2.0]] * 3)
    for faces in ([[0, 1, 2], [3, 4, 5]], [[3, 4, 5], [0, 1, 2]]):
        image, _ = rasterize(vertices, attributes, np.array(faces), 6, 6)
        assert image[0, 0, 0] == 2 and image[0, 4, 0] == 1


def test_at_equal_depth_the_earlier_triangle_stays():
    vertices = np.array([[0, 0, 1], [4, 0, 1], [0, 4, 1]] * 2, float)
    attributes = np.array([[1.0]] * 3 + [[2.0]] * 3)
    image, _ = rasterize(vertices, attributes, np.array([[0, 1, 2], [3, 4, 5]]), 4, 4)
    assert image[0, 0, 0] == 1


def test_triangles_outside_degenerate_or_undefined_draw_nothing():
    vertices = np.array([[-9, -9, 1], [-5, -9, 1], [-9, -5, 1], [1, 1, 1], [2, 2, 1], [3, 3, 1], [np.nan, 0, 1]], float)
    image, _ = rasterize(vertices, np.ones((7, 1)), np.array([[0, 1, 2], [3, 4, 5], [3, 4, 6]]), 6, 6)
    assert image.sum() == 0


def test_a_mesh_that_does_not_fit_its_attributes_is_refused():
    with pytest.raises(ValueError, match="attributes"):
        rasterize(np.zeros((3, 3)), np.zeros((2, 1)), np.array([[0, 1, 2]]), 2, 2)


def test_projection_by_hand():
    # 100 cm in front, focal 500: a centimetre is 5 px; y up in space is down in rows
    camera, pose = Camera(500.0, np.array([320, 240])), Pose(np.eye(3), np.array([0, 0, -100]))
    pixels, depth = camera.project(np.array([[0, 0, 0], [2, 4, 0], [2, 4, 50]]), pose)
    np.testing.assert_allclose(pixels, [[320, 240], [330, 220], [340, 200]])
    np.testing.assert_allclose(depth, [100, 100, 50])


def test_a_quarter_turn_about_y_sends_z_to_x():
    turn = rodrigues(np.array([0, np.pi / 2, 0]))
    np.testing.assert_allclose(turn @ [0, 0, 1], [1, 0, 0], atol=1e-12)
    np.testing.assert_allclose(rotation_vectors(turn), [0, np.pi / 2, 0], atol=1e-12)
    np.testing.assert_allclose(rodrigues(np.zeros((2, 3))), np.stack([np.eye(3)] * 2))


def test_batches_project_as_single_frames_do():
    rng = np.random.default_rng(1)
    points, camera = rng.normal(size=(4, 7, 3)), Camera(800.0, np.array([5.0, 6.0]))
    pose = Pose(rodrigues(rng.normal(size=(4, 3))), rng.normal(size=(4, 3)) - np.array([0, 0, 60]))
    together, _ = camera.project(points, pose)
    for row in range(4):
        np.testing.assert_allclose(together[row], camera.project(points[row], pose[row])[0])


def test_expression_adds_its_basis_to_the_neutral_shape():
    face = Face(np.ones((2, 3)), np.stack([np.full((2, 3), 10.0), np.full((2, 3), 100.0)]))
    np.testing.assert_allclose(face.posed(np.array([0.5, 2.0])), np.full((2, 3), 206.0))
    assert face.posed(np.zeros((5, 2))).shape == (5, 2, 3)


def test_similarity_recovers_scale_turn_and_shift_and_never_mirrors():
    rng = np.random.default_rng(2)
    source, turn = rng.normal(size=(9, 3)), rodrigues(np.array([0.3, -0.2, 0.9]))
    scale, rotation, shift = similarity(source, 2.5 * source @ turn.T + [1, 2, 3])
    assert scale == pytest.approx(2.5)
    np.testing.assert_allclose(rotation, turn, atol=1e-12)
    np.testing.assert_allclose(shift, [1, 2, 3], atol=1e-12)
    assert np.linalg.det(similarity(source, source * [-1, 1, 1])[1]) == pytest.approx(1)
