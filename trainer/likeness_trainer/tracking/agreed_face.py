"""One face out of the answers of the landmarks' two looks."""

from __future__ import annotations

import numpy as np

from likeness_trainer.tracking.landmarks import CLOSE, FOLLOWED, MOST_DISAGREEMENT, agreement
from likeness_trainer.tracking.squares import bounding_box

_FACE_SHAPES = (0.4, 1.8)  # width over height


def agreed_face(answer: np.ndarray, square: tuple[int, int, int]) -> tuple[np.ndarray, np.ndarray] | None:
    """Landmarks [2, 478, 3] in source pixels, and their box, of what `Landmarker` answers about the crop of a square;
    None where the looks found no face, or not the same one."""
    pair = answer * square[2]
    pair[..., :2] += np.array(square[:2], np.float32)
    for look, other in ((FOLLOWED, CLOSE), (CLOSE, FOLLOWED)):
        if np.isnan(pair[look]).any():
            pair[look] = pair[other]
    if np.isnan(pair).any() or agreement(pair) > MOST_DISAGREEMENT:
        return None
    box = bounding_box(pair[CLOSE, :468])
    if not _FACE_SHAPES[0] < box[2] / box[3] < _FACE_SHAPES[1]:
        return None
    return pair, box
