"""What the pictures themselves say, where a file's own word is not enough: short looks by ffmpeg's filters, as the
core's `media/looks.ts` takes them."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence

import numpy as np

from likeness_trainer.format import READING
from likeness_trainer.media.ended import require_own_end
from likeness_trainer.media.refusal import bad_video
from likeness_trainer.media.tool import ONLY_MEDIA, environment

_FIELDS, _LIGHT = READING["fields"], READING["light"]


def field_order(ffmpeg: str, path: str, index: int, lines: int, declared: str) -> str | None:
    """Which field of a frame comes first ('tff' | 'bff'), when frames are woven of two: `declared` (ffprobe's word)
    where the first seconds do not tell. None for whole pictures, and for pictures too tall to have fields; small ones
    only have them if they say so. Raises TrainerError('bad-video' | 'interrupted')."""
    if lines > _FIELDS["mostLines"]:
        return None
    if lines < _FIELDS["fewestLines"]:
        return _FIELDS["orders"].get(declared)
    seen = _look(ffmpeg, path, index, _FIELDS["look"], _FIELDS["frames"])
    top, bottom, whole = (seen.count(kind) for kind in ("tff", "bff", "progressive"))
    combed = top + bottom
    enough = combed >= _FIELDS["leastCombed"] and combed >= _FIELDS["leastShare"] * (combed + whole)
    # Drawn stripes look combed too, now with one field first and now with the other.
    if not enough or min(top, bottom) > _FIELDS["mostOther"] * combed:
        return _FIELDS["orders"].get(declared)
    return "tff" if top >= bottom else "bff"


def brightest(ffmpeg: str, path: str, index: int) -> float:
    """The brightest spot of the key frames' luma, 0 to 1 of full scale. Raises as `field_order` does."""
    peaks = _look(ffmpeg, path, index, _LIGHT["look"], _LIGHT["keyFrames"], ("-skip_frame", "nokey"))
    return max((float(peak) / 255 for peak in peaks), default=0.0)


def decoded_times(ffmpeg: str, path: str, index: int) -> np.ndarray:
    """[T] f64: times of the frames that really come out of a video, seconds from its start, ascending: a damaged
    one's packets may promise more. Decodes all of it. Raises as `field_order` does."""
    noted = _noted(ffmpeg, path, index, READING["whole"]["look"], ("-fps_mode", "passthrough"))
    return np.sort(np.array(re.findall(r"^frame:\d+ +pts:(\d+)", noted, re.M), np.float64)) / 1e6


def _look(
    ffmpeg: str, path: str, index: int, filters: Sequence[str], frames: int, before: Sequence[str] = ()
) -> list[str]:
    """The values that filters note of each frame."""
    noted = _noted(ffmpeg, path, index, filters, ("-frames:v", str(frames)), before)
    return re.findall(r"^lavfi\.[\w.]+=(\S+)", noted, re.M)


def _noted(
    ffmpeg: str, path: str, index: int, filters: Sequence[str], options: Sequence[str], before: Sequence[str] = ()
) -> str:
    command = [ffmpeg, "-v", "error", "-nostdin", "-threads", "1", *before, *ONLY_MEDIA, "-i", path]
    command += ["-map", f"0:{index}", "-vf", ",".join(filters), *options, "-f", "null", "-"]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", env=environment())
    require_own_end(done.returncode, done.stderr)
    if done.returncode != 0:
        raise bad_video(done.stderr)
    return done.stdout
