"""The product's whole chain put together in each fold, with parts of it left out."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch

from ..motion.closing import Limits
from ..motion.finetune import TunedBranch
from ..motion.fit import Restored, person_mouth, zero_shot
from ..motion.graph import AdaptedMouth, MotionGraph, RidgeBranch, TunedHead
from ..motion.lips import LipMeasures
from ..motion.restore import QuantileMap
from ..motion.ridge import Ridge
from ..protocol import Reporter
from ..speech import sample_at
from .regressions import TARGETS, Closing, Fold, Unheard
from .subject import Subject

FAR_CM = 50.0  # further than any mouth opens
UNCHANGED = QuantileMap(np.array([-FAR_CM, FAR_CM]), np.array([-FAR_CM, FAR_CM]))
NO_LIMITS = Limits(*(QuantileMap(np.array([0.0, 1.0]), np.array([far, far])) for far in (-FAR_CM, FAR_CM)))


@dataclass(frozen=True)
class Chain:
    """Both branches of every fold, and which of the parts that follow them are in use.

    The product learns the maps that restore the person's distribution from folds inside the training frames; here they
    come from the other folds' predictions, whose models have seen the test block (only the maps, never the models of a
    fold, depend on it). That saves fifteen fine-tunings for each row.
    """

    folds: list[Fold]
    ridge: Unheard[Closing]
    tuned: Unheard[TunedBranch]
    restores: bool = True
    closes: bool = True

    def mouths(self, subject: Subject, reporter: Reporter) -> np.ndarray:
        """Mouths [n, 66] of the graph that a bundle holds, each fold's by that fold's own models. Raises Cancelled."""
        found = np.empty_like(subject.truth)
        for fold, ridge, tuned in zip(self.folds, self.ridge.models, self.tuned.models):
            reporter.check_cancelled()
            mouth = AdaptedMouth(
                RidgeBranch(ridge.ridge, self.openness(fold, ridge)), TunedHead(tuned), **vars(self.restored(fold))
            )
            graph = MotionGraph(mouth, *person_mouth(subject.track, subject.frames[fold.train])).eval()
            found[fold.test] = driven(subject, graph, fold.test, tuned)
        return found

    def restored(self, fold: Fold) -> Restored:
        """The maps of a fold, without the parts left out."""
        witnessed = self.ridge.targets[fold.train, TARGETS:]
        openness = (witnessed / witnessed.std(axis=0)).sum(axis=1)
        ridge = self.ridge.targets[fold.train, :TARGETS]
        maps = Restored.by(ridge, self.tuned.targets[fold.train], openness, fold.examples.targets)
        if not self.restores:
            maps = replace(maps, opening=UNCHANGED, width=UNCHANGED, gains=np.ones_like(maps.gains))
        return maps if self.closes else replace(maps, limits=NO_LIMITS)

    def openness(self, fold: Fold, closing: Closing) -> Ridge:
        """A fold's openness, its witnesses weighed by what the other folds' frames show."""
        return closing.witnesses.openness(self.ridge.targets[fold.train, TARGETS:].std(axis=0))


def zero_shot_mouths(subject: Subject, folds: list[Fold]) -> np.ndarray:
    """Mouths [n, 66] of the graph that a person gets whose video has no sound of theirs."""
    found = np.empty_like(subject.truth)
    for fold in folds:
        graph = zero_shot(subject.track, subject.frames[fold.train], subject.speech_quantiles)
        found[fold.test] = driven(subject, graph, fold.test)
    return found


def driven(subject: Subject, graph: MotionGraph, test: np.ndarray, branch: TunedBranch | None = None) -> np.ndarray:
    """Mouths [m, 66] of the test frames as a motion graph moves them; `branch` is what the graph's tuned head listens to."""
    features = torch.from_numpy(subject.features)
    with torch.no_grad():
        if branch is not None:
            features = torch.cat([features, branch.encoder.hidden(subject.mel[None])[0].T], dim=1)
        expression = graph(features[None])[0].numpy()
    expression = sample_at(expression, subject.heard[test]).astype(np.float64)
    return np.concatenate([LipMeasures.of(subject.track)(expression), expression], axis=1)
