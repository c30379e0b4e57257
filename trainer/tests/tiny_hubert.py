"""Writes `hubert/layer-1.onnx` and the `motion-hubert.onnx` that goes with it, for the avatar engine's tests: the ports
of the real ones, answers that can be worked out by hand.

    cd trainer && .venv/bin/python -m tests.tiny_hubert [FOLDER]

A row is the mean loudness of the 45 ms that it hears, and nothing; the mouth opens by it.
"""

from __future__ import annotations

import sys
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from tests.tiny_avatar import OPEN_MOUTH, onnx_bytes
from tests.tiny_variation import FOLDER

SIZE, HEARD, HOP = 2, 720, 640  # two rows of 25 ms, 20 ms apart


class TinyHubert(nn.Module):
    def forward(self, waveform: Tensor) -> Tensor:
        loud = F.avg_pool1d(waveform.abs()[:, None], HEARD, HOP).transpose(1, 2)
        return torch.cat([loud, 0 * loud], 2)


class TinyHubertMotion(nn.Module):
    def forward(self, features: Tensor, hubert: Tensor) -> Tensor:
        opened = torch.zeros(SIZE, 64)
        opened[0, OPEN_MOUTH] = 1.0
        return hubert @ opened + 0 * features[..., :1]


def main(folder: Path) -> None:
    (folder / "hubert").mkdir(exist_ok=True)
    hubert = onnx_bytes(
        TinyHubert(), {"waveform": torch.zeros(1, 16000)}, ["rows"], {"waveform": {1: "N"}, "rows": {1: "R"}}
    )
    motion = onnx_bytes(
        TinyHubertMotion(),
        {"features": torch.zeros(1, 101, 4), "hubert": torch.zeros(1, 101, SIZE)},
        ["expression"],
        {name: {1: "T"} for name in ("features", "hubert", "expression")},
    )
    (folder / "hubert" / "layer-1.onnx").write_bytes(hubert)
    (folder / "motion-hubert.onnx").write_bytes(motion)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
