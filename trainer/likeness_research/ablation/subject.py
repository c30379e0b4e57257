"""The person whose chain is taken apart: track, features and lag of one analysed video."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import torch

from likeness_trainer.media import read_audio
from likeness_trainer.motion.fit import normalised_mel
from likeness_trainer.motion.ridge import contiguous_folds
from likeness_trainer.protocol import TrainerError
from likeness_trainer.speech import Layout, SpeechGraph, analyse_speech, estimate, load_encoder
from likeness_trainer.speech.encoder import SpeechEncoder
from likeness_trainer.speech.hubert import Hubert, load_hubert
from likeness_trainer.tracking.lips import LipMeasures, Mouth
from likeness_trainer.tracking.track_file import Track

FOLDS = 5
SHORTEST_FOLD_SECONDS = 1.0


@dataclass(frozen=True)
class Subject:
    """What every way of predicting starts from. All use one lag, so that they differ in nothing else."""

    track: Track
    audio: np.ndarray  # [N] at 16 kHz, on the picture's clock
    lag_seconds: float
    encoder: SpeechEncoder
    speech_quantiles: np.ndarray  # [2, 33]
    features: np.ndarray  # [S, 297] at 100 Hz, what mouths are predicted from
    closing: np.ndarray  # [S, 288] of the towers that hear when a mouth shuts
    mel: torch.Tensor  # [80, S]
    hubert: Hubert | None = None  # the user's own, where they have added it

    @classmethod
    def of(cls, track: Track, audio: np.ndarray) -> Subject:
        """Raises TrainerError `bad-audio` when the sound is not this mouth's, `too-short` when folds would be too
        small."""
        sync = estimate(audio, Mouth.of(track, track.good))
        if sync.belongs == "no":
            raise TrainerError(
                "bad-audio",
                "The sound of this video does not belong to the person in the picture.",
                "Use a video in which the person seen is the one heard, in step with the picture.",
                f"probability {sync.probability:.3f}",
            )
        if sync.belongs == "unknown":
            raise TrainerError(
                "bad-audio",
                "There is too little speech or movement of the mouth to tell whether they belong together.",
                "Use a video in which the person speaks, with the mouth in view, for at least 20 seconds.",
            )
        if np.ptp(track.time[track.good]) < FOLDS * SHORTEST_FOLD_SECONDS:
            raise TrainerError(
                "too-short",
                f"The good frames span less than {FOLDS * SHORTEST_FOLD_SECONDS:.0f} seconds.",
                "Use a longer video.",
            )
        encoder, quantiles = load_encoder()
        heard = analyse_speech(SpeechGraph(encoder, closing=True).eval(), audio).features
        features, closing = heard[:, Layout.general], heard[:, Layout.closing]
        return cls(track, audio, sync.lag_seconds, encoder, quantiles.numpy(), features, closing, normalised_mel(audio))

    @classmethod
    def load(cls, folder: Path, ffmpeg: str, hubert: Path | None = None) -> Subject:
        """From an analysis's folder and the user's weights of HuBERT. Raises TrainerError `no-audio`, and what `of` and
        `Track.load` raise."""
        track = Track.load(folder / "track.safetensors")
        sound = folder / "audio16k.wav"
        if not sound.is_file():
            raise TrainerError("no-audio", "This video has no sound.", "Use a video in which the person speaks.")
        subject = cls.of(track, read_audio(ffmpeg, str(sound)))
        return replace(subject, hubert=load_hubert(hubert)) if hubert else subject

    @cached_property
    def frames(self) -> np.ndarray:
        """Numbers of the good frames, [n]."""
        return self.track.good

    @cached_property
    def heard(self) -> np.ndarray:
        """When the sound of each good frame is heard, [n] seconds."""
        return self.track.time[self.frames] + self.lag_seconds

    @cached_property
    def truth(self) -> np.ndarray:
        """The tracked mouth of the good frames as it was, head rotation and all: [n, 66] opening, width, expression."""
        expression = self.track.expression[self.frames].astype(np.float64)
        return np.concatenate([LipMeasures.of(self.track)(expression), expression], axis=1)

    @cached_property
    def folds(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """Masks (train, test) [n] of each fold; 0.4 s beside a test block belong to neither."""
        return list(contiguous_folds(self.track.time[self.frames], FOLDS))
