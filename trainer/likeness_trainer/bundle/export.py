"""Write a trained person as a `.likeness` bundle (docs/formats.md, "Avatar bundle")."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from torch import nn

from likeness_trainer.bundle.archive import write_archive
from likeness_trainer.bundle.contents import (
    calibration,
    check_std,
    fast_bytes,
    likeness_files,
    manifest_of,
    probe_files,
)
from likeness_trainer.bundle.heard import heard
from likeness_trainer.bundle.idle import idle_bytes
from likeness_trainer.bundle.load import APPEARANCE, Bundle
from likeness_trainer.bundle.probe import probe_sound
from likeness_trainer.media import read_audio
from likeness_trainer.motion.finetune import STEPS
from likeness_trainer.motion.fit import MotionFit
from likeness_trainer.protocol import Reporter
from likeness_trainer.protocol.jobs import TrainJob
from likeness_trainer.renderer.fast import FastRenderer
from likeness_trainer.renderer.proxies import control_of
from likeness_trainer.renderer.rig import Rig
from likeness_trainer.tracking.track_file import Track
from likeness_trainer.variational.person import fit_person


def export_bundle(
    *,
    job: TrainJob,
    track: Track,
    rig: Rig,
    std: nn.Module,
    fast: FastRenderer,
    reporter: Reporter,
    measure: Callable[[Bundle], dict[str, Any]],
    appearance: bytes | None = None,
    speech_steps: int = STEPS,
) -> tuple[Path, dict[str, Any]]:
    """Write `job.avatar_path` whole, or not at all, and return its path and the held-out report inside it.

    `track` and `rig` describe the person; training and held-out frames are `track.split()`. Speech to motion is fitted
    here, on the training frames, `speech_steps` each fine-tuning. `std` and `fast` are the trained models (the averaged
    weights, on any device; they are copied, never changed):

    * `std(points [4096,3], directions [4096,3], half_width [4096,1], condition [1,36], texture [1,256,256,2],
      region [1,3,256,256]) -> rgba [1,4,256,256]`, as the inputs of `render.onnx`;
    * `fast`: its weights are rewritten into the 8-bit graph.

    `measure(bundle)` is called once, with everything but probe and report in place, and its answer becomes
    `report.json` (contract schema `EvaluateResult`): `metrics.evaluate.measure_bundle` bound to the job. With
    `appearance` (`appearance.safetensors`) it says which of the two forms draws, and so does the manifest then.

    Opens no stage and reports no artifact: the caller does. Raises `TrainerError` ('disk-full', or 'internal' when a
    graph does not equal its PyTorch form) and `Cancelled`.
    """
    train, _ = track.split()
    frames = calibration(track, rig, train)
    reporter.check_cancelled()
    files = likeness_files(job, track, rig, std, frames[0]) | {"render-fast.onnx": fast_bytes(fast, frames, reporter)}
    reporter.check_cancelled()
    audio = _audio(job)
    motion, graphs = _motion(track, audio, train, job, reporter, speech_steps)
    files |= graphs
    manifest = manifest_of(job, track, motion)
    if appearance is not None:
        files[APPEARANCE] = appearance

    bundle = Bundle(manifest, files, job.cores)
    check_std(bundle, std, frames[len(frames) // 2])
    if audio is not None and motion.share > 0:
        rows = heard(bundle.session("speech"), audio, motion.lag_seconds, float(track.time[-1]))
        files["idle.safetensors"] = idle_bytes(track, rows)
    reporter.check_cancelled()
    report = measure(bundle)
    if "draws" in report:
        manifest["draws"] = report["draws"]
    files |= probe_files(bundle, control_of(track, int(train[len(train) // 2])), probe_sound(audio))
    files["report.json"] = json.dumps(report, indent=1, allow_nan=False).encode()

    path = job.avatar_path
    write_archive(path, manifest, files)
    return path, report


def _audio(job: TrainJob) -> np.ndarray | None:
    path = job.sound_path
    return read_audio(job.ffmpeg, str(path)) if path.is_file() else None


def _motion(
    track: Track, audio: np.ndarray | None, train: np.ndarray, job: TrainJob, reporter: Reporter, steps: int
) -> tuple[MotionFit, dict[str, bytes]]:
    with tempfile.TemporaryDirectory() as folder:
        fit = fit_person(
            track, audio, train_idx=train, out_dir=Path(folder), reporter=reporter, seed=job.seed, steps=steps
        )
        paths = (fit.speech_path, fit.motion_path, fit.live_path, fit.variation_path)
        return fit, {path.name: path.read_bytes() for path in paths if path is not None}
