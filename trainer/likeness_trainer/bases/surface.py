"""The point of a triangle mesh that is nearest to another, and which way the surface looks there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import KDTree

_CANDIDATES = 24  # triangles by their middles, among which the nearest one lies


@dataclass(frozen=True)
class Nearest:
    """Of P points."""

    triangle: np.ndarray  # [P] rows of the mesh's triangles
    weights: np.ndarray  # [P, 3] barycentric, not negative
    point: np.ndarray  # [P, 3]
    normal: np.ndarray  # [P, 3] unit, as the triangle's corners run


class Surface:
    """A mesh [V, 3] with triangles [F, 3], to be asked many times."""

    def __init__(self, vertices: np.ndarray, triangles: np.ndarray) -> None:
        corners = vertices[triangles]
        across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        area = np.linalg.norm(across, axis=1)
        self._kept = np.flatnonzero(area > 1e-12)  # a triangle without an area is nowhere in particular
        self._corners, self._normals = corners[self._kept], across[self._kept] / area[self._kept, None]
        self._tree = KDTree(self._corners.mean(1))

    def nearest(self, points: np.ndarray) -> Nearest:
        """The surface's nearest points to points [P, 3]."""
        _, found = self._tree.query(points, min(_CANDIDATES, len(self._kept)))
        candidates = np.atleast_2d(found.reshape(len(points), -1))
        weights = _barycentric(points[:, None], self._corners[candidates])
        places = (weights[..., None] * self._corners[candidates]).sum(-2)
        best = np.linalg.norm(places - points[:, None], axis=-1).argmin(1)
        rows = np.arange(len(points))
        chosen = candidates[rows, best]
        return Nearest(self._kept[chosen], weights[rows, best], places[rows, best], self._normals[chosen])


def _barycentric(points: np.ndarray, corners: np.ndarray) -> np.ndarray:
    """Weights [..., 3] of the nearest points of triangles [..., 3, 3] (Ericson 2004, 5.1.5: by the regions that the
    triangle's corners and edges are nearest in)."""
    a, b, c = corners[..., 0, :], corners[..., 1, :], corners[..., 2, :]
    ab, ac, ap = b - a, c - a, points - a
    aa, bb, cross = (ab * ab).sum(-1), (ac * ac).sum(-1), (ab * ac).sum(-1)
    pa, pb = (ap * ab).sum(-1), (ap * ac).sum(-1)
    span = aa * bb - cross**2
    v, w = (bb * pa - cross * pb) / span, (aa * pb - cross * pa) / span
    inside = (v >= 0) & (w >= 0) & (v + w <= 1)
    along_ab, along_ac = np.clip(pa / aa, 0, 1), np.clip(pb / bb, 0, 1)
    bc = c - b
    along_bc = np.clip(((points - b) * bc).sum(-1) / (bc * bc).sum(-1), 0, 1)
    zero = np.zeros_like(v)
    edges = np.stack(
        [
            np.stack([1 - along_ab, along_ab, zero], -1),
            np.stack([1 - along_ac, zero, along_ac], -1),
            np.stack([zero, 1 - along_bc, along_bc], -1),
        ],
        -2,
    )
    away = np.linalg.norm((edges[..., None] * corners[..., None, :, :]).sum(-2) - points[..., None, :], axis=-1)
    edge = np.take_along_axis(edges, away.argmin(-1)[..., None, None], -2)[..., 0, :]
    return np.where(inside[..., None], np.stack([1 - v - w, v, w], -1), edge)
