"""The ears: an egg-shaped outline with a rolled rim, an inner ridge, a hollow and a lobe."""

from __future__ import annotations

import numpy as np

from likeness_trainer.sample.part import grid_triangles

RINGS, SPOKES = 22, 48


def ear(side: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points [V, 3] cm head space, triangles and occlusion [V] of one ear; side -1 is at the picture's left."""
    angle = np.linspace(0, 2 * np.pi, SPOKES, endpoint=False)  # 0 at the back, a quarter turn at the top
    r = np.linspace(0, 1, RINGS)[:, None]
    back, up = np.cos(angle), np.sin(angle)
    lobe = np.exp(-(((up + 1) / 0.5) ** 2))
    outline_back = (1.55 + 0.25 * up - 0.45 * lobe) * back + 0.20 * up
    outline_up = 2.95 * up + 0.10 * back
    rim = np.exp(-(((r - 0.86) / 0.085) ** 2)) * (1 - 0.55 * lobe) * np.clip(0.75 + 0.6 * (back + up), 0.15, 1)
    ridge = np.exp(-(((r - 0.55) / 0.11) ** 2)) * np.clip(0.35 + back + 0.15 * up, 0, 1)
    hollow = np.exp(-((r / 0.42) ** 2)) * (1 - 0.3 * np.maximum(0, up))
    tragus = np.exp(-(((r - 0.60) / 0.16) ** 2)) * np.exp(-((angle - np.pi - 0.15) ** 2) / 0.09)
    edge = np.clip((r - 0.93) / 0.07, 0, 1) ** 2
    height = 0.42 * rim + 0.26 * ridge - 0.50 * hollow + 0.34 * tragus + 0.12 * lobe * r - 0.75 * edge
    p, q = r * outline_back, r * outline_up
    turn = np.radians(22)  # stands off the head
    x = 7.28 + np.sin(turn) * (p + 1.3) + np.cos(turn) * height
    z = -7.9 - np.cos(turn) * (p + 0.2) + np.sin(turn) * height * 0.6
    y = 1.25 + q + 0.12 * p
    points = np.stack([side * x, y, z + 0.25 * q * 0], -1).reshape(-1, 3)
    triangles = grid_triangles(RINGS, SPOKES, wrap=True)
    if side > 0:
        triangles = triangles[:, ::-1].copy()
    shade = 1 - 0.62 * hollow - 0.35 * np.exp(-(((r - 0.70) / 0.07) ** 2)) * np.clip(back + up, 0, 1) - 0.4 * edge
    return points, triangles, np.clip(shade, 0.2, 1).reshape(-1)
