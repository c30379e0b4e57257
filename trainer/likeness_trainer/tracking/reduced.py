"""Very large pictures are analysed smaller: what a scan sees and keeps is bounded by the work, not by the video."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt

import numpy as np

from likeness_trainer.media import Source
from likeness_trainer.tracking.observations import GreyFaces, Observations
from likeness_trainer.tracking.people import PersonTrack, Sighting

MOST_PIXELS = 3840 * 2160  # of a picture; of a larger one a face of 4,000 lines is still seen with 2,000


def reduced(source: Source) -> Source:
    """The same video at the size that it is scanned at; itself unless it is larger than that."""
    scale = sqrt(source.width * source.height / MOST_PIXELS)
    if scale <= 1:
        return source
    return replace(source, width=max(2, round(source.width / scale)), height=max(2, round(source.height / scale)))


def at_full_size(seen: Observations, source: Source, scanned: Source) -> Observations:
    """What was seen in `scanned`, in the pixels of `source`, but for the plate."""
    if scanned is source:
        return seen
    across, down = source.width / scanned.width, source.height / scanned.height
    seen.landmarks[...] *= np.array([across, down, across], np.float32)  # in place: of a long clip there is one copy
    torso = seen.torso.copy()
    torso[..., 2] *= np.array([across, down], np.float32)
    return replace(
        seen,
        faces=GreyFaces(seen.faces.pictures, seen.faces.squares * np.float32(across)),
        torso=torso,
    )


def people_at_full_size(people: list[PersonTrack], source: Source, scanned: Source) -> list[PersonTrack]:
    """The same of the people that were seen."""
    scale = np.array([source.width / scanned.width, source.height / scanned.height] * 2)
    return [PersonTrack([Sighting(at.frame, at.box * scale) for at in person.sightings]) for person in people]
