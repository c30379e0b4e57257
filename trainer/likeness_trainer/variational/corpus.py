"""What the variational parts are trained on: speech and motion at 25 Hz, of the person and of the synthesised
voices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from likeness_trainer.motion.examples import Examples, smooth
from likeness_trainer.motion.restore import LEVELS, QuantileMap
from likeness_trainer.sample.voice import load_voice
from likeness_trainer.speech import Layout, SpeechGraph, analyse_speech, sample_at
from likeness_trainer.speech.articulation import FLITE_PHONES, Phone, lip_track
from likeness_trainer.speech.encoder import SpeechEncoder

RATE = 25.0
VOICES = ("voice", "other-voice")


@dataclass(frozen=True)
class Recording:
    """One sound and what the mouth does with it; both may be unknown in places."""

    speech: Tensor  # [F, g]
    motion: Tensor  # [K, g], in the units of `Scale`
    known: Tensor  # [g] 1 where the motion is known


@dataclass(frozen=True)
class Scale:
    """Targets in units that weigh alike: `(targets - centre) * weight`."""

    centre: np.ndarray  # [K]
    weight: np.ndarray  # [K]

    def to(self, targets: np.ndarray) -> Tensor:
        """Targets [g, K] as motion [K, g]."""
        return torch.from_numpy(((targets - self.centre) * self.weight).T.astype(np.float32))

    def back(self, motion: Tensor) -> np.ndarray:
        """Motion [K, g] as targets [g, K]."""
        return motion.detach().numpy().T.astype(np.float64) / self.weight + self.centre


def grid(seconds: float) -> np.ndarray:
    """Moments at 25 Hz."""
    return np.arange(int(seconds * RATE)) / RATE


def heard(features: np.ndarray, seconds: np.ndarray) -> Tensor:
    """Features [S, F] at 100 Hz at given moments, [F, g]."""
    return torch.from_numpy(sample_at(smooth(features), seconds).T.astype(np.float32))


def of_person(features: np.ndarray, examples: Examples, lag_seconds: float) -> tuple[Recording, Scale]:
    """The person's own frames, on the sound's clock."""
    scale = Scale(examples.targets.mean(axis=0), np.maximum(examples.importance, 1e-6))
    moments = grid(len(features) / 100)
    shown = moments - lag_seconds
    targets = np.stack([np.interp(shown, examples.time, column) for column in examples.targets.T], axis=1)
    after = np.searchsorted(examples.time, shown).clip(1, len(examples.time) - 1)
    nearest = np.minimum(np.abs(examples.time[after - 1] - shown), np.abs(examples.time[after] - shown))
    apart = np.median(np.diff(examples.time)) if len(examples.time) > 1 else 0.0  # of a video of few frames a second
    known = torch.from_numpy((nearest < 0.75 * max(1 / RATE, apart)).astype(np.float32))
    return Recording(heard(features, moments), scale.to(targets), known), scale


def of_voices(encoder: SpeechEncoder, examples: Examples, scale: Scale) -> list[Recording]:
    """The synthesised voices, their articulation in the person's range of opening and width; the expression follows
    these two as it does in the person."""
    lips = examples.targets[:, :2]
    moved = lips - lips.mean(axis=0)
    follows = np.linalg.lstsq(moved, examples.targets - examples.targets.mean(axis=0), rcond=None)[0]  # [2, K]
    graph, found = SpeechGraph(encoder).eval(), []
    for name in VOICES:
        voice = load_voice(name)
        phones = [Phone(p.start, p.end, FLITE_PHONES[p.name]) for p in voice.phones]
        said = lip_track(phones, len(voice.samples) // 160 + 1)
        wanted = np.stack([said[:, 0], said[:, 1] - 0.5 * said[:, 2]], axis=1)
        own = [
            QuantileMap.of_quantiles(np.quantile(a, LEVELS), np.quantile(b, LEVELS))(a)
            for a, b in zip(wanted.T, lips.T)
        ]
        features, moments = analyse_speech(graph, voice.samples).features, grid(len(voice.samples) / 16000)
        targets = (
            examples.targets.mean(axis=0) + (sample_at(np.stack(own, axis=1), moments) - lips.mean(axis=0)) @ follows
        )
        found.append(Recording(heard(features, moments), scale.to(targets), torch.ones(len(moments))))
    return found


class Batches:
    """Pieces of recordings whose motion is known, drawn anew each time."""

    FRAMES, COUNT = 48, 8

    def __init__(self, recordings: list[Recording], seed: int) -> None:
        self._rng = np.random.default_rng(seed)
        self._starts = [(r, k) for r in recordings for k in self.usable(r)]

    @classmethod
    def usable(cls, recording: Recording) -> list[int]:
        """Where pieces of a recording may begin; nowhere when its motion is known in shorter stretches only."""
        if len(recording.known) < cls.FRAMES:
            return []
        share = np.convolve(recording.known.numpy(), np.ones(cls.FRAMES) / cls.FRAMES, "valid")
        return np.flatnonzero(share > 0.8).tolist()

    def draw(self) -> tuple[Tensor, Tensor, Tensor]:
        """Speech [8, F, 48], motion [8, K, 48], known [8, 1, 48]."""
        chosen = [self._starts[self._rng.integers(len(self._starts))] for _ in range(self.COUNT)]
        cut = [
            (r.speech[:, k : k + self.FRAMES], r.motion[:, k : k + self.FRAMES], r.known[None, k : k + self.FRAMES])
            for r, k in chosen
        ]
        speech, motion, known = (torch.stack(column) for column in zip(*cut))
        return speech + 0.05 * torch.randn_like(speech), motion, known


LIP_ROWS = slice(0, 2)
PITCH_ROWS = (Layout.pitch, Layout.voicing)
