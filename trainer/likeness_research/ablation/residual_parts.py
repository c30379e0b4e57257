"""Rows of a small network on the drawn picture: with it, and with each part of how it is made on or off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from weakref import WeakKeyDictionary

import numpy as np

from likeness_research.ablation.renderer_parts import Fold, Part
from likeness_research.ablation.residual import Plan, Residual, drawn_by, pruned
from likeness_research.ablation.residual_training import learnt
from likeness_research.ablation.shown import learnt_from, looked_at

_KEPT = 0.5  # of the hidden channels, in the rows that are pruned


class _Work:
    """What the rows of a fold share: its frames, and the network that was made last."""

    def __init__(self, fold: Fold) -> None:
        self.seen, self.judged = learnt_from(fold), looked_at(fold)
        self._made: tuple[Plan, tuple[Residual, Residual]] | None = None

    def network(self, plan: Plan) -> tuple[Residual, Residual]:
        """By its last weights, and by their average."""
        if self._made is None or self._made[0] != plan:
            self._made = plan, learnt(self.seen, plan)
        return self._made[1]


_works: WeakKeyDictionary[Fold, _Work] = WeakKeyDictionary()  # of folds that somebody still looks at


def _work_on(fold: Fold) -> _Work:
    if fold not in _works:
        _works[fold] = _Work(fold)
    return _works[fold]


def with_network(plan: Plan, averaged: bool = True) -> Callable[[Fold], list[np.ndarray]]:
    """By its weights' moving average, or by the last ones."""
    return lambda fold: drawn_by(_work_on(fold).network(plan)[averaged], _work_on(fold).judged)


def with_pruned(plan: Plan, tuned: bool) -> Callable[[Fold], list[np.ndarray]]:
    """Half of each block's hidden channels taken out, and then tuned for a quarter of the steps, or not."""

    def draw(fold: Fold) -> list[np.ndarray]:
        work = _work_on(fold)
        small = pruned(work.network(plan)[1], work.seen, _KEPT)
        if tuned:
            small = learnt(work.seen, replace(plan, steps=plan.steps // 4), small)[1]
        return drawn_by(small, work.judged)

    return draw


def network_parts(plan: Plan) -> Sequence[Part]:
    """In an order that trains each network once."""
    switched = (
        ("gateless", "without the gate to the nearest frame's detail", replace(plan, gate=False)),
        ("attention", "with attention", replace(plan, attention=True)),
        ("widest", "the widest mouths first", replace(plan, widest_first=True)),
        ("augmented", "with augmented pictures", replace(plan, augmented=True)),
        ("judged", "with a discriminator of faces", replace(plan, judged=True)),
    )
    return (
        Part("network", "network", "With a network on the picture", with_network(plan)),
        Part("network-last", "network", "by its last weights, not their average", with_network(plan, averaged=False)),
        Part("network-pruned", "network", "without half of its channels", with_pruned(plan, tuned=False)),
        Part("network-tuned", "network", "without half of its channels, tuned", with_pruned(plan, tuned=True)),
        *(Part(f"network-{name}", "network", label, with_network(other)) for name, label, other in switched),
    )
