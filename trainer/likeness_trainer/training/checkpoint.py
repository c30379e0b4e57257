"""Checkpoints: written whole or not at all, and only ever continued by the training they belong to."""

from __future__ import annotations

import io
import os
import pickle
from pathlib import Path
from typing import Any

import torch

from likeness_trainer.protocol import TrainerError

FORMAT = "likeness.checkpoint"
VERSION = 1


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
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def load_checkpoint(path: Path, belongs: dict[str, Any], device: torch.device) -> dict[str, Any]:
    """The content of a checkpoint whose `belongs` (recipe, seed, frames) is the one given.

    Raises TrainerError('bad-checkpoint') when it is damaged or another training's.
    """
    hint = "Start the training again without resuming."
    try:
        content = torch.load(path, map_location=device, weights_only=True)
    except (OSError, RuntimeError, EOFError, ValueError, KeyError, pickle.UnpicklingError) as cause:
        raise TrainerError("bad-checkpoint", "The checkpoint is damaged.", hint, str(cause)) from cause
    if not isinstance(content, dict) or (content.get("format"), content.get("version")) != (FORMAT, VERSION):
        raise TrainerError("bad-checkpoint", "The checkpoint is of another version.", hint)
    if content["belongs"] != belongs:
        raise TrainerError("bad-checkpoint", "The checkpoint belongs to a training with other settings.", hint)
    return content
