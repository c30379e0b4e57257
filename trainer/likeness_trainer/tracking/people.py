"""Who is in the video: faces found in looks about a second apart, linked into people."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

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

    @property
    def last(self) -> np.ndarray:
        """The box of the latest sighting."""
        return self.sightings[-1].box

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


class People:
    """Links sightings into people by place and size."""

    def __init__(self) -> None:
        self._tracks: list[PersonTrack] = []

    def look(self, frame: int, boxes: list[np.ndarray]) -> None:
        """Add the faces found in a frame."""
        free = list(range(len(self._tracks)))
        for box in boxes:
            near = [
                (nearness(box, self._tracks[k].last), k)
                for k in free
                if 0.5 < box[3] / max(1.0, float(self._tracks[k].last[3])) < 2.0
            ]
            distance, chosen = min(near, default=(np.inf, -1))
            if distance < 1.2:
                free.remove(chosen)
            else:
                self._tracks.append(PersonTrack())
                chosen = len(self._tracks) - 1
            self._tracks[chosen].sightings.append(Sighting(frame, box))

    def ranked(self) -> list[PersonTrack]:
        """Everyone, the one who fills most of the video first: a person's id is the place in this list."""
        return sorted(self._tracks, key=lambda track: -track.weight)

    def prominent(self) -> list[PersonTrack]:
        """`ranked` without faces seen once or in passing, which are mostly false finds."""
        everyone = self.ranked()
        return [track for track in everyone if track.weight >= _PROMINENT * everyone[0].weight]
