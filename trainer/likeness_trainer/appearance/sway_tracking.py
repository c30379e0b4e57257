"""Tracks the sway of a frame: the one with which the closed form comes nearest to what was filmed.

Gauss-Newton on the picture itself (Lucas and Kanade 1981; with a few weights in place of a flow, Szeliski and Coughlan
1997), held near nothing. What the form draws is compared, not a frame with a frame: light and expression are the
form's already, and what is left over is motion.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numba import njit

from likeness_trainer.appearance.displacement import displaced
from likeness_trainer.appearance.likeness_file import AppearanceFile
from likeness_trainer.appearance.sway import KNOTS, swayed
from likeness_trainer.renderer.proxies import SIDE, Control
from likeness_trainer.renderer.rig import Rig

FARTHEST = 12.0  # 256ths of the chart; farther offsets are mistakes, as of a registration
_SIDE = 128  # pixels and texels it is tracked at
_TURNS = 2  # of the iteration; the third changes .1 dB
_HOLD = 1000.0  # of squared grey levels for an offset of 1: less follows noise, with more jitter and no sharper picture


def track_sway(form: AppearanceFile, rig: Rig, control: Control, seen: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """[KNOTS,KNOTS,2] f32, 256ths of the chart, of a frame that was seen as `seen` [256,256,4] u8 (colour times alpha,
    and alpha) with a control; the form has a `loose`.

    Where the person is counts, as `mask` [256,256] u8 has it: what moves behind them took the face of a clip that is
    filmed going round its person along (.5 dB).
    """
    assert form.loose is not None
    chart, picture, person = (
        cv2.resize(whole.astype(np.float32), (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
        for whole in (form.chart(control), seen, mask)
    )
    slope_x, slope_y = (cv2.Scharr(chart, cv2.CV_32F, 1 - axis, axis) / np.float32(32) for axis in (0, 1))
    # The grid is looked up where the mesh says, and all offsets there are added up.
    mesh = form.mesh_addresses(rig, control, _SIDE)
    loose = _grid_at(form.loose, mesh) * np.float32(_SIDE / SIDE)
    foretold = form.offsets(replace(control, sway=None))
    sway = np.zeros((KNOTS, KNOTS, 2))
    for _ in range(_TURNS):
        offsets = swayed(sway, form.loose)
        at = displaced(offsets if foretold is None else foretold + offsets, mesh) * np.float32(_SIDE / SIDE) - 0.5
        x, y = np.ascontiguousarray(at[..., 0]), np.ascontiguousarray(at[..., 1])
        residual = picture - cv2.remap(chart, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        across, down = (
            cv2.remap(slope, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE) for slope in (slope_x, slope_y)
        )
        normal, gained = _equations(mesh, loose, person / 255, across, down, residual)
        flat = sway.ravel()
        flat = flat + np.linalg.solve(normal + _HOLD * np.eye(len(flat)), gained - _HOLD * flat)
        sway = np.clip(flat, -FARTHEST, FARTHEST).reshape(sway.shape)
    return sway.astype(np.float32)


def _grid_at(grid: np.ndarray, positions: np.ndarray) -> np.ndarray:
    """[h,w] f32 of a grid [G,G] at positions [h,w,2], 256ths."""
    at = positions * np.float32(len(grid) / SIDE) - 0.5
    x, y = np.ascontiguousarray(at[..., 0]), np.ascontiguousarray(at[..., 1])
    return cv2.remap(grid.astype(np.float32), x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


@njit(cache=True, nogil=True)
def _equations(positions, loose, counts, across, down, residual):  # type: ignore[no-untyped-def]
    """The normal equations [n,n] and [n] of the sway, n = KNOTS * KNOTS * 2.

    Of pixels [h,w]: where they lie on the chart [h,w,2] (256ths), how loose they are there (texels for an offset of 1),
    how much they count, how what they show changes along the chart [h,w,C] twice, and what is lacking [h,w,C].
    """
    count = KNOTS * KNOTS * 2
    normal, gained = np.zeros((count, count)), np.zeros(count)
    knots, weights = np.zeros(16, np.int64), np.zeros(16)
    along = np.zeros((2, 4))
    first = np.zeros(2, np.int64)
    for y in range(positions.shape[0]):
        for x in range(positions.shape[1]):
            if loose[y, x] * counts[y, x] < 1e-3:
                continue
            xx = xy = yy = bx = by = 0.0
            for c in range(residual.shape[2]):
                u, v, r = across[y, x, c], down[y, x, c], counts[y, x] * residual[y, x, c]
                bx, by = bx + u * r, by + v * r
                q = counts[y, x] * u
                xx, xy, yy = xx + q * u, xy + q * v, yy + counts[y, x] * v * v
            for axis in range(2):
                place = positions[y, x, axis] * KNOTS / SIDE - 0.5
                base = np.floor(place)
                t = place - base
                first[axis] = int(base) - 1
                along[axis, 0] = (1 - t) ** 3 / 6
                along[axis, 1] = 2 / 3 - t * t + t**3 / 2
                along[axis, 2] = 2 / 3 - (1 - t) ** 2 + (1 - t) ** 3 / 2
                along[axis, 3] = t**3 / 6
            reached = 0
            for i in range(4):
                row = first[1] + i
                for j in range(4):
                    column = first[0] + j
                    if 0 <= row < KNOTS and 0 <= column < KNOTS:
                        knots[reached] = (row * KNOTS + column) * 2
                        weights[reached] = along[1, i] * along[0, j] * loose[y, x]
                        reached += 1
            for a in range(reached):
                k, w = knots[a], weights[a]
                gained[k] += w * bx
                gained[k + 1] += w * by
                for b in range(reached):
                    m, both = knots[b], w * weights[b]
                    normal[k, m] += both * xx
                    normal[k, m + 1] += both * xy
                    normal[k + 1, m] += both * xy
                    normal[k + 1, m + 1] += both * yy
    return normal, gained
