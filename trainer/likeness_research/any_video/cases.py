"""The films: each has one thing that makes it hard, and its own shape, rate and size of the face."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from likeness_research.any_video.film import Actor, Film
from likeness_research.any_video.worn import Beard, Fringe, Glasses
from likeness_trainer.morphable.mesh import Pose
from likeness_trainer.sample.face_rig import smoothstep
from likeness_trainer.sample.performance import NECK_PIVOT, perform
from likeness_trainer.sample.person import MEAN_POSE, SIZE, Moment, Person, turned
from likeness_trainer.sample.voice import fit_voice, load_voice

FACE = 255  # pixels of the face's height in the sample's own picture
_FACE_TOP = 84  # of the sample's picture: the forehead's top


@dataclass(frozen=True)
class Case:
    """A film under its name; `person` is who is asked for, None for who fills most of it."""

    name: str
    make: Callable[[float], Film]  # of seconds
    seconds: float = 3.0
    person: int | None = None


@cache
def somebody(seed: int = 0) -> Person:
    """A person, made once."""
    return Person(seed)


@cache
def _talk(frames: int, seed: int) -> list[Moment]:
    return perform(fit_voice(load_voice(), frames / 25), frames, 25.0, seed)


def talk(seconds: float, fps: float, seed: int = 0) -> list[Moment]:
    """What a person who speaks does, one moment a frame: the same 25 a second at every rate."""
    return _talk(150, seed)[: round(seconds * fps)]


def at(x: float, y: float, face: float, frames: int) -> np.ndarray:
    """Places [frames, 3] of a face `face` pixels high whose middle is at (x, y)."""
    side = SIZE * face / FACE
    return np.tile([x - side / 2, y - side * (_FACE_TOP + FACE / 2) / SIZE, side], (frames, 1))


def alone(width: int, height: int, fps: float, face: float, seconds: float, seed: int = 0, **film: object) -> Film:
    """One person in the middle."""
    moments = talk(seconds, fps, seed)
    place = at(width / 2, height * 0.46, face, len(moments))
    return Film(width, height, fps, [Actor(somebody(), moments, place)], **film)  # type: ignore[arg-type]


def wearing(film: Film, kind: Callable[[Person], object]) -> Film:
    """The film with somebody who wears something."""
    person = Person(0)
    person.worn = [kind(person)]  # type: ignore[list-item]
    film.actors[0].person = person
    return film


def _phase(film: Film) -> np.ndarray:
    """0..1 over the film, [T]."""
    return np.linspace(0, 1, len(film))


def _turned_away(seconds: float) -> Film:
    film = alone(960, 540, 30, 300, seconds)
    actor = film.actors[0]
    yaws = 75 * np.sin(2 * np.pi * 1.25 * _phase(film)) ** 3
    for k, (moment, yaw) in enumerate(zip(actor.moments, yaws)):
        rotation = turned(float(yaw), 0, 0) @ moment.pose.rotation
        place = MEAN_POSE.translation + NECK_PIVOT - rotation @ NECK_PIVOT
        actor.moments[k] = replace(moment, pose=Pose(rotation, place))
    return film


def _absent(seconds: float) -> Film:
    """Nobody at first; then somebody comes in from the side, goes for two seconds, and is there again."""
    film = alone(720, 540, 25, 180, seconds)
    actor, t = film.actors[0], np.arange(len(film)) / 25
    actor.seen = (t >= 0.6) & ~((t >= 3.0) & (t < 5.0))
    actor.place[:, 0] += 700 * (1 - smoothstep(0.6, 1.3, t))
    return film


def _cuts(seconds: float) -> Film:
    film = alone(960, 540, 25, 220, seconds)
    part = np.minimum((3 * _phase(film)).astype(int), 2)
    film.room = np.array([4, 5, 8])[part]
    film.light = np.array([1.0, 0.6, 1.2])[part]
    closer = at(320, 290, 380, len(film))
    film.actors[0].place[part == 1] = closer[part == 1]
    return film


def _hand(seconds: float) -> Film:
    film = alone(960, 540, 30, 280, seconds)
    t = np.arange(len(film)) / 30
    raised = smoothstep(1.0, 1.4, t) * (1 - smoothstep(1.9, 2.3, t)) + smoothstep(3.0, 3.3, t) * (
        1 - smoothstep(3.4, 3.7, t)
    )
    film.actors[0].raised = raised
    return film


def _crossing(seconds: float) -> Film:
    """Two who change sides, the nearer one before the other."""
    width, height, fps = 960, 540, 25
    far, near = talk(seconds, fps, 1), talk(seconds, fps, 2)
    across = smoothstep(0.25, 0.75, np.linspace(0, 1, len(far)))
    behind, before = at(0, 190, 100, len(far)), at(0, 245, 175, len(far))
    behind[:, 0] += 710 - 460 * across
    before[:, 0] += 270 + 420 * across
    return Film(width, height, fps, [Actor(somebody(1), far, behind), Actor(somebody(), near, before)], followed=1)


def _smaller(seconds: float) -> Film:
    """The smaller of two, who crosses behind the larger."""
    film = _crossing(seconds)
    film.followed = 0
    return film


def _beside(seconds: float) -> Film:
    """The smaller of two who stay where they are."""
    film = _crossing(seconds)
    film.actors[0].place[:] = at(710, 190, 100, len(film))
    film.actors[1].place[:] = at(300, 245, 175, len(film))
    film.followed = 0
    return film


def _blurred(seconds: float) -> Film:
    film = alone(960, 540, 30, 260, seconds)
    t = np.arange(len(film)) / 30
    film.blur = 30 * (np.sin(2 * np.pi * t / 1.6) > 0.75).astype(float)
    return film


def _dark(seconds: float) -> Film:
    film = alone(960, 540, 30, 240, seconds, noise=6.0)
    film.light = np.full(len(film), 0.035)
    return film


def _moving_camera(seconds: float) -> Film:
    film = alone(960, 540, 30, 240, seconds)
    t = np.arange(len(film)) / 30
    shake = np.random.default_rng(3).normal(0, 1.2, (len(film), 2))
    film.camera = np.stack(
        [90 * np.sin(t * 1.1) + shake[:, 0], 25 * np.sin(t * 1.7) + shake[:, 1], 1.05 + 0.1 * np.sin(t * 0.9)], 1
    )
    return film


def _variable(seconds: float) -> Film:
    """30 pictures a second, then 12."""
    film = alone(960, 540, 60, 240, seconds)
    keep = np.concatenate([np.arange(0, len(film) // 2, 2), np.arange(len(film) // 2, len(film), 5)])
    actor = film.actors[0]
    actor.moments = [actor.moments[k] for k in keep]
    actor.place = actor.place[keep]
    film.times, film.fps = keep / 60, 30
    return film


def everything(seconds: float) -> Film:
    """A small film of much at once: nobody at first, somebody smaller beside, a hand before the mouth, a cut."""
    film = alone(480, 270, 25, 120, seconds)
    phase, frames = _phase(film), len(film)
    film.room = np.where(phase < 0.7, 4, 5)
    actor = film.actors[0]
    actor.seen = phase > 0.15
    actor.place[phase >= 0.7] = at(220, 130, 110, frames)[phase >= 0.7]
    actor.raised = smoothstep(0.4, 0.47, phase) * (1 - smoothstep(0.53, 0.6, phase))
    beside = Actor(somebody(), talk(seconds, 25, 1), at(410, 90, 60, frames))
    film.actors, film.followed = [beside, actor], 1
    return film


CASES = (
    Case("as one would wish", lambda s: alone(960, 540, 25, 260, s)),
    Case("face of 48 px", lambda s: alone(960, 540, 30, 48, s)),
    Case("face of 96 px, 9:16", lambda s: alone(540, 960, 30, 96, s)),
    Case("face of 600 px, 9:16", lambda s: alone(1080, 1920, 30, 600, s), 2.0),
    Case("4:3, 24 fps", lambda s: alone(640, 480, 24, 200, s)),
    Case("60 fps", lambda s: alone(960, 540, 60, 240, s), 2.0),
    Case("variable rate", _variable),
    Case("two people crossing", _crossing, 4.0),
    Case("the smaller of two", _beside, person=1),
    Case("the smaller of two, crossing behind", _smaller, 4.0, person=1),
    Case("nobody at first, later away for 2 s", _absent, 6.0),
    Case("cuts", _cuts, 4.5),
    Case("profile turns", _turned_away),
    Case("hand before the mouth", _hand, 4.0),
    Case("hair before the eyes", lambda s: wearing(alone(960, 540, 25, 260, s), Fringe)),
    Case("glasses", lambda s: wearing(alone(960, 540, 25, 260, s), Glasses)),
    Case("dark glasses", lambda s: wearing(alone(960, 540, 25, 260, s), lambda p: Glasses(p, tinted=True))),
    Case("beard", lambda s: wearing(alone(960, 540, 25, 260, s), Beard)),
    Case("motion blur", _blurred, 4.0),
    Case("low light", _dark),
    Case("strong compression", lambda s: alone(960, 540, 30, 240, s, crf=44)),
    Case("moving camera", _moving_camera),
)
