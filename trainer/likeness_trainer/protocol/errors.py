"""What can end a job, with the same codes as `src/shared/contract/errors.ts`."""

from __future__ import annotations

import errno
import re
from typing import Literal, get_args

ErrorCode = Literal[
    "bad-request",
    "not-found",
    "ambiguous",
    "bad-video",
    "bad-audio",
    "no-audio",
    "no-face",
    "too-short",
    "bad-bundle",
    "bad-checkpoint",
    "consent-required",
    "consent-withdrawn",
    "busy",
    "disk-full",
    "out-of-memory",
    "no-device",
    "missing-tool",
    "interrupted",
    "cancelled",
    "internal",
]
ERROR_CODES: tuple[str, ...] = get_args(ErrorCode)
_ENVIRONMENT = {"disk-full", "out-of-memory", "no-device", "missing-tool"}


_FORBIDDEN: tuple[ErrorCode, str, str] = (
    "not-found",
    "A file or folder may not be used.",
    "Check its permissions, and resume the job.",
)
_TOO_MANY: tuple[ErrorCode, str, str] = (
    "busy",
    "This computer has too many files or programs open.",
    "Close some and resume the job.",
)
_FULL: tuple[ErrorCode, str, str] = (
    "disk-full",
    "The disk is full.",
    "Free some space and resume the job; nothing finished is lost.",
)
_GONE: tuple[ErrorCode, str, str] = (
    "not-found",
    "A file or folder is not there.",
    "Check whether it was moved, renamed or deleted, and resume the job.",
)
_BAD_PATH: tuple[ErrorCode, str, str] = (
    "bad-request",
    "This path cannot be used.",
    "Choose a shorter or plainer one.",
)
_SILENT: tuple[ErrorCode, str, str] = (
    "not-found",
    "The disk does not answer as it should.",
    "Check its connection and its health, and resume the job.",
)
# How safetensors and ffmpeg pass it on, and numpy, which has no number for it either.
_NO_ROOM = re.compile(r"No space left on device|^\d+ requested and \d+ written$")
# The troubles of the system that a person can do something about, as `src/shared/domain/system-error.ts` tells them.
_OF_THE_SYSTEM: dict[int, tuple[ErrorCode, str, str]] = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EACCES: _FORBIDDEN,
    errno.EPERM: _FORBIDDEN,
    errno.EMFILE: _TOO_MANY,
    errno.ENFILE: _TOO_MANY,
    errno.EAGAIN: _TOO_MANY,
    errno.EROFS: (
        "bad-request",
        "This disk can only be read, not written to.",
        "Choose a folder on another disk.",
    ),
    errno.EFBIG: _FULL,
    errno.ENOENT: _GONE,
    errno.ENOTDIR: _BAD_PATH,
    errno.EISDIR: _BAD_PATH,
    errno.ENAMETOOLONG: _BAD_PATH,
    errno.ELOOP: _BAD_PATH,
    errno.EIO: _SILENT,
    errno.ENXIO: _SILENT,
    errno.ENODEV: _SILENT,
    errno.ESTALE: _SILENT,
    errno.ENOTCONN: _SILENT,
    errno.ETIMEDOUT: _SILENT,
}


class TrainerError(Exception):
    """An error a person can act on: what is wrong (`message`) and what to do (`hint`)."""

    def __init__(self, code: ErrorCode, message: str, hint: str, detail: str | None = None) -> None:
        super().__init__(message)
        self.code: ErrorCode = code
        self.message = message
        self.hint = hint
        self.detail = detail


class Cancelled(Exception):
    """The person asked to stop, or the parent process is gone."""


def exit_code(code: ErrorCode) -> int:
    """0 done, 2 bad input, 3 cancelled, 4 environment, 1 a bug."""
    if code in ("cancelled", "interrupted"):
        return 3
    if code in _ENVIRONMENT:
        return 4
    return 1 if code == "internal" else 2


def from_exception(error: BaseException, detail: str) -> TrainerError:
    """Names the errors of the machine (memory, disk) that any code may meet; everything else is a bug."""
    if isinstance(error, TrainerError):
        return error
    number = getattr(error, "errno", None) or (errno.ENOSPC if _NO_ROOM.search(str(error)) else None)
    told = _OF_THE_SYSTEM.get(number) if number else None
    if told:
        return TrainerError(*told, detail)
    out_of_memory = (
        isinstance(error, MemoryError)
        or type(error).__name__ == "OutOfMemoryError"
        or "can't allocate memory" in str(error)
    )
    if out_of_memory:
        return TrainerError(
            "out-of-memory",
            "There was not enough memory for this job.",
            "Close other programs, or train with a smaller preset.",
            detail,
        )
    return TrainerError(
        "internal",
        f"Something went wrong inside the trainer: {error}",
        "Try again; if it happens again, send a debug report.",
        detail,
    )
