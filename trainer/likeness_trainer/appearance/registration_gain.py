"""Whether a registration pays: what pieces of time that were left out look like with it and without.

Motion that the controls do not say is not predicted by them; where a clip has more of that than of the other, frames
that are laid out anew are drawn in wrong places.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from likeness_trainer.appearance.chart import sample
from likeness_trainer.appearance.displacement import displaced
from likeness_trainer.appearance.registration import Registration, chart_positions
from likeness_trainer.appearance.regression import GAP, fit_kernel, left_out

# Motion is smoother than what it uncovers.
LENGTHS, NOISES = (3.2, 4.5, 7.0, 11.0), (0.02, 0.05, 0.2, 0.6)
_ROWS = 160  # that the gain is measured on
_LEAST_ROWS = 60  # fewer leave no pieces with a gap around them
_VALUES = 500  # on which kernels are chosen here
_PIECES = 11  # as many times as what is held out fits into what is not


def registration_gain(
    banks: Sequence[np.ndarray],
    shares: Sequence[np.ndarray],
    layouts: np.ndarray,
    registered: np.ndarray,
    registration: Registration,
    judged: Sequence[np.ndarray],
    seed: int,
) -> float:
    """dB that frames of pieces left out gain, on average of the places `judged`; 0 where there are too few to tell.

    banks [N,d] and shares [S,S] of each region, the rest's last; layouts and registered [N,S,S,C] f32, without and with
    the registration; judged [S,S] f32 0..1, each a place.
    """
    apart = -(-len(layouts) // _ROWS)
    rows, gap = np.arange(0, len(layouts), apart), -(-GAP // apart)
    if len(rows) < _LEAST_ROWS:
        return 0.0
    some = [bank[rows] for bank in banks]
    fields = registration.displacements(rows).reshape(len(rows), -1)
    kernel, _ = fit_kernel(some[-1], fields, LENGTHS, NOISES, gap)
    offsets = left_out(kernel, some[-1], fields, _PIECES, gap).reshape(len(rows), *registration.offsets.shape[1:])
    positions = chart_positions(layouts.shape[1])
    without = _predicted(some, shares, layouts[rows], gap, seed)
    within = _predicted(some, shares, registered[rows], gap, seed)
    gains = []
    for row, plain, sharp, moved in zip(rows, without, within, offsets):
        drawn = sample(sharp, displaced(moved.astype(np.float32), positions))
        errors = [((picture - layouts[row]) ** 2).mean(-1) for picture in (plain, drawn)]
        gains.append([10 * np.log10(_mean(errors[0], place) / _mean(errors[1], place)) for place in judged])
    return float(np.mean(gains))


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
        predicted[:, values] += weight[values] * left_out(kernel, bank, flat[:, values], _PIECES, gap)
    return predicted.reshape(layouts.shape)


def _mean(errors: np.ndarray, place: np.ndarray) -> float:
    return max(float((errors * place).sum() / max(float(place.sum()), 1e-6)), 1e-3)
