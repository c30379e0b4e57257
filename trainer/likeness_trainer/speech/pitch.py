"""Pitch (F0) and voicing by normalised autocorrelation (Boersma 1993), in operations that ONNX Runtime has.

The power spectrum of a 50 ms window below 2 kHz goes through a cosine transform to give the autocorrelation at every
lag of the pitch range; dividing by the window's own autocorrelation removes its taper, so that a steady tone scores 1
at its period. A small cost per octave keeps the shortest of several equal periods.
"""

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from likeness_trainer.speech.sizes import HOP, SAMPLE_RATE
from likeness_trainer.speech.spectrum import dft_kernels

WINDOW = 800  # 50 ms: three periods of a 60 Hz voice
FFT = 1200  # longer than the window and the longest lag together, so that the autocorrelation does not wrap
BINS = 150  # up to 2 kHz
LOWEST_HZ, HIGHEST_HZ = 60.0, 500.0
REFERENCE_HZ = 50.0  # pitch is given in octaves above it
OCTAVE_COST = 0.03
VOICED_CORRELATION, VOICED_SOFTNESS = 0.5, 0.06


class Pitch(nn.Module):
    """Waveform [1, N] -> pitch in octaves above 50 Hz [1, 1, T] and periodicity 0..1 [1, 1, T].

    Pitch is a smoothed guess where the sound is not voiced: weigh it with the voicing.
    """

    dft: Tensor
    cosine: Tensor
    cost: Tensor

    def __init__(self) -> None:
        super().__init__()
        window = np.hanning(WINDOW)
        self.shortest = int(SAMPLE_RATE / HIGHEST_HZ) - 1  # one lag more on both ends for the parabola
        longest = int(np.ceil(SAMPLE_RATE / LOWEST_HZ)) + 1
        lags = np.arange(self.shortest, longest + 1)
        spectrum = np.abs(np.fft.rfft(window, FFT)) ** 2
        taper = np.fft.irfft(spectrum)[lags] / np.fft.irfft(spectrum)[0]
        cosine = np.cos(2 * np.pi * lags[:, None] * np.arange(BINS)[None] / FFT) / taper[:, None]
        self.register_buffer("dft", dft_kernels(window, FFT, BINS), persistent=False)
        self.register_buffer("cosine", torch.from_numpy(cosine).float()[:, :, None], persistent=False)
        cost = OCTAVE_COST * np.log2(lags / self.shortest)
        self.register_buffer("cost", torch.from_numpy(cost).float()[None, :, None], persistent=False)

    def forward(self, waveform: Float[Tensor, "1 samples"]) -> tuple[Tensor, Tensor]:
        padded = F.pad(waveform[:, None], (WINDOW // 2, WINDOW // 2))
        real, imaginary = F.conv1d(padded, self.dft, stride=HOP).chunk(2, dim=1)
        return self.of_power(real * real + imaginary * imaginary)

    def of_power(self, power: Float[Tensor, "1 bins frames"]) -> tuple[Tensor, Tensor]:
        """The same from the power spectrum of each frame."""
        power = torch.cat([0 * power[:, :2], power[:, 2:]], dim=1)  # no mean, no rumble
        correlation = F.conv1d(power, self.cosine) / (power.sum(dim=1, keepdim=True) + 1e-6)
        # A period is a local maximum of the autocorrelation; flanks of the peak at lag zero are not.
        before, here, after = correlation[:, :-2], correlation[:, 1:-1], correlation[:, 2:]
        is_peak = (here >= before).float() * (here >= after).float()
        score = (here - self.cost[:, 1:-1] + 1) * is_peak
        best = score.argmax(dim=1, keepdim=True)
        height, left, right = here.gather(1, best), before.gather(1, best), after.gather(1, best)
        curvature = (left - 2 * height + right).clamp(max=-1e-6)
        shift = (0.5 * (left - right) / curvature).clamp(-0.5, 0.5)
        period = best.float() + shift + (self.shortest + 1)
        octaves = torch.log(SAMPLE_RATE / REFERENCE_HZ / period) / np.log(2.0)
        found = is_peak.amax(dim=1, keepdim=True)
        voicing = found * torch.sigmoid((height - VOICED_CORRELATION) / VOICED_SOFTNESS)
        return median_of_five(octaves), voicing


def median_of_five(signal: Float[Tensor, "1 1 frames"]) -> Float[Tensor, "1 1 frames"]:
    """Running median over 50 ms: removes single octave jumps."""
    padded = F.pad(signal, (2, 2), mode="replicate")
    frames = signal.shape[-1]
    neighbours = torch.cat([padded[..., k : k + frames] for k in range(5)], dim=1)
    return neighbours.topk(3, dim=1).values[:, 2:3]
