"""Work on a face's frames is shared out among threads, and comes out as if one had done it."""

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from likeness_trainer.tracking.sequence_fit import _pieces
from likeness_trainer.tracking.shared_work import SharedWork, give_way


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_every_frame_of_every_piece_is_worked_on_once(threads: int) -> None:
    worked = np.zeros(100, int)

    def count(frames: range) -> None:
        worked[frames.start : frames.stop] += 1

    with SharedWork(threads) as shared:
        shared.each([range(0, 30), range(30, 60), range(60, 100)], lambda piece: shared.over(piece, count))
    np.testing.assert_array_equal(worked, 1)


def test_pieces_are_worked_on_beside_each_other() -> None:
    both = threading.Barrier(2, timeout=60)  # nobody comes through alone

    def meet(_piece: int) -> None:
        both.wait()

    with SharedWork(2) as shared:
        shared.each([0, 1], meet)


def test_what_goes_wrong_in_a_piece_is_raised() -> None:
    def fail(piece: int) -> None:
        if piece == 1:
            raise ValueError("the second")

    with SharedWork(2) as shared, pytest.raises(ValueError, match="the second"):
        shared.each(range(3), fail)


@pytest.mark.parametrize(
    ("count", "lengths"),
    [(1, [1]), (600, [600]), (624, [624]), (625, [600, 25]), (1224, [600, 624]), (1500, [600, 600, 300])],
)
def test_a_clip_is_solved_in_pieces_none_of_them_shorter_than_an_overlap(count: int, lengths: list[int]) -> None:
    pieces = _pieces(count)
    assert [len(piece) for piece in pieces] == lengths
    assert [frame for piece in pieces for frame in piece] == list(range(count))


@pytest.mark.skipif(sys.platform != "linux", reason="a thread has no priority of its own")
def test_a_thread_that_gives_way_is_less_urgent_than_the_one_that_started_it() -> None:
    with ThreadPoolExecutor(1, initializer=give_way) as aside:
        priority = aside.submit(lambda: os.getpriority(os.PRIO_PROCESS, threading.get_native_id())).result()
    own = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    assert priority == min(19, own + 5)
