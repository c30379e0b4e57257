"""The plate: the background behind the person, from frames in which each of its pixels is uncovered.

A pixel is the median over sampled frames where it is clear of the person; what is never seen is filled smoothly from
its surroundings (pull-push, Gortler et al. 1996). Where the camera or the background moves there is no median to be
had but a smear: the plate is then that of one moment, the middle, and beside the person that of its neighbours.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np

from likeness_trainer.media import Planes
from likeness_trainer.media.planes import rgb_from

_MEMORY = 160_000_000  # bytes of full frames kept
_FEWEST, _MOST = 5, 25
_ENOUGH = 9  # clear samples of a pixel; with all 25 the cost is seven times as much and a plate differs by half a level
_BAND = 128  # rows a task
# Mean deviation from the median, grey levels, above which a background moves: still ones have .6 to 1.4, a camera that
# goes round a person 20.
_MOVES = 6.0
_EVERY = 3  # pixel along each side of a mask is looked at for that


class PlateBuilder:
    """Collects evenly spaced frames of a clip, then makes its plate; memory does not grow with the clip."""

    def __init__(self, width: int, height: int, frames: int) -> None:
        count = int(np.clip(_MEMORY // (width * height * 3), _FEWEST, _MOST))
        self._wanted = set(np.unique(np.linspace(0, max(0, frames - 1), count).round().astype(int)).tolist())
        self._frames: list[Planes] = []
        self._masks: list[np.ndarray] = []

    def wants(self, frame: int) -> bool:
        """Whether a frame, by its number, is among those the plate is made of."""
        return frame in self._wanted

    def add(self, frame: Planes, person: np.ndarray) -> None:
        """person [h, w] u8 at any smaller size."""
        self._frames.append(frame)
        self._masks.append(person)

    def build(self, threads: int) -> tuple[np.ndarray, float]:
        """The plate [H, W, 3] u8 RGB and the share of it that no frame shows, by so many threads. Once: what was
        collected is let go of."""
        reach = max(3, round(0.02 * max(self._masks[0].shape))) | 1
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
        count = len(self._frames)
        uncovered = [(cv2.dilate(mask, kernel) < 40).astype(np.uint8) for mask in self._masks]
        if _deviation([frame.y for frame in self._frames], np.stack(uncovered)) > _MOVES:
            middle = count // 2
            order, enough = [k for k in (middle, middle - 1, middle + 1) if 0 <= k < count], 1
        else:
            order, enough = _spread(count), _ENOUGH
        clear, frames = np.stack([uncovered[k] for k in order]), [self._frames[k] for k in order]
        self._frames, self._masks = [], []
        # Luma and chroma each by itself, half the work of RGB; the result is converted once.
        with ThreadPoolExecutor(threads) as pool:
            (y, hole), (u, _), (v, _) = (
                _median(planes, clear, enough, pool)
                for planes in ([f.y for f in frames], [f.u for f in frames], [f.v for f in frames])
            )
        return rgb_from(y, u, v, frames[0].colours), float(hole.mean())


def _deviation(lumas: list[np.ndarray], clear: np.ndarray) -> float:
    """Mean deviation from the median, grey levels, of what half of the frames show; lumas n x [h, w] u8, clear
    [n, small] u8. 0 where too little is seen."""
    height, width = clear.shape[1:]
    often = clear.mean(0) >= 0.5
    often &= (np.arange(height)[:, None] % _EVERY == 0) & (np.arange(width) % _EVERY == 0)
    if len(lumas) < 2 or not often.any():
        return 0.0
    small = np.stack([cv2.resize(luma, (width, height), interpolation=cv2.INTER_AREA)[often] for luma in lumas])
    seen = np.ma.masked_array(small.astype(np.float32), clear[:, often] == 0)
    return float(np.ma.mean(np.abs(seen - np.ma.median(seen, axis=0))))


def _median(
    planes: list[np.ndarray], clear: np.ndarray, enough: int, pool: ThreadPoolExecutor
) -> tuple[np.ndarray, np.ndarray]:
    """One plane of the plate, filled, and where no frame shows it. planes n x [h, w] u8, clear [n, small] u8; the first
    `enough` of them that are clear count."""
    height, width = planes[0].shape
    median, seen = np.zeros((height, width), np.uint8), np.zeros((height, width), np.uint8)
    # Here: it is loaded after the scan, or beside it, for Numba takes longer than the first frames.
    from likeness_trainer.matting.masked_median import masked_median

    small = clear.shape[1:]
    rows = np.minimum(((np.arange(height) + 0.5) * small[0] / height).astype(int), small[0] - 1)
    columns = np.minimum(((np.arange(width) + 0.5) * small[1] / width).astype(int), small[1] - 1)

    def fill(top: int) -> None:
        band = slice(top, top + _BAND)
        stack = np.stack([plane[band] for plane in planes])
        masked_median(stack, clear[:, rows[band]][:, :, columns], enough, median[band], seen[band])

    list(pool.map(fill, range(0, height, _BAND)))
    hole = seen == 0
    return fill_smoothly(median, ~hole), hole


def _spread(count: int) -> list[int]:
    """0 .. count - 1 in an order whose every beginning is spread over the whole (van der Corput's, base 2)."""
    bits = max(1, (count - 1).bit_length())
    return sorted(range(count), key=lambda k: int(f"{k:0{bits}b}"[::-1], 2))


def fill_smoothly(plane: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Fill pixels that are not known from those that are. plane [H, W] u8, known [H, W] bool."""
    if known.all() or not known.any():
        return plane
    weight = known.astype(np.float32)
    levels: list[tuple[np.ndarray, np.ndarray]] = [(plane * weight, weight)]
    while min(levels[-1][1].shape) > 2:
        value, weight = levels[-1]
        half = ((weight.shape[1] + 1) // 2, (weight.shape[0] + 1) // 2)
        levels.append((cv2.pyrDown(value, dstsize=half), cv2.pyrDown(weight, dstsize=half)))
    value, weight = levels[-1]
    filled = value / np.maximum(weight, 1e-6)
    for value, weight in reversed(levels[1:-1]):
        under = cv2.resize(filled, weight.shape[::-1], interpolation=cv2.INTER_LINEAR)
        sure = np.minimum(1.0, weight)
        filled = np.where(sure > 1e-3, value / np.maximum(weight, 1e-3) * sure + under * (1 - sure), under)
    if len(levels) > 1:  # at full size a pixel is known or not: there is nothing to blend
        filled = cv2.resize(filled, plane.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.where(known, plane, np.clip(filled + 0.5, 0, 255).astype(np.uint8))
