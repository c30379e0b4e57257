"""Work on many frames, shared among threads: compiled loops, BLAS and OpenCV let go of Python's lock."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

_Piece = TypeVar("_Piece")
_Made = TypeVar("_Made")
_MOST_PIECES = 2  # at once: a piece of a face's frames takes some 100 MB
_LESS_URGENT = 5  # of a nice value


def give_way() -> None:
    """This thread, and what it starts, works where others leave a core idle: on Linux, where threads have a priority
    each."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), os.nice(0) + _LESS_URGENT)


class SharedWork:
    """So many threads, for as long as the `with` lasts."""

    def __init__(self, threads: int) -> None:
        self._threads = max(1, threads)
        self._pool = ThreadPoolExecutor(self._threads)

    def over(self, frames: range, work: Callable[[range], None]) -> None:
        """Runs `work` on neighbouring parts of `frames`, one a thread; raises what it raises."""
        part = -(-len(frames) // self._threads)
        parts = [frames[first : first + part] for first in range(0, len(frames), part)]
        for done in [self._pool.submit(work, of) for of in parts]:
            done.result()

    def each(self, pieces: Iterable[_Piece], work: Callable[[_Piece], None]) -> None:
        """Runs `work` on every piece, two beside each other where there are threads; what they share out themselves is
        worked on besides. Raises what it raises."""
        with ThreadPoolExecutor(min(self._threads, _MOST_PIECES)) as beside:
            for _ in beside.map(work, pieces):
                pass

    def beside(self, make: Callable[[], _Made]) -> Future[_Made]:
        """What is made beside what follows."""
        return self._pool.submit(make)

    def __enter__(self) -> SharedWork:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown()
