"""Work that is the same for many frames, on as many threads as may be kept busy: OpenCV, BLAS and compiled loops let go
of Python's lock."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Result = TypeVar("Result")


def side_by_side(cores: int, work: Callable[..., Result], *each: Iterable[Any]) -> list[Result]:
    """What `work` makes of the first of `each`, of the second and so on, in their order. Raises what it raised."""
    with ThreadPoolExecutor(cores) as threads:
        return list(threads.map(work, *each))
