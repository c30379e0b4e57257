"""Write a training's checkpoint as a bundle, to be looked at before the training is done (docs/formats.md,
"Avatars of a checkpoint")."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

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
from likeness_trainer.bundle.load import Bundle
from likeness_trainer.bundle.probe import probe_sound
from likeness_trainer.motion.fit import general_person
from likeness_trainer.protocol import Reporter
from likeness_trainer.protocol.jobs import CheckpointJob
from likeness_trainer.renderer.fast import FastRenderer
from likeness_trainer.renderer.proxies import control_of
from likeness_trainer.renderer.rig import Rig
from likeness_trainer.tracking.track_file import Track

_PARTS = 4


def export_checkpoint(
    *,
    job: CheckpointJob,
    track: Track,
    rig: Rig,
    std: nn.Module,
    fast: FastRenderer | None,
    checkpoint: dict[str, Any],
    reporter: Reporter,
) -> Path:
    """Write `job.avatar_path` whole, or not at all.

    It costs a few seconds of one core, so it leaves out what takes long: speech drives the mouth as it does for anybody
    (fitting it to the person takes as long as the rest together, several times), and nothing is measured, so there is
    no `report.json`. `fast` is None while it has not been trained: the bundle then has the std graph alone.

    `checkpoint` is the contract's `Checkpoint`: what the bundle was made of. Raises as `export_bundle` does.
    """
    train, _ = track.split()
    frames = calibration(track, rig, train)
    reporter.progress(1, _PARTS, "parts")
    reporter.check_cancelled()
    files = likeness_files(job, track, rig, std, frames[0])
    reporter.progress(2, _PARTS, "parts")
    reporter.check_cancelled()
    if fast is not None:
        files["render-fast.onnx"] = fast_bytes(fast, frames, reporter)
    reporter.progress(3, _PARTS, "parts")
    with tempfile.TemporaryDirectory() as folder:
        motion = general_person(track, train, Path(folder))
        files |= {"speech.onnx": motion.speech_path.read_bytes(), "motion.onnx": motion.motion_path.read_bytes()}
    manifest = manifest_of(job, track, motion) | {"checkpoint": checkpoint}

    bundle = Bundle(manifest, files, 1)
    check_std(bundle, std, frames[len(frames) // 2])
    files |= probe_files(bundle, control_of(track, int(train[len(train) // 2])), probe_sound(None))
    reporter.check_cancelled()
    path = job.avatar_path
    write_archive(path, manifest, files)
    reporter.progress(_PARTS, _PARTS, "parts")
    return path
