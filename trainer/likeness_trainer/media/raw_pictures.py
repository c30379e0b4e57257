"""Pictures out of ffmpeg as raw bytes over a pipe."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator

import numpy as np

from likeness_trainer.media.ended import require_own_end
from likeness_trainer.media.probe import Source
from likeness_trainer.media.tool import ONLY_MEDIA, environment
from likeness_trainer.protocol import TrainerError

_PIPE_BYTES = 1 << 20  # what Linux lets anyone have; at the usual 64 kB a large picture takes a hundred reads


def raw_pictures(
    ffmpeg: str,
    path: str,
    source: Source,
    filters: str,
    bytes_per_picture: int,
    *,
    start: int = 0,
    stop: int | None = None,
) -> Iterator[np.ndarray]:
    """The stored frames `start` to `stop` in display order, rotation applied, as `source.reading` says and then through
    `filters`: [bytes] u8, each its own memory. Counting decodes from the beginning, so the numbers are exact whatever
    the file's key frames.

    Raises TrainerError('bad-video') when nothing can be decoded, 'interrupted' when somebody ended ffmpeg.
    """
    reading = source.reading
    first = max(0, start - reading.lead)  # whole pictures of fields are made with those before
    chain = [*_from(first), *reading.fields, *_from(start - first), *reading.colours, filters]
    command = [ffmpeg, "-v", "error", "-nostdin", *ONLY_MEDIA, "-i", path]
    command += ["-map", "0:v:0" if source.picture is None else f"0:{source.picture}"]
    command += ["-fps_mode", "passthrough", "-vf", ",".join(chain)]
    if stop is not None:
        command += ["-frames:v", str(max(0, stop - start))]
    command += ["-f", "rawvideo", "-"]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=log, stdin=subprocess.DEVNULL, env=environment()
        )
        assert process.stdout is not None
        _widen(process.stdout.fileno())
        count = 0
        try:
            while True:
                picture = np.empty(bytes_per_picture, np.uint8)
                if process.stdout.readinto(picture.data) < bytes_per_picture:  # type: ignore[attr-defined]
                    break
                count += 1
                yield picture
            process.wait()
            log.seek(0)
            require_own_end(process.returncode, log.read()[-2000:])  # else fewer frames would pass for all of them
        finally:
            process.stdout.close()
            if process.poll() is None:
                process.kill()
            process.wait()
        if count == 0 and (stop is None or stop > start):
            log.seek(0)
            raise TrainerError(
                "bad-video",
                "No frame of this video can be decoded.",
                "Check that it plays in a video player, or convert it to mp4 (H.264).",
                log.read()[-2000:].decode("utf-8", "replace"),
            )


def _from(number: int) -> list[str]:
    return [f"select=gte(n\\,{number})"] if number else []


def _widen(pipe: int) -> None:
    if sys.platform == "linux":
        import fcntl

        with contextlib.suppress(OSError):  # the user's allowance of pipe memory is used up: slower, not wrong
            fcntl.fcntl(pipe, 1031, _PIPE_BYTES)  # F_SETPIPE_SZ, which not every build of Python names
