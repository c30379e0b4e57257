"""The plate: a soft room out of focus behind the person."""

from __future__ import annotations

import cv2
import numpy as np


def paint_room(size: int, seed: int) -> np.ndarray:
    """[size, size, 3] f32 linear colour."""
    generator = np.random.default_rng(seed)
    y, x = np.mgrid[0:size, 0:size].astype(np.float32) / size
    light = np.exp(-(((x - 0.18) / 0.55) ** 2) - ((y - 0.25) / 0.75) ** 2)[..., None]
    room = np.array([0.165, 0.155, 0.145]) + light * np.array([0.27, 0.245, 0.21])
    room = room.astype(np.float32)

    def box(left: float, top: float, right: float, bottom: float, colour: tuple[float, float, float]) -> None:
        corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]]) * size
        cv2.fillPoly(room, [corners.astype(np.int32)], colour, cv2.LINE_AA)

    box(-0.02, 0.04, 0.13, 0.62, (0.95, 0.93, 0.88))  # a window, its bars and its curtain
    box(0.050, 0.04, 0.058, 0.62, (0.35, 0.33, 0.30))
    box(0.13, 0.0, 0.20, 0.80, (0.42, 0.36, 0.30))
    box(0.72, 0.22, 1.02, 0.235, (0.10, 0.06, 0.035))  # shelves with books
    box(0.72, 0.50, 1.02, 0.515, (0.10, 0.06, 0.035))
    left = 0.735
    spines = [
        (0.30, 0.09, 0.07),
        (0.07, 0.14, 0.20),
        (0.36, 0.29, 0.16),
        (0.10, 0.20, 0.13),
        (0.42, 0.38, 0.33),
        (0.20, 0.10, 0.16),
    ]
    while left < 1.0:
        wide, tall = generator.uniform(0.014, 0.034), generator.uniform(0.13, 0.19)
        shelf = 0.50
        box(left, shelf - tall, left + wide, shelf, spines[generator.integers(len(spines))])
        left += wide + 0.003
    cv2.circle(room, (int(0.80 * size), int(0.175 * size)), int(0.030 * size), (0.50, 0.30, 0.16), -1, cv2.LINE_AA)
    for _ in range(40):  # a plant
        turn, reach = generator.normal(-np.pi / 2, 0.75), generator.uniform(0.06, 0.15)
        tip = (0.92 + np.cos(turn) * reach, 0.20 + np.sin(turn) * reach)
        green = generator.uniform(0.6, 1.3)
        cv2.line(
            room,
            (int(0.92 * size), int(0.21 * size)),
            (int(tip[0] * size), int(tip[1] * size)),
            (0.06 * green, 0.14 * green, 0.05 * green),
            7,
            cv2.LINE_AA,
        )
    room = cv2.GaussianBlur(room, (0, 0), 0.021 * size, borderType=cv2.BORDER_REPLICATE)
    dim = 1 - 0.28 * np.clip(np.hypot(x - 0.5, y - 0.45) * 1.5, 0, 1)[..., None] ** 2
    return (room * dim * 0.72).astype(np.float32)
