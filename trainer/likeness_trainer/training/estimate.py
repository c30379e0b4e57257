"""`estimate`: how long each preset takes on this computer, from a few real steps of every stage on a person's own
frames."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

from likeness_trainer.protocol import Reporter
from likeness_trainer.protocol.jobs import EstimateJob
from likeness_trainer.renderer.rig_fit import carve_hull, fit_rig
from likeness_trainer.tracking.track_file import Track
from likeness_trainer.training.batches import Batches
from likeness_trainer.training.crops import prepare_crops
from likeness_trainer.training.device import Compute, choose_device, choose_precision
from likeness_trainer.training.fast_training import PLAYS_FROM, FastTraining
from likeness_trainer.training.observation import MEASURED_FRAMES, SHOWN_FRAMES, render_batch
from likeness_trainer.training.pieces import Threads
from likeness_trainer.training.presets import PRESETS, Recipe
from likeness_trainer.training.std_training import StdTraining
from likeness_trainer.training.sway import MOST_TRACKED, SECONDS_A_FRAME
from likeness_trainer.training.train import training_frames

FRAMES = 32  # of the clip's first good ones: enough to draw batches from, quick to decode
WARM_STEPS = 2  # the first steps of a shape set up memory and choose kernels
TIMED_STEPS = 12  # at most
ENOUGH_SECONDS = 1.0  # of timed steps


def estimate(job: EstimateJob, reporter: Reporter) -> dict[str, Any]:
    """Returns {device, threads, secondsByPreset, secondsPerStep}; seconds are of whole trainings, set-up and export
    included.

    Nothing is kept on disk. Raises TrainerError as `train` does.
    """
    device = choose_device(job.device)
    track = Track.load(job.track_path)
    available, _ = training_frames(track, max(recipe.frames for recipe in PRESETS.values()))
    frames = available[:FRAMES]
    # the shortest training of each batch size
    recipes = {recipe.batch: recipe for recipe in reversed(PRESETS.values()) if recipe.trains}
    # A processor takes a large batch piece after piece, so the small one tells of it; a GPU takes it whole.
    measured = sorted(recipes) if device.type == "cuda" else [min(recipes)]
    count = 1 + len(measured)
    reporter.stage("prepare", 0, count)
    with tempfile.TemporaryDirectory(prefix="likeness-estimate-") as folder:
        begun = time.perf_counter()
        crops = prepare_crops(job, track, frames, Path(folder), reporter)
        per_frame = (time.perf_counter() - begun) / (int(frames[-1]) + 1)
        whole = fit_rig(track, frames)
        rig = whole.with_hull(carve_hull(whole, track, ((int(frame), crops.mask(int(frame))) for frame in frames)))
        compute = Compute(device, choose_precision(device))
        costs: dict[int, dict[str, float]] = {}
        for index, batch in enumerate(measured):
            reporter.stage("steps", 1 + index, count)
            threads = Threads(device, job.cores, batch)
            batches = Batches(rig, track, crops, frames, batch, threads.pieces, 0, device)
            try:
                costs[batch] = step_costs(recipes[batch], compute, threads, batches, reporter)
            except torch.OutOfMemoryError:
                torch.cuda.empty_cache()  # this preset is not for this computer
            finally:
                threads.close()
    if device.type != "cuda":
        costs = {batch: _times(costs[measured[0]], batch / measured[0]) for batch in recipes}

    seconds = {
        name: training_seconds(recipe, costs[recipe.batch]) if recipe.trains else 0.0
        for name, recipe in PRESETS.items()
        if recipe.batch in costs or not recipe.trains
    }
    # What a recipe's fixed minutes hold runs on the processor, whose speed the small batches tell unless a GPU made
    # them.
    draft = PRESETS["draft"]
    slower = 1.0 if device.type == "cuda" else seconds["draft"] / (60 * (draft.minutes - draft.fixed_minutes))
    decoded = per_frame * (int(available[-1]) + 1)
    tracked = min(len(track.good), MOST_TRACKED)
    beside = decoded + slower * SECONDS_A_FRAME * tracked / job.cores  # the sway, beside its instant avatar
    return {
        "device": torch.cuda.get_device_name(device) if device.type == "cuda" else "cpu",
        "threads": job.cores,
        "secondsByPreset": {
            name: decoded + value + 60 * recipe.fixed_minutes * slower + (beside if recipe.trains else 0)
            for name, value in seconds.items()
            for recipe in [PRESETS[name]]
        },
        "secondsPerStep": {str(batch): cost for batch, cost in costs.items()},
    }


def training_seconds(recipe: Recipe, cost: dict[str, float]) -> float:
    """Steps, held-out measurements and proofs of a recipe, at `cost` seconds a step of each stage and a
    picture."""
    steps = {
        "volume": recipe.volume_steps,
        "refine": recipe.refine_steps,
        "adversarial": recipe.adversarial_steps,
        "fast": recipe.fast_steps,
    }
    pictures = MEASURED_FRAMES * (recipe.steps / recipe.measure_steps + 4) + SHOWN_FRAMES * (
        recipe.steps / recipe.proof_steps + 4
    )
    return sum(count * cost[name] for name, count in steps.items()) + pictures * cost["picture"]


def step_costs(
    recipe: Recipe, compute: Compute, threads: Threads, batches: Batches, reporter: Reporter
) -> dict[str, float]:
    """Seconds of a step of every stage, and of one held-out picture; batches are made beside it as in a training."""
    std = StdTraining(recipe, compute, threads)
    fast = FastTraining(recipe, compute, threads, std.game)
    first_refining, fast_playing = recipe.volume_steps, round(PLAYS_FROM * recipe.fast_steps)
    stages: dict[str, Callable[[int, list], Any]] = {
        "volume": lambda step, pieces: std.step(step, pieces),
        "refine": lambda step, pieces: std.step(first_refining + step, pieces),
        "adversarial": lambda step, pieces: std.step(first_refining + recipe.refine_steps + step, pieces),
        "fast": lambda step, pieces: fast.step(fast_playing + step, pieces),  # the dearer part of the stage
    }
    costs = {}
    for place, (name, run) in enumerate(stages.items()):
        costs[name] = _seconds(run, batches, compute.device, reporter)
        reporter.progress(place + 1, len(stages) + 1, "stages")
    with torch.no_grad():
        frame = batches.frames_of(0)[:1]
        costs["picture"] = min(
            _timed(lambda: render_batch(std.average, batches.of(frame, np.zeros((1, 3), np.float32))), compute.device)
            for _ in range(2)
        )
    reporter.progress(len(stages) + 1, len(stages) + 1, "stages")
    return costs


def _seconds(run: Callable[[int, list], Any], batches: Batches, device: torch.device, reporter: Reporter) -> float:
    """Median seconds from step to step, waiting for the batch included, the first ones left out."""
    ends = [time.perf_counter()]
    for step, pieces in batches.ahead(0, WARM_STEPS + TIMED_STEPS):
        reporter.check_cancelled()
        run(step, pieces)
        _settle(device)
        ends.append(time.perf_counter())
        if step > WARM_STEPS and ends[-1] - ends[WARM_STEPS] > ENOUGH_SECONDS:
            break
    return float(np.median(np.diff(ends)[WARM_STEPS:]))


def _times(cost: dict[str, float], share: float) -> dict[str, float]:
    """The cost of a batch `share` as large; a held-out picture is one frame whatever the batch."""
    return {name: seconds if name == "picture" else seconds * share for name, seconds in cost.items()}


def _timed(run: Callable[[], Any], device: torch.device) -> float:
    begun = time.perf_counter()
    run()
    _settle(device)
    return time.perf_counter() - begun


def _settle(device: torch.device) -> None:
    """A GPU answers before it is done."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
