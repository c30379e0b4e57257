"""What an avatar draws of the held-out frames, by each of the forms it has."""

from __future__ import annotations

import time
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


class Forms:
    """Pictures of held-out frames over their background."""

    def __init__(
        self, bundle: Bundle, clip: Clip, frames: np.ndarray, spoken: np.ndarray | None, progress: Progress
    ) -> None:
        """`frames` [T] are source frames, `spoken` [T,64] expressions as the sound drives them."""
        self.bundle, self._clip, self._frames, self._spoken = bundle, clip, frames, spoken
        self._progress = progress
        self._kept: dict[Form, Pictures] = {}
        self._fps: dict[Form, float] = {}

    def draw(self, form: Form) -> Draw:
        """Draws the first frames, as many as the view has backgrounds."""
        return partial(self._drawn, form)

    def fps(self, form: Form) -> float | None:
        """Frames a second of all that draws 256 x 256 (median); None before anything was drawn."""
        return self._fps.get(form)

    def _drawn(self, form: Form, view: View, by_sound: bool) -> Pictures:
        said = self._spoken if by_sound else None
        side = view.side if form in ("closed", "sway") else SIDE  # graphs draw one size
        if said is None and side == SIDE:
            return self._tracked(form, view)
        expressions = [None] * len(self._frames) if said is None else list(said)
        return [
            laid_over(self._rgba(form, self._clip.control(frame, expression), side), plate)
            for frame, expression, plate in zip(self._frames.tolist(), expressions, view.plates)
        ]

    def _tracked(self, form: Form, view: View) -> Pictures:
        """All frames as the track drives them, 256 x 256; drawn and timed once, and kept but where `fast` draws them,
        which are looked at once."""
        if form not in self._kept:
            pictures, seconds = [], []
            for frame, plate in zip(self._frames.tolist(), view.plates, strict=True):
                started = time.perf_counter()
                rgba = self._rgba(form, self._clip.control(frame))
                seconds.append(time.perf_counter() - started)
                pictures.append(laid_over(rgba.astype(np.float16), plate))
            self._fps[form] = 1 / float(np.median(seconds))
            if form == "fast":
                return pictures
            self._kept[form] = pictures
        return self._kept[form]

    def _rgba(self, form: Form, control: Control, side: int = SIDE) -> np.ndarray:
        self._progress.advance(1)
        if form == "fast":
            return self.bundle.render(self.bundle.proxies(control), "render-fast")
        if form == "sway":
            return self.bundle.draw(control, "closed", side)
        return self.bundle.draw(replace(control, sway=None), form, side)
