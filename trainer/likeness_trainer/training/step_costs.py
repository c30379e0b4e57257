"""What a step of each stage takes on this computer, and a training of such steps."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from likeness_trainer.protocol import Reporter
from likeness_trainer.training.batches import Batches
from likeness_trainer.training.device import Compute
from likeness_trainer.training.fast_training import PLAYS_FROM, FastTraining
from likeness_trainer.training.observation import MEASURED_FRAMES, SHOWN_FRAMES, render_batch
from likeness_trainer.training.pieces import Threads
from likeness_trainer.training.presets import Recipe
from likeness_trainer.training.std_training import StdTraining

WARM_STEPS = 2  # the first steps of a shape set up memory and choose kernels
TIMED_STEPS = 12  # at most
ENOUGH_SECONDS = 1.0  # of timed steps


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


def _timed(run: Callable[[], Any], device: torch.device) -> float:
    begun = time.perf_counter()
    run()
    _settle(device)
    return time.perf_counter() - begun


def _settle(device: torch.device) -> None:
    """A GPU answers before it is done."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
