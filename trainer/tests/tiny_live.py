"""Writes `live.onnx` for the avatar engine's tests: the ports of the real one, an answer that can be worked out by
hand.

    cd trainer && .venv/bin/python -m tests.tiny_live [FILE]

Coefficient 0 is six times the mean level over the hundredth of a second round the row; coefficient 1 counts steps.
`live-older.onnx` beside it is of before a step answered for rows after its own, and of a longer window.
"""

from __future__ import annotations

import sys
from pathlib import Path

import torch
from torch import Tensor, nn

from likeness_trainer.motion.live import ANSWERED_ROWS, MARGIN_ROWS, PAST_ROWS, STATE, WINDOW_SAMPLES
from likeness_trainer.speech.sizes import HOP

FIXTURE = Path(__file__).parents[2] / "src/main/studio/engine/fixtures/live.onnx"
FIRST_ROW = PAST_ROWS + MARGIN_ROWS


class TinyLive(nn.Module):
    def forward(self, waveform: Tensor, state: Tensor) -> tuple[Tensor, Tensor]:
        level = nn.functional.avg_pool1d(waveform.abs()[:, None], HOP, HOP, padding=HOP // 2)[
            :, 0, FIRST_ROW : FIRST_ROW + ANSWERED_ROWS, None
        ]
        count = state[:, None, :1].expand(1, ANSWERED_ROWS, 1) * 0.001
        return torch.cat([6 * level, count, level.expand(1, ANSWERED_ROWS, 62) * 0], 2), state + 1


if __name__ == "__main__":
    path = sys.argv[1] if len(sys.argv) > 1 else str(FIXTURE)
    torch.onnx.export(
        TinyLive(),
        (torch.zeros(1, WINDOW_SAMPLES), torch.zeros(1, STATE)),
        path,
        input_names=["waveform", "state"],
        output_names=["expression", "next"],
        opset_version=18,
        dynamo=False,
    )
