"""The ffmpeg and ffprobe that the tests read with: those that are brought, or those that LIKENESS_FFMPEG and
LIKENESS_FFPROBE name, as `npm test -- media:trainer` does with the computer's own."""

from __future__ import annotations

import os
from pathlib import Path

import imageio_ffmpeg

BROUGHT = imageio_ffmpeg.get_ffmpeg_exe()  # makes what is read, whichever reads it: older ones have not got all options
FFMPEG = os.environ.get("LIKENESS_FFMPEG") or BROUGHT
_INSTALLED = Path(__file__).parents[2] / "node_modules" / "@ffprobe-installer"
FFPROBE = os.environ.get("LIKENESS_FFPROBE") or next(
    (str(path) for path in _INSTALLED.glob("*/ffprobe*") if path.is_file()), "ffprobe"
)
