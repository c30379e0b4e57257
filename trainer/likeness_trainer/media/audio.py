"""Sound as samples."""

from __future__ import annotations

import subprocess
import tempfile
from functools import partial

import numpy as np

from likeness_trainer.format import READING
from likeness_trainer.media.ended import require_own_end
from likeness_trainer.media.timing import frame_times
from likeness_trainer.media.tool import ONLY_MEDIA, environment
from likeness_trainer.protocol import TrainerError
from likeness_trainer.protocol.jobs import Streams

_PIECE = 1 << 20  # bytes


def read_audio(
    ffmpeg: str, path: str, rate: int = 16000, streams: Streams | None = None, seconds: float | None = None
) -> np.ndarray:
    """[N] f32 mono in -1..1 at `rate` Hz: of a video's `streams` the sound that was chosen, from its first frame on;
    else the first sound of a file; at most its first `seconds`.

    Raises TrainerError('bad-audio' | 'interrupted' | 'missing-tool')."""
    # What is no number, or a thousand times too loud, becomes silence before other samples are mixed with it.
    maps, filters = ["-map", "0:a:0"], [READING["sound"]]
    if streams and streams.sound is not None:
        begins = frame_times(ffmpeg, path, streams.picture, streams.sound).begins
        # In some containers (MPEG-TS) a sound that is read alone begins at 0: with the picture it keeps its place.
        maps = ["-map", f"0:{streams.picture}", "-c", "copy", "-f", "null", "-", "-map", f"0:{streams.sound}"]
        filters.append(f"asetpts=PTS-({begins:.6f}/TB)")
    # aresample pads a late start and cuts an early one, so that sample k is at time k/rate on the video's clock.
    filters.append("aresample=async=1:first_pts=0")
    if streams and streams.opposite:
        filters.append("pan=stereo|c0=c0|c1=-1*c1")
    command = [ffmpeg, "-v", "error", "-nostdin", *ONLY_MEDIA, "-i", path, *maps, "-vn", "-af", ",".join(filters)]
    command += [] if seconds is None else ["-t", f"{seconds:.3f}"]
    command += ["-ac", "1", "-ar", str(rate), "-f", "f32le", "-"]
    heard, code, said = _all_of(command)
    require_own_end(code, said)
    if code != 0 or not heard:
        raise TrainerError(
            "bad-audio",
            "The sound of this file cannot be read.",
            "Use a WAV, MP3, M4A or FLAC file, or a video that has sound.",
            said[-2000:].decode("utf-8", "replace"),
        )
    return np.frombuffer(heard, np.float32, len(heard) // 4)


def _all_of(command: list[str]) -> tuple[bytearray, int, bytes]:
    """What a program writes, how it ended and what it said. An hour is 230 MB: it is held once."""
    heard = bytearray()
    with tempfile.TemporaryFile() as log:
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, env=environment()) as process:
            assert process.stdout is not None
            for piece in iter(partial(process.stdout.read, _PIECE), b""):
                heard += piece
        log.seek(0)
        return heard, process.returncode, log.read()
