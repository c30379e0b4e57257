"""Proxies of a frame in the shape each graph takes them (docs/formats.md, the table of graphs)."""

from __future__ import annotations

import numpy as np

from ..renderer.proxies import ATLAS_COLUMNS, ATLAS_ROWS, SIDE, Proxies

TABLE_SCALE = 2  # the fast graph's texture table has the atlas at twice its resolution
FOLD = 2  # 2x2 pixels of the 256 picture are one row of channels at 128
PLANES = ((0, 1), (1, 2), (0, 2))  # xy, yz, xz
REGIONS = 3  # face, mouth pocket, off the mesh


def std_inputs(proxies: Proxies) -> dict[str, np.ndarray]:
    """Inputs of `render.onnx`."""
    region = proxies.region[None] == np.arange(1, REGIONS + 1, dtype=np.uint8)[:, None, None]
    return {
        "points": proxies.points,
        "directions": proxies.directions,
        "half_width": proxies.half_width,
        "condition": proxies.condition[None],
        "texture": proxies.texture[None],
        "region": region[None].astype(np.float32),
    }


def fast_inputs(proxies: Proxies) -> dict[str, np.ndarray]:
    """Inputs of `render-fast.onnx`: only rays inside the hull, behind one empty ray that all the others share."""
    inside = np.flatnonzero(proxies.half_width[:, 0] > 0)
    count = len(inside) + 1
    points, offsets = np.zeros((2, count, 3), np.float32)
    points[1:] = proxies.points[inside]
    offsets[1:] = proxies.directions[inside] * proxies.half_width[inside]
    active = np.ones((1, count), np.float32)
    active[0, 0] = 0
    scatter = np.zeros(len(proxies.points), np.int32)
    scatter[inside] = np.arange(1, count, dtype=np.int32)
    return {
        "points": _on_planes(points),
        "offsets": _on_planes(offsets),
        "active": active,
        "condition": proxies.condition[None],
        "texels": texels(proxies.texture, proxies.region),
        "scatter": scatter,
    }


def _on_planes(vectors: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(np.stack([vectors[:, axes] for axes in PLANES])[:, None])


def texels(texture: np.ndarray, region: np.ndarray) -> np.ndarray:
    """Rows [65536] i32 of the texture table for each pixel, folded 2x2: row, column, then dy, dx.

    texture [256,256,2] atlas positions in -1..1, region [256,256]; row 0 is the empty texel.
    """
    columns, rows = ATLAS_COLUMNS * TABLE_SCALE, ATLAS_ROWS * TABLE_SCALE
    # float32 throughout: the engine does the same sums and must land in the same texel
    half = np.float32(0.5)
    x = np.clip(np.floor((texture[..., 0] + 1) * half * np.float32(columns)), 0, columns - 1).astype(np.int32)
    y = np.clip(np.floor((texture[..., 1] + 1) * half * np.float32(rows)), 0, rows - 1).astype(np.int32)
    index = np.where(region > 0, 1 + y * columns + x, 0).astype(np.int32)
    side = SIDE // FOLD
    return np.ascontiguousarray(index.reshape(side, FOLD, side, FOLD).transpose(0, 2, 1, 3)).reshape(-1)
