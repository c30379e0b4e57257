"""The held-out figures of one rendering (contract schema `Quality`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from likeness_trainer.metrics import mouth
from likeness_trainer.metrics.crops import Boxes
from likeness_trainer.metrics.image import psnr, sharpness, ssim
from likeness_trainer.metrics.temporal import Flicker

Pictures = Sequence[np.ndarray]  # [256, 256, 3] u8 RGB head crops, one a frame


@dataclass(frozen=True)
class HeldOut:
    """The frames a rendering is judged on, in time order."""

    frames: np.ndarray  # [T] source frame numbers
    truths: Pictures
    plates: Pictures  # the background behind the person, in the same crop
    boxes: Sequence[Boxes]
    flicker: Flicker
    landmarks: np.ndarray  # [T, 478, 2] of the truths; NaN where no face was found
    aperture: np.ndarray  # [T] tracked opening, inter-ocular distances


def quality(
    pictures: Pictures,
    landmarks: np.ndarray,
    held_out: HeldOut,
    *,
    spoken: np.ndarray | None = None,
    fps: float | None = None,
) -> dict[str, Any]:
    """Figures of `pictures` against the held-out truths.

    `landmarks` [T, 478, 2] are measured on the pictures by `mouth.FaceMesh`; `spoken` [T] is the opening, in
    inter-ocular distances, measured the same way on the frames as driven by speech (None: no sound that belongs to this
    person, and the figures that need it are None).
    """
    distance = mouth.landmark_distance(landmarks, held_out.landmarks)
    precision, recall = (None, None) if spoken is None else mouth.closure(spoken, held_out.aperture)
    return {
        "psnr": psnr_by_box(pictures, held_out),
        "ssim": {name: _mean(ssim, pictures, held_out, name) for name in ("head", "face")},
        "sharpness": {name: sharpness(*_cut(pictures, held_out, name)) for name in ("face", "mouth")},
        "lmd": float(np.nanmean(distance)) if np.isfinite(distance).any() else 1.0,
        "apertureR": None if spoken is None else mouth.correlation(spoken, held_out.aperture),
        "closure": {"precision": precision, "recall": recall},
        "jitter": held_out.flicker.measure(pictures),
        "fps": fps,
    }


def psnr_by_box(pictures: Pictures, held_out: HeldOut) -> dict[str, float]:
    """PSNR in dB, per frame and then averaged, of head, face and mouth."""
    return {name: _mean(psnr, pictures, held_out, name) for name in ("head", "face", "mouth")}


def _cut(pictures: Pictures, held_out: HeldOut, part: str) -> tuple[list[np.ndarray], list[np.ndarray]]:
    boxes = [getattr(frame, part) for frame in held_out.boxes]
    return (
        [box.cut(picture) for box, picture in zip(boxes, pictures)],
        [box.cut(truth) for box, truth in zip(boxes, held_out.truths)],
    )


def _mean(measure: Any, pictures: Pictures, held_out: HeldOut, part: str) -> float:
    return float(np.mean([measure(picture, truth) for picture, truth in zip(*_cut(pictures, held_out, part))]))
