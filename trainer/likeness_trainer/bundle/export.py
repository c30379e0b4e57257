"""Write a person as a `.likeness` bundle (docs/formats.md, "Avatar bundle")."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from torch import nn

from likeness_trainer.bundle.archive import write_archive
from likeness_trainer.bundle.contents import (
    calibration,
    check_std,
    fast_bytes,
    manifest_of,
    person_files,
    probe_files,
    std_bytes,
)
from likeness_trainer.bundle.heard import heard
from likeness_trainer.bundle.idle import IDLE, idle_bytes
from likeness_trainer.bundle.load import APPEARANCE, Bundle
from likeness_trainer.bundle.probe import probe_sound
from likeness_trainer.bundle.spoken import Spoken
from likeness_trainer.media import read_audio
from likeness_trainer.motion.finetune import STEPS
from likeness_trainer.protocol import Reporter
from likeness_trainer.protocol.jobs import AvatarJob
from likeness_trainer.renderer.fast import FastRenderer
from likeness_trainer.renderer.proxies import control_of
from likeness_trainer.renderer.rig import Rig
from likeness_trainer.tracking.track_file import Track

# Where the parts of an export begin, of all its work: speech to motion, then measuring.
_SPEECH, _MEASURED = 0.05, 0.75


@dataclass(frozen=True)
class Trained:
    """The trained models: the averaged weights, on any device; they are copied, never changed.

    * `std(points [4096,3], directions [4096,3], half_width [4096,1], condition [1,36], texture [1,256,256,2],
      region [1,3,256,256]) -> rgba [1,4,256,256]`, as the inputs of `render.onnx`;
    * `fast`: its weights are rewritten into the 8-bit graph.
    """

    std: nn.Module
    fast: FastRenderer


def export_bundle(
    *,
    job: AvatarJob,
    track: Track,
    rig: Rig,
    seed: int,
    reporter: Reporter,
    measure: Callable[[Bundle, Reporter], dict[str, Any]],
    trained: Trained | None = None,
    appearance: Callable[[], bytes] | None = None,
    sway: Callable[[], np.ndarray | None] | None = None,
    spoken: Spoken | None = None,
    speech_steps: int = STEPS,
) -> tuple[Path, dict[str, Any]]:
    """Write `job.avatar_path` whole, or not at all, and return its path and the held-out report inside it.

    `track` and `rig` describe the person; training and held-out frames are `track.split()`. Speech to motion is fitted
    here, on the training frames, `speech_steps` each fine-tuning, unless `spoken` (of the same track and seed) holds it
    from an earlier export. At least one form is there: what was `trained`, and the `appearance`
    (`appearance.safetensors`), which is asked for once speech to motion is there; then its `sway` [T,8,8,2], which is
    left out again where held-out frames look no better with it.

    `measure(bundle, reporter)` is called once, with everything but probe and report in place, and its answer becomes
    `report.json` (contract schema `EvaluateResult`): `metrics.evaluate.measure_bundle` bound to the job. Of two forms
    it says which one draws, and so does the manifest then.

    Opens no stage and reports no artifact: the caller does; progress is the whole export's. Raises `TrainerError`
    ('disk-full', or 'internal' when a graph does not equal its PyTorch form) and `Cancelled`.
    """
    train, _ = track.split()
    reporter.check_cancelled()
    reporter.progress(0, 100, "%")
    files = person_files(job, track, rig)
    moves: dict[str, np.ndarray] = {}  # of the idle motion, beside the track's
    frames = calibration(track, rig, train) if trained is not None else []
    if trained is not None:
        files["render.onnx"] = std_bytes(trained.std, frames[0])
        files["render-fast.onnx"] = fast_bytes(trained.fast, frames, reporter)
    reporter.check_cancelled()
    audio = _audio(job)
    spoken = spoken or Spoken(track, seed)
    motion, graphs = spoken.fitted(audio, speech_steps, reporter.part(_SPEECH, _MEASURED))
    files |= graphs
    manifest = manifest_of(job, track, motion, spoken.hubert)
    if appearance is not None:
        files[APPEARANCE] = appearance()
    if sway is not None and (tracked := sway()) is not None:
        moves["sway"] = tracked
        files[IDLE] = idle_bytes(track, **moves)
    if trained is None:
        manifest["draws"] = "closed"

    bundle = Bundle(manifest, files, job.cores)
    if trained is not None:
        check_std(bundle, trained.std, frames[len(frames) // 2])
    if audio is not None and motion.share > 0:
        moves["heard"] = heard(bundle.session("speech"), audio, motion.lag_seconds, float(track.time[-1]))
        files[IDLE] = idle_bytes(track, **moves)
    reporter.check_cancelled()
    report = measure(bundle, reporter.part(_MEASURED, 1))
    if "sway" in report and not _better(report["sway"], report["closed"]):
        del report["sway"], moves["sway"]
        files[IDLE] = idle_bytes(track, **moves)
    if "draws" in report:
        manifest["draws"] = report["draws"]
    files |= probe_files(bundle, control_of(track, int(train[len(train) // 2])), probe_sound(audio))
    files["report.json"] = json.dumps(report, indent=1, allow_nan=False).encode()

    path = job.avatar_path
    write_archive(path, manifest, files)
    return path, report


def _better(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return sum(one["psnr"].values()) > sum(other["psnr"].values())


def _audio(job: AvatarJob) -> np.ndarray | None:
    path = job.sound_path
    return read_audio(job.ffmpeg, str(path)) if path.is_file() else None
