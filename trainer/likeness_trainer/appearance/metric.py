"""How much each trait tells of a region: learnt by gradient on what pieces of time that are left out are predicted as.

One scale for each trait (automatic relevance determination; Rasmussen and Williams 2006, section 5.1), but not by the
likelihood of the frames, which takes neighbours in time for independent: by the error of pieces that are left out.
"""

from __future__ import annotations

import numpy as np
import torch

from likeness_trainer.appearance.regression import GAP, PIECES, Kernel, pieces

_LEAST_ROWS = 60  # fewer leave no pieces with a gap around them
_MOST_ROWS = 200  # a step takes the cube of them
_COMPONENTS = 40  # of the values that are predicted
_STEPS, _RATE = 40, 0.08  # of Adam, on logarithms: at most a factor of 25


def learnt_scales(bank: np.ndarray, values: np.ndarray, kernel: Kernel) -> tuple[np.ndarray, Kernel]:
    """What each trait is multiplied by [d], and the kernel for those.

    bank [n,d] and values [n,p] are of frames in the order of time; `kernel` is the best for the bank as it is, and what
    is returned for it, with scales of 1, where there are too few frames to tell.
    """
    apart = -(-len(bank) // _MOST_ROWS)
    rows = np.arange(0, len(bank), apart)
    if len(rows) < _LEAST_ROWS:
        return np.ones(bank.shape[1]), kernel
    gap = -(-GAP // apart)
    traits = torch.from_numpy(bank[rows] / kernel.length)
    wanted = torch.from_numpy(_components(values[rows]))
    left = [_left_out(out, len(rows), gap) for _, out in pieces(len(rows), PIECES, gap)]
    scales = torch.zeros(bank.shape[1], dtype=torch.float64, requires_grad=True)
    noise = torch.tensor(float(np.log(kernel.noise)), dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.Adam([scales, noise], _RATE)
    best = (float("inf"), np.ones(bank.shape[1]), kernel)
    for _ in range(_STEPS):
        error = _error(traits * scales.exp(), wanted, noise.exp(), left)
        if (found := error.item()) < best[0]:
            best = (found, scales.detach().exp().numpy(), Kernel(kernel.length, float(noise.detach().exp())))
        optimiser.zero_grad()
        error.backward()
        optimiser.step()
    return best[1:]


def _left_out(out: np.ndarray, count: int, gap: int) -> tuple[slice, slice]:
    """The rows that are not fitted on when `out` is held out, and which of them are `out`."""
    first, past = max(0, int(out[0]) - gap), min(count, int(out[-1]) + 1 + gap)
    return slice(first, past), slice(int(out[0]) - first, int(out[-1]) + 1 - first)


def _error(
    traits: torch.Tensor, values: torch.Tensor, noise: torch.Tensor, left: list[tuple[slice, slice]]
) -> torch.Tensor:
    """Of every piece as the others predict it: from one inverse for all (their equation 5.12, for several rows)."""
    squared = (traits**2).sum(1)
    away = (squared[:, None] - 2 * traits @ traits.T + squared).clamp(min=0)
    inverse = torch.linalg.inv(torch.exp(-away / 2) + noise * torch.eye(len(traits), dtype=traits.dtype))
    weighed = inverse @ values
    errors = [torch.linalg.solve(inverse[rows, rows], weighed[rows])[out].square().sum() for rows, out in left]
    return torch.stack(errors).sum() / values.numel()


def _components(values: np.ndarray) -> np.ndarray:
    """[n,k] f64: where rows lie along the first principal components of values [n,p]."""
    away = (values - values.mean(0)).astype(np.float64)
    energy, mixed = np.linalg.eigh(away @ away.T)
    return mixed[:, ::-1][:, :_COMPONENTS] * np.sqrt(np.maximum(energy[::-1][:_COMPONENTS], 0))
