"""The head crop: the square that the renderer paints, 2.2 face heights, still when the head stays in one place."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter1d

FACE_HEIGHTS = 2.2
_MARGIN = np.array([0.35, 0.45, 0.35, 0.30])  # of the face's height: left, top (hair), right, bottom (chin and neck)
_FOLLOW_SECONDS = 0.8


def head_crops(face_box: np.ndarray, fps: float, width: int, height: int) -> np.ndarray:
    """Crops [T, 3] f32 (x0, y0, size), source pixels, inside the frame where it is large enough. face_box [T, 4]."""
    centre = face_box[:, :2] + face_box[:, 2:] * np.array([0.5, 0.47])
    tall = face_box[:, 3]
    size = float(min(FACE_HEIGHTS * np.median(tall), width, height))
    low = np.percentile(face_box[:, :2] - _MARGIN[:2] * tall[:, None], 1, axis=0)
    high = np.percentile(face_box[:, :2] + face_box[:, 2:] + _MARGIN[2:] * tall[:, None], 99, axis=0)
    limit = np.array([width, height]) - size
    everything = np.minimum(high, [width, height]) - np.maximum(low, 0)
    if (everything <= size + 1).all():
        corner = np.clip((np.maximum(low, 0) + np.minimum(high, [width, height]) - size) / 2, 0, limit)
        return np.tile(np.append(corner, size).astype(np.float32), (len(face_box), 1))
    sigma = max(1.0, _FOLLOW_SECONDS * fps)
    sizes = np.minimum(gaussian_filter1d(FACE_HEIGHTS * tall, sigma, axis=0, mode="nearest"), min(width, height))
    middle = gaussian_filter1d(centre, sigma, axis=0, mode="nearest")
    corner = np.clip(middle - sizes[:, None] / 2, 0, np.array([width, height]) - sizes[:, None])
    return np.concatenate([corner, sizes[:, None]], 1).astype(np.float32)
