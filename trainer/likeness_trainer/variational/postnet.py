"""From general motion to a person's own: a 1-D network learned from their frames and, adversarially, from sound without
any."""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor, nn

HIDDEN, KERNEL = 64, 5
SPEAKER = 32


class PostNet(nn.Module):
    """General lips [B, 5, T] and a speaker [B, 32] -> motion [B, K, T]; starts as the linear map alone."""

    def __init__(self, lips: int, motion: int) -> None:
        super().__init__()
        pad = KERNEL // 2
        self.linear = nn.Conv1d(lips, motion, KERNEL, padding=pad)
        self.first = nn.Conv1d(lips + SPEAKER, HIDDEN, KERNEL, padding=pad)
        self.second = nn.Conv1d(HIDDEN, HIDDEN, KERNEL, padding=pad)
        self.last = nn.Conv1d(HIDDEN, motion, KERNEL, padding=pad)
        for parameter in self.last.parameters():
            nn.init.zeros_(parameter)

    def forward(self, lips: Tensor, speaker: Float[Tensor, "batch 32"]) -> Tensor:
        told = torch.cat([lips, speaker[..., None].expand(-1, -1, lips.shape[2])], dim=1)
        return self.linear(lips) + self.last(torch.relu(self.second(torch.relu(self.first(told)))))


class Discriminator(nn.Module):
    """Is this motion [B, K, T] the person's? One score for every half second (least squares, Mao et al. 2017)."""

    def __init__(self, motion: int) -> None:
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv1d(motion, HIDDEN, 5, padding=2),
            nn.LeakyReLU(0.2),
            nn.Conv1d(HIDDEN, HIDDEN, 5, stride=2, padding=2),
            nn.LeakyReLU(0.2),
            nn.Conv1d(HIDDEN, 1, 3, padding=1),
        )

    def forward(self, motion: Tensor) -> Tensor:
        return self.net(motion)


def speaker_embedding(
    hidden: Float[Tensor, "frames channels"], basis: Float[Tensor, "two_channels 32"]
) -> Float[Tensor, 32]:
    """Mean and deviation of a speaker's hidden features, through a fixed random basis."""
    statistics = torch.cat([hidden.mean(dim=0), hidden.std(dim=0)])
    return torch.tanh(statistics @ basis)


def speaker_basis(channels: int, seed: int = 0) -> Float[Tensor, "two_channels 32"]:
    """The same for everybody."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(2 * channels, SPEAKER, generator=generator) / (2 * channels) ** 0.5
