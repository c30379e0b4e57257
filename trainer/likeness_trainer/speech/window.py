"""The towers on a window of sound: a few rows of their output, at the price of those rows.

Live speech needs few of the rows it hears answered (`motion/live.py`). A row that no later layer needs is not computed,
and all towers go side by side through one chain of grouped convolutions. These have two spatial dimensions, one of them
of a single row: ONNX Runtime has blocked kernels for those, which take a third of the time
(docs/decisions/live-speech.md).
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from likeness_trainer.speech.encoder import SeparableBlock, Tower


class WindowedTowers(nn.Module):
    """Normalised log-mel [1, 80, window] -> hidden [1, C, last - first] of rows `first` to `last` of each tower in
    turn.

    The same numbers as `Tower.hidden`: sound ends, and begins, in zeros in every layer.
    """

    def __init__(self, towers: Sequence[Tower], window: int, first: int, last: int) -> None:
        """Of folded towers, whose weights are copied."""
        super().__init__()
        blocks = [[block for block in tower.blocks if isinstance(block, SeparableBlock)] for tower in towers]
        if any(not isinstance(block.norm, nn.Identity) for chain in blocks for block in chain):
            raise ValueError("towers must be folded")
        layers = [
            nn.ModuleList(
                side_by_side([b.depthwise for b in same], [b.expand for b in same], [b.contract for b in same])
            )
            for same in reversed(list(zip(*blocks, strict=True)))
        ]
        # From the last layer to the first: which rows of each are needed.
        self.reaches: list[Reach] = []
        for layer in layers:
            self.reaches.insert(0, Reach.of(layer[0], window, first, last))
            first, last = self.reaches[0].first, self.reaches[0].last
        self.stem = shared([tower.stem for tower in towers])
        self.stem_reach = Reach.of(self.stem, window, first, last)
        self.blocks = nn.ModuleList(reversed(layers))

    def forward(self, mel: Float[Tensor, "1 80 window"]) -> Float[Tensor, "1 channels rows"]:
        reach = self.stem_reach
        x = F.gelu(self.stem(reach.padded(mel[:, :, None, reach.first : reach.last])))
        for block, reach in zip(self.blocks, self.reaches, strict=True):
            assert isinstance(block, nn.ModuleList)
            depthwise, expand, contract = block
            x = reach.inner(x) + contract(F.gelu(expand(depthwise(reach.padded(x)))))
        return x[:, :, 0]


class Reach:
    """Which rows of its input a convolution needs for some of its output: those of a window, and zeros beyond its
    ends."""

    def __init__(self, window: int, first: int, last: int, reach: int) -> None:
        """`first` to `last` of the output, each from `reach` rows on both sides."""
        self.first, self.last = max(first - reach, 0), min(last + reach, window)
        self.zeros = (max(reach - first, 0), max(last + reach - window, 0))
        self.kept = slice(first - self.first, last - self.first)

    @classmethod
    def of(cls, convolution: nn.Module, window: int, first: int, last: int) -> Reach:
        """For `first` to `last` of what a convolution makes of a window."""
        assert isinstance(convolution, nn.Conv2d)
        return cls(window, first, last, convolution.dilation[1] * (convolution.kernel_size[1] // 2))

    def padded(self, x: Tensor) -> Tensor:
        """What goes into the convolution, of rows `first` to `last`."""
        return F.pad(x, self.zeros) if any(self.zeros) else x

    def inner(self, x: Tensor) -> Tensor:
        """The rows of the input that are rows of the output."""
        return x[..., self.kept]


def side_by_side(*layers: Sequence[nn.Conv1d]) -> list[nn.Conv2d]:
    """Of each layer, one convolution that is all of them, each on channels of its own."""
    return [joined(layer, sum(c.in_channels for c in layer), sum(c.groups for c in layer)) for layer in layers]


def shared(layer: Sequence[nn.Conv1d]) -> nn.Conv2d:
    """One convolution that is all of them on the same input."""
    return joined(layer, layer[0].in_channels, 1)


def joined(layer: Sequence[nn.Conv1d], inputs: int, groups: int) -> nn.Conv2d:
    """Their weights in one convolution over the last of two dimensions, without padding."""
    like = layer[0]
    convolution = nn.Conv2d(
        inputs,
        sum(c.out_channels for c in layer),
        (1, like.kernel_size[0]),
        dilation=(1, like.dilation[0]),
        groups=groups,
    )
    with torch.no_grad():
        convolution.weight.copy_(torch.cat([c.weight for c in layer])[:, :, None])
        assert convolution.bias is not None
        convolution.bias.copy_(torch.cat([c.bias for c in layer if c.bias is not None]))
    return convolution
