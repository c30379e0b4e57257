"""Fine detail that a regression loses, given back.

What it says of a frame is a mean of others that lie a little beside each other, so it is softer than each of them. Its
finest band is raised until pieces of time that are left out are drawn nearly as sharp as they were filmed: what is
right in that band stays in its place, and the error grows with the square of the raise alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from likeness_trainer.appearance.regression import GAP, PIECES, Kernel, pieces

_BINOMIAL = np.array([1, 4, 6, 4, 1], np.float32) / 16
_AIM = 1.0
_MOST = 1.0  # times the finest band; where more is lacking it is not softness
ROWS = 24  # that the raise is found on
_LEAST_FRAMES = 60  # fewer leave no pieces with a gap around them


def finest(picture: np.ndarray) -> np.ndarray:
    """What is raised of a picture [h,w,3] f32: what a 5-tap binomial blur removes, twice over, so that the finest is
    raised most."""
    return fine(fine(picture))


def fine(picture: np.ndarray) -> np.ndarray:
    """What a 5-tap binomial blur removes of a picture [h,w,C] f32."""
    return picture - cv2.sepFilter2D(picture, -1, _BINOMIAL, _BINOMIAL)


def rows_left_out(count: int) -> np.ndarray:
    """Of so many frames those that the raise is found on; none where there are too few."""
    return np.linspace(0, count - 1, ROWS).round().astype(int) if count >= _LEAST_FRAMES else np.zeros(0, int)


def shares_without(kernel: Kernel, bank: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """[m,N] f32: how much of each frame of the bank [N,d] there is in each of `rows` [m], as the frames of other pieces
    of time say it; they add up to 1."""
    shares = np.zeros((len(rows), len(bank)), np.float32)
    for fitted, out in pieces(len(bank), PIECES, GAP):
        here = np.flatnonzero((rows >= out[0]) & (rows <= out[-1]))
        told = kernel.between(bank[rows[here]], bank[fitted]) @ kernel.weights(bank[fitted])
        shares[np.ix_(here, fitted)] = told + (1 - told.sum(1, keepdims=True)) / len(fitted)
    return shares


@dataclass(frozen=True)
class Drawn:
    """A frame as the frames of other pieces of time tell it, [S,S,3] f32 each, and as it was seen."""

    told: np.ndarray
    band: np.ndarray  # the `finest` of what is told, drawn likewise
    seen: np.ndarray
    parts: Sequence[np.ndarray]  # [S,S] how much each pixel is each part's


def raises(frames: Iterable[Drawn]) -> list[float]:
    """How much of the finest band is added in each part."""
    energies = []  # of what is told, of both together, and of the band, in shares of that of what was seen
    for frame in frames:
        told, band, seen = (fine(picture) for picture in (frame.told, frame.band, frame.seen))
        pairs = [(first * second).sum(-1) for first, second in ((told, told), (told, band), (band, band), (seen, seen))]
        sums = np.array([[float((pair * part).sum()) for pair in pairs] for part in frame.parts])
        energies.append(sums[:, :3] / np.maximum(sums[:, 3:], 1e-6))
    return [_raise(*part) for part in np.mean(energies, 0)]


def _raise(drawn: float, both: float, band: float) -> float:
    """The r of `drawn + 2 r both + r^2 band = _AIM^2`, at least 0 and at most `_MOST`."""
    lacking = _AIM**2 - drawn
    if lacking <= 0 or band <= 0:
        return 0.0
    return min(_MOST, (np.sqrt(both**2 + band * lacking) - both) / band)
