"""Square cut-outs of a frame, also where they reach over its edge. A square is (x0, y0, side) in the frame's pixels."""

from __future__ import annotations

import cv2
import numpy as np


def cut_square(frame: np.ndarray, square: tuple[float, ...], side: int, outside: int = 0) -> np.ndarray:
    """The square scaled to [side, side(, 3)]; `outside` beyond the frame. Corners are rounded to whole pixels first:
    use `whole_pixels` to know the square that is really cut.
    """
    x0, y0, size = whole_pixels(square)
    height, width = frame.shape[:2]
    left, top, right, bottom = max(0, x0), max(0, y0), min(width, x0 + size), min(height, y0 + size)
    if right <= left or bottom <= top:
        return np.full((side, side, *frame.shape[2:]), outside, frame.dtype)
    part = frame[top:bottom, left:right]
    if part.shape[:2] != (size, size):
        part = cv2.copyMakeBorder(
            part, top - y0, y0 + size - bottom, left - x0, x0 + size - right, cv2.BORDER_CONSTANT, value=[outside] * 3
        )
    if size == side:
        return np.ascontiguousarray(part)
    return shrink(part, (side, side))


def shrink(picture: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """The picture at `size` (width, height): halved while it can be, then bilinear. For ratios that are not whole
    OpenCV's area filter is seven times slower and looks no better."""
    width, height = size
    while picture.shape[1] >= 1.9 * width and picture.shape[0] >= 1.9 * height:
        if picture.shape[0] % 2 or picture.shape[1] % 2:
            picture = picture[: picture.shape[0] // 2 * 2, : picture.shape[1] // 2 * 2]
        picture = cv2.resize(picture, (picture.shape[1] // 2, picture.shape[0] // 2), interpolation=cv2.INTER_AREA)
    if picture.shape[1::-1] == size:
        return picture
    return cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR)


def whole_pixels(square: tuple[float, ...]) -> tuple[int, int, int]:
    """A square (x0, y0, side) on the grid of pixels, at least one wide."""
    return round(square[0]), round(square[1]), max(1, round(square[2]))


def square_around(box: np.ndarray, scale: float) -> tuple[float, float, float]:
    """The square of `scale` times the longer side of a box (x, y, width, height), about its centre."""
    side = scale * float(max(box[2], box[3]))
    return float(box[0] + box[2] / 2 - side / 2), float(box[1] + box[3] / 2 - side / 2), side


def bounding_box(points: np.ndarray) -> np.ndarray:
    """(x, y, width, height) f32 of points [P, >=2]."""
    low, high = points[:, :2].min(0), points[:, :2].max(0)
    return np.concatenate([low, high - low]).astype(np.float32)
