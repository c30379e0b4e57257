"""Figures by networks whose weights a user has added: a perceptual distance, and whether it is still the person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from likeness_trainer.metrics.identity import FaceRecognition
from likeness_trainer.metrics.perceptual import Perceptual
from likeness_trainer.metrics.quality import Drawn, HeldOut
from likeness_trainer.protocol.jobs import EvaluateJob

MOST_FRAMES = 60  # spread over the held-out ones: each takes a tenth of a second, and more change no figure


@dataclass(frozen=True)
class Networks:
    """Those that are there."""

    perceptual: Perceptual | None = None
    recognition: FaceRecognition | None = None

    @classmethod
    def of(cls, job: EvaluateJob) -> Networks:
        """Raises TrainerError('bad-checkpoint') for weights that are not what they should be."""
        faces = job.recognition
        return cls(
            Perceptual(job.perceptual) if job.perceptual else None,
            FaceRecognition(faces.weights, faces.manifest) if faces else None,
        )

    def figures(self, shown: Drawn, held_out: HeldOut) -> dict[str, Any]:
        """`perceptual` of the faces, and `identity`: how far the descriptors of drawn and filmed faces are apart."""
        rows = np.unique(np.linspace(0, len(held_out.frames) - 1, MOST_FRAMES).round().astype(int)).tolist()
        found: dict[str, Any] = {}
        if self.perceptual:
            faces = [(held_out.boxes[row].face, row) for row in rows]
            found["perceptual"] = float(
                np.mean(
                    [self.perceptual(box.cut(shown.pictures[i]), box.cut(held_out.pictures[i])) for box, i in faces]
                )
            )
        if self.recognition:
            seen = [
                tuple(self.recognition(of.pictures[row], of.landmarks[row]) for of in (shown, held_out)) for row in rows
            ]
            apart = [float(np.linalg.norm(a - b)) for a, b in seen if a is not None and b is not None]
            found["identity"] = float(np.mean(apart)) if apart else None
        return found
