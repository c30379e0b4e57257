"""Write a trained person as a `.likeness` bundle (docs/formats.md, "Avatar bundle")."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from torch import nn

    from likeness_trainer.protocol import Reporter
    from likeness_trainer.renderer.rig import Rig
    from likeness_trainer.tracking.track_file import Track

    from .load import Bundle


def export_bundle(
    *,
    job: dict[str, Any],
    track: Track,
    rig: Rig,
    std: nn.Module,
    fast: nn.Module,
    reporter: Reporter,
    measure: Callable[[Bundle], dict[str, Any]] | None = None,
) -> tuple[Path, dict[str, Any]]:
    """Write `job["avatarPath"]` whole, or not at all, and return its path and the held-out report inside it.

    `job` is the `train` job: `source`, `analysisDir` (audio16k.wav, plate.png), `avatarPath`, `name`, `preset`,
    `consent` and `ffmpeg` are read. `track` and `rig` describe the person; training and held-out frames are
    `track.split()`. `std` and `fast` are the trained models (the EMA weights, on any device; they are copied to
    the CPU and set to eval, never changed):

    * `std(points [4096,3], directions [4096,3], half_width [4096,1], condition [1,36], texture [1,256,256,2],
      region [1,3,256,256]) -> rgba [1,4,256,256]`, as the inputs of `render.onnx`;
    * `fast`: `renderer.fast.FastRenderer`, whose weights are rewritten into the int8 graph here.

    `measure(bundle)` is called once with the finished graphs and rig, and its answer becomes `report.json`
    (contract schema `EvaluateResult`); left out, `metrics.evaluate.measure_bundle` runs over the held-out frames.

    Stages reported: none of its own (the caller opens one); progress counts the bundle's parts.
    Raises `TrainerError` ("disk-full", "internal" when a graph does not equal its PyTorch form) and `Cancelled`.
    """
    raise NotImplementedError
