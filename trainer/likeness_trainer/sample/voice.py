"""The voice shipped with the product: its sound and the times of its phones."""

from __future__ import annotations

import json
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from likeness_trainer.protocol import TrainerError

RESOURCES = Path(__file__).resolve().parents[3] / "resources" / "sample"


@dataclass(frozen=True)
class Phone:
    """One phone in the CMU set (lower case; `pau` is silence), seconds."""

    name: str
    start: float
    end: float


@dataclass(frozen=True)
class Voice:
    """samples [N] f32 in -1..1 at `rate` Hz, and the phones in order."""

    samples: np.ndarray
    rate: int
    phones: tuple[Phone, ...]

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate


def load_voice(name: str = "voice") -> Voice:
    """The voice `resources/sample/NAME.wav` with its phones; TrainerError('not-found') when it is not there."""
    sound, timing = RESOURCES / f"{name}.wav", RESOURCES / f"{name}.phones.json"
    if not sound.is_file() or not timing.is_file():
        raise TrainerError(
            "not-found",
            "The sample voice is missing.",
            "Install Likeness again: resources/sample is not complete.",
            str(sound),
        )
    with wave.open(str(sound), "rb") as stored:
        rate = stored.getframerate()
        samples = np.frombuffer(stored.readframes(stored.getnframes()), "<i2").astype(np.float32) / 32768
    rows = json.loads(timing.read_text(encoding="utf-8"))
    return Voice(samples, rate, tuple(Phone(row["phone"], row["start"], row["end"]) for row in rows))


def fit_voice(voice: Voice, seconds: float) -> Voice:
    """The voice cut to a length, or said again from the start until the length is reached."""
    wanted = round(seconds * voice.rate)
    samples = np.resize(voice.samples, wanted)
    fade = min(wanted, round(0.02 * voice.rate))  # a cut in mid-phone would click
    samples[wanted - fade :] *= np.linspace(1, 0, fade, dtype=np.float32)
    phones: list[Phone] = []
    offset = 0.0
    while offset < seconds:
        for phone in voice.phones:
            start, end = phone.start + offset, min(phone.end + offset, seconds)
            if start < seconds:
                phones.append(Phone(phone.name, start, end))
        offset += voice.seconds
    return Voice(samples, voice.rate, tuple(phones))


def write_wave(path: Path, voice: Voice) -> None:
    """Write the samples as 16-bit mono."""
    with wave.open(str(path), "wb") as target:
        target.setnchannels(1)
        target.setsampwidth(2)
        target.setframerate(voice.rate)
        target.writeframes((np.clip(voice.samples, -1, 1) * 32767).astype("<i2").tobytes())
