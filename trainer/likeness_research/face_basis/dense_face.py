"""The face mesh made dense, with a head around it: as many vertices as a published model has, and their truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from likeness_trainer.morphable.topology import EYE_FILL, FACE_OVAL, MOUTH_FILL, TRIANGLES, VERTICES, triangles

_BACK = np.array([0.0, 0.0, -1.0])
_DEEP = 9.0  # cm that the head goes on behind the face


@dataclass(frozen=True)
class DenseFace:
    """Where every vertex comes from: corners [V, 3] of the face mesh, weights [V, 3], and an offset [V, 3] in cm."""

    corners: np.ndarray
    weights: np.ndarray
    offset: np.ndarray
    triangles: np.ndarray  # [F, 3]
    own: np.ndarray  # [468] which vertices are the face mesh's own

    def laid(self, shape: np.ndarray) -> np.ndarray:
        """Positions [V, 3] of a face [468, 3]."""
        return self.moved(shape) + self.offset

    def moved(self, field: np.ndarray) -> np.ndarray:
        """A field [468, 3] at every vertex [V, 3]."""
        return (field[self.corners] * self.weights[..., None]).sum(1)

    def arranged(self, places: dict[int, int]) -> DenseFace:
        """The same with the face mesh's vertices at given rows; all others in a random order."""
        generator, count = np.random.default_rng(3), len(self.corners)
        fixed = {place: int(self.own[vertex]) for vertex, place in places.items()}
        others = np.setdiff1d(np.arange(count), list(fixed.values()))
        order = np.empty(count, int)
        order[list(fixed)] = list(fixed.values())
        order[np.setdiff1d(np.arange(count), list(fixed))] = generator.permutation(others)
        rank = np.argsort(order)
        return DenseFace(
            self.corners[order],
            self.weights[order],
            self.offset[order],
            rank[self.triangles].astype(np.int32),
            rank[self.own],
        )


def dense_face(count: int, parts: int) -> DenseFace:
    """A mesh of `count` vertices: every triangle cut into `parts` squared, the eyes closed, the lips a slit, a head
    behind the oval, and vertices of no triangle for the rest."""
    last = TRIANGLES - MOUTH_FILL - 2 * EYE_FILL
    faces = np.concatenate([triangles()[:last], triangles()[last + MOUTH_FILL :]])
    keys: dict[tuple, int] = {}
    made: list[tuple[int, int, int]] = []

    def vertex(corners: np.ndarray, steps: tuple[int, int, int]) -> int:
        key = tuple(sorted((int(c), s) for c, s in zip(corners, steps) if s))
        return keys.setdefault(key, len(keys))

    for face in faces:
        for i in range(parts):
            for j in range(parts - i):
                k = parts - 1 - i - j
                a, b, c = ((i + 1, j, k), (i, j + 1, k), (i, j, k + 1))
                made.append((vertex(face, a), vertex(face, b), vertex(face, c)))
                if k:
                    across = ((i + 1, j, k), (i, j + 1, k), (i + 1, j + 1, k - 1))
                    made.append((vertex(face, across[0]), vertex(face, across[2]), vertex(face, across[1])))
    corners, weights = np.zeros((count, 3), int), np.zeros((count, 3))
    for key, row in keys.items():
        for column, (corner, step) in enumerate(key):
            corners[row, column], weights[row, column] = corner, step / parts
    offset = np.zeros((count, 3))
    edge = _edge(parts)
    ring = np.array([keys[tuple(sorted(key))] for key in edge])
    used, rings = len(keys), (count - len(keys)) // len(ring)
    for _ in range(rings):
        rows = used + np.arange(len(ring))
        corners[rows], weights[rows] = corners[ring], weights[ring]
        offset[rows] = offset[ring] + _BACK * _DEEP / rings
        nearer, further = np.roll(ring, -1), np.roll(rows, -1)
        made += [*zip(ring, nearer, rows), *zip(nearer, further, rows)]
        ring, used = rows, used + len(ring)
    weights[used:, 0] = 1.0
    offset[used:] = 3 * _BACK
    own = np.array([keys[((k, parts),)] for k in range(VERTICES)])
    return DenseFace(corners, weights, offset, np.array(made, np.int32), own)


def _edge(parts: int) -> list[tuple]:
    """The keys of the vertices along the face's oval, in order."""
    keys: list[tuple] = []
    for start, end in zip(FACE_OVAL, (*FACE_OVAL[1:], FACE_OVAL[0])):
        keys.append(((start, parts),))
        keys += [((start, parts - step), (end, step)) for step in range(1, parts)]
    return keys
