"""Which face is followed while others are in view. Boxes stand in for what is found in pictures."""

from __future__ import annotations

import numpy as np
import pytest

from likeness_trainer.tracking.aim import Aim
from likeness_trainer.tracking.people import People, PersonTrack, Sighting, nearness, same_faces

LATENCY, LOOK_EVERY, FRAMES = 3, 25, 100


def box(x: float, y: float, height: float) -> np.ndarray:
    """A face about (x, y)."""
    return np.array([x - 0.4 * height, y - height / 2, 0.8 * height, height], np.float32)


class Scene:
    """Everybody's boxes [P, T, 4], the nearest to the camera last, who hides whoever is behind."""

    def __init__(self, *people: list[np.ndarray], gone: range = range(0)) -> None:
        self.people, self.gone = [np.stack(one) for one in people], gone

    def visible(self, frame: int) -> list[int]:
        """Who is seen."""
        hidden = set(range(len(self.people))) if frame in self.gone else set()
        for far in range(len(self.people)):
            for near in range(far + 1, len(self.people)):
                apart = abs(self.people[far][frame][0] - self.people[near][frame][0])
                if apart < 0.5 * self.people[near][frame][2]:
                    hidden.add(far)
        return [k for k in range(len(self.people)) if k not in hidden]

    def find(self, frame: int) -> list[np.ndarray]:
        """What a search of the whole picture finds."""
        return [self.people[k][frame] for k in self.visible(frame)]

    def followed_by(self, aim: Aim) -> list[int]:
        """Whose face the landmarks of every frame are; -1 where there are none. A mesh is laid on whoever's face is
        nearest to the middle of its crop."""
        found, pending = [-1] * FRAMES, []
        for frame in range(FRAMES + LATENCY):
            if len(pending) >= LATENCY or frame >= FRAMES:
                number, square = pending.pop(0)
                seen = self.visible(number)
                middle = None if square is None else np.array([square[0], square[1]]) + square[2] / 2
                apart = [
                    np.inf if middle is None else np.linalg.norm(self.middle(k, number) - middle) / square[2]
                    for k in seen
                ]
                if min(apart, default=np.inf) > 0.35:
                    aim.lost()
                else:
                    whose = seen[int(np.argmin(apart))]
                    found[number] = whose if aim.found(number, self.people[whose][number]) else -1
            if frame < FRAMES:
                aim.at(frame, frame)  # type: ignore[arg-type]
                pending.append((frame, aim.square))
        return found

    def middle(self, person: int, frame: int) -> np.ndarray:
        """The middle of a face."""
        x, y, width, height = self.people[person][frame]
        return np.array([x + width / 2, y + height / 2])


def crossing(far: float, near: float) -> Scene:
    """Two who change sides, with faces so many pixels high."""
    way = np.clip((np.arange(FRAMES) - 20) / 60, 0, 1)
    return Scene([box(800 - 600 * t, 200, far) for t in way], [box(220 + 560 * t, 220, near) for t in way])


def seen_in(scene: Scene, person: int) -> PersonTrack:
    """A person as an earlier scan has seen them."""
    looks = range(0, FRAMES, LOOK_EVERY)
    return PersonTrack([Sighting(k, scene.people[person][k]) for k in looks if person in scene.visible(k)])


@pytest.mark.parametrize(("far", "near"), [(100, 175), (140, 150)])
def test_a_person_who_passes_behind_another_is_found_again(far: float, near: float) -> None:
    scene = crossing(far, near)
    followed = scene.followed_by(Aim(scene, LOOK_EVERY, seen_in(scene, 0)))  # type: ignore[arg-type]
    assert set(followed) <= {0, -1}
    assert np.mean(np.array(followed[60:]) == 0) > 0.7
    assert followed[-1] == 0


def test_a_person_who_passes_before_another_is_never_lost() -> None:
    scene = crossing(100, 175)
    assert scene.followed_by(Aim(scene, LOOK_EVERY, None)) == [1] * FRAMES  # type: ignore[arg-type]


def test_a_face_that_comes_back_elsewhere_is_found() -> None:
    way = [box(200, 200, 120) if k < 30 else box(700, 240, 90) for k in range(FRAMES)]
    scene = Scene(way, gone=range(30, 60))
    followed = scene.followed_by(Aim(scene, LOOK_EVERY, None))  # type: ignore[arg-type]
    assert followed[:30] == [0] * 30 and followed[30:60] == [-1] * 30
    assert followed[70:] == [0] * 30


def test_faces_that_change_places_keep_their_names() -> None:
    left, right = box(100, 100, 50), box(190, 100, 90)
    assert same_faces([left, right], [box(150, 100, 92), box(140, 100, 52)]) == {0: 1, 1: 0}
    assert same_faces([left], [box(100, 100, 120)]) == {}  # twice as large is somebody else
    people = People()
    for k in range(5):
        people.look(25 * k, [box(100 + 90 * k, 100, 80), box(460 - 90 * k, 100, 80)])
    ranked = people.ranked()
    assert [len(track.sightings) for track in ranked] == [5, 5]
    assert {round(float(nearness(t.sightings[0].box, t.sightings[-1].box))) for t in ranked} == {4}
