"""The ways from sound to mouth that are fitted anew in each fold; the report's rows share them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

import numpy as np
import torch

from likeness_research.ablation.subject import Subject
from likeness_trainer.metrics.baselines import nearest
from likeness_trainer.motion.closing import Witnesses
from likeness_trainer.motion.examples import Examples, smooth
from likeness_trainer.motion.finetune import TunedBranch, fine_tune
from likeness_trainer.motion.fit import fit_targets, predict
from likeness_trainer.motion.hubert import hubert_inputs
from likeness_trainer.motion.ridge import Ridge
from likeness_trainer.protocol import Reporter
from likeness_trainer.speech import Layout, sample_at
from likeness_trainer.speech.encoder import SpeechEncoder
from likeness_trainer.speech.hubert import halved, hubert_rows
from likeness_trainer.tracking.track_file import Track
from likeness_trainer.variational.fit import Adapted, Generated, VariationalPlan

TARGETS = 66  # opening, width, expression
STEP_SECONDS = 0.04
LOUDNESS_REACH_SECONDS, MEL_REACH_SECONDS = 0.4, 0.2
RANDOM_SEED = 1
PITCH = (Layout.pitch, Layout.voicing)
ENERGY = (Layout.level, Layout.presence)

Model = TypeVar("Model")
Drawn = TypeVar("Drawn", Generated, Adapted)


@dataclass(frozen=True)
class Fold:
    """One block to predict, and what its training frames teach."""

    train: np.ndarray  # [n] mask
    test: np.ndarray  # [n] mask
    examples: Examples


@dataclass(frozen=True)
class Unheard(Generic[Model]):
    """Targets [n, 66 or more] of every good frame, predicted by the model of the fold that did not see it."""

    targets: np.ndarray
    models: list[Model]


Way = Callable[[Fold], tuple[Model, np.ndarray]]
"""Fit on a fold's training frames: the model, and its targets for the test frames."""


class Folds:
    """A person's folds, and every way fitted in them."""

    def __init__(self, subject: Subject, reporter: Reporter) -> None:
        still = never_turning(subject.track)
        self.subject, self._reporter = subject, reporter
        self.measured = [Fold(*masks, Examples.of(subject.track, subject.frames[masks[0]])) for masks in subject.folds]
        self.rotated = [Fold(*masks, Examples.of(still, subject.frames[masks[0]])) for masks in subject.folds]
        self._done = self._total = 0

    def expect(self, ways: int) -> None:
        """So many ways will be fitted in this stage; each counts as one fit a fold."""
        self._done, self._total = 0, ways * len(self.measured)
        self._reporter.progress(0, self._total, "fits")

    def fit(self, way: Way[Model], *, rotated: bool = False) -> Unheard[Model]:
        """Fit in every fold, on targets with the head's rotation regressed out or, if `rotated`, left in. Raises
        Cancelled."""
        found, models = {}, []
        for fold in self.rotated if rotated else self.measured:
            self._reporter.check_cancelled()
            model, predicted = way(fold)
            found.update(zip(np.flatnonzero(fold.test), predicted))
            models.append(model)
            self._done += 1
            self._reporter.progress(self._done, self._total, "fits")
        return Unheard(np.array([found[frame] for frame in range(len(found))]), models)


def by_ridge(inputs: np.ndarray) -> Way[Ridge]:
    """Ridge regression on inputs [n, D]."""

    def fit(fold: Fold) -> tuple[Ridge, np.ndarray]:
        ridge = fit_targets(inputs[fold.train], fold.examples)
        return ridge, ridge(inputs[fold.test])

    return fit


@dataclass(frozen=True)
class Closing:
    """The ridge of a chain, and what hears its closures among the slice `heard` of the features."""

    ridge: Ridge
    witnesses: Witnesses
    heard: slice


def by_closing_ridge(
    inputs: np.ndarray, closing: np.ndarray, closure: np.ndarray, heard: slice = Layout.closing
) -> Way[Closing]:
    """Ridge regression on the chain's inputs [n, 3 F]; the witnesses of closures follow its targets, [m, 69].

    The witnesses hear `closing` [n, 3 G], which is of the slice `heard` of the features, and the general `closure` [n].
    """

    def fit(fold: Fold) -> tuple[Closing, np.ndarray]:
        ridge = fit_targets(inputs[fold.train], fold.examples)
        witnesses = Witnesses.fit(closing[fold.train], fold.examples.targets[:, 0], fold.examples.time)
        found = np.concatenate([ridge(inputs[fold.test]), witnesses(closing[fold.test], closure[fold.test])], axis=1)
        return Closing(ridge, witnesses, heard), found

    return fit


def by_retrieval(inputs: np.ndarray) -> Way[None]:
    """The mouth of the training frame whose inputs [n, D], each over its deviation, are nearest."""

    def look_up(fold: Fold) -> tuple[None, np.ndarray]:
        scaled = inputs[..., None] / (inputs[fold.train].std(axis=0)[:, None] + 1e-6)
        return None, fold.examples.targets[nearest(scaled[fold.test], scaled[fold.train])]

    return look_up


def by_fine_tuning(subject: Subject, seed: int, steps: int, reporter: Reporter) -> Way[TunedBranch]:
    """The pretrained encoder, trained further for so many steps."""

    def fit(fold: Fold) -> tuple[TunedBranch, np.ndarray]:
        branch = fine_tune(subject.encoder, subject.mel, fold.examples, subject.lag_seconds, seed, reporter, steps)
        return branch, predict(branch, subject.mel, subject.heard[fold.test])

    return fit


def by_generating(subject: Subject, reporter: Reporter, fit: Callable[..., Drawn], plan: VariationalPlan) -> Way[Drawn]:
    """One of the variational parts: drawn at its usual temperature, the same draw every time."""

    def generate(fold: Fold) -> tuple[Drawn, np.ndarray]:
        fitted = fit(subject.features, subject.encoder, fold.examples, subject.lag_seconds, reporter, plan)
        return fitted, fitted(subject.features, subject.heard[fold.test])

    return generate


def never_turning(track: Track) -> Track:
    """The same track with the head's rotation forgotten, so that nothing is regressed out of its expression."""
    return replace(track, rotation=np.broadcast_to(np.eye(3, dtype=np.float32), track.rotation.shape))


def without(features: np.ndarray, columns: tuple[int, ...]) -> np.ndarray:
    """Features [S, 297] with some columns silenced."""
    fewer = features.copy()
    fewer[:, columns] = 0
    return fewer


def around(signal: np.ndarray, seconds: np.ndarray, reach: float) -> np.ndarray:
    """A smoothed signal [S, F] at given times and every 40 ms up to `reach` on both sides: [n, F * steps]."""
    smoothed, side = smooth(signal), round(reach / STEP_SECONDS)
    offsets = STEP_SECONDS * np.arange(-side, side + 1)
    return np.concatenate([sample_at(smoothed, seconds + offset) for offset in offsets], axis=1).astype(np.float64)


def hubert_layers(subject: Subject) -> list[int]:
    """Half-way up, three quarters, and the last: none where the user has added no HuBERT."""
    if subject.hubert is None:
        return []
    count = subject.hubert.shape.layers
    return sorted({-(-count // 2), -(-3 * count // 4), count})


def heard_by_hubert(subject: Subject, layers: list[int]) -> dict[int, np.ndarray]:
    """What a ridge is given of each of the layers, [n, 3 hidden]."""
    if subject.hubert is None:
        return {}
    rows = hubert_rows(subject.hubert, subject.audio, layers)
    return {layer: hubert_inputs(halved(rows[layer]), subject.heard) for layer in layers}


def random_hidden(mel: torch.Tensor) -> np.ndarray:
    """Hidden features [S, 288] of an encoder that has learnt nothing."""
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(RANDOM_SEED)
        return SpeechEncoder().hidden(mel[None])[0].T.numpy()
