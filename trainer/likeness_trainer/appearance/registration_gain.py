"""Whether a registration pays: what pieces of time that were left out look like with it and without.

Motion that the controls do not say is not predicted by them; where a clip has more of that than of the other, frames
that are laid out anew are drawn in wrong places.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from likeness_trainer.appearance.chart import sample
from likeness_trainer.appearance.displacement import displaced
from likeness_trainer.appearance.principal import AT_ONCE
from likeness_trainer.appearance.registration import Registration
from likeness_trainer.appearance.regression import GAP, fit_kernel, left_out
from likeness_trainer.appearance.side_by_side import side_by_side

# Motion is smoother than what it uncovers.
LENGTHS, NOISES = (3.2, 4.5, 7.0, 11.0), (0.02, 0.05, 0.2, 0.6)
_ROWS = 160  # that the gain is measured on
SEEN_SIDE = 128  # texels and pixels there
_LEAST_ROWS = 60  # fewer leave no pieces with a gap around them
_VALUES = 500  # on which kernels are chosen here
_PIECES = 11  # as many times as what is held out fits into what is not


@dataclass(frozen=True)
class Seen:
    """A frame as it was seen, in a crop of `SEEN_SIDE` pixels a side."""

    picture: np.ndarray  # [SEEN_SIDE,SEEN_SIDE,C] f32
    addresses: np.ndarray  # [SEEN_SIDE,SEEN_SIDE,2] f32 of its pixels on the chart, 256ths
    places: Sequence[np.ndarray]  # of its pixels, bool, that are judged


def registration_gain(
    banks: Sequence[np.ndarray],
    shares: Sequence[np.ndarray],
    plain: Callable[[int], np.ndarray],
    registered: Callable[[int], np.ndarray],
    registration: Registration,
    seen: Callable[[int], Seen],
    seed: int,
    cores: int = 1,
) -> float:
    """dB that frames of pieces left out gain, on average of the judged places; 0 where there are too few to tell.

    banks [N,d] and shares [S,S] of each region, the rest's last. Of a frame's number of the N: its layout [S,S,C] f32
    without the registration and with it, and what was seen.
    """
    count = len(banks[-1])
    apart = -(-count // _ROWS)
    rows, gap = np.arange(0, count, apart), -(-GAP // apart)
    if len(rows) < _LEAST_ROWS:
        return 0.0
    some = [bank[rows] for bank in banks]
    fields = registration.displacements(rows).reshape(len(rows), -1)
    kernel, _ = fit_kernel(some[-1], fields, LENGTHS, NOISES, gap)
    offsets = left_out(kernel, some[-1], fields, _PIECES, gap).reshape(len(rows), *registration.offsets.shape[1:])
    side = min(SEEN_SIDE, len(shares[-1]))
    small = [_smaller(share, side) for share in shares]

    def predicted(laid: Callable[[int], np.ndarray]) -> np.ndarray:
        layouts = side_by_side(cores, lambda row: _smaller(laid(row), side), rows.tolist())
        return _predicted(some, small, np.stack(layouts), gap, seed)

    def gained(row: int, soft: np.ndarray, sharp: np.ndarray, field: np.ndarray) -> list[float]:
        frame = seen(row)
        moved = displaced(field.astype(np.float32), frame.addresses)
        errors = [
            ((drawn - frame.picture) ** 2).mean(-1) for drawn in (sample(soft, frame.addresses), sample(sharp, moved))
        ]
        return [10 * np.log10(_mean(errors[0], place) / _mean(errors[1], place)) for place in frame.places]

    gains = side_by_side(cores, gained, rows.tolist(), predicted(plain), predicted(registered), offsets)
    return float(np.mean(gains))


def _smaller(picture: np.ndarray, side: int) -> np.ndarray:
    return picture if len(picture) == side else cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA)


def _predicted(
    banks: Sequence[np.ndarray], shares: Sequence[np.ndarray], layouts: np.ndarray, gap: int, seed: int
) -> np.ndarray:
    """[n,S,S,C] f32: each piece of time as the others predict it."""
    flat = layouts.reshape(len(layouts), -1)
    predicted = np.zeros_like(flat)
    random = np.random.default_rng(seed)
    for bank, share in zip(banks, shares):
        weight = np.repeat(share.ravel(), layouts.shape[-1])
        values = np.flatnonzero(weight > 0)
        kernel, _ = fit_kernel(bank, flat[:, random.choice(values, min(_VALUES, len(values)), replace=False)], gap=gap)
        for first in range(0, len(values), AT_ONCE):
            some = values[first : first + AT_ONCE]
            predicted[:, some] += weight[some] * left_out(kernel, bank, flat[:, some], _PIECES, gap)
    return predicted.reshape(layouts.shape)


def _mean(errors: np.ndarray, place: np.ndarray) -> float:
    return max(float(errors[place].mean()) if place.any() else 0.0, 1e-3)
