"""Where pictures surely show the person: within the border of their alpha, which reaches beyond the outline and shows
whatever the background was there."""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np

_OPAQUE = 250  # of 255
_BORDER = 9 / 256  # of the picture's side, as far as the alpha is grown and a little more
_MOST_FRAMES_SHOW = 0.9
_LEAST = 0.01  # of a picture: less is no person to go by


def surely_person(picture: np.ndarray) -> np.ndarray:
    """[S,S] bool of a picture [S,S,C] 0..255; all of it where it has no alpha."""
    if picture.shape[-1] < 4:
        return np.ones(picture.shape[:2], bool)
    return _within_border(picture[..., 3] >= _OPAQUE)


def person_texels(layouts: Iterable[np.ndarray]) -> np.ndarray:
    """[S,S] bool: the texels in which nine of ten layouts [S,S,C] 0..255 show the person.

    What is fitted to the others is fitted to what passes behind them. All of them where that leaves next to none.
    """
    opaque, count = None, 0
    for layout in layouts:
        if layout.shape[-1] < 4:
            return np.ones(layout.shape[:2], bool)
        here = (layout[..., 3] >= _OPAQUE).astype(np.int32)
        opaque = here if opaque is None else opaque + here
        count += 1
    if opaque is None:
        raise ValueError("there are no layouts")
    found = _within_border(opaque >= _MOST_FRAMES_SHOW * count)
    return found if found.mean() >= _LEAST else np.ones(found.shape, bool)


def _within_border(opaque: np.ndarray) -> np.ndarray:
    reach = 2 * round(_BORDER * len(opaque)) + 1
    ellipse = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    return cv2.erode(opaque.astype(np.uint8), ellipse, borderType=cv2.BORDER_REPLICATE) > 0
