"""Software rasteriser with a depth buffer: what the mesh shows at each pixel centre (docs/formats.md)."""

from __future__ import annotations

import math

import numpy as np
from numba import njit


def rasterize(
    vertices: np.ndarray, attributes: np.ndarray, triangles: np.ndarray, height: int, width: int
) -> tuple[np.ndarray, np.ndarray]:
    """Attributes and depth of the nearest triangle at every pixel centre.

    vertices [V, 3]: x, y in pixels (the centre of the first pixel is (0.5, 0.5)) and depth, smaller is nearer.
    attributes [V, K]: interpolated linearly in screen space. Returns ([height, width, K] f32, [height, width] f32);
    where no triangle covers a centre the attributes are 0 and the depth is infinite. A centre on an edge belongs to
    a triangle whose three weights are all >= 0; at equal depth the earlier triangle keeps the pixel.
    """
    if vertices.ndim != 2 or vertices.shape[1] != 3:
        raise ValueError(f"vertices must be [V, 3], not {vertices.shape}")
    if attributes.ndim != 2 or len(attributes) != len(vertices):
        raise ValueError(f"attributes must be [{len(vertices)}, K], not {attributes.shape}")
    return _rasterize(
        np.ascontiguousarray(vertices, np.float64),
        np.ascontiguousarray(attributes, np.float32),
        np.ascontiguousarray(triangles, np.int32),
        height,
        width,
    )


@njit(cache=True, nogil=True)
def _rasterize(vertices, attributes, triangles, height, width):  # type: ignore[no-untyped-def]
    channels = attributes.shape[1]
    image = np.zeros((height, width, channels), np.float32)
    depth = np.full((height, width), np.inf, np.float32)
    for face in range(triangles.shape[0]):
        i, j, k = triangles[face, 0], triangles[face, 1], triangles[face, 2]
        x0, y0, z0 = vertices[i, 0], vertices[i, 1], vertices[i, 2]
        x1, y1, z1 = vertices[j, 0], vertices[j, 1], vertices[j, 2]
        x2, y2, z2 = vertices[k, 0], vertices[k, 1], vertices[k, 2]
        area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
        if not abs(area) > 1e-9:  # degenerate, or not a number
            continue
        left = max(0, math.ceil(min(x0, x1, x2) - 0.5))
        right = min(width - 1, math.floor(max(x0, x1, x2) - 0.5))
        top = max(0, math.ceil(min(y0, y1, y2) - 0.5))
        bottom = min(height - 1, math.floor(max(y0, y1, y2) - 0.5))
        for row in range(top, bottom + 1):
            y = row + 0.5
            for column in range(left, right + 1):
                x = column + 0.5
                w1 = ((x - x0) * (y2 - y0) - (x2 - x0) * (y - y0)) / area
                w2 = ((x1 - x0) * (y - y0) - (x - x0) * (y1 - y0)) / area
                w0 = 1.0 - w1 - w2
                if w0 < 0.0 or w1 < 0.0 or w2 < 0.0:
                    continue
                z = np.float32(w0 * z0 + w1 * z1 + w2 * z2)
                if z >= depth[row, column]:
                    continue
                depth[row, column] = z
                for channel in range(channels):
                    image[row, column, channel] = (
                        w0 * attributes[i, channel] + w1 * attributes[j, channel] + w2 * attributes[k, channel]
                    )
    return image, depth
