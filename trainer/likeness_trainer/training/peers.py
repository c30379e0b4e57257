"""The processes that share a training, one to a GPU: each draws its part of every batch, and all take the same step.

What they hold is equal at every moment: gradients are added up before each step, and everything random follows from
seed and step. The leader alone reports, measures and saves.
"""

from __future__ import annotations

import multiprocessing
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
import torch.distributed as distributed
from torch import Tensor, nn

_END_SECONDS = 20.0  # for a process to end by itself after the last step


@dataclass(frozen=True)
class Peers:
    """This process's place among those of its training."""

    rank: int = 0
    count: int = 1

    @property
    def leads(self) -> bool:
        return self.rank == 0

    def add_up(self, parameters: Iterable[nn.Parameter]) -> None:
        """Replaces every gradient by the sum of all processes'."""
        if self.count == 1:
            return
        gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
        flat = torch.cat([gradient.flatten() for gradient in gradients])
        distributed.all_reduce(flat)
        for gradient, summed in zip(gradients, flat.split([gradient.numel() for gradient in gradients])):
            gradient.copy_(summed.view_as(gradient))

    def total(self, figures: dict[str, Tensor]) -> dict[str, float]:
        """Sums of scalars over all processes; waits for the device."""
        values = torch.stack([value.detach() for value in figures.values()])
        if self.count > 1:
            distributed.all_reduce(values)
        return dict(zip(figures, values.tolist()))

    def any(self, mine: bool) -> bool:
        """Whether it is so in any process; every process waits here for the others."""
        if self.count == 1:
            return mine
        flag = torch.tensor([int(mine)])
        distributed.all_reduce(flag, distributed.ReduceOp.MAX)
        return bool(flag.item())


ALONE = Peers()


def processes_for(device: torch.device, batch: int) -> int:
    """One for each GPU, as many as divide the batch; one on a processor, whose cores a single process fills."""
    most = min(torch.cuda.device_count(), batch) if device.type == "cuda" else 1
    return next(count for count in range(most, 0, -1) if batch % count == 0)


@contextmanager
def gathered(count: int, accompany: Callable[[Peers], None]) -> Iterator[Peers]:
    """Starts `count - 1` processes that do `accompany` with their place, and gives this one the leader's.

    `accompany` is a function of a module, or a `partial` of one, whose arguments can be pickled. Processes that have
    not ended 20 s after the leader are ended.
    """
    if count == 1:
        yield ALONE
        return
    address = f"tcp://127.0.0.1:{_free_port()}"
    spawning = multiprocessing.get_context("spawn")
    others = [
        spawning.Process(target=_accompany, args=(accompany, Peers(rank, count), address), daemon=True)
        for rank in range(1, count)
    ]
    for other in others:
        other.start()
    try:
        with _joined(ALONE.rank, count, address) as peers:
            yield peers
    finally:
        for other in others:
            other.join(_END_SECONDS)
            other.kill()


def _accompany(accompany: Callable[[Peers], None], place: Peers, address: str) -> None:
    with _joined(place.rank, place.count, address) as peers:
        accompany(peers)


@contextmanager
def _joined(rank: int, count: int, address: str) -> Iterator[Peers]:
    # What is on the processor goes by gloo, flags above all: asking for one must not wait for the GPU.
    backend = "cpu:gloo,cuda:nccl" if torch.cuda.is_available() else "gloo"
    distributed.init_process_group(backend, init_method=address, rank=rank, world_size=count)
    try:
        yield Peers(rank, count)
    finally:
        distributed.destroy_process_group()


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]
