"""The trainer's side of the NDJSON protocol: events on standard output, cancel on standard input."""

from __future__ import annotations

import hashlib
import json
import math
import os
import threading
import time
from collections.abc import Callable, Sequence
from itertools import accumulate
from pathlib import Path
from typing import IO, Any

from likeness_trainer.protocol.errors import Cancelled, TrainerError

PROTOCOL_VERSION = 1
_PROGRESS_INTERVAL_SECONDS = 0.2  # a window redraws no faster than this is worth


def sha256_of(path: str | os.PathLike[str]) -> str:
    """Of a file, as hexadecimal digits."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


class Reporter:
    """Writes events as one JSON object per line; safe to use from several threads."""

    def __init__(self, stream: IO[str] | None) -> None:
        self._stream = stream
        self._lock = threading.Lock()
        self._cancelled = threading.Event()
        self._heard: Callable[[dict[str, Any]], None] | None = None
        self._stage = ""
        self._span = (0.0, 1.0)  # of the whole job, in which this stage lies
        self._ends_at: float | None = None
        self._stage_started = 0.0
        self._stage_first_done = 0.0
        self._last_progress = 0.0

    @classmethod
    def silent(cls) -> Reporter:
        """A reporter that writes nothing, for tests and scripts."""
        return cls(None)

    def listen(self, stream: IO[str]) -> None:
        """Reads later lines of standard input: a cancel message, or its end when the parent is gone. Other messages are
        for who wants to `hear` them."""

        def read() -> None:
            try:
                for line in stream:
                    try:
                        message = json.loads(line)
                    except (ValueError, RecursionError):  # the latter: deeper than any message is
                        continue
                    if not isinstance(message, dict):
                        continue
                    if message.get("type") == "cancel":
                        break
                    if self._heard is not None:
                        self._heard(message)
            finally:  # an input that cannot be read has ended as well
                self._cancelled.set()

        threading.Thread(target=read, daemon=True, name="cancel-listener").start()

    def hear(self, heard: Callable[[dict[str, Any]], None]) -> None:
        """`heard` is called with every message but `cancel` from now on, on a thread of its own."""
        self._heard = heard

    def cancel(self) -> None:
        """As if the person had asked to stop."""
        self._cancelled.set()

    @property
    def cancelled(self) -> bool:
        return self._cancelled.is_set()

    def check_cancelled(self) -> None:
        """Raises `Cancelled` once the job is to stop; call it in every loop."""
        if self._cancelled.is_set():
            raise Cancelled

    def _emit(self, type_: str, **fields: Any) -> None:
        if self._stream is None:
            return
        line = json.dumps({"v": PROTOCOL_VERSION, "type": type_, "time": time.time(), **fields}, allow_nan=False)
        with self._lock:
            self._stream.write(line + "\n")
            self._stream.flush()

    def stage(
        self,
        name: str,
        index: int,
        count: int,
        costs: Sequence[float] | None = None,
        *,
        ends_at: float | None = None,
    ) -> None:
        """Stage `index` (from 0) of `count` begins.

        `costs` [count]: how long all of them take beside each other, as far as that is known before; alike by default.
        `ends_at` (`time.monotonic`): of a job that takes as long as was said, when it will be done.
        """
        self.check_cancelled()
        whole = sum(costs) if costs else count
        ends = [done / whole for done in accumulate(costs or [1.0] * count)]
        self._span = (ends[index - 1] if index > 0 else 0.0, ends[index])
        self._ends_at = ends_at
        self._stage, self._stage_started, self._stage_first_done, self._last_progress = (
            name,
            time.monotonic(),
            math.nan,
            0.0,
        )
        self._emit("stage", name=name, index=index, count=count, ends=[round(end, 4) for end in ends])

    def progress(self, done: float, total: float, unit: str, *, eta_seconds: float | None = None) -> None:
        """`done` of `total` units in this stage; its rate is this stage's own, the time left that of the whole job at
        that speed, unless a better estimate is given."""
        now = time.monotonic()
        if math.isnan(self._stage_first_done):
            # A resumed stage starts in the middle: only what this run did counts for the rate.
            self._stage_first_done, self._stage_started = done, now
        if done < total and now - self._last_progress < _PROGRESS_INTERVAL_SECONDS:
            return
        self._last_progress = now
        elapsed, worked = now - self._stage_started, done - self._stage_first_done
        rate = worked / elapsed if elapsed > 0.5 and worked > 0 else None
        eta = eta_seconds if eta_seconds is not None else self._seconds_left(done, total, rate)
        self._emit("progress", stage=self._stage, done=done, total=total, unit=unit, rate=rate, etaSeconds=eta)

    def _seconds_left(self, done: float, total: float, rate: float | None) -> float | None:
        if not rate:
            return None
        if self._ends_at is not None:
            return max(self._ends_at - time.monotonic(), (total - done) / rate)
        first, last = self._span
        return (total - done + total * (1 - last) / (last - first)) / rate

    def part(self, first: float, last: float) -> Reporter:
        """A reporter for some of this stage's work: its progress is this one's from `first` to `last` of the whole."""
        return _Part(self, first, last)

    def metric(self, step: int, split: str, name: str, value: float) -> None:
        """A figure of the training after a step; one that is not finite is left out."""
        if math.isfinite(value):
            self._emit("metric", step=step, split=split, name=name, value=float(value))

    def proof(self, step: int, path: str | os.PathLike[str]) -> None:
        """A JPEG of held-out frames as the training draws them by now."""
        self._emit("proof", step=step, path=str(path))

    def checkpoint(self, step: int) -> None:
        """The training so far is on disk: it can be gone on with from there, and looked at."""
        self._emit("checkpoint", step=step)

    def calm(self, described: dict[str, Any]) -> None:
        """What somebody's face is like in a calm moment; what it does is told from there on."""
        self._emit("calm", **described)

    def face(self, serial: int, face: dict[str, Any] | None, found: bool) -> None:
        """What the face does in a picture; nothing before there was a calm moment, or where none was found."""
        self._emit("face", serial=serial, face=face, found=found)

    def artifact(self, kind: str, path: str | os.PathLike[str]) -> None:
        """A file is whole and can be used."""
        self._emit("artifact", kind=kind, path=str(path), sha256=sha256_of(path), bytes=Path(path).stat().st_size)

    def warning(self, code: str, message: str, hint: str) -> None:
        """Something a person ought to know, which does not end the job."""
        self._emit("warning", code=code, message=message, hint=hint)

    def error(self, error: TrainerError) -> None:
        detail = {"detail": error.detail} if error.detail else {}
        self._emit("error", code=error.code, message=error.message, hint=error.hint, **detail)

    def done(self, summary: dict[str, Any]) -> None:
        self._emit("done", summary=summary)


class _Part(Reporter):
    """Progress is turned into the whole's, and never goes back: what counts several times over counts once."""

    def __init__(self, whole: Reporter, first: float, last: float) -> None:
        super().__init__(None)
        self._whole, self._first, self._last, self._furthest = whole, first, last, 0.0

    @property
    def cancelled(self) -> bool:
        return self._whole.cancelled

    def cancel(self) -> None:
        self._whole.cancel()

    def check_cancelled(self) -> None:
        self._whole.check_cancelled()

    def _emit(self, type_: str, **fields: Any) -> None:
        self._whole._emit(type_, **fields)

    def stage(
        self,
        name: str,
        index: int,
        count: int,
        costs: Sequence[float] | None = None,
        *,
        ends_at: float | None = None,
    ) -> None:
        raise RuntimeError("a part of a stage begins no other")

    def progress(self, done: float, total: float, unit: str, *, eta_seconds: float | None = None) -> None:
        self._furthest = max(self._furthest, min(1.0, done / total) if total > 0 else 0.0)
        share = self._first + (self._last - self._first) * self._furthest
        self._whole.progress(round(100 * share, 1), 100, "%", eta_seconds=eta_seconds)
