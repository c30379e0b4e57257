"""Work that goes on beside other work: two cores are there, and most of it holds one."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, wait
from threading import Thread
from typing import Generic, TypeVar

from likeness_trainer.protocol import Reporter

Result = TypeVar("Result")
_LOOK_SECONDS = 0.2


class Beside(Generic[Result]):
    """On a thread that does not keep the process alive: who cancels does not wait for it. Begins at once, or, not
    `at_once`, when it is waited for."""

    def __init__(self, work: Callable[[], Result], *, at_once: bool = True) -> None:
        self._future: Future[Result] = Future()
        self._thread = Thread(target=self._do, args=(work,), daemon=True)
        self._begun = False
        if at_once:
            self._begin()

    def result(self, reporter: Reporter) -> Result:
        """Waits for it. Raises what the work raised, and Cancelled."""
        self._begin()
        while not wait([self._future], _LOOK_SECONDS).done:
            reporter.check_cancelled()
        return self._future.result()

    def _begin(self) -> None:
        if not self._begun:
            self._begun = True
            self._thread.start()

    def _do(self, work: Callable[[], Result]) -> None:
        try:
            self._future.set_result(work())
        except BaseException as error:  # it is raised where the result is asked for
            self._future.set_exception(error)
