"""The video's frames, decoded beside the work on them, with the small picture that most of the scan looks at."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from likeness_trainer.media import Planes, Source
from likeness_trainer.tracking.planes_cut import shrink_colour

SMALL_SIDE = 512  # longer side of the small picture and of the person mask
_AHEAD = 3  # frames
_CUT_CHANGE = 40.0  # grey levels: mean change of the small picture that can only be a cut


@dataclass(frozen=True)
class SmallSize:
    """The size of the small picture, and how many source pixels one of its pixels is."""

    width: int
    height: int
    to_source: float

    @classmethod
    def of(cls, source: Source) -> SmallSize:
        """At most 512 pixels a side, never larger than the source."""
        scale = max(1.0, max(source.width, source.height) / SMALL_SIDE)
        width = _even(source.width / scale)
        return cls(width, _even(source.height / scale), source.width / width)

    @property
    def size(self) -> tuple[int, int]:
        return self.width, self.height


@dataclass(frozen=True)
class Frame:
    """One source frame."""

    number: int
    full: Planes
    colour: np.ndarray  # [h, w, 3] u8, small
    grey: np.ndarray  # [h, w] u8, small
    cut: bool  # the first of a new shot


def frames_of(planes: Iterator[Planes], small: SmallSize) -> Iterator[Frame]:
    """The frames in order, read up to three ahead."""
    before: np.ndarray | None = None  # a quarter of its pixels: they tell a cut as well as all of them
    half = small.width // 2, small.height // 2
    for number, full in enumerate(_ahead(planes, _AHEAD)):
        colour = shrink_colour(full, small.size)
        grey = cv2.cvtColor(colour, cv2.COLOR_RGB2GRAY)
        quarter = cv2.resize(grey, half, interpolation=cv2.INTER_NEAREST)
        cut = before is not None and cv2.norm(quarter, before, cv2.NORM_L1) > _CUT_CHANGE * quarter.size
        before = quarter
        yield Frame(number, full, colour, grey, cut)


def _even(length: float) -> int:
    """Every codec and player takes even sides."""
    return max(2, round(length / 2) * 2)


def _ahead(frames: Iterator[Planes], depth: int) -> Iterator[Planes]:
    """Reads up to `depth` frames ahead in a thread, so that decoding does not wait for the work on a frame."""
    waiting: queue.Queue[tuple[Planes | None, BaseException | None]] = queue.Queue(depth)
    stopped = threading.Event()

    def put(item: tuple[Planes | None, BaseException | None]) -> None:
        while not stopped.is_set():
            try:
                waiting.put(item, timeout=0.2)
                return
            except queue.Full:
                continue

    def read() -> None:
        try:
            for frame in frames:
                if stopped.is_set():
                    break
                put((frame, None))
            put((None, None))
        except BaseException as error:
            put((None, error))
        finally:
            frames.close()  # type: ignore[attr-defined]

    thread = threading.Thread(target=read, daemon=True, name="decode")
    thread.start()
    try:
        while True:
            frame, error = waiting.get()
            if error is not None:
                raise error
            if frame is None:
                return
            yield frame
    finally:
        stopped.set()
        thread.join(5)
