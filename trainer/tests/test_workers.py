"""Workers answer in order, keep no caller waiting, and pass on what went wrong."""

import threading

import pytest

from likeness_trainer.tracking.workers import Worker


def test_calls_do_not_wait_for_a_busy_worker_and_are_answered_in_order():
    gate = threading.Event()

    def gated(number):
        assert gate.wait(60), "the caller was kept waiting"
        if number == 2:
            raise ValueError("the third")
        return number

    with Worker(lambda: gated, "gated") as worker:
        for number in range(4):
            worker.submit(number)
        gate.set()  # reached only when no call waited
        assert [worker.result() for _ in range(2)] == [0, 1]
        with pytest.raises(ValueError, match="the third"):
            worker.result()
        assert worker.result() == 3


def test_what_went_wrong_in_the_making_is_told_at_every_call():
    def make():
        raise OSError("no such network")

    with Worker(make, "lacking") as worker:
        for _ in range(2):
            worker.submit()
        for _ in range(2):
            with pytest.raises(OSError, match="no such network"):
                worker.result()
