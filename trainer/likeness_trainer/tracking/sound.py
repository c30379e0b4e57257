"""The sound of the video: read beside the fit, and compared with the lips."""

from __future__ import annotations

import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from likeness_trainer.media import Source, read_audio
from likeness_trainer.protocol import TrainerError
from likeness_trainer.protocol.jobs import AnalyzeJob
from likeness_trainer.speech.sync import SpokenMouth, compare
from likeness_trainer.tracking.lips import Mouth
from likeness_trainer.tracking.track_file import Track

_SPEECH_LEVEL = 0.1  # of the loud parts
_PIECE = 1 << 20  # samples written at once
# What is heard behind the last picture: a sound that is out of step is looked for 6 s away. Of a few seconds of picture
# with hours of sound the rest would take an hour of work, and nobody's lips move to it.
_BEYOND_SECONDS = 30.0


@dataclass(frozen=True)
class Heard:
    """What the track does not say of its sound."""

    speech_seconds: float  # loud enough for speech
    share: float  # how far an avatar's mouth would be adapted to it, 0..1
    more_seconds: float | None  # about how much more would tell whether it belongs; None: not known, or told


@dataclass(frozen=True)
class Sound:
    """A video's sound."""

    samples: np.ndarray  # [N] at 16 kHz
    spoken: SpokenMouth | None  # what is heard of a mouth; None: nobody speaks


def hear(job: AnalyzeJob, source: Source, last: float, work: Path) -> Sound | None:
    """The sound, to some time behind the `last` picture (s), written into `work` too; None where there is none."""
    if not source.has_audio:
        return None
    try:
        audio = read_audio(job.ffmpeg, job.source, streams=job.streams, seconds=last + _BEYOND_SECONDS)
    except TrainerError:
        return None  # a broken sound track is reported by the check; the picture is still of use
    with wave.open(str(work / "audio16k.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16000)
        file.setnframes(len(audio))
        for low in range(0, len(audio), _PIECE):
            piece = np.clip(audio[low : low + _PIECE], -1, 1)
            file.writeframesraw((piece * 32767).astype("<i2").tobytes())
    return Sound(audio, SpokenMouth.of(audio))


def judge(sound: Sound | None, track: Track) -> Heard | None:
    """Judge the sound's sync into the track, and say what was heard; None where there was nothing to hear."""
    if sound is None:
        return None
    audio = sound.samples
    training, _ = track.split()  # what is said here is what a training will find
    verdict = compare(sound.spoken, Mouth.of(track, training))
    lag = verdict.lag_seconds if verdict.belongs == "yes" else verdict.elsewhere_seconds
    track.sound_belongs, track.sound_probability, track.sound_lag_seconds = (
        verdict.belongs,
        verdict.probability,
        lag or 0.0,
    )
    windows = audio[: len(audio) // 320 * 320].reshape(-1, 320)
    level = np.sqrt((windows**2).mean(1))
    loud = float(np.percentile(level, 95)) if len(level) else 0.0
    seconds = float((level > max(0.003, _SPEECH_LEVEL * loud)).sum() * 0.02)
    return Heard(seconds, verdict.share, verdict.more_seconds)
