"""Patch discriminators (Isola et al. 2017) with spectral norm (Miyato et al. 2018): one sees the face, one the
portrait."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm


class PatchDiscriminator(nn.Module):
    """Scores of overlapping patches, and the features on the way (for feature matching)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            [
                spectral_norm(nn.Conv2d(3, channels, 4, 2, 1)),
                spectral_norm(nn.Conv2d(channels, 2 * channels, 4, 2, 1)),
                spectral_norm(nn.Conv2d(2 * channels, 4 * channels, 4, 2, 1)),
                spectral_norm(nn.Conv2d(4 * channels, 4 * channels, 3, 1, 1)),
            ]
        )
        self.score = nn.Conv2d(4 * channels, 1, 3, 1, 1)

    def forward(self, image: Float[Tensor, "batch 3 h w"]) -> tuple[Tensor, list[Tensor]]:
        features = []
        for layer in self.layers:
            image = F.leaky_relu(layer(image), 0.2)
            features.append(image)
        return self.score(image), features


class Discriminators(nn.Module):
    """The face at 144x144 (its own pixels) and the whole portrait at 128x128."""

    def __init__(self) -> None:
        super().__init__()
        self.face = PatchDiscriminator(32)
        self.portrait = PatchDiscriminator(24)
        self.eval()

    @torch.no_grad()
    def iterate(self) -> None:
        """One power iteration of every spectral norm. Forward passes only read the norms (the module stays in eval
        mode), so that frames can be judged in parallel threads."""
        self.train()
        for judge in (self.face, self.portrait):
            for layer in judge.layers:
                layer.weight  # noqa: B018 - the parametrization iterates when it is read in train mode
        self.eval()
