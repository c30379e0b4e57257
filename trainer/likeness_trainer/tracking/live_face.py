"""The face in pictures that keep coming, found and followed as a scan does."""

from __future__ import annotations

import numpy as np

from likeness_trainer.media import Planes
from likeness_trainer.tracking.agreed_face import agreed_face
from likeness_trainer.tracking.aim import Aim
from likeness_trainer.tracking.detection import FaceFinder
from likeness_trainer.tracking.landmarks import CROP_SIDE, Landmarker
from likeness_trainer.tracking.planes_cut import cut_colour

_LOOK_EVERY = 25  # pictures between two searches of the whole picture


class LiveFace:
    """The largest face there is at first, as long as it is to be seen."""

    def __init__(self, mesh: Landmarker) -> None:
        self._mesh, self._aim = mesh, Aim(FaceFinder(), _LOOK_EVERY, None)
        self._restart = True  # the landmarks' tracking begins anew
        self._number = -1

    def look(self, picture: Planes) -> np.ndarray | None:
        """Landmarks [478, 3] f32 in the picture's pixels; None where there is no such face."""
        self._number += 1
        self._restart |= self._aim.at(self._number, picture)
        square = self._aim.square
        if square is None:
            self._aim.lost()
            return None
        self._mesh.submit(cut_colour(picture, square, CROP_SIDE), self._restart)
        self._restart = False
        agreed = agreed_face(self._mesh.result(), square)
        if agreed is None:
            self._aim.lost()
            return None
        pair, box = agreed
        return pair.mean(0) if self._aim.found(self._number, box) else None
