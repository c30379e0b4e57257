"""How ffmpeg and ffprobe ended, where that says nothing about the file."""

from __future__ import annotations

import signal

from likeness_trainer.protocol import TrainerError

# By which somebody else ends a program, be it the system for want of memory; the others are its own crash.
_FROM_OUTSIDE = {
    getattr(signal, name).value
    for name in ("SIGKILL", "SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT")
    if hasattr(signal, name)
}
_ANSWERED_SIGNAL = 255  # with which ffmpeg itself answers such a signal, without a word


def require_own_end(code: int, said: bytes | str) -> None:
    """Raises TrainerError('interrupted') when a program was ended from outside. `said`: its standard error."""
    if -code in _FROM_OUTSIDE or (code == _ANSWERED_SIGNAL and not said.strip()):
        raise TrainerError(
            "interrupted",
            "ffmpeg was ended from outside, often because the computer ran out of memory.",
            "Close other programs and resume the job.",
            f"exit status {code}",
        )
