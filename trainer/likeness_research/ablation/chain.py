"""The product's whole chain put together in each fold, with parts of it left out."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor, nn

from likeness_research.ablation.regressions import TARGETS, Closing, Fold, Unheard
from likeness_research.ablation.subject import Subject
from likeness_trainer.motion.closing import Limits, Openness
from likeness_trainer.motion.finetune import TunedBranch
from likeness_trainer.motion.fit import Restored, person_mouth, zero_shot
from likeness_trainer.motion.graph import AdaptedMouth, MotionGraph, RidgeBranch, TunedHead
from likeness_trainer.motion.head_turn import HeadTurn
from likeness_trainer.motion.restore import QuantileMap
from likeness_trainer.motion.ridge import Ridge
from likeness_trainer.protocol import Reporter
from likeness_trainer.speech import sample_at
from likeness_trainer.speech.sizes import FEATURE_RATE
from likeness_trainer.tracking.lips import LipMeasures
from likeness_trainer.variational.fit import Generated

FAR_CM = 50.0  # further than any mouth opens
UNCHANGED = QuantileMap(np.array([-FAR_CM, FAR_CM]), np.array([-FAR_CM, FAR_CM]))
NO_LIMITS = Limits(*(QuantileMap(np.array([0.0, 1.0]), np.array([far, far])) for far in (-FAR_CM, FAR_CM)))
TWO_THIRDS = 2 / 3  # the graph takes the mean of two: this makes three of them count alike


class BesideTuned(nn.Module):
    """The fine-tuned head and a third branch together, in the head's place: targets [1, 66, T] of the subject's own
    sound."""

    said: Tensor

    def __init__(self, head: TunedHead, third: Generated, subject: Subject) -> None:
        super().__init__()
        rows = len(subject.features)
        self.head = head
        self.register_buffer(
            "said", torch.from_numpy(third(subject.features, np.arange(rows) / FEATURE_RATE).T.astype(np.float32))
        )

    def forward(self, features: Tensor) -> Tensor:
        return TWO_THIRDS * (self.head(features) + self.said)


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
    turns: bool = True  # puts back what the head's rotation, which is the picture's, adds to the mouth
    third: Unheard[Generated] | None = None  # a branch beside the two, counting as much as each of them

    def mouths(self, subject: Subject, reporter: Reporter) -> np.ndarray:
        """Mouths [n, 66] of the graph that a bundle holds, each fold's by that fold's own models. Raises Cancelled."""
        found = np.empty_like(subject.truth)
        for number, (fold, ridge, tuned) in enumerate(zip(self.folds, self.ridge.models, self.tuned.models)):
            reporter.check_cancelled()
            branch, linear = TunedHead(tuned), ridge.ridge
            if self.third is not None:
                branch = BesideTuned(branch, self.third.models[number], subject)
                linear = Ridge(TWO_THIRDS * linear.weights, TWO_THIRDS * linear.bias)
            mouth = AdaptedMouth(
                RidgeBranch(linear, self.openness(fold, ridge), ridge.heard), branch, **vars(self.restored(fold))
            )
            graph = MotionGraph(mouth, *person_mouth(subject.track, subject.frames[fold.train])).eval()
            turn = HeadTurn.of(subject.track, subject.frames[fold.train]) if self.turns else None
            found[fold.test] = driven(subject, graph, fold.test, tuned, turn)
        return found

    def restored(self, fold: Fold) -> Restored:
        """The maps of a fold, without the parts left out."""
        witnessed = self.ridge.targets[fold.train, TARGETS:]
        openness = Openness.of(witnessed)
        ridge, tuned = self.ridge.targets[fold.train, :TARGETS], self.tuned.targets[fold.train]
        if self.third is not None:
            ridge, tuned = TWO_THIRDS * ridge, TWO_THIRDS * (tuned + self.third.targets[fold.train])
        maps = Restored.by(ridge, tuned, openness, fold.examples.targets)
        if not self.restores:
            maps = replace(maps, opening=UNCHANGED, width=UNCHANGED, gains=np.ones_like(maps.gains))
        return maps if self.closes else replace(maps, limits=NO_LIMITS)

    def openness(self, fold: Fold, closing: Closing) -> Openness:
        """A fold's openness, its witnesses weighed by what the other folds' frames show."""
        return closing.witnesses.openness(self.ridge.targets[fold.train, TARGETS:].std(axis=0))


def zero_shot_mouths(subject: Subject, folds: list[Fold]) -> np.ndarray:
    """Mouths [n, 66] of the graph that a person gets whose video has no sound of theirs."""
    found = np.empty_like(subject.truth)
    for fold in folds:
        graph = zero_shot(subject.track, subject.frames[fold.train], subject.speech_quantiles)
        found[fold.test] = driven(subject, graph, fold.test)
    return found


def driven(
    subject: Subject,
    graph: MotionGraph,
    test: np.ndarray,
    branch: TunedBranch | None = None,
    turn: HeadTurn | None = None,
) -> np.ndarray:
    """Mouths [m, 66] of the test frames as a motion graph moves them, and `turn` by how the head is held in them;
    `branch` is what the graph's tuned head listens to.
    """
    features = torch.from_numpy(np.concatenate([subject.features, subject.closing], axis=1))
    with torch.no_grad():
        if branch is not None:
            features = torch.cat([features, branch.encoder.hidden(subject.mel[None])[0].T], dim=1)
        expression = graph(features[None])[0].numpy()
    expression = sample_at(expression, subject.heard[test]).astype(np.float64)
    if turn is not None:
        expression += turn(subject.track.rotation[subject.frames[test]])
    return np.concatenate([LipMeasures.of(subject.track)(expression), expression], axis=1)
