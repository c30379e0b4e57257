"""The fast renderer: the same atlas and tri-planes, fewer samples, and a convolutional trunk made for 8-bit integers.

ReLU instead of leaky ReLU, channels in multiples of 16, channels-last shuffles written as transposes, the texture
folded 2x2 so that it enters at 128x128. `bundle` rewrites these weights into the integer graph `render-fast.onnx`.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from likeness_trainer.renderer.proxies import ATLAS_COLUMNS, ATLAS_ROWS, RAY_SIDE
from likeness_trainer.renderer.std import CONDITION, PLANE_CHANNELS, PLANE_SIDE, TEXTURE_CHANNELS
from likeness_trainer.renderer.volume import optical_depth, sample_weights, triplane_features

SAMPLES = 4
HIDDEN = 64  # the first layer of std, whose weights it starts from
FEATURES = 64  # of a ray


def depth_to_space(x: Float[Tensor, "batch channels h w"], factor: int) -> Float[Tensor, "batch shuffled H W"]:
    """Channels in the order (dy, dx, c), moved as runs of a channels-last picture: one Transpose that stays 8-bit."""
    batch, channels, h, w = x.shape
    kept = channels // factor**2
    rows = x.permute(0, 2, 3, 1).reshape(batch * h, w, factor, factor * kept).permute(0, 2, 1, 3)
    return rows.reshape(batch, h * factor, w * factor, kept).permute(0, 3, 1, 2)


def space_to_depth(x: Float[Tensor, "batch channels H W"], factor: int) -> Float[Tensor, "batch folded h w"]:
    """The inverse of `depth_to_space`."""
    batch, channels, h, w = x.shape
    rows = (
        x.permute(0, 2, 3, 1).reshape(batch * h // factor, factor, w // factor, factor * channels).permute(0, 2, 1, 3)
    )
    return rows.reshape(batch, h // factor, w // factor, factor**2 * channels).permute(0, 3, 1, 2)


class FastBlock(nn.Module):
    """Two 3x3 convolutions around a skip, ReLU."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, 1, 1)
        self.second = nn.Conv2d(channels, channels, 3, 1, 1)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.second(F.relu(self.first(x)))


class FastField(nn.Module):
    """Tri-planes and one hidden layer; samples are weighed by opacity, then mixed by one linear layer with FiLM."""

    offsets: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.planes = nn.Parameter(torch.randn(3, PLANE_CHANNELS, PLANE_SIDE, PLANE_SIDE) * 0.05)
        self.first = nn.Linear(3 * PLANE_CHANNELS, HIDDEN, bias=False)
        self.bias = nn.Sequential(nn.Linear(CONDITION, 64), nn.LeakyReLU(0.2), nn.Linear(64, HIDDEN))
        self.density = nn.Linear(HIDDEN, 1)
        self.mix = nn.Linear(SAMPLES * HIDDEN, FEATURES, bias=False)  # input order: sample, hidden
        self.mix_bias = nn.Linear(CONDITION, FEATURES)
        self.gain = nn.Linear(CONDITION, FEATURES)
        self.colour = nn.Linear(FEATURES, 3)
        self.register_buffer("offsets", torch.linspace(-1, 1, SAMPLES)[None], persistent=False)
        with torch.no_grad():  # every sample of a ray starts with the same weights, as in volume rendering
            self.mix.weight.copy_((torch.randn(FEATURES, HIDDEN) * HIDDEN**-0.5).repeat(1, SAMPLES))
        for parameter in self.gain.parameters():
            nn.init.zeros_(parameter)

    def forward(
        self,
        points: Float[Tensor, "rays 3"],
        directions: Float[Tensor, "rays 3"],
        half_width: Float[Tensor, "rays 1"],
        bias: Float[Tensor, "rows hidden"],
        mix_bias: Float[Tensor, "rows features"],
        gain: Float[Tensor, "rows features"],
    ) -> Float[Tensor, "rays features_rgba"]:
        """Features (64), colour (3) and alpha of each ray; the conditions have one row for all rays or a row each."""
        samples = points[:, None] + (directions * half_width)[:, None] * self.offsets[..., None]
        z = self.first(triplane_features(self.planes, samples.reshape(-1, 3))).reshape(-1, SAMPLES, HIDDEN)
        z = F.relu(z + bias[:, None])
        tau = optical_depth(self.density(z)[..., 0], (half_width > 0).to(z.dtype))
        weights = sample_weights(tau)
        mixed = self.mix((z * weights[..., None]).reshape(-1, SAMPLES * HIDDEN))
        features = F.relu((mixed + mix_bias) * (1 + gain))
        return torch.cat([features, self.colour(features), weights.sum(1, keepdim=True)], 1)


class FastTrunk(nn.Module):
    """64x64 features and the folded texture to the 256x256 RGBA residual; 8-bit in `render-fast.onnx`."""

    def __init__(self, channels: int = 64, blocks_64: int = 3, blocks_128: int = 2) -> None:
        super().__init__()
        self.enter = nn.Conv2d(FEATURES, channels, 3, 1, 1)
        self.blocks_64 = nn.Sequential(*[FastBlock(channels) for _ in range(blocks_64)])
        self.up_128 = nn.Conv2d(channels, 32 * 4, 3, 1, 1)
        self.texture_128 = nn.Conv2d(TEXTURE_CHANNELS * 4, 32, 3, 1, 1)
        self.blocks_128 = nn.Sequential(*[FastBlock(32) for _ in range(blocks_128)])
        self.leave = nn.Conv2d(32, 4 * 4, 3, 1, 1)
        for parameter in self.leave.parameters():
            nn.init.zeros_(parameter)

    def forward(
        self, features: Float[Tensor, "batch features 64 64"], folded: Float[Tensor, "batch 32 128 128"]
    ) -> Float[Tensor, "batch 4 256 256"]:
        x = self.blocks_64(F.relu(self.enter(features)))
        x = depth_to_space(F.relu(self.up_128(x)), 2) + self.texture_128(folded)
        return depth_to_space(self.leave(self.blocks_128(F.relu(x))), 2)


class FastRenderer(nn.Module):
    """The floating-point form of `render-fast.onnx`."""

    def __init__(self) -> None:
        super().__init__()
        self.field = FastField()
        self.atlas = nn.Parameter(torch.randn(1, TEXTURE_CHANNELS, ATLAS_ROWS, ATLAS_COLUMNS) * 0.02)
        self.trunk = FastTrunk()

    def forward(
        self,
        points: Float[Tensor, "4096 3"],
        directions: Float[Tensor, "4096 3"],
        half_width: Float[Tensor, "4096 1"],
        condition: Float[Tensor, "1 36"],
        texture: Float[Tensor, "1 256 256 2"],
    ) -> Float[Tensor, "1 4 256 256"]:
        """RGBA 0..1. `texture` holds atlas positions at texel centres (`fast_inputs.texel_centres`)."""
        rays = self.march(points[None], directions[None], half_width[None], condition)
        return self.refine(rays, texture).clamp(0, 1)

    def march(
        self,
        points: Float[Tensor, "batch rays 3"],
        directions: Float[Tensor, "batch rays 3"],
        half_width: Float[Tensor, "batch rays 1"],
        condition: Float[Tensor, "batch 36"],
    ) -> Float[Tensor, "batch features_rgba 64 64"]:
        """Ray features; only rays inside the hull are marched, the rest share the empty ray's features."""
        batch, rays = points.shape[:2]
        active = half_width.reshape(-1).nonzero()[:, 0]
        row = torch.div(active, rays, rounding_mode="floor")
        field = self.field
        bias, mix_bias, gain = field.bias(condition), field.mix_bias(condition), field.gain(condition)
        marched = field(
            points.reshape(-1, 3)[active],
            directions.reshape(-1, 3)[active],
            half_width.reshape(-1, 1)[active],
            bias[row],
            mix_bias[row],
            gain[row],
        )
        nothing = F.relu(mix_bias * (1 + gain))
        empty = torch.cat([nothing, field.colour(nothing), nothing.new_zeros(batch, 1)], 1)
        image = empty[:, None].expand(-1, rays, -1).reshape(batch * rays, -1).index_copy(0, active, marched)
        return image.reshape(batch, rays, -1).transpose(1, 2).reshape(batch, -1, RAY_SIDE, RAY_SIDE)

    def refine(
        self,
        rays: Float[Tensor, "batch features_rgba 64 64"],
        texture: Float[Tensor, "batch 256 256 2"],
        precision: torch.dtype | None = None,
    ) -> Float[Tensor, "batch 4 256 256"]:
        """RGBA before clamping. `precision` runs the trunk in that type (bfloat16 while training)."""
        atlas = self.atlas.expand(texture.shape[0], -1, -1, -1)
        folded = space_to_depth(F.grid_sample(atlas, texture, align_corners=False, padding_mode="zeros"), 2)
        enlarged = F.interpolate(rays[:, FEATURES:], scale_factor=4.0, mode="bilinear", align_corners=False)
        if precision is None:
            return enlarged + self.trunk(rays[:, :FEATURES], folded)
        with torch.autocast(rays.device.type, precision):
            residual = self.trunk(
                rays[:, :FEATURES].contiguous(memory_format=torch.channels_last),
                folded.contiguous(memory_format=torch.channels_last),
            )
        return enlarged + residual.float()

    def texture_table(self) -> Float[Tensor, "rows 8"]:
        """Rows of the fast graph's texture table: row 0 is nothing, then the atlas at twice its resolution."""
        rows, columns = 2 * ATLAS_ROWS, 2 * ATLAS_COLUMNS
        y = (torch.arange(rows, device=self.atlas.device) + 0.5) / rows * 2 - 1
        x = (torch.arange(columns, device=self.atlas.device) + 0.5) / columns * 2 - 1
        grid = torch.stack(torch.meshgrid(x, y, indexing="xy"), -1)[None]
        doubled = F.grid_sample(self.atlas, grid, align_corners=False, padding_mode="zeros")[0]
        table = doubled.permute(1, 2, 0).reshape(rows * columns, -1)
        return torch.cat([table.new_zeros(1, table.shape[1]), table])
