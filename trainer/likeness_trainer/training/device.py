"""Where to train, and in which precision the convolutions run there."""

from __future__ import annotations

import time
from dataclasses import dataclass

import torch
from torch import nn

from likeness_trainer.protocol import TrainerError
from likeness_trainer.training.peers import ALONE, Peers


@dataclass(frozen=True)
class Compute:
    """`precision` None runs the convolutions in float32; the volume and the losses always do."""

    device: torch.device
    precision: torch.dtype | None
    peers: Peers = ALONE


def choose_device(wanted: str) -> torch.device:
    """`auto` takes a GPU when there is one. Raises TrainerError('no-device')."""
    if wanted == "cuda" and not torch.cuda.is_available():
        raise TrainerError(
            "no-device",
            "There is no CUDA GPU this program can use.",
            "Train on the processor, or install the GPU's driver.",
        )
    return torch.device("cuda" if wanted != "cpu" and torch.cuda.is_available() else "cpu")


def choose_precision(device: torch.device) -> torch.dtype | None:
    """bfloat16 where it is native: known for a GPU and for AVX-512 processors, timed for others (about a second)."""
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else None
    if torch.cpu._is_avx512_bf16_supported():  # not timed: on a busy computer the clock has said the opposite
        return torch.bfloat16
    return torch.bfloat16 if _seconds(torch.bfloat16) < 0.8 * _seconds(None) else None


def _seconds(precision: torch.dtype | None) -> float:
    """Best time of a few forward and backward passes of the trunk's typical convolution."""
    layer = nn.Conv2d(64, 64, 3, 1, 1)
    image = torch.rand(1, 64, 64, 64).contiguous(memory_format=torch.channels_last).requires_grad_()
    best, stop = float("inf"), time.perf_counter() + 0.4
    while time.perf_counter() < stop:
        start = time.perf_counter()
        with torch.autocast("cpu", precision or torch.bfloat16, enabled=precision is not None):
            layer(image).square().mean().backward()
        best = min(best, time.perf_counter() - start)
    return best
