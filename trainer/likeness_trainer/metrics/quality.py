"""The held-out figures of one rendering (contract schema `Quality`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from likeness_trainer.appearance.side_by_side import side_by_side
from likeness_trainer.metrics import mouth
from likeness_trainer.metrics.blur import cpbd
from likeness_trainer.metrics.crops import Boxes
from likeness_trainer.metrics.image import psnr, psnr_where, sharpness, ssim
from likeness_trainer.metrics.temporal import Jitter, change_error, flicker

Pictures = Sequence[np.ndarray]  # [S,S,3] u8 RGB head crops, one a frame; 256 x 256 unless it says otherwise


@dataclass(frozen=True)
class Truth:
    """The frames a rendering is judged on, in time order, at one resolution."""

    frames: np.ndarray  # [T] source frame numbers
    pictures: Pictures
    boxes: Sequence[Boxes]
    masks: Sequence[np.ndarray]  # [S,S] u8, of the person
    cores: int = field(default=1, kw_only=True)  # how many may be kept busy with the figures


@dataclass(frozen=True)
class HeldOut(Truth):
    """What is known of them beside their pictures, 256 x 256."""

    jitter: Jitter
    landmarks: np.ndarray  # [T,478,2] of the pictures; NaN where no face was found
    aperture: np.ndarray  # [T] tracked opening, inter-ocular distances
    asked: np.ndarray  # [T] opening of the mesh that the track drives, likewise
    asked_by_sound: np.ndarray | None = None  # and of the one that the sound drives


@dataclass(frozen=True)
class Drawn:
    """The held-out frames as something shows them, and the landmarks [T,478,2] measured on that."""

    pictures: Pictures
    landmarks: np.ndarray


def quality(
    shown: Drawn, held_out: HeldOut, *, spoken: Drawn | None = None, fps: float | None = None
) -> dict[str, Any]:
    """Figures of what the track drives (`shown`) against the held-out truths, and of what the sound drives (`spoken`).

    Without `spoken` (no sound that belongs to this person) the figures that need it are None.
    """
    distance = mouth.landmark_distance(shown.landmarks, held_out.landmarks)
    opening = None if spoken is None else mouth.aperture(spoken.landmarks)
    precision, recall = (None, None) if opening is None else mouth.closure(opening, held_out.aperture)
    faces = [part.face for part in held_out.boxes]
    numbers = held_out.frames.tolist()
    return {
        **likeness(shown.pictures, held_out),
        "lmd": _mean_distance(distance),
        "apertureR": None if opening is None else mouth.correlation(opening, held_out.aperture),
        "closure": {"precision": precision, "recall": recall},
        "jitter": held_out.jitter.measure(shown.pictures),
        "change": change_error(shown.pictures, held_out.pictures, numbers, faces),
        "flicker": flicker(shown.pictures, held_out.pictures, numbers, faces),
        "follows": {
            "track": follows(shown.landmarks, held_out.asked),
            "sound": None
            if spoken is None or held_out.asked_by_sound is None
            else follows(spoken.landmarks, held_out.asked_by_sound),
        },
        "spoken": None
        if spoken is None
        else {
            "psnr": psnr_by_box(spoken.pictures, held_out),
            "lmd": _mean_distance(mouth.landmark_distance(spoken.landmarks, held_out.landmarks)),
        },
        "fps": fps,
    }


def likeness(pictures: Pictures, truth: Truth) -> dict[str, Any]:
    """The figures of single pictures, at any resolution: `psnr`, `person`, `ssim`, `sharpness` and `cpbd`."""
    return {
        "psnr": psnr_by_box(pictures, truth),
        "person": person_psnr(pictures, truth),
        "ssim": {name: _mean(ssim, pictures, truth, name) for name in ("head", "face")},
        "sharpness": {name: sharpness(*_cut(pictures, truth, name)) for name in ("face", "mouth")},
        "cpbd": mean_cpbd(pictures, truth),
    }


def mean_cpbd(pictures: Pictures, truth: Truth) -> float | None:
    """CPBD of the faces; None where none of them has an edge."""
    faces = [part.face.cut(picture) for part, picture in zip(truth.boxes, pictures)]
    found = side_by_side(truth.cores, cpbd, faces)
    known = [value for value in found if value is not None]
    return float(np.mean(known)) if known else None


def follows(landmarks: np.ndarray, asked: np.ndarray) -> dict[str, float | None]:
    """How the opening of the drawn mouth goes with the opening that was asked for, [T]: Pearson's r, and closures."""
    opening = mouth.aperture(landmarks)
    precision, recall = mouth.closure(opening, asked)
    return {"r": mouth.correlation(opening, asked), "precision": precision, "recall": recall}


def psnr_by_box(pictures: Pictures, truth: Truth) -> dict[str, float]:
    """PSNR in dB, per frame and then averaged, of head, face and mouth."""
    return {name: _mean(psnr, pictures, truth, name) for name in ("head", "face", "mouth")}


def person_psnr(pictures: Pictures, truth: Truth) -> float | None:
    """PSNR in dB, per frame and then averaged, of the person in the head's box: what is behind them doesn't count."""
    found = [
        psnr_where(part.head.cut(picture), part.head.cut(true), part.head.cut(mask))
        for picture, true, mask, part in zip(pictures, truth.pictures, truth.masks, truth.boxes)
    ]
    known = [value for value in found if value is not None]
    return float(np.mean(known)) if known else None


def _mean_distance(distance: np.ndarray) -> float:
    return float(np.nanmean(distance)) if np.isfinite(distance).any() else 1.0


def _cut(pictures: Pictures, truth: Truth, part: str) -> tuple[list[np.ndarray], list[np.ndarray]]:
    boxes = [getattr(frame, part) for frame in truth.boxes]
    return (
        [box.cut(picture) for box, picture in zip(boxes, pictures)],
        [box.cut(true) for box, true in zip(boxes, truth.pictures)],
    )


def _mean(measure: Any, pictures: Pictures, truth: Truth, part: str) -> float:
    return float(np.mean(side_by_side(truth.cores, measure, *_cut(pictures, truth, part))))
