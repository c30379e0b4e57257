"""The stages of an analysis: told as they begin, and timed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from likeness_trainer.protocol import Reporter

_STAGES = ("scan", "fit", "sound", "save")
_COSTS = (65, 32, 2, 1)  # of each stage beside the others


class StageClock:
    """Seconds spent in each stage, and altogether."""

    def __init__(self, reporter: Reporter) -> None:
        self.seconds: dict[str, float] = {}
        self._reporter, self._begun = reporter, time.monotonic()

    @property
    def total(self) -> float:
        """Seconds until now."""
        return round(time.monotonic() - self._begun, 2)

    def begin(self, name: str) -> None:
        """Tells that a stage begins, or begins again."""
        self._reporter.stage(name, _STAGES.index(name), len(_STAGES), _COSTS)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Tells a stage and counts its seconds."""
        self.begin(name)
        begun = time.monotonic()
        yield
        self.seconds[name] = round(self.seconds.get(name, 0.0) + time.monotonic() - begun, 2)
