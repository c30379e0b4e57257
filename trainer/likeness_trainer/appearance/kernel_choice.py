"""Which kernel a part of the chart is regressed with."""

from __future__ import annotations

import numpy as np

from likeness_trainer.appearance.regression import Kernel, fit_kernel

MOST_VALUES = 3000  # on which a kernel is chosen; more change no choice
_FEW_VALUES = 500


def kernel_for(
    bank: np.ndarray, seen: np.ndarray, of_person: np.ndarray, random: np.random.Generator
) -> tuple[Kernel, np.ndarray]:
    """The kernel that tells pieces left out best, of traits [N,d] and what was seen with them [N,n], less its
    mean; and the values [m] that chose it.

    All values choose, and where they are foretold no better than by their mean, those `of_person` [n] bool alone: a
    background that moves by itself changes far more than a person, and takes one that tells nothing for the best.
    """

    everything = np.arange(seen.shape[1])
    kernel, told, chosen = _of_some(bank, seen, everything, MOST_VALUES, random)
    if not told and of_person.any():
        kernel, _, chosen = _of_some(bank, seen, np.flatnonzero(of_person), MOST_VALUES, random)
    return kernel, chosen


def foretold(bank: np.ndarray, seen: np.ndarray, values: np.ndarray, random: np.random.Generator) -> bool:
    """Whether traits [N,d] tell more of some `values` [n] of what was seen with them [N,p] than their mean does."""
    return _of_some(bank, seen, values, _FEW_VALUES, random)[1]


def _of_some(
    bank: np.ndarray, seen: np.ndarray, values: np.ndarray, most: int, random: np.random.Generator
) -> tuple[Kernel, bool, np.ndarray]:
    chosen = random.choice(values, min(most, len(values)), replace=False)
    some = seen[:, chosen]
    kernel, error = fit_kernel(bank, some)
    return kernel, error <= float((some**2).mean()), chosen
