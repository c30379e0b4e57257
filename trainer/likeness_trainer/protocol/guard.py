"""What becomes of a job whose parent process is gone: nothing of it is left after ten seconds, whatever it is at."""

from __future__ import annotations

import os
import select
import signal
import sys
import time

GRACE_SECONDS = 5.0  # in which a training writes its checkpoint
_LOOK_SECONDS = 0.5


def keep_guard() -> None:
    """Begins a process that ends this one, and what it started, some seconds after standard input has lost its other
    end. A thread could not: a library that keeps the interpreter to itself, or a busy computer, would keep it waiting.

    To be called before there are threads. Windows has no such processes; there the job ends by itself or not at all.
    """
    if sys.platform == "win32":
        return
    job = os.getpid()
    if os.fork() != 0:
        return
    try:
        os.closerange(1, 3)  # whoever reads the job's output is not to wait for its guard
        _watch(job)
    finally:
        os._exit(0)


def _watch(job: int) -> None:
    ends = select.poll()
    ends.register(0, 0)  # nothing is read: only the loss of the other end is told
    while not ends.poll(_LOOK_SECONDS * 1000):
        if os.getppid() != job:
            return
    begun = time.monotonic()
    while time.monotonic() - begun < GRACE_SECONDS:
        if os.getppid() != job:
            break
        time.sleep(_LOOK_SECONDS / 5)
    if os.getpgrp() == job:  # it leads a group: its children are in there, even when it has ended itself
        os.killpg(job, signal.SIGKILL)
    elif os.getppid() == job:
        os.kill(job, signal.SIGKILL)
