"""Log-mel spectrum of 16 kHz sound as plain convolutions, so that the same graph runs in PyTorch and ONNX Runtime."""

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from likeness_trainer.speech.sizes import HOP, MEL_BANDS, SAMPLE_RATE

WINDOW = 400  # 25 ms
FFT = 512
POWER_FLOOR = 1e-7


def dft_kernels(window: np.ndarray, size: int, bins: int) -> Float[Tensor, "two_bins 1 width"]:
    """Kernels of a windowed discrete Fourier transform for conv1d: cosines, then sines, of the first `bins` bins."""
    phase = 2 * np.pi * np.arange(bins)[:, None] * np.arange(len(window))[None] / size
    return torch.from_numpy(np.concatenate([np.cos(phase), np.sin(phase)]) * window).float()[:, None]


def mel_filters(low: float = 50.0, high: float = 7600.0) -> np.ndarray:
    """Triangles [80, 257] of peak 1, equally spaced on the HTK mel scale between `low` and `high` Hz."""
    edges_mel = np.linspace(2595 * np.log10(1 + low / 700), 2595 * np.log10(1 + high / 700), MEL_BANDS + 2)
    edges = 700 * (10 ** (edges_mel / 2595) - 1)
    frequency = np.fft.rfftfreq(FFT, 1 / SAMPLE_RATE)
    rising = (frequency - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - frequency) / (edges[2:] - edges[1:-1])[:, None]
    return np.clip(np.minimum(rising, falling), 0, None)


class LogMel(nn.Module):
    """Waveform [1, N] -> natural log of mel band power [1, 80, T], T = floor(N / 160) + 1."""

    dft: Tensor
    filters: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("dft", dft_kernels(np.hanning(WINDOW), FFT, FFT // 2 + 1), persistent=False)
        self.register_buffer("filters", torch.from_numpy(mel_filters()).float()[:, :, None], persistent=False)

    def forward(self, waveform: Float[Tensor, "1 samples"]) -> Float[Tensor, "1 80 frames"]:
        padded = F.pad(waveform[:, None], (WINDOW // 2, WINDOW // 2))
        real, imaginary = F.conv1d(padded, self.dft, stride=HOP).chunk(2, dim=1)
        power = F.conv1d(real * real + imaginary * imaginary, self.filters)
        return torch.log(power.clamp(min=POWER_FLOOR))


def log_mel(waveform: Float[np.ndarray, "samples"]) -> Float[np.ndarray, "frames 80"]:
    """The same features for a NumPy waveform."""
    with torch.no_grad():
        return LogMel()(torch.from_numpy(np.asarray(waveform, np.float32))[None])[0].T.numpy()
