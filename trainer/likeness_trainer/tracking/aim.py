"""Which face a scan follows, and where the next frame's crop is cut."""

from __future__ import annotations

import numpy as np

from likeness_trainer.media import Planes
from likeness_trainer.tracking.detection import FaceFinder
from likeness_trainer.tracking.people import People, nearness
from likeness_trainer.tracking.squares import square_around, whole_pixels

_CROP_SCALE = 2.0  # crop over face
_MOST_DRIFT = 0.12  # of the crop's side: further off, the crop jumps
_MOST_ZOOM = 1.25  # of the crop's side
_NEXT_TO = 1.2  # nearness of two boxes that may be the same face


class Aim:
    """`target` is the box where the person wanted is first seen, or None: whoever's face is largest when the first
    faces are seen. Boxes are (x, y, width, height) in source pixels."""

    def __init__(self, finder: FaceFinder, look_every: int, target: np.ndarray | None) -> None:
        """look_every: frames between two searches of the whole picture."""
        self.people = People()
        self.others: list[np.ndarray] = []  # boxes of other faces, when last looked for
        self.box: np.ndarray | None = None  # the face, where last seen
        self.square: tuple[int, int, int] | None = None  # of this frame's crop
        self.mask_box: np.ndarray | None = None  # the face the mask's square is set about: it must not shake
        self._finder, self._look_every = finder, look_every
        self._target, self._insist = target, target is not None
        self._lost = 0  # frames since the face was seen

    def at(self, number: int, frame: Planes) -> bool:
        """Choose the crop of a frame; True when it jumped."""
        looked = number % self._look_every == 0
        searched = looked
        # A lost face is looked for at once, then less and less often.
        if self.box is None or self._lost:
            searched |= self._lost < 3 or self._lost % 5 == 0
        if searched:
            boxes = self._finder.find(frame)
            if looked:
                self.people.look(number, boxes)
            self._choose(boxes)
        if self.box is None:
            self.square = None
            return False
        return self._moved(self.box)

    def found(self, box: np.ndarray) -> None:
        """The landmarks are those of a face there."""
        self._lost = 0
        self.box = self._target = box

    def lost(self) -> None:
        """There were no landmarks, or none to trust."""
        self._lost += 1

    def forget_place(self) -> None:
        """After a cut the face may be anywhere."""
        self.box = self.mask_box = None

    def _moved(self, box: np.ndarray) -> bool:
        wanted = square_around(box, _CROP_SCALE)
        if self.square is not None:
            x0, y0, side = self.square
            drift = max(abs(wanted[0] + wanted[2] / 2 - x0 - side / 2), abs(wanted[1] + wanted[2] / 2 - y0 - side / 2))
            if drift < _MOST_DRIFT * side and 1 / _MOST_ZOOM < wanted[2] / side < _MOST_ZOOM:
                return False
        self.square = whole_pixels(wanted)
        if self.mask_box is None or nearness(box, self.mask_box) > 0.4:
            self.mask_box = box
        return True

    def _choose(self, boxes: list[np.ndarray]) -> None:
        """Which of the faces found is the target; the rest are other people."""
        if not boxes:
            self.others = []
            if self._lost:
                self.box = None
            return
        known = self.box if self.box is not None else self._target
        if known is None:
            own = max(range(len(boxes)), key=lambda k: boxes[k][3])
        else:
            own = min(range(len(boxes)), key=lambda k: nearness(boxes[k], known))
            # After a cut the same person may be anywhere; one asked for by name is not taken for another.
            if nearness(boxes[own], known) > _NEXT_TO and (self._insist or len(boxes) > 1):
                own = -1
        self.others = [box for k, box in enumerate(boxes) if k != own]
        if own >= 0 and (self.box is None or self._lost):
            self.box = boxes[own]
        if self._target is None and own >= 0:
            self._target = boxes[own]
