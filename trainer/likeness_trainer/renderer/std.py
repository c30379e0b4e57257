"""The std renderer: a small radiance field on the tracked mesh's rays, then a convolutional image module.

The mesh carries the motion, the volume learns residual shape and appearance at 64x64, and the image module adds a
texture atlas sampled at 256x256. The whole reads top to bottom: field, image module, renderer.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from likeness_trainer.renderer.proxies import ATLAS_COLUMNS, ATLAS_ROWS, RAY_SIDE
from likeness_trainer.renderer.volume import optical_depth, sample_weights, triplane_features

CONDITION = 36
PLANE_SIDE, PLANE_CHANNELS = 128, 16
SAMPLES = 8
HIDDEN = 64
FEATURES = 24  # of a ray; the first three are its colour
TEXTURE_CHANNELS = 8
REGIONS = 3


class ResidualBlock(nn.Module):
    """Two 3x3 convolutions around a skip."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, 1, 1)
        self.second = nn.Conv2d(channels, channels, 3, 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.second(F.leaky_relu(self.first(x), 0.2))


class RadianceField(nn.Module):
    """Tri-planes and an MLP; the expression enters as a bias and as FiLM (Perez et al. 2018)."""

    offsets: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.planes = nn.Parameter(torch.randn(3, PLANE_CHANNELS, PLANE_SIDE, PLANE_SIDE) * 0.05)
        self.first = nn.Linear(3 * PLANE_CHANNELS, HIDDEN)
        self.bias = nn.Sequential(nn.Linear(CONDITION, 64), nn.LeakyReLU(0.2), nn.Linear(64, HIDDEN))
        self.second = nn.Linear(HIDDEN, HIDDEN)
        self.gain = nn.Linear(CONDITION, HIDDEN)
        self.density = nn.Linear(HIDDEN, 1)
        self.head = nn.Linear(HIDDEN, FEATURES)
        self.register_buffer("offsets", torch.linspace(-1, 1, SAMPLES)[None], persistent=False)
        # Starts unconditioned: a random start lets colours drift with the expression for hundreds of steps.
        for layer in (self.bias[2], self.gain):
            for parameter in layer.parameters():
                nn.init.zeros_(parameter)

    def forward(
        self,
        points: Float[Tensor, "rays 3"],
        directions: Float[Tensor, "rays 3"],
        half_width: Float[Tensor, "rays 1"],
        bias: Float[Tensor, "rows hidden"],
        gain: Float[Tensor, "rows hidden"],
        jitter: Float[Tensor, "rays samples"] | None = None,
    ) -> Float[Tensor, "rays features_alpha"]:
        """Features and alpha of each ray. `bias` and `gain` have one row for all rays or a row each;
        `jitter` in -.5..+.5 sample spacings (stratified sampling while training)."""
        offsets = self.offsets if jitter is None else self.offsets + jitter * (2 / (SAMPLES - 1))
        samples = points[:, None] + directions[:, None] * (offsets * half_width)[..., None]
        z = self.first(triplane_features(self.planes, samples.reshape(-1, 3))).reshape(-1, SAMPLES, HIDDEN)
        z = F.relu(z + bias[:, None])
        z = F.relu(self.second(z) * (1 + gain[:, None]))
        tau = optical_depth(self.density(z)[..., 0], (half_width > 0).to(z.dtype))
        weights = sample_weights(tau)
        # The colour head is linear, so it runs once a ray on the composited hidden vector, not once a sample.
        composited = (z * weights[..., None]).sum(1)
        return torch.cat([self.head(composited), weights.sum(1, keepdim=True)], 1)


class ImageModule(nn.Module):
    """64x64 ray features to 256x256 RGBA: the volume's image enlarged plus a residual (Shi et al. 2016 upsampling)."""

    def __init__(self, channels: int = 64, blocks: int = 4) -> None:
        super().__init__()
        textured = TEXTURE_CHANNELS + REGIONS
        self.enter = nn.Conv2d(FEATURES + 1, channels, 3, 1, 1)
        self.film = nn.Linear(CONDITION, 2 * channels)
        self.blocks_64 = nn.Sequential(*[ResidualBlock(channels) for _ in range(blocks)])
        self.up_128 = nn.Conv2d(channels, 32 * 4, 3, 1, 1)
        self.texture_128 = nn.Conv2d(textured, 32, 4, 2, 1)
        self.blocks_128 = nn.Sequential(ResidualBlock(32), ResidualBlock(32))
        self.up_256 = nn.Conv2d(32, 16 * 4, 3, 1, 1)
        self.texture_256 = nn.Conv2d(textured, 16, 3, 1, 1)
        self.refine = nn.Conv2d(16, 16, 3, 1, 1)
        self.leave = nn.Conv2d(16, 4, 3, 1, 1)
        for layer in (self.film, self.leave):  # starts as the enlarged volume, unconditioned
            for parameter in layer.parameters():
                nn.init.zeros_(parameter)

    def forward(
        self,
        features: Float[Tensor, "batch features_alpha 64 64"],
        condition: Float[Tensor, "batch 36"],
        textured: Float[Tensor, "batch 11 256 256"],
    ) -> Float[Tensor, "batch 4 256 256"]:
        scale, shift = self.film(condition)[..., None, None].chunk(2, 1)
        x = F.leaky_relu(self.enter(features), 0.2) * (1 + scale) + shift
        x = F.leaky_relu(F.pixel_shuffle(self.up_128(self.blocks_64(x)), 2), 0.2)
        x = self.blocks_128(x + self.texture_128(textured))
        x = F.leaky_relu(F.pixel_shuffle(self.up_256(x), 2), 0.2)
        x = F.leaky_relu(self.refine(x + self.texture_256(textured)), 0.2)
        return self.leave(x)


class StdRenderer(nn.Module):
    """`render.onnx`: the inputs and the output of the graph table in docs/formats.md."""

    def __init__(self) -> None:
        super().__init__()
        self.field = RadianceField()
        self.atlas = nn.Parameter(torch.randn(1, TEXTURE_CHANNELS, ATLAS_ROWS, ATLAS_COLUMNS) * 0.02)
        self.image = ImageModule()

    def forward(
        self,
        points: Float[Tensor, "4096 3"],
        directions: Float[Tensor, "4096 3"],
        half_width: Float[Tensor, "4096 1"],
        condition: Float[Tensor, "1 36"],
        texture: Float[Tensor, "1 256 256 2"],
        region: Float[Tensor, "1 3 256 256"],
    ) -> Float[Tensor, "1 4 256 256"]:
        """RGBA 0..1, colour not multiplied by alpha."""
        rays = self.field(points, directions, half_width, self.field.bias(condition), self.field.gain(condition))
        features = rays.t().reshape(1, -1, RAY_SIDE, RAY_SIDE)
        return self.refine(features, condition, texture, region).clamp(0, 1)

    def march(
        self,
        points: Float[Tensor, "batch rays 3"],
        directions: Float[Tensor, "batch rays 3"],
        half_width: Float[Tensor, "batch rays 1"],
        condition: Float[Tensor, "batch 36"],
        random: torch.Generator | None = None,
    ) -> Float[Tensor, "batch features_alpha 64 64"]:
        """Ray features: only rays inside the hull are marched. With `random`, samples are jittered (training)."""
        batch, rays = points.shape[:2]
        active = half_width.reshape(-1).nonzero()[:, 0]
        row = torch.div(active, rays, rounding_mode="floor")
        jitter = None
        if random is not None:
            jitter = torch.rand(len(active), SAMPLES, generator=random, device=points.device) - 0.5
        marched = self.field(
            points.reshape(-1, 3)[active],
            directions.reshape(-1, 3)[active],
            half_width.reshape(-1, 1)[active],
            self.field.bias(condition)[row],
            self.field.gain(condition)[row],
            jitter,
        )
        # An empty ray composites to nothing: alpha 0 and the head's bias, as the whole graph gives it.
        empty = torch.cat([self.field.head.bias, self.field.head.bias.new_zeros(1)])
        image = empty.expand(batch * rays, -1).index_copy(0, active, marched)
        return image.reshape(batch, rays, -1).transpose(1, 2).reshape(batch, -1, RAY_SIDE, RAY_SIDE)

    def refine(
        self,
        features: Float[Tensor, "batch features_alpha 64 64"],
        condition: Float[Tensor, "batch 36"],
        texture: Float[Tensor, "batch 256 256 2"],
        region: Float[Tensor, "batch 3 256 256"],
        precision: torch.dtype | None = None,
    ) -> Float[Tensor, "batch 4 256 256"]:
        """RGBA before clamping. `precision` runs the convolutions in that type (bfloat16 while training)."""
        atlas = self.atlas.expand(texture.shape[0], -1, -1, -1)
        sampled = F.grid_sample(atlas, texture, align_corners=False, padding_mode="zeros")
        textured = torch.cat([sampled, region], 1)
        coarse = torch.cat([features[:, :3], features[:, -1:]], 1)
        enlarged = F.interpolate(coarse, scale_factor=4.0, mode="bilinear", align_corners=False)
        if precision is None:
            return enlarged + self.image(features, condition, textured)
        with torch.autocast(features.device.type, precision):
            residual = self.image(
                features.contiguous(memory_format=torch.channels_last),
                condition,
                textured.contiguous(memory_format=torch.channels_last),
            )
        return enlarged + residual.float()
