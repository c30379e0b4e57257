"""Writes `live.onnx` for the avatar engine's tests: the ports of the real one, an answer that can be worked out by
hand.

    cd trainer && .venv/bin/python -m tests.tiny_live [FILE]

Coefficient 0 is six times the mean level over the hundredth of a second round the row; coefficient 1 counts steps.
"""

from __future__ import annotations

import sys
from pathlib import Path

import torch
from torch import Tensor, nn

FIXTURE = Path(__file__).parents[2] / "src/main/studio/engine/fixtures/live.onnx"
STATE, SAMPLES, FIRST_ROW, ROWS = 85, 72 * 160, 53, 4


class TinyLive(nn.Module):
    def forward(self, waveform: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        level = nn.functional.avg_pool1d(waveform.abs()[:, None], 160, 160, padding=80)[
            :, 0, FIRST_ROW : FIRST_ROW + ROWS, None
        ]
        count = state[:, None, :1].expand(1, ROWS, 1) * 0.001
        return torch.cat([6 * level, count, level.expand(1, ROWS, 62) * 0], 2), state + 1


if __name__ == "__main__":
    path = sys.argv[1] if len(sys.argv) > 1 else str(FIXTURE)
    torch.onnx.export(
        TinyLive(),
        (torch.zeros(1, SAMPLES), torch.zeros(1, STATE)),
        path,
        input_names=["waveform", "state"],
        output_names=["expression", "next"],
        opset_version=18,
        dynamo=False,
    )
