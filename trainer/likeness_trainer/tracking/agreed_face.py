"""One face out of the answers of the landmarks' two modes."""

from __future__ import annotations

import numpy as np

from likeness_trainer.tracking.landmarks import IMAGE, VIDEO, agreement
from likeness_trainer.tracking.squares import bounding_box

_MOST_DISAGREEMENT = 0.25  # between the two modes of the landmarks
_FACE_SHAPES = (0.4, 1.8)  # width over height


def agreed_face(answer: np.ndarray, square: tuple[int, int, int]) -> tuple[np.ndarray, np.ndarray] | None:
    """Landmarks [2, 478, 3] in source pixels, and their box, of what `Landmarker` answers about the crop of a square;
    None where the modes found no face, or not the same one."""
    pair = answer * square[2]
    pair[..., :2] += np.array(square[:2], np.float32)
    for mode, other in ((VIDEO, IMAGE), (IMAGE, VIDEO)):
        if np.isnan(pair[mode]).any():
            pair[mode] = pair[other]
    if np.isnan(pair).any() or agreement(pair) > _MOST_DISAGREEMENT:
        return None
    box = bounding_box(pair[IMAGE, :468])
    if not _FACE_SHAPES[0] < box[2] / box[3] < _FACE_SHAPES[1]:
        return None
    return pair, box
