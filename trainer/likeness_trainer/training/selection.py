"""Which frames a long clip is trained on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from likeness_trainer.tracking.track_file import Track


def informative_frames(track: Track, train: np.ndarray, limit: int) -> np.ndarray:
    """At most `limit` of the frames `train`, ascending: half evenly over time, half the ones most unlike the others.

    Unlike is farthest-point sampling (Gonzalez 1985) over head rotation, mouth opening and the first expressions.
    """
    if len(train) <= limit:
        return train
    even = np.unique(np.linspace(0, len(train) - 1, limit // 2).round().astype(int))
    traits = np.concatenate(
        [track.rotation[train].reshape(-1, 9) * 4, track.aperture[train, None] * 4, track.expression[train, :8] / 2], 1
    ).astype(np.float32)
    distance = np.full(len(train), np.inf, np.float32)
    for chosen in even:
        np.minimum(distance, np.square(traits - traits[chosen]).sum(1), out=distance)
    picked = list(even)
    while len(picked) < limit:
        farthest = int(distance.argmax())
        picked.append(farthest)
        np.minimum(distance, np.square(traits - traits[farthest]).sum(1), out=distance)
    return train[np.unique(picked)]


def evenly(frames: np.ndarray, count: int) -> np.ndarray:
    """`count` of `frames` (fewer when there are fewer), evenly spaced, not the very ends."""
    count = min(count, len(frames))
    return frames[((np.arange(count) + 0.5) * len(frames) / max(1, count)).astype(int)]
