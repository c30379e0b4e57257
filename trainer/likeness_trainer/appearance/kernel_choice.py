"""Which kernel a part of the chart is regressed with."""

from __future__ import annotations

import numpy as np

from likeness_trainer.appearance.regression import Kernel, fit_kernel

MOST_VALUES = 3000  # on which a kernel is chosen; more change no choice
FEW_VALUES = 500  # enough to see whether a background moves
# Share of their variance that is not foretold: above it, all values may be those of a background, and they are where
# the person's own share is smaller by this factor (interview, filmed going round her: 1.1 and .3; others 1.1 at most).
_UNTOLD, _WORSE = 0.9, 1.5


def kernel_for(
    bank: np.ndarray,
    seen: np.ndarray,
    values: np.ndarray,
    of_person: np.ndarray,
    random: np.random.Generator,
    most: int = MOST_VALUES,
) -> tuple[Kernel, np.ndarray]:
    """The kernel that tells pieces left out best, of traits [N,d] and what was seen with them [N,n], less its mean,
    with a choice of `values` [v], which are some of the n; and those [m] that chose it, at most `most`.

    All of them choose; where they are foretold far worse than those `of_person` [n] bool, those alone: a background
    that moves by itself changes far more than a person, and takes one that tells nothing for the best.
    """

    def of_some(some: np.ndarray) -> tuple[Kernel, float, np.ndarray]:
        chosen = random.choice(some, min(most, len(some)), replace=False)
        kernel, error = fit_kernel(bank, seen[:, chosen])
        return kernel, error / max(float((seen[:, chosen] ** 2).mean()), 1e-9), chosen

    kernel, untold, chosen = of_some(values)
    if untold > _UNTOLD and of_person[values].any():
        alone, untold_of_person, of_alone = of_some(values[of_person[values]])
        if untold > _WORSE * untold_of_person:
            return alone, of_alone
    return kernel, chosen
