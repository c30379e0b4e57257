"""A normalising flow over latent sequences: affine couplings in alternating halves (Dinh et al. 2017), conditioned on
speech."""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor, nn

STEPS, HIDDEN = 4, 64
LARGEST_LOG_SCALE = 1.5


class Coupling(nn.Module):
    """Half of the channels moves the other half; starts as the identity."""

    def __init__(self, latent: int, condition: int, flipped: bool) -> None:
        super().__init__()
        self.kept, self.flipped = latent // 2, flipped
        self.net = nn.Sequential(
            nn.Conv1d(self.kept + condition, HIDDEN, 3, padding=1),
            nn.GELU(),
            nn.Conv1d(HIDDEN, HIDDEN, 3, padding=1),
            nn.GELU(),
            nn.Conv1d(HIDDEN, 2 * (latent - self.kept), 1),
        )
        for parameter in self.net[-1].parameters():
            nn.init.zeros_(parameter)

    def _moves(self, fixed: Tensor, condition: Tensor) -> tuple[Tensor, Tensor]:
        shift, scale = self.net(torch.cat([fixed, condition], dim=1)).chunk(2, dim=1)
        return shift, LARGEST_LOG_SCALE * torch.tanh(scale)

    def forward(self, z: Tensor, condition: Tensor) -> tuple[Tensor, Tensor]:
        z = z.flip(1) if self.flipped else z
        fixed, moved = z[:, : self.kept], z[:, self.kept :]
        shift, scale = self._moves(fixed, condition)
        z = torch.cat([fixed, moved * torch.exp(scale) + shift], dim=1)
        return (z.flip(1) if self.flipped else z), scale.sum(dim=(1, 2))

    def inverse(self, z: Tensor, condition: Tensor) -> Tensor:
        """The way back: the latents [B, latent, T] behind noise of that shape."""
        z = z.flip(1) if self.flipped else z
        fixed, moved = z[:, : self.kept], z[:, self.kept :]
        shift, scale = self._moves(fixed, condition)
        z = torch.cat([fixed, (moved - shift) * torch.exp(-scale)], dim=1)
        return z.flip(1) if self.flipped else z


class Flow(nn.Module):
    """Latents [B, latent, T] to a standard normal and back."""

    def __init__(self, latent: int, condition: int) -> None:
        super().__init__()
        couplings = [Coupling(latent, condition, step % 2 == 1) for step in range(STEPS)]
        self.couplings = nn.ModuleList(couplings)
        self._order = couplings  # the same ones, with their type

    def forward(self, z: Float[Tensor, "batch latent frames"], condition: Tensor) -> tuple[Tensor, Tensor]:
        """Noise that `z` comes from, and the logarithm of the volume change [B]."""
        change = z.new_zeros(len(z))
        for coupling in self._order:
            z, more = coupling(z, condition)
            change = change + more
        return z, change

    def inverse(self, noise: Float[Tensor, "batch latent frames"], condition: Tensor) -> Tensor:
        """The way back: the latents [B, latent, T] behind noise of that shape."""
        for coupling in reversed(self._order):
            noise = coupling.inverse(noise, condition)
        return noise

    def log_likelihood(self, z: Float[Tensor, "batch latent frames"], condition: Tensor) -> Tensor:
        """Of `z` under the flow, [B] nats."""
        noise, change = self(z, condition)
        return -0.5 * (noise**2 + torch.log(torch.tensor(2 * torch.pi))).sum(dim=(1, 2)) + change
