"""Workers that own a model and answer calls in order, beside the work of the caller.

They are threads: ONNX Runtime and MediaPipe let go of Python's lock while a network runs.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any


class Worker:
    """Runs `make()(*arguments)` in a thread: `submit` queues a call, `result` returns the oldest answer."""

    def __init__(self, make: Callable[[], Callable[..., Any]], name: str) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._function = self._thread.submit(make)
        self._answers: deque[Future[Any]] = deque()

    def submit(self, *arguments: Any) -> Future[Any]:
        """The answer to come, also for another worker. Arrays among the arguments are not to be changed afterwards."""
        # The function is there: calls wait in line behind its making.
        answer = self._thread.submit(lambda: self._function.result()(*arguments))
        self._answers.append(answer)
        return answer

    def result(self) -> Any:
        """The answer to the oldest call not answered yet; raises what the call raised."""
        return self._answers.popleft().result()

    def wait(self) -> None:
        """Until the function is made, or cannot be, which the first answer tells."""
        self._function.exception()

    def close(self) -> None:
        """Ends the thread after the call that it is at."""
        self._thread.shutdown(cancel_futures=True)

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
