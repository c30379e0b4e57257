"""Power spectra of a short window of sound by half the products: each frame is folded about its middle.

A tapered frame's cosines, counted from its middle, need the sum of its two halves alone, its sines the difference. On a
long sound the plain convolutions of `spectrum.py` and `pitch.py` are simpler; a live step computes only what it lacks.
"""

from __future__ import annotations

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from likeness_trainer.speech.sizes import HOP
from likeness_trainer.speech.spectrum import FFT, POWER_FLOOR, WINDOW, mel_filters


class Blocks:
    """Sound [1, N] in blocks of 10 ms, and each block backwards: row k of a spectrum is centred where block k
    begins."""

    def __init__(self, waveform: Float[Tensor, "1 samples"], silence: int) -> None:
        """`silence`: blocks of it to follow the sound, whose length is a whole number of blocks."""
        self.forwards = F.pad(waveform, (0, silence * HOP)).reshape(-1, HOP)
        self.backwards = self.forwards.flip(1)

    def halves(self, reach: int, first: int, last: int) -> tuple[Tensor, Tensor]:
        """The `reach` samples before and after the centres of rows `first` to `last`, the later ones backwards: two [T,
        reach]."""
        whole, rest = divmod(reach, HOP)

        def frames(blocks: Tensor, starts: list[int]) -> Tensor:
            pieces = [blocks[first + start : last + start] for start in starts]
            if rest == 0:
                return torch.cat(pieces[1:], dim=1)
            return torch.cat([pieces[0][:, HOP - rest :], *pieces[1:]], dim=1)

        before = frames(self.forwards, list(range(-whole - 1, 0)))
        return before, frames(self.backwards, list(range(whole, -1, -1)))


class FoldedPower(nn.Module):
    """Rows of a windowed Fourier transform's power [T, bins]; the window is symmetric and of even length."""

    cosine: Tensor
    sine: Tensor

    def __init__(self, window: np.ndarray, size: int, first_bin: int, last_bin: int) -> None:
        super().__init__()
        self.reach = len(window) // 2
        place = np.arange(self.reach) - (len(window) - 1) / 2
        phase = 2 * np.pi * place[:, None] * np.arange(first_bin, last_bin)[None] / size
        taper = window[: self.reach, None]
        self.register_buffer("cosine", torch.from_numpy(np.cos(phase) * taper).float(), persistent=False)
        self.register_buffer("sine", torch.from_numpy(np.sin(phase) * taper).float(), persistent=False)

    def forward(self, blocks: Blocks, first: int, last: int) -> Float[Tensor, "rows bins"]:
        before, after = blocks.halves(self.reach, first, last)
        real, imaginary = (before + after) @ self.cosine, (before - after) @ self.sine
        return real * real + imaginary * imaginary


class FoldedLogMel(nn.Module):
    """Rows `first` to `last` of `LogMel` [1, 80, T]."""

    filters: Tensor

    def __init__(self) -> None:
        super().__init__()
        filters = mel_filters()
        heard = np.flatnonzero(filters.any(axis=0))
        first, last = int(heard[0]), int(heard[-1]) + 1
        self.power = FoldedPower(np.hanning(WINDOW), FFT, first, last)
        self.register_buffer("filters", torch.from_numpy(filters[:, first:last].T.copy()).float(), persistent=False)

    def forward(self, blocks: Blocks, first: int, last: int) -> Float[Tensor, "1 80 rows"]:
        return torch.log((self.power(blocks, first, last) @ self.filters).clamp(min=POWER_FLOOR)).T[None]
