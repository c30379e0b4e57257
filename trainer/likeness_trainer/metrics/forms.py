"""What an avatar draws of the held-out frames, by each of the forms it has."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Literal

import numpy as np

from likeness_trainer.bundle.load import Bundle, Draws
from likeness_trainer.metrics.clip import Clip
from likeness_trainer.metrics.judge import Draw, Progress
from likeness_trainer.metrics.native import laid_over
from likeness_trainer.metrics.quality import Pictures
from likeness_trainer.metrics.untrained import View
from likeness_trainer.renderer.proxies import SIDE, Control

# As the person's own motion is played, `sway`; the others show what a control alone says.
Form = Draws | Literal["fast", "sway"]
_OF_ANY_SIZE = ("closed", "sway")  # graphs draw one


class Forms:
    """Pictures of held-out frames over their background."""

    def __init__(
        self, bundle: Bundle, clip: Clip, frames: np.ndarray, spoken: np.ndarray | None, progress: Progress
    ) -> None:
        """`frames` [T] are source frames, `spoken` [T,64] expressions as the sound drives them."""
        self.bundle, self._clip, self._frames, self._spoken = bundle, clip, frames, spoken
        self._progress = progress
        self._crops: dict[Form, list[np.ndarray]] = {}
        self._pictures: dict[Form, Pictures] = {}
        self._fps: dict[Form, float] = {}

    def draw(self, form: Form) -> Draw:
        """Draws the first frames, as many as the view has backgrounds."""
        return partial(self._drawn, form)

    def fps(self, form: Form) -> float | None:
        """Frames a second of all that draws 256 x 256 (median); None before anything was drawn."""
        return self._fps.get(form)

    def _drawn(self, form: Form, view: View, by_sound: bool) -> Pictures:
        said = self._spoken if by_sound else None
        side = view.side if form in _OF_ANY_SIZE else SIDE
        if said is None and side == SIDE:
            return self._tracked(form, view.plates)
        expressions = [None] * len(self._frames) if said is None else list(said)
        return [
            laid_over(self._rgba(form, self._clip.control(frame, expression), side), plate)
            for frame, expression, plate in zip(self._frames.tolist(), expressions, view.plates)
        ]

    def _tracked(self, form: Form, plates: Sequence[np.ndarray]) -> Pictures:
        """As the track drives them, each drawn once. What graphs draw is laid over backgrounds of any size; of what
        draws any size itself the pictures are kept, which are less than half of that."""
        if form not in _OF_ANY_SIZE:
            return [laid_over(rgba, plate) for rgba, plate in zip(self._crops_of(form), plates)]
        if form not in self._pictures:
            self._pictures[form] = [laid_over(rgba, plate) for rgba, plate in zip(self._timed(form), plates)]
        return self._pictures[form][: len(plates)]

    def _crops_of(self, form: Form) -> Iterable[np.ndarray]:
        if form == "fast":  # which is looked at once
            return self._timed(form)
        if form not in self._crops:
            self._crops[form] = list(self._timed(form))
        return self._crops[form]

    def _timed(self, form: Form) -> Iterator[np.ndarray]:
        """Crops [256,256,4] of all frames, in half precision."""
        seconds = []
        for frame in self._frames.tolist():
            started = time.perf_counter()
            rgba = self._rgba(form, self._clip.control(frame))
            seconds.append(time.perf_counter() - started)
            self._fps[form] = 1 / float(np.median(seconds))
            yield rgba.astype(np.float16)

    def _rgba(self, form: Form, control: Control, side: int = SIDE) -> np.ndarray:
        self._progress.advance(1)
        if form == "fast":
            return self.bundle.render(self.bundle.proxies(control), "render-fast")
        if form == "sway":
            return self.bundle.draw(control, "closed", side)
        return self.bundle.draw(replace(control, sway=None), form, side)
