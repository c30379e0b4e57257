"""Sound as samples."""

from __future__ import annotations

import subprocess

import numpy as np

from likeness_trainer.format import READING
from likeness_trainer.media.ended import require_own_end
from likeness_trainer.media.probe import ONLY_MEDIA
from likeness_trainer.protocol import TrainerError


def read_audio(ffmpeg: str, path: str, rate: int = 16000) -> np.ndarray:
    """[N] f32 mono in -1..1 at `rate` Hz, starting at the picture's time 0. Raises TrainerError('bad-audio'
    | 'interrupted')."""
    # What is no number, or a thousand times too loud, becomes silence before other samples are mixed with it. aresample
    # pads a late start, so that sample k is at time k/rate on the video's clock.
    command = [ffmpeg, "-v", "error", "-nostdin", *ONLY_MEDIA, "-i", path, "-map", "0:a:0", "-vn"]
    command += [
        "-af",
        f"{READING['sound']},aresample=async=1:first_pts=0",
        "-ac",
        "1",
        "-ar",
        str(rate),
        "-f",
        "f32le",
        "-",
    ]
    done = subprocess.run(command, capture_output=True)
    require_own_end(done.returncode, done.stderr)
    if done.returncode != 0 or not done.stdout:
        raise TrainerError(
            "bad-audio",
            "The sound of this file cannot be read.",
            "Use a WAV, MP3, M4A or FLAC file, or a video that has sound.",
            done.stderr[-2000:].decode("utf-8", "replace"),
        )
    return np.frombuffer(done.stdout[: len(done.stdout) // 4 * 4], np.float32).copy()
