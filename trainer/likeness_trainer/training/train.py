"""`train`: from an analysed video to an avatar, in stages that can be stopped and resumed at any moment."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from likeness_trainer.appearance.detail import Footage
from likeness_trainer.appearance.reduction import appearance_of
from likeness_trainer.bundle.export import export_bundle
from likeness_trainer.metrics.evaluate import measure_bundle
from likeness_trainer.protocol import Reporter, TrainerError
from likeness_trainer.protocol.jobs import TrainJob
from likeness_trainer.renderer.proxies import control_of
from likeness_trainer.renderer.rig import Rig
from likeness_trainer.renderer.rig_fit import carve_hull, fit_rig
from likeness_trainer.tracking.track_file import Track
from likeness_trainer.training.batches import Batches
from likeness_trainer.training.crops import CropStore, prepare_crops, source_frames
from likeness_trainer.training.device import Compute, choose_device, choose_precision
from likeness_trainer.training.observation import Observation
from likeness_trainer.training.pieces import Threads
from likeness_trainer.training.presets import recipe_for
from likeness_trainer.training.run import Run
from likeness_trainer.training.selection import evenly, informative_frames

STAGES = ("prepare", "volume", "refine", "adversarial", "fast", "export")
MIN_TRAINING_FRAMES = 20
HULL_FRAMES = 400


def train(job: TrainJob, reporter: Reporter) -> dict[str, Any]:
    """Trains and writes `job.avatar_path`; returns {avatar, seconds, metrics}.

    Raises TrainerError ('too-short', 'not-found', 'no-device', 'bad-checkpoint')
    and Cancelled; a checkpoint is saved before Cancelled leaves.
    """
    started = time.monotonic()
    device = choose_device(job.device)
    track = Track.load(job.track_path)
    recipe = recipe_for(job.preset, job.minutes)
    run_directory = job.run_dir
    run_directory.mkdir(parents=True, exist_ok=True)

    reporter.stage(STAGES[0], 0, len(STAGES))
    frames, held_out = training_frames(track, recipe.frames)
    crops = prepare_crops(job, track, np.union1d(frames, held_out), run_directory / "crops", reporter)
    rig = _rig(track, frames, crops, run_directory / "rig.safetensors", job.resume)
    precision = choose_precision(device)
    threads = Threads(device, job.cores, recipe.batch)
    batches = Batches(rig, track, crops, frames, recipe.batch, threads.pieces, job.seed, device)
    observation = Observation(rig, track, batches, held_out)
    belongs = {"recipe": asdict(recipe), "seed": job.seed, "frames": [int(frame) for frame in frames]}
    run = Run(run_directory, recipe, belongs, Compute(device, precision), threads, batches, observation, reporter)
    if job.resume:
        run.resume()
    for minutes in job.further[len(run.further) :]:
        run.go_on(minutes)
    run.finish(STAGES)
    threads.close()

    reporter.stage(STAGES[-1], len(STAGES) - 1, len(STAGES))
    reporter.check_cancelled()
    appearance = appearance_of(
        rig,
        [control_of(track, int(frame)) for frame in frames],
        [crops.picture(int(frame)) for frame in frames],
        [crops.mask(int(frame)) for frame in frames],
        job.seed,
        _footage(job, track, frames, reporter),
    )
    path, report = export_bundle(
        job=job,
        track=track,
        rig=rig,
        std=run.std.average,
        fast=run.fast.average,
        reporter=reporter,
        speech_steps=recipe.speech_steps,
        measure=lambda bundle: measure_bundle(bundle, job, reporter),
        appearance=appearance.content(),
    )
    reporter.artifact("avatar", path)
    return {"avatar": str(path), "seconds": time.monotonic() - started, "metrics": run.measured | _figures(report)}


def training_frames(track: Track, limit: int) -> tuple[np.ndarray, np.ndarray]:
    """Source frames to train on (at most `limit`) and to look at, which are never trained on."""
    train_frames, held_out = track.split()
    if len(train_frames) < MIN_TRAINING_FRAMES:
        raise TrainerError(
            "too-short",
            f"Only {len(train_frames)} frames of this video show the face well enough to train on.",
            "Use a video of at least a few seconds in which the face is well visible.",
        )
    return informative_frames(track, train_frames, limit), evenly(held_out if len(held_out) else train_frames, 100)


def _footage(job: TrainJob, track: Track, frames: np.ndarray, reporter: Reporter) -> Footage:
    """Rows are those of `frames`."""

    def read(rows: Sequence[int], size: tuple[int, int]) -> Iterator[np.ndarray]:
        return source_frames(job, frames[list(rows)].tolist(), size, reporter)

    return Footage(track.width, track.height, read)


def _rig(track: Track, frames: np.ndarray, crops: CropStore, path: Path, reuse: bool) -> Rig:
    if reuse and path.exists():
        return Rig.load(path)
    whole = fit_rig(track, frames)
    masks = ((int(frame), crops.mask(int(frame))) for frame in evenly(frames, HULL_FRAMES))
    rig = whole.with_hull(carve_hull(whole, track, masks))
    rig.save(path)
    return rig


def _figures(report: dict[str, Any]) -> dict[str, float]:
    """The held-out report's numbers, flat: psnr.face and so on."""
    flat: dict[str, float] = {}
    for name in ("psnr", "ssim", "sharpness"):
        for part, value in (report.get(name) or {}).items():
            if isinstance(value, (int, float)):
                flat[f"{name}.{part}"] = float(value)
    return flat
