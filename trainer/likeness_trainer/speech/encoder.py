"""The speech encoder: log-mel in; hidden features, viseme scores and lip parameters out."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from likeness_trainer.speech.articulation import LIP_PARAMETERS, VISEMES
from likeness_trainer.speech.sizes import CLOSING_TOWERS, DILATIONS, MEL_BANDS, TOWER_CHANNELS, TOWERS

MOMENTUM = 0.02


class ChannelNorm(nn.BatchNorm1d):
    """Batch norm: what it takes off is an average sound's once it is trained.

    A norm over a frame's channels instead forgets how loud the frame is beside its neighbours (r .63 against .67 on a
    real mouth).
    """

    def __init__(self, channels: int) -> None:
        super().__init__(channels, momentum=MOMENTUM)

    def trained(self) -> tuple[Tensor, Tensor]:
        """Mean that it takes off and gain, [C], after training."""
        assert self.running_mean is not None and self.running_var is not None
        return self.running_mean, self.weight * torch.rsqrt(self.running_var + self.eps)


class SoundNorm(nn.Module):
    """One mean and deviation for all channels and frames of a sound; an average sound's once it is trained.

    Channels keep their sizes beside each other, and in training every sound comes in its own scale. What is measured
    of real mouths does not change when the statistics of another sound are used (docs/speech.md), so a frame need not
    depend on its whole clip.
    """

    mean: Tensor
    variance: Tensor
    EPSILON = 1e-5

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("mean", torch.zeros(()))
        self.register_buffer("variance", torch.ones(()))

    def forward(self, x: Float[Tensor, "batch channels frames"]) -> Float[Tensor, "batch channels frames"]:
        if self.training:
            with torch.no_grad():
                variance, mean = torch.var_mean(x, dim=(1, 2), correction=0)
                self.mean.lerp_(mean.mean(), MOMENTUM)
                self.variance.lerp_(variance.mean(), MOMENTUM)
            return F.group_norm(x, 1, self.weight, self.bias, self.EPSILON)
        mean, gain = self.trained()
        return (x - mean) * gain[:, None] + self.bias[:, None]

    def trained(self) -> tuple[Tensor, Tensor]:
        """Mean that it takes off, and gain [C], after training."""
        return self.mean, self.weight * torch.rsqrt(self.variance + self.EPSILON)


Norm = Callable[[int], ChannelNorm | SoundNorm]


class SeparableBlock(nn.Module):
    """Residual block: depthwise convolution over time, a norm, two pointwise layers (ConvNeXt order)."""

    def __init__(self, channels: int, dilation: int, norm: Norm) -> None:
        super().__init__()
        self.depthwise = nn.Conv1d(channels, channels, 7, padding=3 * dilation, dilation=dilation, groups=channels)
        self.norm: nn.Module = norm(channels)
        self.expand = nn.Conv1d(channels, 2 * channels, 1)
        self.contract = nn.Conv1d(2 * channels, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.contract(F.gelu(self.expand(self.norm(self.depthwise(x)))))

    def fold(self) -> None:
        """Make the norm, as it is after training, part of the depthwise convolution."""
        norm, depthwise = self.norm, self.depthwise
        assert isinstance(norm, ChannelNorm | SoundNorm) and depthwise.bias is not None
        with torch.no_grad():
            mean, gain = norm.trained()
            depthwise.weight *= gain[:, None, None]
            depthwise.bias.copy_((depthwise.bias - mean) * gain + norm.bias)
        self.norm = nn.Identity()


class Tower(nn.Module):
    """Normalised log-mel [B, 80, T] -> hidden [B, 96, T]; heads for visemes [B, 16, T] and lips [B, 5, T]."""

    def __init__(self, norm: Norm = ChannelNorm, channels: int = TOWER_CHANNELS) -> None:
        super().__init__()
        self.stem = nn.Conv1d(MEL_BANDS, channels, 5, padding=2)
        self.blocks = nn.Sequential(*[SeparableBlock(channels, d, norm) for d in DILATIONS])
        self.visemes = nn.Conv1d(channels, len(VISEMES), 1)
        self.lips = nn.Conv1d(channels, len(LIP_PARAMETERS), 1)

    def hidden(self, mel: Float[Tensor, "batch 80 frames"]) -> Float[Tensor, "batch channels frames"]:
        """What its heads read, at 100 Hz."""
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
    """Normalised log-mel [B, 80, T] -> hidden [B, 288, T] of the towers; the means of their heads.

    The closing towers beside them hear a spectrum normalised otherwise (`normalise_audible`).
    """

    def __init__(self, towers: Sequence[Tower] | None = None, closing: Sequence[Tower] | None = None) -> None:
        """Of folded towers; of untrained ones when none are given."""
        super().__init__()
        self.towers = nn.ModuleList(towers if towers is not None else untrained(TOWERS))
        self.closing = nn.ModuleList(closing if closing is not None else untrained(CLOSING_TOWERS))

    def each(self) -> list[Tower]:
        """The towers, in order."""
        return [tower for tower in self.towers if isinstance(tower, Tower)]

    def hidden(self, mel: Float[Tensor, "batch 80 frames"]) -> Float[Tensor, "batch channels frames"]:
        """What its heads read, at 100 Hz."""
        return torch.cat([tower.hidden(mel) for tower in self.each()], dim=1)

    def closing_hidden(self, mel: Float[Tensor, "batch 80 frames"]) -> Float[Tensor, "batch channels frames"]:
        """Hidden features [B, 288, T] of the closing towers."""
        return torch.cat([tower.hidden(mel) for tower in self.closing if isinstance(tower, Tower)], dim=1)

    def heads(self, hidden: Float[Tensor, "batch channels frames"]) -> tuple[Tensor, Tensor]:
        """Viseme scores [B, 16, T] and lips [B, 5, T] of hidden features."""
        parts = list(zip(self.each(), hidden.chunk(len(self.towers), dim=1)))
        visemes = torch.stack([tower.visemes(part) for tower, part in parts]).mean(dim=0)
        return visemes, torch.stack([tower.lips(part) for tower, part in parts]).mean(dim=0)

    def forward(self, mel: Float[Tensor, "batch 80 frames"]) -> tuple[Tensor, Tensor]:
        return self.heads(self.hidden(mel))


def untrained(count: int) -> list[Tower]:
    """Folded towers with weights of chance."""
    return [Tower().folded() for _ in range(count)]
