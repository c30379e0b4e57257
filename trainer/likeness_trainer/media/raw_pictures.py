"""Pictures out of ffmpeg as raw bytes over a pipe."""

from __future__ import annotations

import contextlib
import itertools
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from likeness_trainer.media.chosen import condition, runs_of
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
    frames: Sequence[int] | None = None,
) -> Iterator[np.ndarray]:
    """The stored frames of these ascending numbers, or all, in display order, rotation applied, as `source.reading`
    says and then through `filters`: [bytes] u8, each its own memory. Counting decodes from the beginning, so the
    numbers are exact whatever the file's key frames. Fewer come where the file has no more.

    Raises TrainerError('bad-video') when nothing can be decoded, 'interrupted' when somebody ended ffmpeg.
    """
    if frames is not None and not len(frames):
        return
    reading = source.reading
    runs = None if frames is None else runs_of(frames)
    # Whole pictures of fields are made with those before.
    first = max(0, runs[0][0] - reading.lead) if runs else 0
    chosen = [condition(runs, first)] if runs else []
    chain = [*_from(first), *reading.fields, *chosen, *reading.colours, filters]
    command = [ffmpeg, "-v", "error", "-nostdin", *ONLY_MEDIA, "-i", path]
    command += ["-map", "0:v:0" if source.picture is None else f"0:{source.picture}"]
    command += ["-fps_mode", "passthrough", "-vf", ",".join(chain)]
    if runs:
        command += ["-frames:v", str(sum(last + 1 - first for first, last in runs))]
    command += ["-f", "rawvideo", "-"]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=log, stdin=subprocess.DEVNULL, env=environment()
        )
        assert process.stdout is not None
        widen(process.stdout.fileno())
        count = 0
        wanted = None if frames is None else set(map(int, frames))
        try:
            for number in _numbers(runs):
                picture = np.empty(bytes_per_picture, np.uint8)
                if process.stdout.readinto(picture.data) < bytes_per_picture:  # type: ignore[attr-defined]
                    break
                count += 1
                if wanted is None or number in wanted:
                    yield picture
            process.wait()
            log.seek(0)
            require_own_end(process.returncode, log.read()[-2000:])  # else fewer frames would pass for all of them
        finally:
            process.stdout.close()
            if process.poll() is None:
                process.kill()
            process.wait()
        if count == 0:
            log.seek(0)
            raise TrainerError(
                "bad-video",
                "No frame of this video can be decoded.",
                "Check that it plays in a video player, or convert it to mp4 (H.264).",
                log.read()[-2000:].decode("utf-8", "replace"),
            )


def _numbers(runs: Sequence[tuple[int, int]] | None) -> Iterable[int]:
    """Of the pictures that come; one more than there are, at whose place the end is."""
    if runs is None:
        return itertools.count()
    return itertools.chain(*(range(first, last + 1) for first, last in runs), [runs[-1][1] + 1])


def _from(number: int) -> list[str]:
    return [f"select=gte(n\\,{number})"] if number else []


def widen(pipe: int) -> None:
    """A whole picture goes in at once, or nearly."""
    if sys.platform == "linux":
        import fcntl

        with contextlib.suppress(OSError):  # the user's allowance of pipe memory is used up: slower, not wrong
            fcntl.fcntl(pipe, 1031, _PIPE_BYTES)  # F_SETPIPE_SZ, which not every build of Python names
