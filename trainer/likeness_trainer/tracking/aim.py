"""Which face a scan follows, and where the next frame's crop is cut."""

from __future__ import annotations

import numpy as np

from likeness_trainer.media import Planes
from likeness_trainer.tracking.crowd import Crowd, Moving
from likeness_trainer.tracking.detection import FaceFinder
from likeness_trainer.tracking.people import People, PersonTrack, nearness
from likeness_trainer.tracking.squares import square_around, whole_pixels

_CROP_SCALE = 2.0  # crop over face
_MOST_DRIFT = 0.12  # of the crop's side: further off, the crop jumps
_MOST_ZOOM = 1.25  # of the crop's side
_SOMEWHERE_ELSE = 1.0  # nearness: what was followed there was somebody else
_CLOSE_EVERY = 2  # frames between two searches while somebody else is near


class Aim:
    """`target` is the person wanted, as an earlier scan with the same `look_every` has seen them, or None: whoever's
    face is largest when the first faces are seen. Boxes are (x, y, width, height) in source pixels."""

    def __init__(self, finder: FaceFinder, look_every: int, target: PersonTrack | None) -> None:
        """look_every: frames between two searches of the whole picture."""
        self.people = People()
        self.others: list[np.ndarray] = []  # boxes of other faces, when last looked for
        self.box: np.ndarray | None = None  # the face, where last seen
        self.square: tuple[int, int, int] | None = None  # of this frame's crop
        self.mask_box: np.ndarray | None = None  # the face the mask's square is set about: it must not shake
        self._finder, self._look_every = finder, look_every
        self._wanted = {} if target is None else {sighting.frame: sighting.box for sighting in target.sightings}
        first = min(self._wanted, default=0)
        self._target = self._wanted.get(first)
        self._begins = first - look_every + 1  # somebody may have come between two looks
        self._insist = target is not None
        self._crowd = Crowd(look_every * 2)
        self._own: Moving | None = None  # how the face goes
        self._lost = 0  # frames since the face was seen

    def at(self, number: int, frame: Planes) -> bool:
        """Choose the crop of a frame; True when it jumped."""
        looked = number % self._look_every == 0
        if looked or self._searches(number):
            boxes = self._finder.find(frame)
            if looked:
                self.people.look(number, boxes)
            self._choose(number, boxes)
        if self.box is None:
            self.square = None
            return False
        return self._moved(self.box)

    def found(self, number: int, box: np.ndarray) -> bool:
        """The landmarks of a frame are those of a face there. False: it is somebody else's, and the own one is lost."""
        expected = self._expected(number)
        if expected is not None and self._crowd.somebody_elses(number, box, expected):
            self.lost()
            return False
        self._lost = 0
        self.box = self._target = box
        if self._own is None:
            self._own = Moving(box, number)
        else:
            self._own.seen(box, number)
        return True

    def lost(self) -> None:
        """There were no landmarks, or none to trust."""
        self._lost += 1

    def forget_place(self) -> None:
        """After a cut the face may be anywhere."""
        self.box = self.mask_box = self._own = None
        self._crowd.forget()

    def _searches(self, number: int) -> bool:
        """A lost face is looked for at once, then less and less often; one with another beside it all the time."""
        if number < self._begins:
            return False
        expected = self._expected(number)
        if number % _CLOSE_EVERY == 0 and expected is not None and self._crowd.near(number, expected):
            return True
        return (self.box is None or self._lost > 0) and (self._lost < 3 or self._lost % 5 == 0)

    def _expected(self, number: int) -> np.ndarray | None:
        """Where the own face should be."""
        return None if self._own is None else self._own.at(number, self._look_every)

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

    def _choose(self, number: int, boxes: list[np.ndarray]) -> None:
        """Which of the faces found is the target; the rest are other people."""
        if number < self._begins:
            boxes = []
        expected = self._expected(number)
        own, fresh = self._crowd.look(number, self._target if expected is None else expected, boxes)
        known = self._wanted.get(number)
        if known is not None and boxes:
            own = min(range(len(boxes)), key=lambda k: nearness(boxes[k], known))
        elif own < 0:
            own = self._anew(boxes, fresh)
        self.others = [box for k, box in enumerate(boxes) if k != own]
        mine = boxes[own] if own >= 0 else None
        self._crowd.settle(number, mine, [boxes[k] for k in fresh if k != own])
        if mine is None:
            if not boxes and self._lost:
                self.box = None
            return
        if self.box is None or self._lost or nearness(mine, self.box) > _SOMEWHERE_ELSE:
            self.box, self._own = mine, Moving(mine, number)
        if self._target is None:
            self._target = mine

    def _anew(self, boxes: list[np.ndarray], fresh: list[int]) -> int:
        """A face that is taken for the target's wherever it is: the largest at first, later the only one there is,
        but for a person who is asked for."""
        if not fresh or self._insist or (self._target is not None and len(boxes) > 1):
            return -1
        return max(fresh, key=lambda k: boxes[k][3])
