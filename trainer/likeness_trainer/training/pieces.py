"""A step's batch in pieces, one to a thread.

On a processor two frames in two threads take as long as one frame with two threads, because much of a step (texture
gradients, small operations) does not split: 250 ms a step either way, for twice the frames. A GPU takes the batch
whole.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import torch

In = TypeVar("In")
Out = TypeVar("Out")


class Threads:
    """Runs the pieces of a step side by side. Gradients may be accumulated into shared parameters: autograd locks
    each, and a sum of two does not depend on the order."""

    def __init__(self, device: torch.device, threads: int, batch: int) -> None:
        self.pieces = 1 if device.type == "cuda" else min(threads, batch, 2)
        torch.set_num_threads(max(1, threads // self.pieces))
        self._pool = ThreadPoolExecutor(self.pieces) if self.pieces > 1 else None

    def map(self, run: Callable[[In], Out], items: list[In]) -> list[Out]:
        """`run` of every item, in order."""
        if self._pool is None:
            return [run(item) for item in items]
        return list(self._pool.map(run, items))

    def close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown()
