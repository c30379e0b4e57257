"""Small RGB and grey pictures out of a frame in planes: only what is asked for is converted."""

from __future__ import annotations

import cv2
import numpy as np

from likeness_trainer.media import Planes
from likeness_trainer.media.planes import gray_from, rgb_from
from likeness_trainer.tracking.squares import cut_square, shrink, whole_pixels

_NO_COLOUR = 128


def shrink_colour(frame: Planes, size: tuple[int, int]) -> np.ndarray:
    """The whole frame in RGB at `size` (width, height)."""
    return rgb_from(shrink(frame.y, size), shrink(frame.u, size), shrink(frame.v, size), frame.colours)


def cut_colour(frame: Planes, square: tuple[float, ...], side: int) -> np.ndarray:
    """The square in RGB [side, side, 3], as `cut_square` cuts it."""
    x0, y0, size = whole_pixels(square)
    luma = cut_square(frame.y, (x0, y0, size), side, _black(frame))
    if frame.u.shape == frame.y.shape:
        chroma = [cut_square(plane, (x0, y0, size), side, _NO_COLOUR) for plane in (frame.u, frame.v)]
    else:
        # Half a plane's pixel matters here: the colours must lie on the luma. As in the frame, half the side is enough.
        chroma = [_cut_between_pixels(plane, x0 / 2, y0 / 2, size / 2, (side + 1) // 2) for plane in (frame.u, frame.v)]
    return rgb_from(luma, chroma[0], chroma[1], frame.colours)


def cut_gray(frame: Planes, square: tuple[float, ...], side: int) -> np.ndarray:
    """The square in grey [side, side], as `cut_square` cuts it."""
    return gray_from(cut_square(frame.y, square, side, _black(frame)), frame.colours)


def _black(frame: Planes) -> int:
    return 0 if frame.colours.full_range else 16


def _cut_between_pixels(plane: np.ndarray, x0: float, y0: float, size: float, side: int) -> np.ndarray:
    while size >= 1.9 * side:
        left, top = max(0, int(x0) // 2 * 2), max(0, int(y0) // 2 * 2)
        part = plane[top : int(y0 + size) + 2, left : int(x0 + size) + 2]
        if min(part.shape) < 2:
            break
        part = part[: part.shape[0] // 2 * 2, : part.shape[1] // 2 * 2]
        plane = cv2.resize(part, (part.shape[1] // 2, part.shape[0] // 2), interpolation=cv2.INTER_AREA)
        x0, y0, size = (x0 - left) / 2, (y0 - top) / 2, size / 2
    step = size / side
    # Pixels are counted from their centres.
    inverse = np.array([[step, 0, x0 + step / 2 - 0.5], [0, step, y0 + step / 2 - 0.5]])
    return cv2.warpAffine(
        plane,
        inverse,
        (side, side),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=[_NO_COLOUR],
    )
