"""Values for frames that were not measured: interpolated in time, held at the ends."""

from __future__ import annotations

import numpy as np
from scipy.spatial.transform import Rotation, Slerp

_PIECE = 2000  # frames held at once


def fill_rows(values: np.ndarray, known: np.ndarray, frames: int) -> np.ndarray:
    """Rows [frames, ...] from values [U, ...] at the frame numbers `known` [U], linear in between."""
    flat = values.reshape(len(values), -1)
    filled = np.empty((frames, flat.shape[1]), np.result_type(flat, np.float64))
    for low in range(0, frames, _PIECE):
        at = np.arange(low, min(frames, low + _PIECE))
        filled[at] = _between(flat, known, at)
    return filled.reshape(frames, *values.shape[1:])


def _between(flat: np.ndarray, known: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Rows at the frame numbers `at`."""
    after = np.clip(np.searchsorted(known, at), 0, len(known) - 1)
    before = np.clip(np.searchsorted(known, at, side="right") - 1, 0, len(known) - 1)
    gap = np.maximum(known[after] - known[before], 1)
    share = np.clip((at - known[before]) / gap, 0, 1)[:, None]
    return flat[before] * (1 - share) + flat[after] * share


def fill_rotations(rotation: np.ndarray, known: np.ndarray, frames: int) -> np.ndarray:
    """Rotations [frames, 3, 3] from [U, 3, 3] at `known`, along the shortest turn."""
    if len(known) == 1:
        return np.repeat(rotation, frames, 0)
    at = np.clip(np.arange(frames), known[0], known[-1])
    return Slerp(known, Rotation.from_matrix(rotation))(at).as_matrix()
