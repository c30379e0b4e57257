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
_WINDOWS_CRASH = 0xC0000000  # from which on an exit code is a crash: access violation, stack overflow and the like
_ANSWERED_SIGNAL = 255  # with which ffmpeg itself answers such a signal, without a word


def require_own_end(code: int, said: bytes | str) -> None:
    """Raises TrainerError('interrupted') when a program was ended from outside, and 'missing-tool' when it crashed or
    lacks a filter, which says nothing about the file. `said`: its standard error."""
    if -code in _FROM_OUTSIDE or (code == _ANSWERED_SIGNAL and not said.strip()):
        raise TrainerError(
            "interrupted",
            "ffmpeg was ended from outside, often because the computer ran out of memory.",
            "Close other programs and resume the job.",
            f"exit status {code}",
        )
    if code < 0 or code >= _WINDOWS_CRASH:
        raise TrainerError(
            "missing-tool",
            "ffmpeg crashed over this file.",
            "Convert the file to mp4 (H.264), or name another ffmpeg with LIKENESS_FFMPEG and LIKENESS_FFPROBE.",
            f"exit status {code}",
        )
    if code != 0 and "No such filter" in (said if isinstance(said, str) else said.decode("utf-8", "replace")):
        raise TrainerError(
            "missing-tool",
            "This ffmpeg lacks a filter that this file needs.",
            "Use the one that Likeness brings: leave LIKENESS_FFMPEG unset.",
            str(said)[-2000:],
        )
