"""Sway: what hair, neck, collar and shoulders do in a frame that its controls do not say.

A few offsets on the chart, smooth between them (cubic B-splines), that die away at lips and eyes. They are tracked in
each frame (`sway_tracking.py`), as pose and torso are, and kept with the avatar's idle motion.
"""

from __future__ import annotations

import cv2
import numpy as np

from likeness_trainer.appearance.chart import Chart
from likeness_trainer.appearance.displacement import GRID
from likeness_trainer.appearance.shares import HELD_IN_SWAY, held_still
from likeness_trainer.format import TABLES

KNOTS = int(TABLES["idle"].tensors["sway"].shape[1])  # along each side of the chart


def loose_of(chart: Chart) -> np.ndarray:
    """[GRID,GRID] f32 0..1: how much of the sway moves what lies here."""
    return 1 - cv2.resize(held_still(chart, HELD_IN_SWAY), (GRID, GRID), interpolation=cv2.INTER_AREA)


def swayed(sway: np.ndarray, loose: np.ndarray) -> np.ndarray:
    """[G,G,2] f32, 256ths of the chart: the offsets of a frame's sway [KNOTS,KNOTS,2] on a grid like `loose` [G,G]."""
    weights = _weights(len(loose))
    return (loose[..., None] * np.einsum("iy,jx,ijc->yxc", weights, weights, sway)).astype(np.float32)


def _weights(side: int) -> np.ndarray:
    """[KNOTS,side]: how much of each knot there is at the middles of a grid's cells."""
    away = np.abs((np.arange(side) + 0.5) * KNOTS / side - 0.5 - np.arange(KNOTS)[:, None])
    return np.where(away < 1, 2 / 3 - away**2 + away**3 / 2, np.maximum(2 - away, 0) ** 3 / 6)
