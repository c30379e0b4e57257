"""`estimate`: how long each preset takes on this computer, from a few real steps of every stage on a person's own
frames."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

import torch

from likeness_trainer.protocol import Reporter
from likeness_trainer.protocol.jobs import EstimateJob
from likeness_trainer.renderer.rig_fit import carve_hull, fit_rig
from likeness_trainer.tracking.track_file import Track
from likeness_trainer.training.batches import Batches
from likeness_trainer.training.crops import prepare_crops
from likeness_trainer.training.device import Compute, choose_device, choose_precision
from likeness_trainer.training.pieces import Threads
from likeness_trainer.training.presets import PRESETS
from likeness_trainer.training.step_costs import step_costs, training_seconds
from likeness_trainer.training.sway import MOST_TRACKED, SECONDS_A_FRAME
from likeness_trainer.training.train import training_frames

FRAMES = 32  # of the clip's first good ones: enough to draw batches from, quick to decode


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
            name: min(fixed + value, max(fixed, 60 * recipe.minutes)) if recipe.timed else fixed + value
            for name, value in seconds.items()
            for recipe in [PRESETS[name]]
            for fixed in [decoded + 60 * recipe.fixed_minutes * slower + (beside if recipe.trains else 0)]
        },
        "secondsPerStep": {str(batch): cost for batch, cost in costs.items()},
    }


def _times(cost: dict[str, float], share: float) -> dict[str, float]:
    """The cost of a batch `share` as large; a held-out picture is one frame whatever the batch."""
    return {name: seconds if name == "picture" else seconds * share for name, seconds in cost.items()}
