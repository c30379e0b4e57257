"""`checkpoint`: an avatar of a training's newest checkpoint, made beside the training, which does not notice."""

from __future__ import annotations

import datetime
import io
import os
from pathlib import Path
from typing import Any

import numpy as np
import torch

from likeness_trainer.bundle.export_checkpoint import Forms, export_checkpoint
from likeness_trainer.protocol import Reporter, TrainerError
from likeness_trainer.protocol.jobs import CheckpointJob
from likeness_trainer.renderer.fast import FastRenderer
from likeness_trainer.renderer.rig import Rig
from likeness_trainer.renderer.std import StdRenderer
from likeness_trainer.tracking.track_file import Track
from likeness_trainer.training.checkpoint import CHECKPOINT, damage_named, read_checkpoint, recipe_in
from likeness_trainer.training.closed import better_form, closed_in
from likeness_trainer.training.spans import spans_of
from likeness_trainer.training.sway import sway_in
from likeness_trainer.training.train import training_frames


def checkpoint_avatar(job: CheckpointJob, reporter: Reporter) -> dict[str, Any]:
    """Writes `job.avatar_path` whole, or not at all; returns {avatar}.

    The run is only read. One thread: a training has the others. Raises TrainerError ('not-found' before the first
    checkpoint, 'bad-checkpoint') and Cancelled.
    """
    reporter.stage("checkpoint", 0, 1)
    torch.set_num_threads(1)
    run = job.run_dir
    content, saved_at = _newest(run / CHECKPOINT)
    track = Track.load(job.track_path)
    forms, checkpoint = _forms(content, track, closed_in(run), sway_in(run))
    del content  # with the optimisers' states: most of its memory
    path = export_checkpoint(
        job=job,
        track=track,
        rig=Rig.load(run / "rig.safetensors"),
        forms=forms,
        checkpoint=checkpoint | {"savedAt": saved_at},
        reporter=reporter,
    )
    return {"avatar": str(path)}


def _forms(
    content: dict[str, Any], track: Track, appearance: bytes | None, sway: np.ndarray | None
) -> tuple[Forms, dict[str, Any]]:
    """What there is to be looked at, and which step of how many it is."""
    with damage_named():
        recipe, step = recipe_in(content), int(content["step"])
        if content["belongs"]["frames"] != [int(frame) for frame in training_frames(track, recipe.frames)[0]]:
            raise TrainerError(
                "bad-checkpoint",
                "The video was analysed anew since this training began.",
                "Train again from the beginning.",
            )
        spans = spans_of(recipe, [(adversarial, fast) for adversarial, fast in content.get("further", [])])
        span = next((span for span in spans if step <= span.stop), spans[-1])
        std, fast = StdRenderer().eval(), None
        std.load_state_dict(content["std"]["average" if step > recipe.volume_steps else "model"])
        if span.name == "fast" and step > span.first:  # in a later std stage it would be older than what std shows
            fast = FastRenderer()
            fast.load_state_dict(content["fast"]["average"])
        draws = "std" if appearance is None else better_form(content["measured"])
    return Forms(std, fast, appearance, sway, draws), {"step": step, "steps": spans[-1].stop, "stage": span.name}


def _newest(path: Path) -> tuple[dict[str, Any], str]:
    """The checkpoint's content and when it was saved. Read whole at once: the training may replace it at any moment."""
    try:
        with open(path, "rb") as file:
            saved = os.fstat(file.fileno()).st_mtime_ns // 1_000_000
            packed = io.BytesIO(file.read())
    except FileNotFoundError as cause:
        raise TrainerError(
            "not-found", "This training has not saved a checkpoint yet.", "The first comes in its first minutes."
        ) from cause
    moment = datetime.datetime.fromtimestamp(saved / 1000, datetime.timezone.utc)
    return read_checkpoint(packed, torch.device("cpu")), moment.isoformat(timespec="milliseconds").replace(
        "+00:00", "Z"
    )
