"""Which part of a chart is whose: mouth, eyes, face, and what a registration leaves alone."""

from __future__ import annotations

import numpy as np

from likeness_trainer.appearance.chart import Chart
from likeness_trainer.appearance.traits import LIPS
from likeness_trainer.morphable.topology import EYE_LEFT, EYE_RIGHT
from likeness_trainer.renderer.proxies import SIDE

# How far a region reaches round its vertices, in their own half width and height.
_MOUTH_REACH, _EYE_REACH = (1.5, 2.0), (1.6, 2.6)
# Lips and lids are the mesh's: a flow there would take a closed mouth for an open one. With a seam around them.
_HELD = 1.4
# The lips and a seam: a sway is found beside what the form draws of the same expression, and so takes nothing for
# open. With more held the skin round a mouth lies .1 to .4 dB farther off, with less lips follow a sound less well.
HELD_IN_SWAY = 0.75


def region_shares(chart: Chart, side: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """[side,side] f32 shares of mouth, eyes and the rest of a chart; they add up to 1."""
    mouth = _blob(chart.corners[list(LIPS)], _MOUTH_REACH, side)
    eyes = _eyes(chart, side)
    total = np.maximum(1, mouth + eyes)
    return mouth / total, eyes / total, 1 - (mouth + eyes) / total


def held_still(chart: Chart, reach: float = _HELD) -> np.ndarray:
    """[256,256] f32 0..1: how much of a chart's texel is lips or eyes, with a seam around them; `reach` of the mouth's
    region is held."""
    mouth = _blob(chart.corners[list(LIPS)], (reach * _MOUTH_REACH[0], reach * _MOUTH_REACH[1]), SIDE)
    return np.maximum(mouth, _eyes(chart, SIDE))


def _eyes(chart: Chart, side: int) -> np.ndarray:
    return np.maximum(*(_blob(chart.corners[list(eye)], _EYE_REACH, side) for eye in (EYE_LEFT, EYE_RIGHT)))


def _blob(points: np.ndarray, reach: tuple[float, float], side: int) -> np.ndarray:
    """1 on the points' ellipse, falling to 0 at 1.6 of its reach."""
    centre = points.mean(0)
    radii = np.ptp(points, axis=0) / 2 * reach
    rows, columns = (np.mgrid[:side, :side].astype(np.float32) + 0.5) * (SIDE / side)
    away = np.hypot((columns - centre[0]) / radii[0], (rows - centre[1]) / radii[1])
    return np.clip(1.6 - away, 0, 1).astype(np.float32)
