"""Who is who while people pass each other: every face in view, followed from one search to the next."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from likeness_trainer.tracking.people import NEXT_TO, nearness, same_faces

_NEAR = 2.5  # nearness of faces that may be taken for each other soon
_SWAPPED = 0.35  # by how much nearer landmarks must be to somebody else
_ONE_PLACE = 0.6  # nearness of two faces of which only one can be seen
_LARGER = 1.2  # times as high
_STEADY = 0.8  # how much of a face's speed is kept from one frame to the next
_SAME = 0.25  # nearness of two boxes that are one face


@dataclass
class Moving:
    """A face: its box when last seen, and how fast it was going, pixels a frame."""

    box: np.ndarray
    frame: int
    speed: np.ndarray = field(default_factory=lambda: np.zeros(2))

    def at(self, frame: int, longest: int) -> np.ndarray:
        """Its box in a frame if it went on like that, for `longest` frames at most."""
        box = self.box.copy()
        box[:2] += self.speed * min(frame - self.frame, longest)
        return box

    def seen(self, box: np.ndarray, frame: int) -> None:
        """It is there now."""
        since = frame - self.frame
        if since > 0:
            step = (box[:2] + box[2:] / 2 - self.box[:2] - self.box[2:] / 2) / since
            kept = _STEADY**since
            self.speed = kept * self.speed + (1 - kept) * step
        self.box, self.frame = box, frame


class Crowd:
    """The other faces in view. `memory` is for how many frames one that is not found is still expected."""

    def __init__(self, memory: int) -> None:
        self._others: list[Moving] = []
        self._memory = memory

    def boxes(self, frame: int) -> list[np.ndarray]:
        """Where they are, or should be."""
        return [other.at(frame, self._memory) for other in self._others]

    def look(self, number: int, own: np.ndarray | None, boxes: list[np.ndarray]) -> tuple[int, list[int]]:
        """Whose the boxes found in a frame are: the index of the own face's, or -1 where it is not among them, and
        those of faces that nobody expected. `own` is where that is expected, None where it may be anywhere."""
        self._others = [other for other in self._others if number - other.frame <= self._memory]
        known = self.boxes(number) if own is None else [*self.boxes(number), own]
        same = same_faces(known, boxes)
        mine = -1 if own is None else same.get(len(known) - 1, -1)
        missing = [box for k, box in enumerate(known[: len(self._others)]) if k not in same]
        if own is not None and mine >= 0 and _confused(boxes[mine], own, missing):
            mine = -1
        for k, other in enumerate(self._others):
            if k in same:
                other.seen(boxes[same[k]], number)
        taken = set(same.values())
        return mine, [k for k in range(len(boxes)) if k not in taken]

    def settle(self, number: int, own: np.ndarray | None, fresh: list[np.ndarray]) -> None:
        """Take unexpected faces in, and forget whoever stands where the own face is."""
        if own is not None:
            self._others = [other for other in self._others if nearness(other.at(number, self._memory), own) > _SAME]
        self._others += [Moving(box, number) for box in fresh]

    def forget(self) -> None:
        """After a cut everybody may be anywhere."""
        self._others = []

    def near(self, number: int, own: np.ndarray) -> bool:
        """Whether somebody is so near that the next search should not wait."""
        return any(nearness(box, own) < _NEAR for box in self.boxes(number))

    def somebody_elses(self, number: int, box: np.ndarray, own: np.ndarray) -> bool:
        """Whether a face found at `box` may be another person's and not the one expected at `own`."""
        return _confused(box, own, self.boxes(number))


def _confused(box: np.ndarray, own: np.ndarray, others: list[np.ndarray]) -> bool:
    """Somebody else is expected nearer to a box than the own face; or as near, and as large: who of two that are in the
    same place is seen is then not known, while a larger face is before the other."""

    def unlike(other: np.ndarray) -> float:
        return nearness(other, box) + 2 * abs(float(np.log(max(other[3], 1) / max(box[3], 1))))

    away = unlike(own)
    return any(
        unlike(other) < min(NEXT_TO, away - _SWAPPED)
        or (unlike(other) < min(_ONE_PLACE, away + _SWAPPED) and own[3] < _LARGER * other[3])
        for other in others
    )
