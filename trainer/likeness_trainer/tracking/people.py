"""Who is in the video: faces found in looks about a second apart, linked into people."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

NEXT_TO = 1.2  # nearness of two boxes that may be the same face
_MOST_GROWN = float(np.log(2.0))
_GROWTH_COUNTS = 2.0  # a face that is a third larger is as unlike as one two thirds of its height away
_IMPOSSIBLE = 1e3
_PROMINENT = 0.15  # of the presence of the person who fills most of the video


@dataclass
class Sighting:
    """Where a person was seen in one frame."""

    frame: int
    box: np.ndarray  # x, y, width, height, source pixels


@dataclass
class PersonTrack:
    """One person's sightings, in frame order."""

    sightings: list[Sighting] = field(default_factory=list)

    def expected(self, frame: int) -> np.ndarray:
        """Where the face would be in a frame if it went on as between its last two sightings, for as long as that."""
        last = self.sightings[-1]
        if len(self.sightings) < 2:
            return last.box
        before = self.sightings[-2]
        share = min(1.0, (frame - last.frame) / (last.frame - before.frame))
        box = last.box.copy()
        box[:2] += share * (last.box[:2] + last.box[2:] / 2 - before.box[:2] - before.box[2:] / 2)
        return box

    @property
    def weight(self) -> float:
        """How much of the video this person fills: the sum of face heights over the sightings."""
        return float(sum(sighting.box[3] for sighting in self.sightings))

    def frames_seen(self) -> int:
        """Source frames from the first to the last sighting."""
        return self.sightings[-1].frame - self.sightings[0].frame + 1

    def best(self) -> Sighting:
        """The sighting with the largest face, to show the person by."""
        return max(self.sightings, key=lambda sighting: sighting.box[3])


def nearness(one: np.ndarray, other: np.ndarray) -> float:
    """Distance of two boxes' centres over the larger height; below about 1 it can be the same face a second later."""
    apart = np.linalg.norm((one[:2] + one[2:] / 2) - (other[:2] + other[2:] / 2))
    return float(apart / max(one[3], other[3], 1.0))


def same_faces(known: list[np.ndarray], found: list[np.ndarray], reach: float = NEXT_TO) -> dict[int, int]:
    """Which of the boxes found is which of the known faces (known to found), all of them taken together: of two faces
    that pass each other each is the nearer to where, and the liker to how large, it was. Known ones may be missing, and
    found ones new; `reach` is how far (nearness) a face may have moved."""
    if not known or not found:
        return {}
    away = np.array([[nearness(one, other) for other in found] for one in known])
    grown = np.abs(np.log([[other[3] / max(1.0, float(one[3])) for other in found] for one in known]))
    possible = (away < reach) & (grown < _MOST_GROWN)
    if max(possible.sum(0).max(), possible.sum(1).max()) > 1:
        # Here, for it takes longer to load than the rest of a scan, and hardly a video needs it.
        from scipy.optimize import linear_sum_assignment

        rows, columns = linear_sum_assignment(np.where(possible, away + _GROWTH_COUNTS * grown, _IMPOSSIBLE))
        return {int(k): int(f) for k, f in zip(rows, columns) if possible[k, f]}
    return {int(k): int(f) for k, f in zip(*np.nonzero(possible))}


class People:
    """Links sightings into people by place and size."""

    def __init__(self) -> None:
        self._tracks: list[PersonTrack] = []

    def look(self, frame: int, boxes: list[np.ndarray]) -> None:
        """Add the faces found in a frame."""
        expected = [track.expected(frame) for track in self._tracks]
        tracks = {found: self._tracks[known] for known, found in same_faces(expected, boxes).items()}
        for found, box in enumerate(boxes):
            if found not in tracks:
                tracks[found] = PersonTrack()
                self._tracks.append(tracks[found])
            tracks[found].sightings.append(Sighting(frame, box))

    def ranked(self) -> list[PersonTrack]:
        """Everyone, the one who fills most of the video first: a person's id is the place in this list."""
        return sorted(self._tracks, key=lambda track: -track.weight)

    def prominent(self) -> list[PersonTrack]:
        """`ranked` without faces seen once or in passing, which are mostly false finds."""
        everyone = self.ranked()
        return [track for track in everyone if track.weight >= _PROMINENT * everyone[0].weight]
