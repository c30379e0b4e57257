"""The neck: its top turns with the head, its bottom stays with the torso."""

from __future__ import annotations

import numpy as np

from likeness_trainer.sample.face_rig import smoothstep
from likeness_trainer.sample.part import SKIN_AREA, grid_triangles, in_area

LEVELS, SPOKES = 30, 56
TOP, BOTTOM = -3.5, -17.5


class Neck:
    """points [V, 3] head space at the mean pose, cm · follow [V]: 1 turns with the head, 0 stays with the torso."""

    def __init__(self) -> None:
        y = np.linspace(TOP, BOTTOM, LEVELS)[:, None]
        angle = np.linspace(0, 2 * np.pi, SPOKES, endpoint=False)[
            None
        ]  # 0 at the picture's right, a quarter turn in front
        down = (TOP - y) / (TOP - BOTTOM)
        flare = smoothstep(-11.0, -17.0, y)
        half_width = 5.35 - 0.35 * np.sin(np.pi * np.clip(down * 1.25, 0, 1)) + 4.2 * flare**1.6
        half_depth = 5.3 + 1.3 * flare
        centre = -8.3 - 1.2 * down
        front, side = np.sin(angle), np.cos(angle)
        # the two muscles that run from behind the ears to the collarbones, and the larynx between them
        muscle_at = (
            np.pi / 2 + np.array([1, -1])[:, None, None] * (1.35 - 1.0 * np.clip((TOP - y) / 13.0, 0, 1.15))[None]
        )
        turn = np.abs(angle[None] - muscle_at)
        muscle = np.exp(-((turn / 0.20) ** 2)).sum(0) * 0.34 * smoothstep(-4.5, -9.0, y)
        larynx = 0.22 * np.exp(-(((angle - np.pi / 2) / 0.22) ** 2) - ((y + 10.4) / 1.3) ** 2)
        notch = -0.55 * np.exp(-(((angle - np.pi / 2) / 0.25) ** 2) - ((y + 14.4) / 1.2) ** 2)
        swell = 1 + (muscle + larynx + notch) / 5.5
        points = np.stack(
            [half_width * side * swell, np.broadcast_to(y, (LEVELS, SPOKES)), centre + half_depth * front * swell], -1
        )
        self.points = points.reshape(-1, 3)
        self.triangles = grid_triangles(LEVELS, SPOKES, wrap=True)[:, ::-1].copy()
        self.follow = np.broadcast_to(1 - smoothstep(-5.0, -13.5, y), (LEVELS, SPOKES)).reshape(-1)
        # plain skin under the chin's edge of the texture: a narrow band, repeated to and fro
        u = 0.5 + 0.10 * np.sin(3 * angle + 0.15 * y)
        v = 0.905 + 0.03 * np.sin(0.9 * y + np.cos(angle))
        self.uv = in_area(SKIN_AREA, np.stack([u, v], -1)).reshape(-1, 2)
