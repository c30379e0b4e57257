"""What a scan of the video saw, and which of its frames the fit uses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from likeness_trainer.matting.plate import PlateBuilder
from likeness_trainer.tracking.people import People


@dataclass(frozen=True)
class GreyFaces:
    """A small grey picture of the face in every source frame; rows are source frames."""

    pictures: np.ndarray  # [T, 224, 224] u8, on disk
    squares: np.ndarray  # [T, 3] f32: x0, y0, side in source pixels of what each was cut from; side 0 where none was


@dataclass(frozen=True)
class Observations:
    """What a scan saw; one row a frame. Landmarks in source pixels, NaN where there are none."""

    landmarks: np.ndarray  # [T, 2, 478, 3] f32: two looks at the face
    faces: GreyFaces
    sharpness: np.ndarray  # [T] f32
    brightness: np.ndarray  # [T] f32, mean grey level of the face
    clipped: np.ndarray  # [T] f32, share of the face at black or white
    cuts: np.ndarray  # [T] bool: the first frame of a new shot
    torso: np.ndarray  # [T, 2, 3] f32
    people: People
    plate: PlateBuilder  # of the frames' backgrounds, still to be put together
    camera_motion: float  # how far the background moves, share of the picture's longer side


@dataclass(frozen=True)
class Frames:
    """The U frames that the fit uses."""

    numbers: np.ndarray  # [U] source frames, ascending
    shots: np.ndarray  # [U] the shot each lies in: another shot has its own light

    def __len__(self) -> int:
        return len(self.numbers)
