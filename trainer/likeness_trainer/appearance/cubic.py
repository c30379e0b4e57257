"""Cubic sampling as the avatar engine does it, to the last bit that matters: OpenCV's own rounds positions to 32nds of
a pixel."""

from __future__ import annotations

import math

import numpy as np
from numba import njit

_A = -0.75  # of OpenCV's INTER_CUBIC (Keys 1981)


@njit(cache=True, nogil=True)
def sample_cubic(picture, positions):  # type: ignore[no-untyped-def]
    """`picture` [h,w,C] f32 at `positions` [H,W,2] f32 in pixels from its corner, [H,W,C] f32; its edge is repeated."""
    rows, columns, channels = picture.shape
    out = np.zeros((positions.shape[0], positions.shape[1], channels), np.float32)
    weights = np.zeros((2, 4))
    first = np.zeros(2, np.int64)
    for y in range(positions.shape[0]):
        for x in range(positions.shape[1]):
            for axis in range(2):
                at = min(max(positions[y, x, axis] - 0.5, -2.0), (columns, rows)[axis] + 1.0)
                base = math.floor(at)
                t = at - base
                first[axis] = base - 1
                weights[axis, 0] = ((_A * (t + 1) - 5 * _A) * (t + 1) + 8 * _A) * (t + 1) - 4 * _A
                weights[axis, 1] = ((_A + 2) * t - (_A + 3)) * t * t + 1
                weights[axis, 2] = ((_A + 2) * (1 - t) - (_A + 3)) * (1 - t) * (1 - t) + 1
                weights[axis, 3] = 1 - weights[axis, 0] - weights[axis, 1] - weights[axis, 2]
            for i in range(4):
                row = min(max(first[1] + i, 0), rows - 1)
                for j in range(4):
                    column = min(max(first[0] + j, 0), columns - 1)
                    weight = weights[1, i] * weights[0, j]
                    for c in range(channels):
                        out[y, x, c] += weight * picture[row, column, c]
    return out
