"""Videos that cannot be analysed."""

from __future__ import annotations

import numpy as np

from likeness_trainer.media import Source
from likeness_trainer.protocol import TrainerError

SHORTEST_SECONDS = 1.5


def refuse_too_short(seconds: float) -> None:
    """Raises TrainerError('too-short') for a video of so few seconds."""
    if seconds < SHORTEST_SECONDS:
        raise TrainerError(
            "too-short",
            f"The video is {seconds:.1f} s long.",
            "Use a video of at least 4 s; 20 s or more give a good result.",
        )


def refuse_without_face(state: np.ndarray, usable: np.ndarray, source: Source) -> None:
    """Raises TrainerError('no-face' | 'too-short') for states [T] of which so few, by their numbers, are usable."""
    if len(usable) == 0:
        raise TrainerError(
            "no-face",
            "No face was found in this video.",
            "Use a video in which one face is seen from the front, lit and not too small.",
        )
    seconds = len(usable) / source.fps
    if seconds < SHORTEST_SECONDS:
        raise TrainerError(
            "too-short",
            f"The face is seen for {seconds:.1f} s only.",
            "Use a video that shows the face for at least 4 s.",
            f"{len(usable)} of {len(state)} frames",
        )
