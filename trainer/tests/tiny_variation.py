"""Writes `variation.onnx` and the `motion.onnx` that goes with it, for the avatar engine's tests: the ports of the real
ones, answers that can be worked out by hand.

    cd trainer && .venv/bin/python -m tests.tiny_variation [FOLDER]

The shift of a row's opening is the first number of its latent, of its width half of that; the opening of what the tiny
avatar says moves by it.
"""

from __future__ import annotations

import sys
from pathlib import Path

import torch
from torch import Tensor, nn

from tests.tiny_avatar import OPEN_MOUTH, TinyMotion, onnx_bytes

FOLDER = Path(__file__).parents[2] / "src/main/studio/engine/fixtures"
TARGETS, LATENTS, LATENT_ROWS = 66, 16, 16


class TinyVariation(nn.Module):
    def forward(self, features: Tensor, noise: Tensor) -> Tensor:
        rows = noise[:, :1].repeat_interleave(LATENT_ROWS, dim=2).transpose(1, 2)[:, : features.shape[1]]
        width = 0 * features[..., :1] + rows * 0.5
        return torch.cat([rows, width, rows.expand(-1, -1, TARGETS - 2) * 0], 2)


class TinyVaried(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.likely = TinyMotion()

    def forward(self, features: Tensor, shift: Tensor) -> Tensor:
        opened = torch.zeros(TARGETS, 64)
        opened[0, OPEN_MOUTH] = 1.0
        return self.likely(features) + shift @ opened


def main(folder: Path) -> None:
    features = torch.zeros(1, 101, 4)
    ports = {"features": {1: "T"}}
    variation = onnx_bytes(
        TinyVariation(),
        {"features": features, "noise": torch.zeros(1, LATENTS, 7)},
        ["shift"],
        ports | {"noise": {2: "L"}, "shift": {1: "T"}},
    )
    motion = onnx_bytes(
        TinyVaried(),
        {"features": features, "shift": torch.zeros(1, 101, TARGETS)},
        ["expression"],
        ports | {"shift": {1: "T"}, "expression": {1: "T"}},
    )
    (folder / "variation.onnx").write_bytes(variation)
    (folder / "motion-varied.onnx").write_bytes(motion)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
