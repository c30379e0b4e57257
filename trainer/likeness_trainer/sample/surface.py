"""Loop subdivision (Loop 1987) as a matrix: a smooth fine surface that is linear in a coarse mesh's vertices."""

from __future__ import annotations

import numpy as np
from scipy import sparse


def subdivide(count: int, triangles: np.ndarray) -> tuple[sparse.csr_matrix, np.ndarray]:
    """One step: matrix [count + edges, count] and triangles [4 F, 3]; the old vertices stay first, in order.

    On a boundary the curve rules apply, so open edges stay smooth curves of their own.
    """
    corners = [(0, 1, 2), (1, 2, 0), (2, 0, 1)]
    edges: dict[tuple[int, int], list[int]] = {}
    for triangle in triangles.tolist():
        for a, b, c in corners:
            i, j = triangle[a], triangle[b]
            edges.setdefault((min(i, j), max(i, j)), []).append(triangle[c])
    number = {edge: count + k for k, edge in enumerate(edges)}
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []

    def add(row: int, column: int, value: float) -> None:
        rows.append(row)
        columns.append(column)
        values.append(value)

    around: list[set[int]] = [set() for _ in range(count)]
    rim: list[list[int]] = [[] for _ in range(count)]
    for (i, j), opposite in edges.items():
        row = number[(i, j)]
        if len(opposite) == 2:
            for vertex, value in ((i, 3 / 8), (j, 3 / 8), (opposite[0], 1 / 8), (opposite[1], 1 / 8)):
                add(row, vertex, value)
        else:
            add(row, i, 0.5)
            add(row, j, 0.5)
            rim[i].append(j)
            rim[j].append(i)
        around[i].add(j)
        around[j].add(i)
    for vertex in range(count):
        if rim[vertex]:
            add(vertex, vertex, 3 / 4)
            for other in rim[vertex][:2]:
                add(vertex, other, 1 / 8)
            continue
        valence = len(around[vertex])
        if valence == 0:
            add(vertex, vertex, 1.0)
            continue
        beta = (5 / 8 - (3 / 8 + np.cos(2 * np.pi / valence) / 4) ** 2) / valence
        add(vertex, vertex, 1 - valence * beta)
        for other in around[vertex]:
            add(vertex, other, beta)
    matrix = sparse.csr_matrix((values, (rows, columns)), (count + len(edges), count))
    fine = []
    for i, j, k in triangles.tolist():
        a, b, c = (number[(min(p, q), max(p, q))] for p, q in ((i, j), (j, k), (k, i)))
        fine += [(i, a, c), (a, j, b), (c, b, k), (a, b, c)]
    return matrix, np.array(fine, np.int32)


def smooth_surface(count: int, triangles: np.ndarray, levels: int) -> tuple[np.ndarray, np.ndarray]:
    """Matrix [fine, count] f32 and fine triangles; the surface passes within about a hundredth of an edge of the
    vertices.

    Loop's surface only approaches its control mesh, so the control mesh is corrected first by three rounds of
    adding back what the vertices lost.
    """
    identity = np.eye(count, dtype=np.float32)
    total, fine = identity, triangles
    for _ in range(levels):
        step, fine = subdivide(len(total), fine)
        total = np.asarray(step.astype(np.float32) @ total)
    lost = identity - total[:count]
    correction = identity
    for _ in range(3):
        correction = identity + lost @ correction
    return total @ correction, fine


class Normals:
    """Unit vertex normals of a mesh whose triangles stay the same."""

    def __init__(self, count: int, triangles: np.ndarray) -> None:
        self._triangles = triangles
        faces = np.arange(len(triangles)).repeat(3)
        ones = np.ones(len(faces), np.float32)
        self._gather = sparse.csr_matrix((ones, (triangles.ravel(), faces)), (count, len(triangles)))

    def __call__(self, vertices: np.ndarray) -> np.ndarray:
        """vertices [V, 3] -> normals [V, 3] f32, weighted by the triangles' areas."""
        a, b, c = (vertices[self._triangles[:, k]] for k in range(3))
        normals = self._gather @ np.cross(b - a, c - a)
        return normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
