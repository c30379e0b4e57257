"""The speech encoder: log-mel in; hidden features, viseme scores and lip parameters out."""

from __future__ import annotations

import copy
from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from .articulation import LIP_PARAMETERS, VISEMES
from .spectrum import MEL_BANDS

TOWERS = 3  # each pretrained on other draws: together they hear better than any of them (docs/speech.md)
TOWER_CHANNELS = 96
CHANNELS = TOWERS * TOWER_CHANNELS
DILATIONS = (1, 2, 4, 1, 2, 4)
CONTEXT_FRAMES = 2 + sum(3 * d for d in DILATIONS)  # frames on each side that an output can see, 0.44 s


class SeparableBlock(nn.Module):
    """Residual block: depthwise convolution over time, batch norm, two pointwise layers (ConvNeXt order).

    A norm over one sound's own frames would make a frame depend on the whole clip, and one over a frame's channels
    forgets how loud the frame is beside its neighbours (r .63 against .67 on a real mouth).
    """

    def __init__(self, channels: int, dilation: int) -> None:
        super().__init__()
        self.depthwise = nn.Conv1d(channels, channels, 7, padding=3 * dilation, dilation=dilation, groups=channels)
        self.norm: nn.Module = nn.BatchNorm1d(channels, momentum=0.02)
        self.expand = nn.Conv1d(channels, 2 * channels, 1)
        self.contract = nn.Conv1d(2 * channels, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.contract(F.gelu(self.expand(self.norm(self.depthwise(x)))))

    def fold(self) -> None:
        """Make the norm, as it is after training, part of the depthwise convolution."""
        norm, depthwise = self.norm, self.depthwise
        assert isinstance(norm, nn.BatchNorm1d) and norm.running_mean is not None and norm.running_var is not None
        assert depthwise.bias is not None
        with torch.no_grad():
            gain = norm.weight * torch.rsqrt(norm.running_var + norm.eps)
            depthwise.weight *= gain[:, None, None]
            depthwise.bias.copy_((depthwise.bias - norm.running_mean) * gain + norm.bias)
        self.norm = nn.Identity()


class Tower(nn.Module):
    """Normalised log-mel [B, 80, T] -> hidden [B, 96, T]; heads for visemes [B, 16, T] and lips [B, 5, T]."""

    def __init__(self, channels: int = TOWER_CHANNELS) -> None:
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

    def folded(self) -> Tower:
        """A copy without norms: the same function, in convolutions alone."""
        tower = copy.deepcopy(self).eval()
        for block in tower.blocks:
            assert isinstance(block, SeparableBlock)
            block.fold()
        return tower


class SpeechEncoder(nn.Module):
    """Normalised log-mel [B, 80, T] -> hidden [B, 288, T] of all towers; the means of their heads."""

    def __init__(self, towers: Sequence[Tower] | None = None) -> None:
        """Of folded towers; of untrained ones when none are given."""
        super().__init__()
        towers = list(towers) if towers is not None else [Tower().folded() for _ in range(TOWERS)]
        self.towers = nn.ModuleList(towers)

    def each(self) -> list[Tower]:
        """The towers, in order."""
        return [tower for tower in self.towers if isinstance(tower, Tower)]

    def hidden(self, mel: Float[Tensor, "batch 80 frames"]) -> Float[Tensor, "batch channels frames"]:
        return torch.cat([tower.hidden(mel) for tower in self.each()], dim=1)

    def heads(self, hidden: Float[Tensor, "batch channels frames"]) -> tuple[Tensor, Tensor]:
        """Viseme scores [B, 16, T] and lips [B, 5, T] of hidden features."""
        parts = list(zip(self.each(), hidden.chunk(len(self.towers), dim=1)))
        visemes = torch.stack([tower.visemes(part) for tower, part in parts]).mean(dim=0)
        return visemes, torch.stack([tower.lips(part) for tower, part in parts]).mean(dim=0)

    def forward(self, mel: Float[Tensor, "batch 80 frames"]) -> tuple[Tensor, Tensor]:
        return self.heads(self.hidden(mel))
