"""Film a person twice: `python -m likeness_research.unseen_faces.film OUT`.

In `shown.mp4` she speaks, and then smiles, raises her brows and so on, each by itself, never two at once. In
`faces.mp4` she holds each of `FACES` for a while, most of which are two or three of these together; head, gaze and all
else are those of one frame of the first film. `faces.json` says which face is held when, and how near the first film
ever comes to it. `node src/research/unseen-faces.ts` measures with them.
"""

from __future__ import annotations

import argparse
import json
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from likeness_research.any_video.film import figure
from likeness_trainer.media import FrameWriter, mp4
from likeness_trainer.morphable.topology import EYE_CORNERS_LEFT, EYE_CORNERS_RIGHT, INNER_LIP, OUTER_LIP
from likeness_trainer.sample.face_rig import CONTROLS, face_shapes, smoothstep
from likeness_trainer.sample.lighting import encode
from likeness_trainer.sample.performance import perform
from likeness_trainer.sample.person import Moment, Person
from likeness_trainer.sample.voice import Phone, Voice, fit_voice, load_voice, write_wave

FPS = 12.5
SIDE = 256  # pixels; the face is half as high
SPEECH = (1.0, 5.0)  # seconds
SINGLE = 1.2  # seconds of one expression from rest to rest
CALM = 1.4  # seconds at the end: a training holds out the last eleventh, and no picture of that is in an avatar
SEEN_FRAME = 3  # of the first film: its head, gaze and lids are those of the held faces
HOLD, EASE = 8, 2  # frames of a held face, and from one to the next
# What each expression is of the rig, at the most that the film shows.
EXPRESSIONS: dict[str, dict[str, float]] = {
    "smile": {"smile_right": 0.7, "smile_left": 0.7, "cheek_right": 0.3, "cheek_left": 0.3},
    "brows": {"brow_right": 0.6, "brow_left": 0.6, "brow_inner": 0.3},
    "frown": {"brow_lower": 0.7},
    "squint": {"squint": 0.9},
    "pucker": {"round": 0.8, "funnel": 0.3},
    "jaw": {"jaw": 0.9, "lower_lip": 0.15},
}
# Shares of that. Of one alone the film shows as much and more; of two or more together nothing.
FACES: dict[str, dict[str, float]] = {
    "rest": {},
    "smile": {"smile": 0.9},
    "half a smile": {"smile": 0.5},
    "raised brows": {"brows": 0.9},
    "frown": {"frown": 0.9},
    "narrowed eyes": {"squint": 0.9},
    "pucker": {"pucker": 0.9},
    "open jaw": {"jaw": 0.9},
    "smile and raised brows": {"smile": 0.9, "brows": 0.9},
    "half a smile with open jaw": {"smile": 0.5, "jaw": 0.9},
    "raised brows with open jaw": {"brows": 0.9, "jaw": 0.9},
    "smile with narrowed eyes": {"smile": 0.9, "squint": 0.9},
    "smile and frown": {"smile": 0.9, "frown": 0.9},
    "pucker and raised brows": {"pucker": 0.9, "brows": 0.9},
    "pucker and frown": {"pucker": 0.9, "frown": 0.9},
    "smile, raised brows and open jaw": {"smile": 0.7, "brows": 0.7, "jaw": 0.7},
}
# Those of the rig that the film would otherwise move by itself.
QUIET = sorted({name for parts in EXPRESSIONS.values() for name in parts} | {"brow_lower", "squint", "frown"})
AREAS = {
    "lips": list(INNER_LIP + OUTER_LIP),
    "brows": [63, 105, 66, 107, 336, 296, 334, 293],
}


@dataclass(frozen=True)
class Shown:
    """The first film: what she does in each frame, her voice, and shares [T, 6] of EXPRESSIONS."""

    moments: list[Moment]
    voice: Voice
    shares: np.ndarray


def shown(seed: int = 0) -> Shown:
    """She speaks, and then does each of EXPRESSIONS by itself, her head and eyes moving as in the sample."""
    begins, ends = SPEECH
    seconds = ends + 0.4 + len(EXPRESSIONS) * SINGLE + CALM
    voice = _between_pauses(fit_voice(load_voice(), ends - begins), begins, seconds)
    frames = round(seconds * FPS)
    times = np.arange(frames) / FPS
    shares = np.zeros((frames, len(EXPRESSIONS)))
    for turn in range(len(EXPRESSIONS)):
        since = times - (ends + 0.4 + turn * SINGLE)
        shares[:, turn] = smoothstep(0, 0.35, since) * smoothstep(SINGLE - 0.1, SINGLE - 0.45, since)
    moments = perform(voice, frames, FPS, seed)
    spoken = (times > begins - 0.2) & (times < ends + 0.2)
    made = [
        _with(moment, row, ("jaw", "lower_lip", "round", "funnel") if speaks else ())
        for moment, row, speaks in zip(moments, shares, spoken)
    ]
    return Shown(made, voice, shares)


def faces(film: Shown) -> list[tuple[str, Moment]]:
    """Each of FACES as a moment of its own."""
    still = _with(film.moments[SEEN_FRAME], np.zeros(len(EXPRESSIONS)), ())
    return [
        (name, _with(still, np.array([parts.get(kind, 0.0) for kind in EXPRESSIONS]), ()))
        for name, parts in FACES.items()
    ]


def nearest(neutral: np.ndarray, film: Shown, face: Moment) -> dict[str, float]:
    """How far the film's nearest frame is from a face, however the head is held in it: mean distance of the mesh's
    points over that of the eyes of the face at rest [468, 3]; of all points, by which it is the nearest, of lips and
    of brows."""
    shapes = face_shapes(neutral)
    eyes = [neutral[list(corners)].mean(0) for corners in (EYE_CORNERS_RIGHT, EYE_CORNERS_LEFT)]
    away = np.stack([moment.controls - face.controls for moment in film.moments])
    apart = np.linalg.norm(np.tensordot(away, shapes[..., :2], 1), axis=-1) / np.linalg.norm(eyes[0] - eyes[1])
    frame = int(apart.mean(1).argmin())
    return {
        "all": float(apart[frame].mean()),
        **{name: float(apart[frame, rows].mean()) for name, rows in AREAS.items()},
    }


def make(out: Path, ffmpeg: str, seed: int = 0) -> None:
    """Write both films and `faces.json` into a folder."""
    out.mkdir(parents=True, exist_ok=True)
    person, film = Person(seed), shown(seed)
    held = faces(film)
    sound = out / "voice.wav"
    write_wave(sound, film.voice)
    _shoot(person, film.moments, out / "shown.mp4", ffmpeg, sound)
    moments: list[Moment] = []
    rows = []
    for number, (name, face) in enumerate(held):
        before = held[number - 1][1] if number else face
        moments += [
            replace(face, controls=before.controls + (k + 1) / (EASE + 1) * (face.controls - before.controls))
            for k in range(EASE)
        ]
        shown_alone = len(FACES[name]) < 2
        rows.append({"name": name, "shown": shown_alone, "first": len(moments), "frames": HOLD})
        rows[-1]["nearest"] = nearest(person.neutral, film, face)
        moments += [face] * HOLD
    quiet = out / "quiet.wav"
    write_wave(quiet, Voice(np.zeros(round(len(moments) / FPS * film.voice.rate), np.float32), film.voice.rate, ()))
    _shoot(person, moments, out / "faces.mp4", ffmpeg, quiet)
    document = {"fps": FPS, "frames": len(moments), "still": SEEN_FRAME, "areas": AREAS, "faces": rows}
    (out / "faces.json").write_text(json.dumps(document, indent=1), encoding="utf-8")


def _between_pauses(voice: Voice, begins: float, seconds: float) -> Voice:
    samples = np.zeros(round(seconds * voice.rate), np.float32)
    first = round(begins * voice.rate)
    samples[first : first + len(voice.samples)] = voice.samples
    ends = begins + voice.seconds
    moved = [Phone(phone.name, phone.start + begins, phone.end + begins) for phone in voice.phones]
    return Voice(samples, voice.rate, (Phone("pau", 0.0, begins), *moved, Phone("pau", ends, seconds)))


def _with(moment: Moment, shares: np.ndarray, spoken: tuple[str, ...]) -> Moment:
    """A moment with shares of EXPRESSIONS; `spoken` of the rig are left to speech."""
    controls = moment.controls.copy()
    for name in QUIET:
        if name not in spoken:
            controls[CONTROLS.index(name)] = 0
    for share, parts in zip(shares, EXPRESSIONS.values()):
        for name, most in parts.items():
            controls[CONTROLS.index(name)] += share * most
    return replace(moment, controls=controls)


def _shoot(person: Person, moments: list[Moment], path: Path, ffmpeg: str, sound: Path) -> None:
    """Write moments as a film; those that are the same object are drawn once."""
    plate = cv2.resize(person.plate, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    with FrameWriter(ffmpeg, str(path), SIDE, SIDE, FPS, mp4(crf=14), audio=str(sound)) as film:
        for moment in moments:
            layer = figure(person, moment, SIDE)
            film.write(encode(layer[..., :3] + plate * (1 - layer[..., 3:])))


def main() -> None:
    """Make the films."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("out", type=Path)
    options.add_argument("--ffmpeg", default=shutil.which("ffmpeg"))
    asked = options.parse_args()
    make(asked.out, asked.ffmpeg)


if __name__ == "__main__":
    main()
