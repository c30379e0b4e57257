"""Takes the figures of one rendering after the other, all against the same held-out frames."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from likeness_trainer.metrics.mouth import FaceMesh
from likeness_trainer.metrics.networks import Networks
from likeness_trainer.metrics.quality import Drawn, HeldOut, Pictures, Truth, likeness, mean_cpbd, quality
from likeness_trainer.metrics.temporal import change_error, flicker
from likeness_trainer.metrics.untrained import View
from likeness_trainer.protocol import Reporter

Draw = Callable[[View, bool], Pictures]  # at a view's resolution, by the track or (True) by the sound


@dataclass(frozen=True)
class Shown:
    """The held-out frames as one form or baseline shows them (`truth`: as they were filmed); or `turns`: a head that
    is turned."""

    name: str
    tracked: Pictures
    spoken: Pictures | None
    native: Pictures  # the first ones, at the source's own resolution


@dataclass(frozen=True)
class Judge:
    """What renderings are judged by: the frames at 256 x 256, and (`native`) some of them at the source's size."""

    face_mesh: FaceMesh
    held_out: HeldOut
    view: View
    native: tuple[Truth, View] | None
    progress: Progress
    show: Callable[[Shown], None]
    networks: Networks | None = None

    def row(self, name: str, draw: Draw, fps: Callable[[], float | None] = lambda: None) -> dict[str, Any]:
        """Figures of what `draw` shows (contract schema `Quality`); `fps` is asked after the drawing."""
        tracked = draw(self.view, False)
        spoken = draw(self.view, True) if self.held_out.asked_by_sound is not None else None
        shown = self._seen(tracked)
        figures = quality(shown, self.held_out, spoken=None if spoken is None else self._seen(spoken), fps=fps())
        if self.networks:
            figures |= self.networks.figures(shown, self.held_out)
        large: Pictures = ()
        if self.native:
            truth, view = self.native
            large = draw(view, False)
            figures["native"] = native_figures(large, truth)
            self.progress.advance(len(large))
        self.show(Shown(name, tracked, spoken, large))
        return figures

    def truth(self) -> dict[str, Any]:
        """What needs no truth, of the truth itself (contract schema `TruthFigures`)."""
        large: dict[str, Any] = {}
        filmed: Pictures = ()
        if self.native:
            truth, view = self.native
            filmed = truth.pictures
            large = {"native": {"side": view.side, "frames": len(filmed), "cpbd": mean_cpbd(filmed, truth)}}
        self.show(Shown("truth", self.held_out.pictures, self.held_out.pictures, filmed))
        return {"cpbd": mean_cpbd(self.held_out.pictures, self.held_out), **large}

    def _seen(self, pictures: Pictures) -> Drawn:
        self.progress.advance(len(pictures))
        return Drawn(pictures, self.face_mesh.landmarks_of(pictures))


def native_figures(pictures: Pictures, truth: Truth) -> dict[str, Any]:
    """Figures at the source's own resolution (contract schema `NativeQuality`)."""
    faces = [part.face for part in truth.boxes]
    numbers = truth.frames.tolist()
    return {
        **likeness(pictures, truth),
        "change": change_error(pictures, truth.pictures, numbers, faces),
        "flicker": flicker(pictures, truth.pictures, numbers, faces),
    }


class Progress:
    """Counts frames over all passes; a pass that is left out is simply not counted until the end."""

    def __init__(self, reporter: Reporter, total: int) -> None:
        self._reporter, self._total, self._done = reporter, total, 0

    def advance(self, frames: int) -> None:
        """Raises Cancelled."""
        self._reporter.check_cancelled()
        self._done = min(self._done + frames, self._total)
        self._reporter.progress(self._done, self._total, "frames")

    def finish(self) -> None:
        self._reporter.progress(self._total, self._total, "frames")
