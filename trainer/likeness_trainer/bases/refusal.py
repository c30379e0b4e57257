"""What is said of a file that is no face model."""

from __future__ import annotations

from likeness_trainer.protocol import TrainerError
from likeness_trainer.protocol.errors import ErrorCode

_HINT = (
    "Likeness reads 01_MorphableModel.mat of the Basel Face Model 2009, and ICT-FaceKit as its folder FaceXModel or as "
    "the ZIP archive of its repository."
)


def refuse(why: str, detail: str | None = None, *, code: ErrorCode = "bad-request", hint: str = _HINT) -> TrainerError:
    """The error for a file that cannot be taken as a face model."""
    return TrainerError(code, why, hint, detail)
