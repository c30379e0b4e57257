"""Workers that own a model and answer calls in order, beside the work of the caller.

MediaPipe holds Python's lock while it runs, so threads do not help: its networks live in a process of their own. That
sees the end of its pipe and leaves when the parent is gone, however the parent went. ONNX Runtime lets go of the lock,
and a thread will do: no second interpreter to start, nothing to send.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import queue
import signal
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Protocol

from likeness_trainer.protocol import TrainerError


class Worker(Protocol):
    """`submit` queues a call, `result` returns the oldest answer."""

    def submit(self, *arguments: Any) -> None:
        """Arrays among the arguments are not to be changed afterwards."""
        ...

    def result(self) -> Any:
        """The answer to the oldest call not answered yet; raises what the call raised."""
        ...


class ThreadWorker:
    """Runs `make()(*arguments)` in a thread of this process."""

    def __init__(self, make: Callable[[], Callable[..., Any]], name: str) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._function = self._thread.submit(make)
        self._answers: deque[Future[Any]] = deque()

    def submit(self, *arguments: Any) -> None:
        """Arrays among the arguments are not to be changed afterwards."""
        # The function is there: calls wait in line behind its making.
        self._answers.append(self._thread.submit(lambda: self._function.result()(*arguments)))

    def result(self) -> Any:
        """The answer to the oldest call not answered yet; raises what the call raised."""
        return self._answers.popleft().result()

    def close(self) -> None:
        """Ends the thread after the call that it is at."""
        self._thread.shutdown(cancel_futures=True)

    def __enter__(self) -> ThreadWorker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class ProcessWorker:
    """Runs `make()(*arguments)` in another process."""

    def __init__(self, make: Callable[[], Callable[..., Any]], name: str) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, make), name=name, daemon=True)
        self._process.start()
        theirs.close()
        self._answers: deque[tuple[bool, Any]] = deque()
        self._arrived = threading.Condition()
        self._gone = False
        # A crop is larger than a pipe holds: sent by the caller, it would keep the caller waiting for a busy worker.
        self._calls: queue.SimpleQueue[tuple[Any, ...] | None] = queue.SimpleQueue()
        self._sender = threading.Thread(target=self._send, daemon=True, name=f"{name}-calls")
        self._sender.start()
        # Answers are drained at once: a full pipe in both directions would hold both sides for ever.
        threading.Thread(target=self._drain, daemon=True, name=f"{name}-answers").start()

    def _send(self) -> None:
        with contextlib.suppress(OSError):  # the worker is gone: `result` says so
            while True:
                call = self._calls.get()
                self._connection.send(call)
                if call is None:
                    return

    def _drain(self) -> None:
        while True:
            try:
                answer = self._connection.recv()
            except (EOFError, OSError):
                break
            with self._arrived:
                self._answers.append(answer)
                self._arrived.notify()
        with self._arrived:
            self._gone = True
            self._arrived.notify()

    def submit(self, *arguments: Any) -> None:
        """Arrays among the arguments are not to be changed afterwards."""
        self._calls.put(arguments)

    def result(self) -> Any:
        """The answer to the oldest call not answered yet; raises what the call raised."""
        with self._arrived:
            while not self._answers:
                if self._gone:
                    raise self._lost()
                self._arrived.wait()
            succeeded, value = self._answers.popleft()
        if not succeeded:
            raise value
        return value

    def _lost(self) -> TrainerError:
        self._process.join(1)
        return TrainerError(
            "out-of-memory",
            "A part of the analysis was stopped by the system, most likely for want of memory.",
            "Close other programs and analyse again.",
            f"{self._process.name} ended with code {self._process.exitcode}",
        )

    def close(self) -> None:
        """Ends the process, at the latest after four seconds."""
        self._calls.put(None)
        self._process.join(2)
        if self._process.is_alive():
            self._process.terminate()
            self._process.join(2)
        self._sender.join(2)
        self._connection.close()

    def __enter__(self) -> ProcessWorker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _serve(connection: Connection, make: Callable[[], Callable[..., Any]]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop
    function, failure = None, None
    try:
        function = make()  # at once: several workers load their networks side by side
    except Exception as error:
        failure = RuntimeError(f"{type(error).__name__}: {error}")
    while True:
        try:
            arguments = connection.recv()
        except (EOFError, OSError):
            return
        if arguments is None:
            return
        try:
            if function is None:
                raise failure or RuntimeError("no function")
            answer: tuple[bool, Any] = (True, function(*arguments))
        except Exception as error:
            answer = (False, RuntimeError(f"{type(error).__name__}: {error}"))
        try:
            connection.send(answer)
        except (BrokenPipeError, OSError):
            return
