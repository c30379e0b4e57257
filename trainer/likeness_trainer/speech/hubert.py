"""HuBERT (Hsu et al. 2021) as a feature extractor, reading the checkpoint that its authors published.

The architecture is that of `facebook/hubert-large-ll60k`: seven strided convolutions with layer norm, a grouped
convolution over time as relative position, and 24 transformer blocks with the norm before each part ("stable layer
norm"). The names of modules follow the checkpoint's, so that its weights load as they are. Nothing is trained here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from likeness_trainer.protocol import Reporter, TrainerError
from likeness_trainer.speech.sizes import SAMPLE_RATE

KERNELS, STRIDES = (10, 3, 3, 3, 3, 2, 2), (5, 2, 2, 2, 2, 2, 2)
HOP, RECEPTIVE_FIELD = 320, 400  # samples: 50 rows a second, each of 25 ms
NORM_EPSILON = 1e-5
HALVED_CENTRE_SECONDS = (HOP / 2 + RECEPTIVE_FIELD / 2) / SAMPLE_RATE  # of the first pair of rows
CHUNK_SECONDS, CONTEXT_SECONDS = 20.0, 4.0  # attention grows with the square of the length


@dataclass(frozen=True)
class HubertShape:
    """Sizes of a HuBERT; the defaults are those of the large one."""

    convolution: int = 512
    hidden: int = 1024
    feed_forward: int = 4096
    layers: int = 24
    heads: int = 16
    position_kernel: int = 128
    position_groups: int = 16


class ConvolutionLayer(nn.Module):
    """Strided convolution, layer norm over channels, GELU."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int) -> None:
        super().__init__()
        self.conv = nn.Conv1d(inputs, outputs, kernel, stride=stride)
        self.layer_norm = nn.LayerNorm(outputs, eps=NORM_EPSILON)

    def forward(self, x: Tensor) -> Tensor:
        return F.gelu(self.layer_norm(self.conv(x).transpose(1, 2)).transpose(1, 2))


class Attention(nn.Module):
    """Multi-head self-attention."""

    def __init__(self, shape: HubertShape) -> None:
        super().__init__()
        self.heads = shape.heads
        self.q_proj, self.k_proj = nn.Linear(shape.hidden, shape.hidden), nn.Linear(shape.hidden, shape.hidden)
        self.v_proj, self.out_proj = nn.Linear(shape.hidden, shape.hidden), nn.Linear(shape.hidden, shape.hidden)

    def forward(self, x: Float[Tensor, "batch rows hidden"]) -> Float[Tensor, "batch rows hidden"]:
        batch, rows, hidden = x.shape

        def split(projected: Tensor) -> Tensor:
            return projected.view(batch, rows, self.heads, hidden // self.heads).transpose(1, 2)

        attended = F.scaled_dot_product_attention(split(self.q_proj(x)), split(self.k_proj(x)), split(self.v_proj(x)))
        return self.out_proj(attended.transpose(1, 2).reshape(batch, rows, hidden))


class FeedForward(nn.Module):
    """Two linear layers with a GELU between."""

    def __init__(self, shape: HubertShape) -> None:
        super().__init__()
        self.intermediate_dense = nn.Linear(shape.hidden, shape.feed_forward)
        self.output_dense = nn.Linear(shape.feed_forward, shape.hidden)

    def forward(self, x: Tensor) -> Tensor:
        return self.output_dense(F.gelu(self.intermediate_dense(x)))


class Block(nn.Module):
    """A transformer block with the norm before each part."""

    def __init__(self, shape: HubertShape) -> None:
        super().__init__()
        self.attention, self.feed_forward = Attention(shape), FeedForward(shape)
        self.layer_norm = nn.LayerNorm(shape.hidden, eps=NORM_EPSILON)
        self.final_layer_norm = nn.LayerNorm(shape.hidden, eps=NORM_EPSILON)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attention(self.layer_norm(x))
        return x + self.feed_forward(self.final_layer_norm(x))


class PositionEmbedding(nn.Module):
    """A grouped convolution over time; its even kernel gives one row too many, which is dropped."""

    def __init__(self, shape: HubertShape) -> None:
        super().__init__()
        kernel = shape.position_kernel
        self.even = kernel % 2 == 0
        self.conv = nn.Conv1d(shape.hidden, shape.hidden, kernel, padding=kernel // 2, groups=shape.position_groups)

    def forward(self, x: Tensor) -> Tensor:
        moved = self.conv(x.transpose(1, 2))
        return F.gelu(moved[..., :-1] if self.even else moved).transpose(1, 2)


class FeatureEncoder(nn.Module):
    """Waveform to rows of convolution features."""

    def __init__(self, shape: HubertShape) -> None:
        super().__init__()
        width = shape.convolution
        self.conv_layers = nn.ModuleList(
            ConvolutionLayer(width if layer else 1, width, kernel, stride)
            for layer, (kernel, stride) in enumerate(zip(KERNELS, STRIDES))
        )

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.conv_layers:
            x = layer(x)
        return x.transpose(1, 2)


class FeatureProjection(nn.Module):
    """Convolution features to the transformer's width."""

    def __init__(self, shape: HubertShape) -> None:
        super().__init__()
        self.layer_norm = nn.LayerNorm(shape.convolution, eps=NORM_EPSILON)
        self.projection = nn.Linear(shape.convolution, shape.hidden)

    def forward(self, x: Tensor) -> Tensor:
        return self.projection(self.layer_norm(x))


class Transformer(nn.Module):
    """Position and blocks. Layer 0 is what enters the first block; the last one has the closing norm."""

    def __init__(self, shape: HubertShape) -> None:
        super().__init__()
        self.pos_conv_embed = PositionEmbedding(shape)
        self.layers = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.layer_norm = nn.LayerNorm(shape.hidden, eps=NORM_EPSILON)

    def forward(self, x: Tensor, last: int) -> list[Tensor]:
        x = x + self.pos_conv_embed(x)
        found = [x]
        for block in self.layers[:last]:
            x = block(x)
            found.append(x)
        return [*found[:-1], self.layer_norm(x)] if last == len(self.layers) else found


class Hubert(nn.Module):
    """Waveform [B, N] at 16 kHz, of mean 0 and deviation 1 -> rows [B, R, hidden] of each layer from 0 to `last`,
    R = (N - 400) // 320 + 1."""

    def __init__(self, shape: HubertShape) -> None:
        super().__init__()
        self.shape = shape
        self.feature_extractor = FeatureEncoder(shape)
        self.feature_projection = FeatureProjection(shape)
        self.encoder = Transformer(shape)

    def forward(self, waveform: Float[Tensor, "batch samples"], last: int) -> list[Float[Tensor, "batch rows hidden"]]:
        return self.encoder(self.feature_projection(self.feature_extractor(waveform[:, None])), last)


def load_hubert(path: Path) -> Hubert:
    """A published checkpoint (`pytorch_model.bin`); its sizes are read from the weights.

    Raises TrainerError `bad-checkpoint` when the file is not one.
    """
    try:
        weights = torch.load(path, map_location="cpu", weights_only=True)
        weights = {name.removeprefix("hubert."): value.float() for name, value in weights.items()}
        weights.pop("masked_spec_embed", None)  # for training only
        weights = {name: value for name, value in weights.items() if not name.startswith(("lm_head.", "label_embed"))}
        weights["encoder.pos_conv_embed.conv.weight"] = _unfolded_position(weights)
        hubert = Hubert(_shape_of(weights))
        hubert.load_state_dict(weights)
    except Exception as problem:
        raise TrainerError(
            "bad-checkpoint",
            "This is not a HuBERT checkpoint of the published kind.",
            'Add the file named by "likeness models list".',
            str(problem),
        ) from problem
    return hubert.eval()


def _unfolded_position(weights: dict[str, Tensor]) -> Tensor:
    """The position kernel from its weight norm over time (Salimans, Kingma 2016), under the old or the new names."""
    prefix = "encoder.pos_conv_embed.conv."
    old, new = ("weight_g", "weight_v"), ("parametrizations.weight.original0", "parametrizations.weight.original1")
    names = old if prefix + old[0] in weights else new
    gain, direction = (weights.pop(prefix + name) for name in names)
    return gain * direction / direction.norm(dim=(0, 1), keepdim=True)


def _shape_of(weights: dict[str, Tensor]) -> HubertShape:
    hidden, convolution = weights["feature_projection.projection.weight"].shape
    position = weights["encoder.pos_conv_embed.conv.weight"]
    return HubertShape(
        convolution=convolution,
        hidden=hidden,
        feed_forward=len(weights["encoder.layers.0.feed_forward.intermediate_dense.bias"]),
        layers=len({name.split(".")[2] for name in weights if name.startswith("encoder.layers.")}),
        heads=max(hidden // 64, 1),  # 64 channels a head, in every published size
        position_kernel=position.shape[2],
        position_groups=hidden // position.shape[1],
    )


def hubert_rows(
    hubert: Hubert, waveform: np.ndarray, layers: Sequence[int], reporter: Reporter | None = None
) -> dict[int, np.ndarray]:
    """Rows [R, hidden] of each of the layers for a waveform [N] at 16 kHz, in chunks with context on both sides; row k
    is centred at k * 20 ms + 12.5 ms. Raises Cancelled."""
    sound = standardised(waveform)
    padded = np.pad(sound, (0, max(0, RECEPTIVE_FIELD - len(sound))))
    total = (len(padded) - RECEPTIVE_FIELD) // HOP + 1
    step, context = (round(seconds * SAMPLE_RATE / HOP) for seconds in (CHUNK_SECONDS, CONTEXT_SECONDS))
    found = {layer: np.empty((total, hubert.shape.hidden), np.float32) for layer in layers}
    for first in range(0, total, step):
        begin, end = max(first - context, 0), min(first + step + context, total)
        samples = torch.from_numpy(padded[begin * HOP : (end - 1) * HOP + RECEPTIVE_FIELD])
        with torch.no_grad():
            rows = hubert(samples[None], max(layers))
        own = slice(first - begin, min(first + step, total) - begin)
        for layer in layers:
            found[layer][first : first + step] = rows[layer][0, own].numpy()
        if reporter:
            reporter.check_cancelled()
            reporter.progress(min(first + step, total), total, "rows")
    return found


def standardised(waveform: np.ndarray) -> np.ndarray:
    """A waveform [N] of mean 0 and deviation 1, as HuBERT was trained on."""
    sound = np.asarray(waveform, np.float32)
    return (sound - sound.mean()) / np.sqrt(sound.var() + 1e-7)


def halved(rows: np.ndarray) -> np.ndarray:
    """50 rows a second to 25, by the mean of each pair: [R // 2, hidden], row k centred at k * 40 ms + 22.5 ms."""
    even = rows[: len(rows) // 2 * 2]
    return even.reshape(-1, 2, even.shape[1]).mean(axis=1)
