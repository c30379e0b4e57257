"""A piece of the scene: a mesh with what the shading needs to know about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np


class Material(IntEnum):
    """How a surface answers light; PRELIT carries its finished colour in place of a normal."""

    SKIN = 1
    WET = 2  # eyes, teeth, tongue
    MATT = 3
    PRELIT = 4


@dataclass(frozen=True)
class Part:
    """points [V, 3] head space, cm · normals [V, 3] · triangles [F, 3] · uv [V, 2] in the atlas, 0..1 · occlusion [V]
    0..1."""

    points: np.ndarray
    normals: np.ndarray
    triangles: np.ndarray
    uv: np.ndarray
    occlusion: np.ndarray
    material: Material


def grid_triangles(rows: int, columns: int, wrap: bool = False) -> np.ndarray:
    """Two triangles for each cell of a [rows, columns] grid of vertices, [F, 3]; `wrap` joins the last column to the
    first."""
    row, column = np.mgrid[0 : rows - 1, 0 : columns if wrap else columns - 1]
    a = (row * columns + column).ravel()
    b = (row * columns + (column + 1) % columns).ravel()
    return np.concatenate([np.stack([a, a + columns, b], 1), np.stack([b, a + columns, b + columns], 1)]).astype(
        np.int32
    )


# Places in the texture atlas: (left, top, width, height) as shares of its size. The skin's square is 5/8 of the width.
ATLAS_HEIGHT, ATLAS_WIDTH = 1280, 2048
SKIN_AREA = (0.0, 0.0, 0.625, 1.0)
EYE_AREA = (0.625, 0.0, 0.25, 0.4)
UPPER_TEETH_AREA = (0.625, 0.4, 0.375, 0.2)
LOWER_TEETH_AREA = (0.625, 0.6, 0.375, 0.2)
TONGUE_AREA = (0.625, 0.8, 0.1875, 0.2)


def in_area(area: tuple[float, float, float, float], uv: np.ndarray) -> np.ndarray:
    """Texture coordinates 0..1 of one area as coordinates of the whole atlas."""
    left, top, width, height = area
    return np.stack([left + width * uv[..., 0], top + height * uv[..., 1]], -1).astype(np.float32)
