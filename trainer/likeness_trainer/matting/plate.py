"""The plate: the background behind the person, from frames in which each of its pixels is uncovered.

A pixel is the median over sampled frames where it is clear of the person; what is never seen is filled smoothly from
its surroundings (pull-push, Gortler et al. 1996).
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
from numba import njit

_MEMORY = 160_000_000  # bytes of full frames kept
_FEWEST, _MOST = 5, 25
_ENOUGH = 9  # clear samples of a pixel; with all 25 the cost is seven times as much and a plate differs by half a level
_BAND = 128  # rows a task


class PlateBuilder:
    """Collects evenly spaced frames of a clip, then makes its plate; memory does not grow with the clip."""

    def __init__(self, width: int, height: int, frames: int) -> None:
        count = int(np.clip(_MEMORY // (width * height * 3), _FEWEST, _MOST))
        self._wanted = set(np.unique(np.linspace(0, max(0, frames - 1), count).round().astype(int)).tolist())
        self._frames: list[np.ndarray] = []
        self._masks: list[np.ndarray] = []

    def wants(self, frame: int) -> bool:
        return frame in self._wanted

    def add(self, frame: np.ndarray, person: np.ndarray) -> None:
        """frame [H, W, 3] u8, person [h, w] u8 at any smaller size."""
        self._frames.append(frame)
        self._masks.append(person)

    def build(self) -> tuple[np.ndarray, float]:
        """The plate [H, W, 3] u8 RGB and the share of it that no frame shows."""
        height, width = self._frames[0].shape[:2]
        small = self._masks[0].shape
        reach = max(3, round(0.02 * max(small))) | 1
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
        spread = _spread(len(self._frames))
        clear = np.stack([(cv2.dilate(self._masks[k], kernel) < 40).astype(np.uint8) for k in spread])
        plate = np.zeros((height, width, 3), np.uint8)
        seen = np.zeros((height, width), np.uint8)
        rows = np.minimum(((np.arange(height) + 0.5) * small[0] / height).astype(int), small[0] - 1)
        columns = np.minimum(((np.arange(width) + 0.5) * small[1] / width).astype(int), small[1] - 1)
        frames = [self._frames[k] for k in spread]

        def fill(top: int) -> None:
            band = slice(top, top + _BAND)
            stack = np.stack([frame[band] for frame in frames])
            _masked_median(stack, clear[:, rows[band]][:, :, columns], _ENOUGH, plate[band], seen[band])

        with ThreadPoolExecutor(cv2.getNumThreads()) as threads:
            list(threads.map(fill, range(0, height, _BAND)))
        hole = seen == 0
        return fill_smoothly(plate, ~hole), float(hole.mean())


def _spread(count: int) -> list[int]:
    """0 .. count - 1 in an order whose every beginning is spread over the whole (van der Corput's, base 2)."""
    bits = max(1, (count - 1).bit_length())
    return sorted(range(count), key=lambda k: int(f"{k:0{bits}b}"[::-1], 2))


@njit(cache=True, nogil=True)
def _masked_median(stack, clear, enough, plate, seen):  # type: ignore[no-untyped-def]
    count, height, width = clear.shape
    values = np.zeros(count, np.uint8)
    for y in range(height):
        for x in range(width):
            for channel in range(3):
                n = 0
                for k in range(count):
                    if clear[k, y, x]:
                        value = stack[k, y, x, channel]
                        at = n
                        while at > 0 and values[at - 1] > value:
                            values[at] = values[at - 1]
                            at -= 1
                        values[at] = value
                        n += 1
                        if n == enough:
                            break
                if n:
                    plate[y, x, channel] = values[n // 2]
                seen[y, x] = n


def fill_smoothly(picture: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Fill pixels that are not known from those that are. picture [H, W, 3] u8, known [H, W] bool."""
    if known.all() or not known.any():
        return picture
    levels: list[tuple[np.ndarray, ...]] = [(picture.astype(np.float32) * known[..., None], known.astype(np.float32))]
    while min(levels[-1][1].shape) > 2:
        colour, weight = levels[-1]
        half = ((weight.shape[1] + 1) // 2, (weight.shape[0] + 1) // 2)
        levels.append((cv2.pyrDown(colour, dstsize=half), cv2.pyrDown(weight, dstsize=half)))
    colour, weight = levels[-1]
    filled = colour / np.maximum(weight, 1e-6)[..., None]
    for colour, weight in reversed(levels[:-1]):
        under = cv2.resize(filled, (weight.shape[1], weight.shape[0]), interpolation=cv2.INTER_LINEAR)
        sure = np.minimum(1.0, weight)[..., None]
        filled = np.where(sure > 1e-3, colour / np.maximum(weight, 1e-3)[..., None] * sure + under * (1 - sure), under)
    result = np.clip(filled + 0.5, 0, 255).astype(np.uint8)
    result[known] = picture[known]
    return result
