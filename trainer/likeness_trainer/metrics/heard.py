"""How well each encoder that an avatar may hear with moves the mouth of its own clip, on frames held out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from likeness_trainer.bundle.load import Bundle
from likeness_trainer.metrics.clip import Clip
from likeness_trainer.metrics.mouth import aperture, closure, correlation

HubertRows = Callable[[int], np.ndarray | None]
"""What a layer of HuBERT hears in the clip's sound, [R, hidden] at 25 Hz, where it did. It may take long."""


def encoders(
    bundle: Bundle, clip: Clip, frames: np.ndarray, embedded: np.ndarray, hubert: HubertRows | None
) -> dict[str, Any]:
    """Opening and closures of the driven mesh against the tracked ones, by the `embedded` encoder, whose expressions
    [n, 64] of the frames are known, and by HuBERT where the avatar was fitted on it and it is here (contract schema
    `EncoderFigures`)."""
    found: dict[str, Any] = {"embedded": _figures(clip, frames, embedded)}
    rows = hubert(bundle.hubert["layer"]) if bundle.hubert and hubert else None
    if rows is not None:
        found["hubert"] = _figures(clip, frames, clip.spoken(frames, rows))
    return found


def _figures(clip: Clip, frames: np.ndarray, expression: np.ndarray) -> dict[str, Any]:
    opening, tracked = aperture(clip.posed(expression)), clip.idle.aperture[frames]
    precision, recall = closure(opening, tracked)
    return {"r": correlation(opening, tracked), "precision": precision, "recall": recall}
