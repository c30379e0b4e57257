"""Workers answer in order, keep no caller waiting, and their end is told."""

import os
import time
from pathlib import Path

import numpy as np
import pytest

from likeness_trainer.protocol import TrainerError
from likeness_trainer.tracking.workers import ProcessWorker, ThreadWorker

LARGE = 4_000_000  # bytes: many times what a pipe holds


def make_gated():
    def gated(gate, number, array):
        end = time.monotonic() + 60
        while not Path(gate).exists():
            if time.monotonic() > end:
                raise TimeoutError("the caller was kept waiting")
            time.sleep(0.01)
        if number == 2:
            raise ValueError("the third")
        return number, int(array.sum())

    return gated


def make_dying():
    return lambda: os._exit(9)


@pytest.mark.parametrize("kind", [ProcessWorker, ThreadWorker])
def test_calls_do_not_wait_for_a_busy_worker_and_are_answered_in_order(tmp_path, kind):
    gate = tmp_path / "gate"
    with kind(make_gated, "gated") as worker:
        for number in range(4):
            worker.submit(str(gate), number, np.full(LARGE, number, np.uint8))
        gate.touch()  # reached only when no call waited
        assert [worker.result() for _ in range(2)] == [(0, 0), (1, LARGE)]
        with pytest.raises((RuntimeError, ValueError), match="the third"):
            worker.result()
        assert worker.result() == (3, 3 * LARGE)


def test_a_worker_that_dies_is_told():
    with ProcessWorker(make_dying, "dying") as worker:
        worker.submit()
        with pytest.raises(TrainerError) as lost:
            worker.result()
        assert lost.value.code == "out-of-memory"
        worker.submit()  # nobody is there; still no hang
        with pytest.raises(TrainerError):
            worker.result()
