"""Loading modules without the collector, which would look at all that they are made of again and again."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """What is made meanwhile is kept for good: later collections pass it over."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
