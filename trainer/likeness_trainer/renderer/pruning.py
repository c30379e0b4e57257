"""The fast renderer without the channels that hardly say anything (structured pruning, after Li et al. 2017)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy

import numpy as np
import torch
from torch import Tensor, nn

from likeness_trainer.renderer.fast import FastBlock, FastRenderer
from likeness_trainer.renderer.fast_inputs import texel_centres
from likeness_trainer.renderer.proxies import Proxies

# Of all that a block's second convolution hears: so much is said by the quietest channels together, which go. Of a
# training of three minutes that is half of all, for .02 dB; no channel at all is quiet while nothing is trained.
QUIET = 0.02
LOOKED_AT = 6  # frames
_STEP = 8  # channels: a number of them that is no multiple of this is no faster


@torch.no_grad()
def pruned(fast: FastRenderer, frames: Sequence[Proxies], quiet: float = QUIET) -> FastRenderer:
    """A copy on the processor that draws nearly the same, judged by what its blocks do in some of `frames`."""
    model = deepcopy(fast).cpu().float().eval()
    some = [frames[row] for row in np.linspace(0, len(frames) - 1, min(LOOKED_AT, len(frames))).round().astype(int)]
    blocks = [block for block in model.trunk.modules() if isinstance(block, FastBlock)]
    heard = [torch.zeros(block.second.in_channels) for block in blocks]
    hooks = [
        block.second.register_forward_pre_hook(_adding_to(total, block.second)) for block, total in zip(blocks, heard)
    ]
    for proxies in some:
        model(*_inputs(proxies))
    for hook in hooks:
        hook.remove()
    for block, loudness in zip(blocks, heard):
        _keep(block, kept_channels(loudness, quiet))
    return model


def kept_channels(loudness: Tensor, quiet: float) -> Tensor:
    """Which of the channels [c] stay, ascending: without the quietest that make up at most `quiet` of all, and as many
    of these as fill a step of eight."""
    order = loudness.argsort(descending=True)
    beyond = loudness.sum() - loudness[order].cumsum(0)  # what all quieter ones say
    needed = int((beyond > quiet * loudness.sum()).sum()) + 1
    return order[: min(len(order), -(-needed // _STEP) * _STEP)].sort().values


def _adding_to(total: Tensor, second: nn.Conv2d) -> Callable[[nn.Module, tuple[Tensor, ...]], None]:
    weight = second.weight.square().sum((0, 2, 3)).sqrt()

    def add(_: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        total.add_(inputs[0].abs().mean((0, 2, 3)) * weight)

    return add


def _keep(block: FastBlock, channels: Tensor) -> None:
    first, second = block.first, block.second
    assert first.bias is not None
    for layer, weight in ((first, first.weight[channels]), (second, second.weight[:, channels])):
        layer.weight = nn.Parameter(weight)
    first.bias = nn.Parameter(first.bias[channels])
    first.out_channels = second.in_channels = len(channels)


def _inputs(proxies: Proxies) -> list[Tensor]:
    """One frame's, as the renderer takes them."""
    arrays = (
        proxies.points,
        proxies.directions,
        proxies.half_width,
        proxies.condition[None],
        texel_centres(proxies.texture)[None],
    )
    return [torch.from_numpy(array) for array in arrays]
