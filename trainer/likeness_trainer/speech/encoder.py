"""The speech encoder: log-mel in; hidden features, viseme scores and lip parameters out."""

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from .articulation import LIP_PARAMETERS, VISEMES
from .spectrum import MEL_BANDS

CHANNELS = 96
DILATIONS = (1, 2, 4, 1, 2, 4)
CONTEXT_FRAMES = 2 + sum(3 * d for d in DILATIONS)  # frames on each side that an output can see, 0.44 s


class SeparableBlock(nn.Module):
    """Residual block: depthwise convolution over time, norm over channels, two pointwise layers (ConvNeXt order)."""

    def __init__(self, channels: int, dilation: int) -> None:
        super().__init__()
        self.depthwise = nn.Conv1d(channels, channels, 7, padding=3 * dilation, dilation=dilation, groups=channels)
        self.norm = FrameNorm(channels)
        self.expand = nn.Conv1d(channels, 2 * channels, 1)
        self.contract = nn.Conv1d(2 * channels, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.contract(F.gelu(self.expand(self.norm(self.depthwise(x)))))


class FrameNorm(nn.Module):
    """Layer norm over the channels of each frame. Statistics over time would make a frame depend on the whole clip,
    and cutting long sound into chunks would change the result."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.gain = nn.Parameter(torch.ones(1, channels, 1))
        self.bias = nn.Parameter(torch.zeros(1, channels, 1))

    def forward(self, x: Tensor) -> Tensor:
        centred = x - x.mean(dim=1, keepdim=True)
        variance = (centred * centred).mean(dim=1, keepdim=True)
        return centred * torch.rsqrt(variance + 1e-5) * self.gain + self.bias


class SpeechEncoder(nn.Module):
    """Normalised log-mel [B, 80, T] -> hidden [B, 96, T]; heads for visemes [B, 16, T] and lips [B, 5, T]."""

    def __init__(self, channels: int = CHANNELS) -> None:
        super().__init__()
        self.stem = nn.Conv1d(MEL_BANDS, channels, 5, padding=2)
        self.blocks = nn.Sequential(*[SeparableBlock(channels, d) for d in DILATIONS])
        self.visemes = nn.Conv1d(channels, len(VISEMES), 1)
        self.lips = nn.Conv1d(channels, len(LIP_PARAMETERS), 1)

    def hidden(self, mel: Float[Tensor, "batch 80 frames"]) -> Float[Tensor, "batch channels frames"]:
        return self.blocks(F.gelu(self.stem(mel)))

    def forward(self, mel: Float[Tensor, "batch 80 frames"]) -> tuple[Tensor, Tensor]:
        hidden = self.hidden(mel)
        return self.visemes(hidden), self.lips(hidden)
