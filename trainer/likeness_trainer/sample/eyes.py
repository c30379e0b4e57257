"""The eyes: still surfaces on which the gaze moves the picture of the iris, lashes, and the iris landmarks' truth."""

from __future__ import annotations

import numpy as np
from scipy.spatial.distance import cdist

from likeness_trainer.morphable.topology import EYE_LEFT, EYE_RIGHT
from likeness_trainer.sample.part import EYE_AREA, Material, Part, grid_triangles, in_area

RADIUS = 1.55  # of the visible patch, cm: larger than a real eyeball, as the mesh's lids are set wide
IRIS_RADIUS = 0.60
TEXTURE_REACH = 0.95  # the eye's texture covers this share of the sphere's radius on either side
GRID = 44
LOOPS = (EYE_RIGHT, EYE_LEFT)


class Eye:
    """One eye of the neutral face [468, 3]; `loop` are its lids' margin vertices."""

    def __init__(self, neutral: np.ndarray, loop: tuple[int, ...]) -> None:
        self.loop = np.array(loop)
        margin = neutral[self.loop]
        corners = margin[[0, 8]]
        self.width = float(np.linalg.norm(corners[0] - corners[1]))
        self.inner_corner = margin[8]
        opening = margin[:, :2].min(0), margin[:, :2].max(0)
        middle = (opening[0] + opening[1]) / 2
        front = margin[[4, 12], 2].mean()
        self.centre = np.array([middle[0], middle[1] + 0.02, front - 0.10 - np.sqrt(RADIUS**2 - 0.55**2)])
        x, y = np.meshgrid(np.linspace(-1.15, 1.15, GRID), np.linspace(1.15, -1.15, GRID))
        half = (opening[1] - opening[0]) / 2 + [0.05, 0.25]
        x, y = middle[0] + x * half[0], middle[1] + y * half[1]
        away = (x - self.centre[0]) ** 2 + (y - self.centre[1]) ** 2
        sphere = self.centre[2] + np.sqrt(np.maximum(RADIUS**2 - away, 0.0))
        plane = np.linalg.lstsq(np.c_[margin[:, :2], np.ones(16)], margin[:, 2], rcond=None)[0]
        backing = plane[0] * x + plane[1] * y + plane[2] - 0.30  # the wet corner beside the eyeball
        top = np.maximum(sphere, backing)
        self.points = np.stack([x, y, top + 0.05 * np.exp(-((sphere - backing) ** 2) / 0.02)], -1).reshape(-1, 3)
        self.triangles = grid_triangles(GRID, GRID)
        self.iris_neutral = self._iris(np.zeros(2))

    def _iris(self, offset: np.ndarray) -> np.ndarray:
        """Centre, then the points towards the picture's right, top, left and bottom [5, 3]; offset in cm."""
        z = np.sqrt(RADIUS**2 - IRIS_RADIUS**2)
        ring = np.array([[0, 0], [1, 0], [0, 1], [-1, 0], [0, -1]]) * IRIS_RADIUS
        return np.concatenate([self.centre[:2] + ring + offset, np.full((5, 1), self.centre[2] + z)], 1)

    def part(self, vertices: np.ndarray, gaze: np.ndarray) -> Part:
        """The eye with its iris `gaze` (x, y) eye widths from rest, shadowed by the lids of vertices [468, 3]."""
        direction = (self.points - self.centre) / RADIUS
        offset = gaze * self.width / RADIUS
        local = direction[:, :2] - offset
        uv = 0.5 + np.stack([local[:, 0], -local[:, 1]], 1) / (2 * TEXTURE_REACH)
        normals = direction / np.linalg.norm(direction, axis=1, keepdims=True)
        # The cornea bulges: over the iris the surface bends about twice as fast.
        bulge = np.clip(1.25 - np.linalg.norm(local, axis=1) * RADIUS / IRIS_RADIUS, 0, 1)[:, None]
        normals[:, :2] += bulge * 0.9 * local
        normals /= np.linalg.norm(normals, axis=1, keepdims=True)
        margin = vertices[self.loop]
        lid = cdist(self.points[:, :2], margin[:, :2])
        near = 0.55 + 0.45 * np.clip(lid.min(1) / 0.28, 0, 1)
        upper = margin[1:8]
        order = np.argsort(upper[:, 0])
        below = np.interp(self.points[:, 0], upper[order, 0], upper[order, 1]) - self.points[:, 1]
        shade = 0.45 + 0.55 * np.clip((below + 0.02) / 0.42, 0, 1)
        return Part(self.points, normals, self.triangles, in_area(EYE_AREA, uv.clip(0, 1)), near * shade, Material.WET)


def lashes(vertices: np.ndarray, loop: tuple[int, ...], seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Points and triangles of an upper lid's lashes: curved tapering blades that stand on the margin."""
    generator = np.random.default_rng(seed)
    margin = vertices[[loop[0], *loop[1:8], loop[8]]]
    count = 46
    place = np.linspace(0.02, 0.93, count) + generator.normal(0, 0.004, count)
    position = np.stack([np.interp(place * 8, np.arange(9), margin[:, axis]) for axis in range(3)], 1)
    outward = np.sign(margin[0, 0])  # lashes lean away from the nose
    length = (0.44 + 0.26 * (1 - place)) * np.clip(place / 0.06, 0.6, 1) * generator.uniform(0.75, 1.1, count)
    lean = outward * (0.75 - 1.05 * place) + generator.normal(0, 0.08, count)
    # Open lids hold the lashes up and forward, closed ones down and forward.
    openness = np.clip((margin[3:6, 1].mean() - vertices[list(loop[11:14]), 1].mean()) / 0.9, 0, 1)
    rows = []
    for t in (0.0, 0.5, 1.0):
        curl = (0.9 * openness - 0.45) * t + 0.35 * t * t
        step = np.stack([0.55 * lean * t, np.full(count, curl), np.full(count, 0.75 * t)], 1) * length[:, None]
        width = 0.021 * (1 - t) + 0.007
        centre = position + step + [0, 0.01, 0.04]
        half = np.array([width, 0, 0])
        rows.append([centre - half, centre + half])
    points = np.array(rows).transpose(2, 0, 1, 3).reshape(-1, 3)
    blade = np.array([[0, 2, 1], [1, 2, 3], [2, 4, 3], [3, 4, 5]])
    triangles = (blade[None] + 6 * np.arange(count)[:, None, None]).reshape(-1, 3).astype(np.int32)
    return points, triangles
