"""Loading modules without the collector, which would look at all that they are made of again and again."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_counting = threading.Lock()
_under_way = 0


@contextmanager
def loading() -> Iterator[None]:
    """What is made meanwhile is kept for good: later collections pass it over. Several threads may be at it."""
    global _under_way
    with _counting:
        _under_way += 1
        gc.disable()
    try:
        yield
    finally:
        with _counting:
            _under_way -= 1
            if not _under_way:
                gc.freeze()
                gc.enable()
