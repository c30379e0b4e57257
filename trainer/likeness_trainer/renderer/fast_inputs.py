"""The fast graph's inputs: the same proxies, with rays compacted to the hull and texture rows instead of positions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from likeness_trainer.renderer.proxies import ATLAS_COLUMNS, ATLAS_ROWS, SIDE, Proxies

PLANES = ((0, 1), (1, 2), (0, 2))  # xy, yz, xz
TABLE_ROWS, TABLE_COLUMNS = 2 * ATLAS_ROWS, 2 * ATLAS_COLUMNS


@dataclass(frozen=True)
class FastInputs:
    """Inputs of `render-fast.onnx` for one frame; ray 0 is empty."""

    points: np.ndarray  # [3,1,n,2] f32
    offsets: np.ndarray  # [3,1,n,2] f32, direction * half width
    active: np.ndarray  # [1,n] f32
    condition: np.ndarray  # [1,36] f32
    texels: np.ndarray  # [65536] i32, rows of the texture table, folded 2x2
    scatter: np.ndarray  # [4096] i32, pixel to ray


def texel_rows(texture: np.ndarray, region: np.ndarray) -> np.ndarray:
    """[256,256] i32 row of the table at twice the atlas's resolution; 0 where region is none."""
    x = np.clip(np.floor((texture[..., 0] + 1) * (TABLE_COLUMNS / 2)), 0, TABLE_COLUMNS - 1).astype(np.int32)
    y = np.clip(np.floor((texture[..., 1] + 1) * (TABLE_ROWS / 2)), 0, TABLE_ROWS - 1).astype(np.int32)
    return np.where(region > 0, 1 + y * TABLE_COLUMNS + x, 0).astype(np.int32)


def texel_centres(texture: np.ndarray) -> np.ndarray:
    """[...,2] atlas positions moved to the centre of the table row that `texel_rows` picks."""
    size = np.array([TABLE_COLUMNS, TABLE_ROWS], np.float32) / 2
    return ((np.floor((texture + 1) * size) + 0.5) / size - 1).astype(np.float32)


def fold(image: np.ndarray) -> np.ndarray:
    """[256,256] in the order row, column, dy, dx over 128x128: flat [65536]."""
    return image.reshape(SIDE // 2, 2, SIDE // 2, 2).transpose(0, 2, 1, 3).reshape(-1)


def fast_inputs(proxies: Proxies) -> FastInputs:
    """Compacts one frame's rays to those inside the hull."""
    inside = proxies.half_width[:, 0] > 0
    scatter = np.where(inside, np.cumsum(inside), 0).astype(np.int32)
    points = np.concatenate([np.zeros((1, 3), np.float32), proxies.points[inside]])
    offsets = np.concatenate([np.zeros((1, 3), np.float32), (proxies.directions * proxies.half_width)[inside]])
    active = np.ones((1, len(points)), np.float32)
    active[0, 0] = 0
    return FastInputs(
        np.stack([points[:, plane] for plane in PLANES])[:, None],
        np.stack([offsets[:, plane] for plane in PLANES])[:, None],
        active,
        proxies.condition[None],
        fold(texel_rows(proxies.texture, proxies.region)),
        scatter,
    )
