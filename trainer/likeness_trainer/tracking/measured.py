"""What the checks judge, taken from all that is known of a video."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from likeness_trainer.media import Source
from likeness_trainer.tracking.face_fit import FaceFit
from likeness_trainer.tracking.observations import Observations
from likeness_trainer.tracking.sound import Heard
from likeness_trainer.tracking.track_file import Track


@dataclass(frozen=True)
class Measured:
    """What the checks judge."""

    state: np.ndarray  # [T]
    fps: float
    face_height: float  # source pixels, median
    sharpness: float  # median edge strength over contrast, of a face scaled to 187 pixels
    brightness: float  # median grey level of the face
    brightness_change: float  # grey levels, standard deviation over the clip
    clipped: float  # share of the face at black or white
    yaw_range: float  # degrees
    pitch_range: float
    aperture: np.ndarray  # [T] inter-ocular distances
    people: int
    camera_motion: float  # share of the picture's longer side
    focal_estimated: bool
    has_sound: bool
    sound_belongs: str
    sound_probability: float
    sound_lag_seconds: float
    heard: Heard | None  # None: the sound could not be read, or there is none


def measured_of(
    source: Source,
    track: Track,
    seen: Observations,
    usable: np.ndarray,
    fit: FaceFit,
    people: int,
    heard: Heard | None,
) -> Measured:
    """usable [U]: the source frames that `fit` is about; heard is None where the sound could not be read."""
    good = track.good if len(track.good) else usable
    pitch = np.degrees(np.arcsin(np.clip(-track.rotation[good, 1, 2], -1, 1)))
    return Measured(
        state=track.state,
        fps=source.fps,
        face_height=float(np.median(track.face_box[good, 3])),
        sharpness=float(np.median(seen.sharpness[good])),
        brightness=float(np.median(seen.brightness[good])),
        brightness_change=float(seen.brightness[good].std()),
        clipped=float(np.median(seen.clipped[good])),
        yaw_range=fit.yaw_range,
        pitch_range=float(np.percentile(pitch, 98) - np.percentile(pitch, 2)),
        aperture=track.aperture,
        people=people,
        camera_motion=seen.camera_motion,
        focal_estimated=fit.focal_estimated,
        has_sound=source.has_audio,
        sound_belongs=track.sound_belongs,
        sound_probability=track.sound_probability,
        sound_lag_seconds=track.sound_lag_seconds,
        heard=heard,
    )
