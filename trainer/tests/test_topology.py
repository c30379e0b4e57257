"""The mesh is an oriented disc of 898 triangles and its texture coordinates never fold."""

import numpy as np

from likeness_trainer.morphable.generic_face import mean_shape
from likeness_trainer.morphable.topology import (
    EYE_LEFT,
    EYE_RIGHT,
    FACE_OVAL,
    INNER_LIP,
    OUTER_LIP,
    fill_loop,
    mouth_triangles,
    rebuild_triangles,
    triangles,
    uv,
)


def test_the_shipped_mesh_is_mediapipes_tessellation_with_mouth_and_eyes_closed():
    assert triangles().shape == (898, 3)
    np.testing.assert_array_equal(triangles(), rebuild_triangles())


def test_every_vertex_is_used_and_every_inner_edge_runs_once_each_way():
    faces = triangles()
    assert set(faces.ravel().tolist()) == set(range(468))
    directed = [(int(t[k]), int(t[(k + 1) % 3])) for t in faces for k in range(3)]
    assert len(set(directed)) == len(directed)
    boundary = {edge for edge in directed if edge[::-1] not in set(directed)}
    assert {vertex for edge in boundary for vertex in edge} == set(FACE_OVAL)
    # Euler characteristic of a disc: V - E + F = 1
    edges = {tuple(sorted(edge)) for edge in directed}
    assert 468 - len(edges) + len(faces) == 1


def test_the_mouth_rows_use_the_inner_lip_only():
    assert set(triangles()[mouth_triangles()].ravel().tolist()) == set(INNER_LIP)
    assert len(mouth_triangles()) == 18


def test_a_ladder_closes_a_hexagon_with_four_triangles():
    # upper chain 0 1 2 3, lower chain 0 5 4 3
    assert fill_loop((0, 1, 2, 3, 4, 5)) == [(0, 1, 5), (1, 2, 5), (2, 4, 5), (2, 3, 4)]


def test_loops_have_the_fields_sizes_and_sides():
    assert (len(INNER_LIP), len(OUTER_LIP), len(EYE_RIGHT), len(EYE_LEFT), len(FACE_OVAL)) == (20, 20, 16, 16, 36)
    shape = mean_shape()
    assert (
        shape[list(EYE_RIGHT), 0].max() < 0 < shape[list(EYE_LEFT), 0].min()
    )  # the person's right is at the picture's left
    assert shape[10, 1] > shape[152, 1]  # y up
    assert shape[4, 2] > shape[234, 2]  # the nose points at the camera


def test_texture_coordinates_do_not_fold():
    flat = uv().astype(np.float64)
    assert flat.min() >= 0 and flat.max() <= 1
    a, b, c = (flat[triangles()[:, k]] for k in range(3))
    area = (b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0]
    assert (area > 0).all() or (area < 0).all()
    assert np.abs(area).min() > 1e-7
    assert flat[33, 0] < flat[263, 0] and flat[10, 1] < flat[152, 1]  # as the face looks in a picture


def test_each_vertex_is_the_mean_value_average_of_its_neighbours():
    # Floater's weights of one inner vertex, worked out here from angles at its ring of neighbours.
    shape, flat, centre = mean_shape().astype(np.float64), uv(mean_shape()), 4
    weights: dict[int, float] = {}
    for row in triangles():
        ring = row.tolist()
        if centre not in ring:
            continue
        left, right = (v for v in ring if v != centre)
        u, w = shape[left] - shape[centre], shape[right] - shape[centre]
        half = np.tan(np.arctan2(np.linalg.norm(np.cross(u, w)), u @ w) / 2)
        weights[left] = weights.get(left, 0) + half / np.linalg.norm(u)
        weights[right] = weights.get(right, 0) + half / np.linalg.norm(w)
    expected = sum(weight * flat[v] for v, weight in weights.items()) / sum(weights.values())
    np.testing.assert_allclose(flat[centre], expected, atol=1e-6)
