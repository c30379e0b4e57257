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
    """Begins at once, on a thread that does not keep the process alive: who cancels does not wait for it."""

    def __init__(self, work: Callable[[], Result]) -> None:
        self._future: Future[Result] = Future()
        Thread(target=self._do, args=(work,), daemon=True).start()

    def result(self, reporter: Reporter) -> Result:
        """Waits for it. Raises what the work raised, and Cancelled."""
        while not wait([self._future], _LOOK_SECONDS).done:
            reporter.check_cancelled()
        return self._future.result()

    def _do(self, work: Callable[[], Result]) -> None:
        try:
            self._future.set_result(work())
        except BaseException as error:  # it is raised where the result is asked for
            self._future.set_exception(error)
