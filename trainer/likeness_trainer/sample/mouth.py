"""What is behind the lips: two rows of teeth in their gums, a tongue, and the dark."""

from __future__ import annotations

import numpy as np

from likeness_trainer.sample.face_rig import jaw_motion
from likeness_trainer.sample.part import (
    LOWER_TEETH_AREA,
    TONGUE_AREA,
    UPPER_TEETH_AREA,
    Material,
    Part,
    grid_triangles,
    in_area,
)

# Crown widths from the middle outwards, cm (average human values), and how far each edge stands back from the longest.
UPPER_WIDTHS = (0.85, 0.66, 0.76, 0.70, 0.68, 0.98, 0.95)
LOWER_WIDTHS = (0.53, 0.58, 0.68, 0.70, 0.71, 1.05, 1.0)
UPPER_EDGES = (0.0, 0.09, 0.0, 0.07, 0.09, 0.10, 0.12)
LOWER_EDGES = (0.0, 0.0, -0.04, 0.04, 0.06, 0.08, 0.10)
ROWS, PER_TOOTH = 10, 7


def _arch(arc: np.ndarray, front: float, bend: float) -> np.ndarray:
    """Points (x, z) at a signed distance along the parabola z = front - bend x^2."""
    x = np.linspace(-4, 4, 801)
    length = np.concatenate([[0], np.cumsum(np.hypot(np.diff(x), np.diff(bend * x**2)))])
    place = np.interp(arc, length - length[400], x)
    return np.stack([place, front - bend * place**2], -1)


class ToothRow:
    """One row: crowns bulge between their gaps, the gum arches over each of them."""

    def __init__(self, upper: bool, gap_line: float) -> None:
        widths = UPPER_WIDTHS if upper else LOWER_WIDTHS
        edges = UPPER_EDGES if upper else LOWER_EDGES
        bounds = np.concatenate([[0], np.cumsum(widths)])
        across = np.linspace(0, 1, PER_TOOTH)
        arc = np.concatenate([bounds[k] + across * widths[k] for k in range(7)])
        bulge = np.tile(1 - (2 * across - 1) ** 4, 7)
        edge = np.repeat(edges, PER_TOOTH) + np.tile(0.07 * np.abs(2 * across - 1) ** 3, 7)
        arc, bulge, edge = (
            np.concatenate([sign * side[::-1], side]) for sign, side in ((-1, arc), (1, bulge), (1, edge))
        )
        down = np.linspace(0, 1, ROWS)[:, None]  # 0 at the biting edge, 1 at the gum's end
        front, bend, height = (0.86, 0.24, 1.75) if upper else (0.66, 0.27, 1.5)
        base = _arch(arc, front, bend)
        sign = 1.0 if upper else -1.0
        y = gap_line + sign * (edge[None] * (1 - down) + height * down)
        crown = np.clip(1 - down / 0.62, 0, 1)
        out = (
            0.10 * bulge[None] * np.sqrt(np.clip(down / 0.15, 0, 1)) * (crown > 0)
            + 0.10 * (1 - crown)
            - 0.16 * (1 - np.clip(down / 0.18, 0, 1)) ** 2
        )
        normal = np.stack([2 * bend * base[:, 0], np.ones(len(arc))], -1)
        normal /= np.linalg.norm(normal, axis=1, keepdims=True)
        x, z = base[:, 0] + out * normal[:, 0], base[:, 1] + out * normal[:, 1] - 0.12 * down
        self.points = np.stack([np.broadcast_to(x, y.shape), y, z], -1).reshape(-1, 3)
        self.triangles = grid_triangles(ROWS, len(arc))
        tilt = np.broadcast_to(0.30 * np.gradient(bulge)[None] * -1.0, y.shape)
        n = np.stack(
            [normal[:, 0] + tilt, sign * (0.25 - 0.6 * np.exp(-down / 0.12)) + 0 * tilt, normal[:, 1] + 0 * tilt], -1
        )
        self.normals = (n / np.linalg.norm(n, axis=-1, keepdims=True)).reshape(-1, 3)
        uv = np.stack(np.broadcast_arrays(0.5 + arc[None] / (2 * bounds[-1]), down), -1).reshape(-1, 2)
        self.uv = in_area(UPPER_TEETH_AREA if upper else LOWER_TEETH_AREA, uv)


class Mouth:
    """The inside of the mouth of a neutral face whose lips meet at `lips` (x, y, z), cm."""

    def __init__(self, lips: np.ndarray) -> None:
        self.lips = lips
        back = lips[2] - 1.46  # the arches above were laid out for lips at z = 1.46
        self.upper, self.lower = ToothRow(True, lips[1] - 0.14), ToothRow(False, lips[1] - 0.16)
        self.upper.points[:, 2] += back
        self.lower.points[:, 2] += back
        u, v = np.meshgrid(np.linspace(-1, 1, 17), np.linspace(0, 1, 17))
        wide = 1.55 * np.sqrt(np.clip(1 - (1 - v) ** 3.2 * 0.999, 0.02, 1))
        dome = 0.55 * (1 - u**2) - 0.05 * np.exp(-((u / 0.14) ** 2)) - 0.75 * (1 - v) ** 4
        self.tongue = np.stack([u * wide, lips[1] - 0.62 + dome + 0.25 * v, lips[2] - 1.15 - 2.6 * v], -1).reshape(
            -1, 3
        )
        self.tongue_uv = in_area(TONGUE_AREA, np.stack([0.5 + u / 2, v], -1).reshape(-1, 2))
        self.tongue_triangles = grid_triangles(17, 17)
        self._tip = ((1 - v) ** 1.5).ravel()
        slope = np.stack([0.9 * u * np.ones_like(v), np.ones_like(u), 0.9 * (1 - v)], -1).reshape(-1, 3)
        self.tongue_normals = slope / np.linalg.norm(slope, axis=1, keepdims=True)
        swing = jaw_motion(lips[None])
        self._jaw_scale = -1 / swing[0, 1]

    def parts(self, jaw: float, opening: float, tongue: float) -> list[Part]:
        """jaw: the rig's control · opening: between the lips, cm · tongue: 0 at rest, 1 with its tip at the upper
        teeth."""
        light = np.clip(0.12 + 0.72 * opening, 0.12, 0.90)

        def occlusion(points: np.ndarray, drop: float) -> np.ndarray:
            depth = np.exp(0.85 * np.minimum(0, points[:, 2] - self.lips[2] + 0.75))
            tall = np.exp(-((np.maximum(0, np.abs(points[:, 1] - self.lips[1] + drop) - 0.35) / 1.1) ** 2))
            return np.clip(light * depth * tall, 0.02, 1)

        lower = self.lower.points + jaw * self._jaw_scale * jaw_motion(self.lower.points)
        drop = jaw * self._jaw_scale * jaw_motion(self.tongue)
        lifted = self.tongue + drop
        goal = self.lips + np.array([0.0, -0.30, -0.75])
        lifted = lifted + (tongue * self._tip)[:, None] * (goal - lifted[8]) * [0.0, 0.9, 0.8]
        cave = np.array([[-2.5, 1.4, -2.4], [2.5, 1.4, -2.4], [-2.5, -2.9, -2.4], [2.5, -2.9, -2.4]]) + self.lips
        dark = np.tile([0.030, 0.008, 0.007], (4, 1))
        return [
            Part(
                self.upper.points,
                self.upper.normals,
                self.upper.triangles,
                self.upper.uv,
                occlusion(self.upper.points, 0.15),
                Material.WET,
            ),
            Part(
                lower,
                self.lower.normals,
                self.lower.triangles,
                self.lower.uv,
                0.85 * occlusion(lower, 0.4 + 0.8 * opening),
                Material.WET,
            ),
            Part(
                lifted,
                self.tongue_normals,
                self.tongue_triangles,
                self.tongue_uv,
                0.9 * occlusion(lifted + np.array([0, 0, 0.35]), 0.8),
                Material.WET,
            ),
            Part(cave, dark, np.array([[0, 2, 1], [1, 2, 3]], np.int32), np.zeros((4, 2)), np.ones(4), Material.PRELIT),
        ]
