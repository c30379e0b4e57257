"""Matrices of a MATLAB file of version 5, as BFM 2009 comes: looked at before they are read, and within bounds."""

from __future__ import annotations

import io
import zlib
from typing import Any

import numpy as np
from scipy.io import loadmat, whosmat

from likeness_trainer.bases.refusal import refuse
from likeness_trainer.protocol import TrainerError

MAGIC = b"MATLAB 5.0 MAT-file"
_MATLAB_7_3 = b"MATLAB 7.3 MAT-file"
_FILE_HEADER, _TAG = 128, 8  # bytes
_COMPRESSED = 15  # miCOMPRESSED, the type of an element that is a zlib stream
_CHUNK = 2**22


def read_matrices(content: bytes, wanted: tuple[str, ...], most: int) -> dict[str, np.ndarray]:
    """The matrices of those names, as stored. Raises TrainerError('bad-request').

    `most` is how many bytes the file's elements may come to when they are unpacked.
    """
    if content[: len(_MATLAB_7_3)] == _MATLAB_7_3:
        raise refuse("This MATLAB file is of version 7.3, which BFM 2009 does not come as.")
    if content[: len(MAGIC)] != MAGIC:
        raise refuse("This is no MATLAB file of version 5.")
    _refuse_larger(content, most)
    try:
        kinds = {name: kind for name, _, kind in whosmat(io.BytesIO(content))}
        missing = [name for name in wanted if name not in kinds]
        if missing:
            raise refuse(f"This MATLAB file has no {', '.join(missing)}: it is not BFM 2009.", ", ".join(kinds)[:500])
        odd = [name for name in wanted if not kinds[name].startswith(("single", "double", "int", "uint"))]
        if odd:
            raise refuse(f"{', '.join(odd)} in this MATLAB file is not a matrix of numbers.")
        found: dict[str, Any] = loadmat(io.BytesIO(content), variable_names=wanted)
    except (TrainerError, MemoryError):
        raise
    except Exception as error:  # SciPy raises some ten types over what somebody else wrote: it is about the file
        raise refuse("This MATLAB file is damaged.", f"{type(error).__name__}: {error}") from error
    return {name: np.asarray(found[name]) for name in wanted}


def _refuse_larger(content: bytes, most: int) -> None:
    """SciPy unpacks as much as an element's stream gives: count it first."""
    order = "little" if content[126:128] == b"IM" else "big"
    place, total = _FILE_HEADER, 0
    while place + _TAG <= len(content):
        kind = int.from_bytes(content[place : place + 4], order)
        length = int.from_bytes(content[place + 4 : place + _TAG], order)
        body = memoryview(content)[place + _TAG : place + _TAG + length]
        if len(body) < length:
            raise refuse("This MATLAB file is damaged: it breaks off.", f"{length} bytes at {place}")
        total += _unpacked(body, most - total) if kind == _COMPRESSED else len(body)
        if total > most:
            raise refuse("This MATLAB file unpacks to more than BFM 2009 has.")
        place += _TAG + length


def _unpacked(body: memoryview, most: int) -> int:
    """How many bytes a zlib stream unpacks to, counted no further than just over `most`."""
    stream, total = zlib.decompressobj(), 0
    piece: bytes | memoryview = body
    try:
        while piece and not stream.eof and total <= most:
            total += len(stream.decompress(piece, _CHUNK))
            piece = stream.unconsumed_tail
    except zlib.error as error:
        raise refuse("This MATLAB file is damaged.", str(error)) from error
    return total
