"""Synthesised speech with known phone timings: CMU Flite speaks sentences in four voices."""

import re
import shutil
import subprocess
import tempfile
import wave
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.signal import resample_poly

from likeness_trainer.protocol import TrainerError
from likeness_trainer.speech.articulation import FLITE_PHONES, Phone, lip_track, viseme_track
from likeness_trainer.speech.sizes import SAMPLE_RATE
from likeness_trainer.speech.spectrum import log_mel

VOICES = ("kal16", "awb", "rms", "slt")
PHONE_LINE = re.compile(r"(\S+?):([\d.]+)")


@dataclass(frozen=True)
class Utterance:
    """A spoken sentence at 100 frames a second."""

    mel: np.ndarray  # [frames, 80] f32, natural log of power
    visemes: np.ndarray  # [frames] int64
    lips: np.ndarray  # [frames, 5] f32


def speak(sentence: str, voice: str, stretch: float) -> tuple[np.ndarray, list[Phone]]:
    """Flite's waveform [N] f32 at 16 kHz and the phones in it. `stretch` > 1 is slower.

    Raises TrainerError `missing-tool` when flite is not installed.
    """
    if shutil.which("flite") is None:
        raise TrainerError(
            "missing-tool", "The speech synthesiser flite is not installed.", "Install it: apt-get install flite"
        )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "speech.wav")
        command = [
            "flite",
            "-voice",
            voice,
            "--setf",
            f"duration_stretch={stretch:.3f}",
            "-psdur",
            "-t",
            sentence,
            "-o",
            str(path),
        ]
        printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        with wave.open(str(path)) as sound:
            rate = sound.getframerate()
            samples = np.frombuffer(sound.readframes(sound.getnframes()), np.int16) / 32768.0
    common = np.gcd(rate, SAMPLE_RATE)
    waveform = resample_poly(samples, SAMPLE_RATE // common, rate // common).astype(np.float32)
    return waveform, phones_of(printed)


def phones_of(printed: str) -> list[Phone]:
    """Phones from what `flite -psdur` prints: `name:end` pairs, end in seconds, each beginning where the last one
    ended."""
    phones: list[Phone] = []
    start = 0.0
    for name, end in PHONE_LINE.findall(printed):
        phones.append(Phone(start, float(end), FLITE_PHONES[name]))
        start = float(end)
    return phones


def utterances(voice: str, sentences: Iterable[str], seed: int) -> Iterator[Utterance]:
    """Sentences of one voice, at speaking rates 15 % slower to 15 % faster."""
    rng = np.random.default_rng(seed)
    for sentence in sentences:
        waveform, phones = speak(sentence, voice, rng.uniform(0.85, 1.15))
        mel = log_mel(waveform)
        yield Utterance(mel, viseme_track(phones, len(mel)), lip_track(phones, len(mel), rng))
