"""The fast renderer rewritten for its graph: the same function, arranged so that the runtime moves little memory.

* The field's layers are matrix products over all samples at once that end channels-last; FiLM is folded into the
  mixing weights of the frame.
* The texture is one Gather of 8-bit rows instead of a GridSample.
* The volume's enlargement is one convolution, so that it can be 8-bit like the trunk.
* The picture leaves as 8-bit RGBA.
"""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from jaxtyping import Float, Int
from torch import Tensor, nn

from likeness_trainer.bundle.render_graph import trace
from likeness_trainer.renderer.fast import FEATURES, HIDDEN, SAMPLES, FastRenderer
from likeness_trainer.renderer.proxies import RAY_SIDE, SIDE
from likeness_trainer.renderer.std import TEXTURE_CHANNELS
from likeness_trainer.renderer.volume import DENSITY_BIAS, OPTICAL_DEPTH

TEXTURE_ZERO = 128
_TEXTURE_SHARE = 0.9999  # of the texels are stored without clipping
_FOLDED = SIDE // 2
_ENLARGEMENT = SIDE // RAY_SIDE


class _Dequantise(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, stored: Tensor, scale: Tensor, zero: Tensor) -> Tensor:
        return (stored.float() - zero.float()) * scale

    @staticmethod
    def symbolic(graph: Any, stored: Any, scale: Any, zero: Any) -> Any:
        return graph.op("DequantizeLinear", stored, scale, zero)


class _ToBytes(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, scale: Tensor, zero: Tensor) -> Tensor:
        return (x / scale).round().clamp(0, 255).to(torch.uint8)

    @staticmethod
    def symbolic(graph: Any, x: Any, scale: Any, zero: Any) -> Any:
        return graph.op("QuantizeLinear", x, scale, zero)


class Rows(nn.Module):
    """Rows of a table; a module of its own so that the quantiser finds it by name."""

    def forward(self, table: Tensor, index: Tensor) -> Tensor:
        return table[index]


class Enlarge(nn.Module):
    """Bilinear enlargement by 4 (half-pixel centres, edges repeated) as one 3x3 convolution to 16 sub-pixels."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        factor = _ENLARGEMENT
        weight = torch.zeros(factor, factor, channels, channels, 3, 3)  # dy, dx, out, in, ky, kx
        for dy in range(factor):
            for dx in range(factor):
                kernel = torch.outer(self._taps(dy), self._taps(dx))
                for channel in range(channels):
                    weight[dy, dx, channel, channel] = kernel
        self.spread = nn.Conv2d(channels, factor * factor * channels, 3, bias=False)
        self.spread.weight = nn.Parameter(weight.reshape(-1, channels, 3, 3))

    @staticmethod
    def _taps(sub_pixel: int) -> Tensor:
        """Weights of the pixel before, at and after for one of the four sub-pixels."""
        offset = (sub_pixel + 0.5) / _ENLARGEMENT - 0.5
        return torch.tensor([max(0.0, -offset), 1 - abs(offset), max(0.0, offset)])

    def forward(self, x: Tensor) -> Tensor:
        return shuffle(self.spread(F.pad(x, (1, 1, 1, 1), mode="replicate")), RAY_SIDE, _ENLARGEMENT)


def shuffle(x: Tensor, side: int, factor: int) -> Tensor:
    """`renderer.fast.depth_to_space` with its sizes written out, which keeps the traced graph free of shape sums."""
    channels = x.shape[1] // factor**2
    rows = x.permute(0, 2, 3, 1).reshape(side, side, factor, factor * channels).permute(0, 2, 1, 3)
    return rows.reshape(1, side * factor, side * factor, channels).permute(0, 3, 1, 2)


class Trunk(nn.Module):
    """`renderer.fast.FastTrunk` with fixed sizes."""

    def __init__(self, fast: FastRenderer) -> None:
        super().__init__()
        trunk = fast.trunk
        self.enter, self.blocks_64, self.up_128 = trunk.enter, trunk.blocks_64, trunk.up_128
        self.texture_128, self.blocks_128, self.leave = trunk.texture_128, trunk.blocks_128, trunk.leave

    def forward(self, features: Tensor, folded: Tensor) -> Tensor:
        x = self.blocks_64(F.relu(self.enter(features)))
        x = shuffle(F.relu(self.up_128(x)), RAY_SIDE, 2) + self.texture_128(folded)
        return shuffle(self.leave(self.blocks_128(F.relu(x))), _FOLDED, 2)


class FastGraph(nn.Module):
    """`render-fast.onnx` before quantisation; inputs as docs/formats.md."""

    table: Tensor
    scale: Tensor
    zero: Tensor
    byte: Tensor
    black: Tensor
    mix: Tensor
    offsets_on_ray: Tensor
    up_to: Tensor

    def __init__(self, fast: FastRenderer) -> None:
        super().__init__()
        fast = copy.deepcopy(fast).cpu().float().eval()
        self.field = field = fast.field
        self.trunk, self.enlarge, self.rows = Trunk(fast), Enlarge(4), Rows()
        with torch.no_grad():
            table, self.texture_scale = texture_bytes(fast.texture_table())
            # the mixing layer reads (sample, hidden); here products come out as (hidden, sample)
            mix = field.mix.weight.reshape(FEATURES, SAMPLES, HIDDEN).transpose(1, 2).reshape(FEATURES, -1)
        for name, value in {
            "table": table,
            "scale": torch.tensor(self.texture_scale),
            "zero": torch.tensor(TEXTURE_ZERO, dtype=torch.uint8),
            "byte": torch.tensor(1 / 255),
            "black": torch.tensor(0, dtype=torch.uint8),
            "mix": mix.contiguous(),
            "offsets_on_ray": torch.linspace(-1, 1, SAMPLES).reshape(SAMPLES, 1, 1),
            "up_to": torch.tril(torch.ones(SAMPLES, SAMPLES)),
        }.items():
            self.register_buffer(name, value)

    def forward(
        self,
        points: Float[Tensor, "3 1 rays 2"],
        offsets: Float[Tensor, "3 1 rays 2"],
        active: Float[Tensor, "1 rays"],
        condition: Float[Tensor, "1 36"],
        texels: Int[Tensor, " texels"],
        scatter: Int[Tensor, " pixels"],
    ) -> Int[Tensor, "1 256 256 4"]:
        field, planes = self.field, self.field.planes
        inside = 1 - 1 / planes.shape[-1]
        positions = (points + offsets * self.offsets_on_ray).clamp(-inside, inside)
        looked_up = F.grid_sample(planes, positions, align_corners=False, padding_mode="zeros")
        rays = points.shape[2]
        z = F.relu(
            field.first.weight @ looked_up.reshape(3 * planes.shape[1], -1) + field.bias(condition).t()
        )  # [H, S n]
        density = field.density.weight @ z + (field.density.bias - DENSITY_BIAS)
        tau = F.softplus(density).reshape(SAMPLES, rays) * (active * (OPTICAL_DEPTH / (SAMPLES - 1)))
        reached = self.up_to @ tau
        left = torch.exp(-reached)
        weights = torch.exp(tau - reached) - left
        weighed = (z.reshape(HIDDEN, SAMPLES, rays) * weights).reshape(HIDDEN * SAMPLES, rays)
        gain = 1 + field.gain(condition)  # [1, 64]
        features = F.relu(weighed.t() @ (self.mix.t() * gain) + field.mix_bias(condition) * gain)  # [n, 64]
        volume = torch.cat([features @ field.colour.weight.t() + field.colour.bias, 1 - left[-1:].t()], 1)

        features = self.rows(features, scatter).reshape(1, RAY_SIDE, RAY_SIDE, FEATURES).permute(0, 3, 1, 2)
        volume = volume[scatter].reshape(1, RAY_SIDE, RAY_SIDE, 4).permute(0, 3, 1, 2)
        folded = self.table[texels].reshape(1, _FOLDED, _FOLDED, 4 * TEXTURE_CHANNELS)
        folded = _Dequantise.apply(folded, self.scale, self.zero).permute(0, 3, 1, 2)
        picture = self.trunk(features, folded) + self.enlarge(volume)
        return _ToBytes.apply(picture.permute(0, 2, 3, 1), self.byte, self.black)


def texture_bytes(table: Float[Tensor, "rows channels"]) -> tuple[Int[Tensor, "rows channels"], float]:
    """The table in 8 bits around 128, and the value of one step."""
    # numpy's quantile: torch's refuses more than 16 million values
    scale = max(float(np.quantile(table.abs().numpy(), _TEXTURE_SHARE)) / 127, 1e-6)
    return (table / scale + TEXTURE_ZERO).round().clamp(0, 255).to(torch.uint8), scale


def trace_fast(graph: FastGraph, inputs: dict[str, np.ndarray]) -> onnx.ModelProto:
    """The fp32 ONNX form; `inputs` are one frame's, as `inputs.fast_inputs` gives them."""
    dynamic = {"points": {2: "n"}, "offsets": {2: "n"}, "active": {1: "n"}}
    return trace(graph.eval(), {name: torch.from_numpy(value) for name, value in inputs.items()}, dynamic=dynamic)
