"""Checkpoints: written whole or not at all, and only ever continued by the training they belong to."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import torch

from likeness_trainer.protocol import Cancelled, TrainerError, from_exception
from likeness_trainer.training.presets import Recipe

CHECKPOINT = "checkpoint.pt"  # in a run's folder
FORMAT = "likeness.checkpoint"
VERSION = 1
HINT = "Start the training again without resuming."
REPLACE_TRIES, REPLACE_PAUSE_SECONDS = 20, 0.1


def save_checkpoint(path: Path, content: dict[str, Any]) -> None:
    """Replaces `path` atomically: a kill at any moment leaves the old file or the new one. Raises OSError."""
    packed = io.BytesIO()  # packed first: a full disk then shows as an OSError, not as a broken archive
    torch.save({"format": FORMAT, "version": VERSION, **content}, packed)
    partial = path.with_name(path.name + ".part")
    try:
        with open(partial, "wb") as file:
            file.write(packed.getbuffer())
            file.flush()
            os.fsync(file.fileno())
        _replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def _replace(partial: Path, path: Path) -> None:
    """Windows does not replace a file while somebody reads it; who makes an avatar of it reads it for
    less than a second."""
    for _ in range(REPLACE_TRIES):
        try:
            return os.replace(partial, path)
        except PermissionError:
            time.sleep(REPLACE_PAUSE_SECONDS)
    os.replace(partial, path)


@contextmanager
def damage_named() -> Iterator[None]:
    """Around what reads a checkpoint: whatever its content brings about is TrainerError('bad-checkpoint').

    Damaged bytes make unpickling, and the loading of weights, raise nearly anything. The machine's own troubles keep
    their names.
    """
    try:
        yield
    except (TrainerError, Cancelled, MemoryError):
        raise
    except Exception as cause:
        if from_exception(cause, "").code != "internal":
            raise
        raise TrainerError("bad-checkpoint", "The checkpoint is damaged.", HINT, repr(cause)) from cause


def load_checkpoint(path: Path, belongs: dict[str, Any], device: torch.device) -> dict[str, Any]:
    """The content of a checkpoint whose `belongs` (recipe, seed, frames) is the one given.

    Raises TrainerError('bad-checkpoint') when it is damaged or another training's.
    """
    content = read_checkpoint(path, device)
    with damage_named():  # comparing what is damaged raises too
        ours = content.get("belongs") == belongs
    if not ours:
        raise TrainerError("bad-checkpoint", "The checkpoint belongs to a training with other settings.", HINT)
    return content


def recipe_in(content: dict[str, Any]) -> Recipe:
    """What a checkpoint is trained by: a preset of that name may have changed since.

    Raises TrainerError('bad-checkpoint') when it is damaged.
    """
    with damage_named():
        return Recipe(**content["belongs"]["recipe"])


def read_checkpoint(source: Path | IO[bytes], device: torch.device) -> dict[str, Any]:
    """The content of a checkpoint, whoever's it is. Raises TrainerError('bad-checkpoint') when it is damaged."""
    with damage_named():
        content = torch.load(source, map_location=device, weights_only=True)
        known = isinstance(content, dict) and (content.get("format"), content.get("version")) == (FORMAT, VERSION)
    if not known:
        raise TrainerError("bad-checkpoint", "The checkpoint is of another version.", HINT)
    return _by_new_names(content)


def _by_new_names(content: dict[str, Any]) -> dict[str, Any]:
    """Trainings begun before proofs were called so have `preview_steps` in their recipe; older ones than `timed` took
    all their steps."""
    belongs = content.get("belongs")
    recipe = belongs.get("recipe") if isinstance(belongs, dict) else None
    if isinstance(recipe, dict) and "preview_steps" in recipe:
        recipe["proof_steps"] = recipe.pop("preview_steps")
    if isinstance(recipe, dict):
        recipe.setdefault("timed", False)
    return content
