"""What a track may say of a person in front of a camera. Work and memory follow from its numbers, and one bit of a file
can make a crop of 300 pixels one of 1e30; bundles have the same bounds (`src/main/studio/engine/bundle/limits.ts`)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

_MOST_SECONDS = 86_400.0
_RATES = (0.1, 1000.0)  # frames a second
_LONGEST_SIDE = 1 << 17  # pixels of a source
_MOST_FOCAL = 1e6  # source pixels
_LARGEST_FACE = 1e3  # cm; of a coefficient too
# Wider than anything measured of a face.
_LARGEST = {
    "expression": 1e3,
    "rotation": 1.01,
    "translation": 1e4,
    "gaze": 100.0,
    "torso": 1e5,
    "torso_pose": 1e4,
    "landmarks": 1e6,
    "face_box": 1e6,
    "principal": _MOST_FOCAL,
    "focal": _MOST_FOCAL,
    **dict.fromkeys(("neutral", "mean_shape", "identity_basis", "identity", "expression_basis"), _LARGEST_FACE),
    "iris_neutral": _LARGEST_FACE,
}
_CROP_REACH = 4  # a crop's place and side, in sides of the source


def require_likely(tensors: Mapping[str, np.ndarray], fps: float, width: int, height: int) -> None:
    """Raises ValueError for a track's tensors, of finite numbers, and its source, `width` x `height` pixels at `fps`
    frames a second, that nobody can have been filmed with."""
    for name, limit in _LARGEST.items():
        values = tensors[name]
        if len(values) and max(-float(values.min()), float(values.max())) > limit:
            raise ValueError(f"{name} goes beyond {limit:g}")
    if not (_RATES[0] <= fps <= _RATES[1] and max(width, height) <= _LONGEST_SIDE):
        raise ValueError(f"{width}x{height} pixels at {fps:g} frames a second")
    time, crop, reach = tensors["time"], tensors["crop"], _CROP_REACH * max(width, height)
    if not (abs(time[0]) <= _MOST_SECONDS and np.ptp(time) <= _MOST_SECONDS):
        raise ValueError(f"the track goes from {time.min():g} to {time.max():g} s")
    if np.abs(crop).max() > reach or crop[:, 2].min() < 1:
        raise ValueError(f"a crop lies or reaches beyond {reach} pixels, or has no size")
