"""The usual way of browsers and games: MFCCs, the nearest viseme, the mouth that goes with it; nothing is learnt of the
person."""

from __future__ import annotations

import numpy as np
import torch
from scipy.fft import dct

from likeness_research.ablation.regressions import Fold, Way
from likeness_research.ablation.subject import Subject
from likeness_trainer.motion.examples import smooth
from likeness_trainer.motion.fit import normalised_mel, person_mouth
from likeness_trainer.motion.graph import LIPS
from likeness_trainer.motion.restore import QuantileMap
from likeness_trainer.sample.voice import load_voice
from likeness_trainer.speech import Layout, sample_at
from likeness_trainer.speech.articulation import FLITE_PHONES, LIP_PARAMETERS, LIP_TARGETS, VISEMES, Phone, viseme_track
from likeness_trainer.speech.sync import correlation

COEFFICIENTS = 13
PROFILED = ("voice", "other-voice")  # the shipped voices, whose phones are known
DELAYS = np.arange(
    0, 0.151, 0.01
)  # a vote, or a mouth that takes its time, comes late: how late is found on training frames


def mfcc(mel: torch.Tensor) -> np.ndarray:
    """Coefficients [S, 13] of a normalised log-mel [80, S], the level left out."""
    return np.asarray(dct(mel.numpy().astype(np.float64), axis=0, norm="ortho"))[1 : COEFFICIENTS + 1].T


def profiles() -> tuple[np.ndarray, np.ndarray]:
    """Each viseme's mean [16, 13] over the shipped voices, and the deviation [13] within visemes."""
    heard, said = [], []
    for name in PROFILED:
        voice = load_voice(name)
        heard.append(mfcc(normalised_mel(voice.samples)))
        phones = [Phone(p.start, p.end, FLITE_PHONES[p.name]) for p in voice.phones]
        said.append(viseme_track(phones, len(heard[-1])))
    rows, visemes = np.concatenate(heard), np.concatenate(said)
    means = np.stack(
        [
            rows[visemes == k].mean(axis=0) if (visemes == k).any() else np.full(COEFFICIENTS, np.inf)
            for k in range(len(VISEMES))
        ]
    )
    return means, (rows - means[visemes]).std(axis=0)


def mfcc_visemes(subject: Subject) -> np.ndarray:
    """How much of each viseme [S, 16] is heard, by the distance to its profile; nothing of any in silence."""
    means, deviation = profiles()
    rows = mfcc(subject.mel)
    near = np.exp(-0.5 * (((rows[:, None] - means[None]) / deviation) ** 2).mean(axis=2) * np.sqrt(COEFFICIENTS))
    weights = near / near.sum(axis=1, keepdims=True)
    return smooth(smooth(weights * subject.features[:, Layout.presence, None]))


def lips_of(weights: np.ndarray, visemes: tuple[str, ...]) -> np.ndarray:
    """Opening and width [S, 2] in the units of `LIP_TARGETS`; visemes [S, V] add up, as blend shapes do."""
    poses = weights @ np.array([LIP_TARGETS[viseme].pose for viseme in visemes])
    opening, width, rounding = (poses[:, LIP_PARAMETERS.index(name)] for name in ("opening", "width", "rounding"))
    return np.stack([opening, width - 0.5 * rounding], axis=1)


def in_range(subject: Subject, lips: np.ndarray) -> Way[None]:
    """Opening and width [S, 2] in the person's range, the expression following them: nothing else is learnt of the
    person."""

    def fit(fold: Fold) -> tuple[None, np.ndarray]:
        truth, frames = fold.examples.targets, subject.frames[fold.train]
        followed = [sample_at(lips, subject.heard + delay) for delay in DELAYS]
        moved = max(followed, key=lambda at: correlation(at[fold.train, 0], truth[:, 0]))
        own = np.array(
            [QuantileMap.between(a[fold.train], b)(a[fold.test]) for a, b in zip(moved.T, truth[:, :LIPS].T)]
        )
        wanted = torch.from_numpy(own.astype(np.float32))[None]
        correction, _ = person_mouth(subject.track, frames)
        rest = torch.from_numpy(subject.track.expression[frames].mean(axis=0))[None, :, None].expand(
            -1, -1, wanted.shape[2]
        )
        expression = correction(rest, wanted)[0].T.numpy().astype(np.float64)
        return None, np.concatenate([own.T, expression], axis=1)

    return fit
