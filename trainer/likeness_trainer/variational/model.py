"""Audio2Motion (Ye et al. 2023, GeneFace): speech to motion, one to many."""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from likeness_trainer.variational.flow import Flow

HIDDEN, LATENT, STRIDE = 128, 16, 4
LAYERS = 4  # of the encoder, and of the decoder
HEADS, REACH = 4, 12  # attention sees so many frames on both sides


class WaveNet(nn.Module):
    """Gated convolutions with dilations 1, 2, 4, 8, each told the condition (van den Oord et al. 2016)."""

    def __init__(self, condition: int) -> None:
        super().__init__()
        self.gates = nn.ModuleList(nn.Conv1d(HIDDEN, 2 * HIDDEN, 3, padding=2**k, dilation=2**k) for k in range(LAYERS))
        self.conditions = nn.ModuleList(nn.Conv1d(condition, 2 * HIDDEN, 1) for _ in range(LAYERS))
        self.outs = nn.ModuleList(nn.Conv1d(HIDDEN, 2 * HIDDEN, 1) for _ in range(LAYERS))

    def forward(self, x: Tensor, condition: Tensor) -> Tensor:
        skipped = torch.zeros_like(x)
        for gate, told, out in zip(self.gates, self.conditions, self.outs):
            value, opened = (gate(x) + told(condition)).chunk(2, dim=1)
            residual, skip = out(torch.tanh(value) * torch.sigmoid(opened)).chunk(2, dim=1)
            x, skipped = (x + residual) * 0.7071, skipped + skip
        return skipped


class Context(nn.Module):
    """Speech features at 25 Hz [B, F, T] -> condition [B, 128, T], with attention over half a second on both sides."""

    def __init__(self, features: int) -> None:
        super().__init__()
        self.project = nn.Conv1d(features, HIDDEN, 3, padding=1)
        self.norm = nn.LayerNorm(HIDDEN)
        self.attention = nn.MultiheadAttention(HIDDEN, HEADS, batch_first=True)

    def forward(self, features: Tensor) -> Tensor:
        x = F.gelu(self.project(features)).transpose(1, 2)
        position = torch.arange(x.shape[1], device=x.device)
        far = (position[:, None] - position[None]).abs() > REACH
        return (x + self._attended(self.norm(x), far)).transpose(1, 2)

    def _attended(self, x: Tensor, far: Tensor) -> Tensor:
        """What `self.attention(x, x, x, attn_mask=far)` answers, written such that its graph takes any length."""
        projected = F.linear(x, self.attention.in_proj_weight, self.attention.in_proj_bias)
        query, key, value = (
            part.unflatten(2, (HEADS, HIDDEN // HEADS)).transpose(1, 2) for part in projected.chunk(3, dim=2)
        )
        likeness = (query @ key.transpose(2, 3) * (HIDDEN // HEADS) ** -0.5).masked_fill(far, float("-inf"))
        return self.attention.out_proj((likeness.softmax(dim=3) @ value).transpose(1, 2).flatten(start_dim=2))


class Audio2Motion(nn.Module):
    """Motion [B, K, T] given speech [B, F, T]; T is a multiple of 4."""

    def __init__(self, features: int, motion: int) -> None:
        super().__init__()
        self.context = Context(features)
        self.before = nn.Conv1d(motion, HIDDEN, 1)
        self.encoder = WaveNet(HIDDEN)
        self.posterior = nn.Conv1d(HIDDEN, 2 * LATENT, STRIDE, stride=STRIDE)
        self.flow = Flow(LATENT, HIDDEN)
        self.after = nn.Conv1d(LATENT, HIDDEN, 3, padding=1)
        self.decoder = WaveNet(HIDDEN)
        self.motion = nn.Sequential(nn.GELU(), nn.Dropout(0.1), nn.Conv1d(HIDDEN, motion, 1))

    def encode(self, motion: Tensor, condition: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log deviation [B, 16, T / 4] of the latent behind a motion."""
        mean, log_deviation = self.posterior(self.encoder(self.before(motion), condition)).chunk(2, dim=1)
        return mean, log_deviation.clamp(-6, 2)

    def decode(self, z: Tensor, condition: Tensor) -> Tensor:
        """The motion [B, K, T] of a latent [B, 16, T / 4]."""
        return self.motion(self.decoder(F.interpolate(self.after(z), scale_factor=STRIDE), condition))

    def reconstruct(self, motion: Tensor, speech: Tensor) -> tuple[Tensor, Float[Tensor, ""]]:
        """The motion again by way of its latent, and the latent's divergence from the prior, nats a value."""
        condition = self.context(speech)
        mean, log_deviation = self.encode(motion, condition)
        z = mean + torch.exp(log_deviation) * torch.randn_like(mean)
        posterior = -0.5 * (((z - mean) * torch.exp(-log_deviation)) ** 2 + 2 * log_deviation + 1.8379).sum(dim=(1, 2))
        prior = self.flow.log_likelihood(z, F.avg_pool1d(condition, STRIDE))
        return self.decode(z, condition), (posterior - prior).mean() / z[0].numel()

    def forward(self, speech: Tensor, noise: Float[Tensor, "batch 16 quarter"], temperature: float = 0.2) -> Tensor:
        """A motion for speech: the likely one at temperature 0, others as it grows."""
        condition = self.context(speech)
        return self.decode(self.flow.inverse(noise * temperature, F.avg_pool1d(condition, STRIDE)), condition)
