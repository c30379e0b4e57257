"""Grids of offsets on the chart: small pictures [G,G,2] in 256ths of its side, looked up bilinearly."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from likeness_trainer.renderer.proxies import SIDE

GRID = 64
_TURNS = 8  # of the iteration that inverts; offsets are smooth and far smaller than what they vary over


@njit(cache=True, nogil=True)
def displaced(offsets, positions):  # type: ignore[no-untyped-def]
    """`positions` [h,w,2] f32 and the offsets [G,G,2] there, [h,w,2] f32; the grid's edge is repeated outside."""
    grid = offsets.shape[0]
    out = np.empty_like(positions)
    scale = grid / SIDE
    for y in range(positions.shape[0]):
        for x in range(positions.shape[1]):
            u = min(max(positions[y, x, 0] * scale - 0.5, 0.0), grid - 1.0)
            v = min(max(positions[y, x, 1] * scale - 0.5, 0.0), grid - 1.0)
            column, row = min(math.floor(u), grid - 2), min(math.floor(v), grid - 2)
            s, t = u - column, v - row
            for axis in range(2):
                above = offsets[row, column, axis] * (1 - s) + offsets[row, column + 1, axis] * s
                below = offsets[row + 1, column, axis] * (1 - s) + offsets[row + 1, column + 1, axis] * s
                out[y, x, axis] = positions[y, x, axis] + above * (1 - t) + below * t
    return out


def inverted(offsets: np.ndarray) -> np.ndarray:
    """[G,G,2] f32: offsets that lead back from where `offsets` lead to."""
    grid = len(offsets)
    rows, columns = (np.mgrid[:grid, :grid].astype(np.float32) + 0.5) * np.float32(SIDE / grid)
    here = np.stack([columns, rows], -1)
    back = np.zeros_like(offsets)
    for _ in range(_TURNS):
        there = (here + back).astype(np.float32)
        back = (there - displaced(offsets, there)).astype(np.float32)
    return back
