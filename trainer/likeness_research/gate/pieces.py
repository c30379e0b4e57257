"""Pieces of a clip with sound that is theirs, somebody else's, or theirs at another time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from likeness_trainer.speech.sizes import SAMPLE_RATE
from likeness_trainer.speech.sync import SpokenMouth, SyncEstimate, compare
from likeness_trainer.tracking.lips import Mouth

STEP_SECONDS = 0.5  # from piece to piece of a mouth
SHIFT_SECONDS = 1.0  # from one wrong place of the own sound to the next
FOREIGN_STEP_SECONDS = 2.0  # from piece to piece of another sound
NEAREST_SHIFT_SECONDS = 2.0


@dataclass(frozen=True)
class Sound:
    """A sound, and what was heard in pieces of it so far."""

    name: str
    samples: np.ndarray  # [N] at 16 kHz
    _heard: dict[tuple[float, float], SpokenMouth | None] = field(default_factory=dict)

    @property
    def seconds(self) -> float:
        return len(self.samples) / SAMPLE_RATE

    def heard(self, start: float, length: float) -> SpokenMouth | None:
        """A piece by itself, turned round at the sound's end; None where nobody speaks."""
        key = (round(start, 3), length)
        if key not in self._heard:
            turned = np.roll(self.samples, -round(start * SAMPLE_RATE))
            self._heard[key] = SpokenMouth.of(turned[: round(length * SAMPLE_RATE)])
        return self._heard[key]


@dataclass(frozen=True)
class Clip:
    """A tracked mouth and the sound that is known to be its own."""

    mouth: Mouth
    sound: Sound

    @property
    def seconds(self) -> float:
        return min(float(self.mouth.time[-1]), self.sound.seconds)

    def starts(self, length: float) -> np.ndarray:
        """Where pieces of a length begin, seconds."""
        return np.arange(0, self.seconds - length + 1e-6, STEP_SECONDS)

    def piece(self, start: float, length: float) -> Mouth:
        """The frames of a piece, on its own clock."""
        mouth = self.mouth
        chosen = (mouth.time >= start - 1e-6) & (mouth.time < start + length - 1e-6)
        return Mouth(mouth.time[chosen] - start, mouth.aperture[chosen], mouth.width[chosen])

    def weakened(self, other: Clip, share: float) -> Clip:
        """Moves as itself by `share` (0..1) and else as another mouth does: only so much of it goes with the sound."""

        def mixed(own: np.ndarray, theirs: np.ndarray) -> np.ndarray:
            away = np.interp(self.mouth.time % float(other.mouth.time[-1]), other.mouth.time, theirs)
            standard = (away - away.mean()) / away.std()
            return own.mean() + share * (own - own.mean()) + np.sqrt(1 - share**2) * own.std() * standard

        mouth = Mouth(
            self.mouth.time,
            mixed(self.mouth.aperture, other.mouth.aperture),
            mixed(self.mouth.width, other.mouth.width),
        )
        return Clip(mouth, self.sound)


def own(clip: Clip, length: float) -> Iterator[SyncEstimate]:
    """Verdicts on pieces with their own sound."""
    for start in clip.starts(length):
        yield compare(clip.sound.heard(start, length), clip.piece(start, length))


def shifted(clip: Clip, length: float) -> Iterator[SyncEstimate]:
    """Verdicts on pieces with their clip's sound of another time, 2 s away or more."""
    shifts = np.arange(NEAREST_SHIFT_SECONDS, clip.sound.seconds - NEAREST_SHIFT_SECONDS + 1e-6, SHIFT_SECONDS)
    for start in clip.starts(length):
        mouth = clip.piece(start, length)
        for shift in shifts:
            yield compare(clip.sound.heard(float((start + shift) % clip.sound.seconds), length), mouth)


def swapped(clip: Clip, sounds: list[Sound], length: float) -> Iterator[SyncEstimate]:
    """Verdicts on pieces with pieces of other sounds."""
    for start in clip.starts(length):
        mouth = clip.piece(start, length)
        for sound in sounds:
            for place in np.arange(0, sound.seconds - length + 1e-6, FOREIGN_STEP_SECONDS):
                yield compare(sound.heard(float(place), length), mouth)


def still_needed(clip: Clip, start: float, length: float) -> float | None:
    """Seconds by which a piece must be longer for a verdict; None where the clip ends before."""
    for more in np.arange(STEP_SECONDS, clip.seconds - start - length + 1e-6, STEP_SECONDS):
        whole = length + float(more)
        if compare(clip.sound.heard(start, whole), clip.piece(start, whole)).belongs != "unknown":
            return float(more)
    return None
