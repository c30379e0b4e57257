"""Write a training's checkpoint as a bundle, to be looked at before the training is done (docs/formats.md,
"Avatars of a checkpoint")."""

from __future__ import annotations

import tempfile
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
from likeness_trainer.bundle.load import APPEARANCE, Bundle, Draws
from likeness_trainer.bundle.probe import probe_sound
from likeness_trainer.motion.fit import general_person
from likeness_trainer.protocol import Reporter
from likeness_trainer.protocol.jobs import CheckpointJob
from likeness_trainer.renderer.fast import FastRenderer
from likeness_trainer.renderer.proxies import control_of
from likeness_trainer.renderer.rig import Rig
from likeness_trainer.tracking.track_file import Track

_PARTS = 4


@dataclass(frozen=True)
class Forms:
    """What a training has by its checkpoint."""

    std: nn.Module
    fast: FastRenderer | None  # None before its stage
    appearance: bytes | None  # `appearance.safetensors`; trainings begun by earlier versions have none
    sway: np.ndarray | None  # [T,8,8,2] of all frames, where it is tracked already
    draws: Draws  # what showed held-out frames better so far


def export_checkpoint(
    *,
    job: CheckpointJob,
    track: Track,
    rig: Rig,
    forms: Forms,
    checkpoint: dict[str, Any],
    reporter: Reporter,
) -> Path:
    """Write `job.avatar_path` whole, or not at all.

    It costs a few seconds of one core, so it leaves out what takes long: speech drives the mouth as it does for anybody
    (fitting it to the person takes as long as the rest together, several times), and nothing is measured, so there is
    no `report.json`.

    `checkpoint` is the contract's `Checkpoint`: what the bundle was made of. Raises as `export_bundle` does.
    """
    train, _ = track.split()
    frames = calibration(track, rig, train)
    reporter.progress(1, _PARTS, "parts")
    reporter.check_cancelled()
    files = person_files(job, track, rig, forms.sway)
    files["render.onnx"] = std_bytes(forms.std, frames[0])
    reporter.progress(2, _PARTS, "parts")
    reporter.check_cancelled()
    if forms.fast is not None:
        files["render-fast.onnx"] = fast_bytes(forms.fast, frames, reporter)
    if forms.appearance is not None:
        files[APPEARANCE] = forms.appearance
    reporter.progress(3, _PARTS, "parts")
    with tempfile.TemporaryDirectory() as folder:
        motion = general_person(track, train, Path(folder))
        files |= {"speech.onnx": motion.speech_path.read_bytes(), "motion.onnx": motion.motion_path.read_bytes()}
    manifest = manifest_of(job, track, motion) | {"draws": forms.draws, "checkpoint": checkpoint}

    bundle = Bundle(manifest, files, 1)
    check_std(bundle, forms.std, frames[len(frames) // 2])
    files |= probe_files(bundle, control_of(track, int(train[len(train) // 2])), probe_sound(None))
    reporter.check_cancelled()
    path = job.avatar_path
    write_archive(path, manifest, files)
    reporter.progress(_PARTS, _PARTS, "parts")
    return path
