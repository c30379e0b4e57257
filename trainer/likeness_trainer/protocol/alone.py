"""What becomes of a job whose parent process is gone."""

from __future__ import annotations

import faulthandler
import os
import signal
import time

GRACE_SECONDS = 5.0  # in which a training writes its checkpoint; nothing of the job is left after 10 s
_BEYOND_SECONDS = 2.0


def end_soon() -> None:
    """Gives the job its grace, then ends this process and what it started, whatever they are at."""
    with open(os.devnull, "w") as nowhere:
        # Should this thread not come to run again (a busy computer, a library that keeps the interpreter to itself):
        # this needs neither.
        faulthandler.dump_traceback_later(GRACE_SECONDS + _BEYOND_SECONDS, exit=True, file=nowhere)
        time.sleep(GRACE_SECONDS)
        if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
            os.killpg(os.getpgrp(), signal.SIGKILL)
        os._exit(3)
