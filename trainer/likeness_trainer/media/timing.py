"""When each stored frame is shown."""

from __future__ import annotations

import subprocess

import numpy as np

from likeness_trainer.media.ended import require_own_end
from likeness_trainer.media.probe import ONLY_MEDIA
from likeness_trainer.media.refusal import bad_video

_BROKEN = ("truncat", "partial file")


def frame_times(ffprobe: str, path: str, index: int, start: float) -> tuple[np.ndarray, int, bool]:
    """Times [T] f64 of the shown frames in display order, seconds from `start` on the file's clock (NaN where the file
    keeps none); how many an edit list cuts away; and whether a packet is damaged. Raises TrainerError('bad-video' |
    'interrupted')."""
    command = [ffprobe, "-v", "error", *ONLY_MEDIA, "-select_streams", str(index)]
    command += ["-show_entries", "packet=pts_time,dts_time,flags", "-of", "csv=p=0", path]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace")
    require_own_end(done.returncode, done.stderr)
    rows = [row for row in (line.split(",") for line in done.stdout.splitlines()) if len(row) >= 3]
    damaged = any("C" in row[2] for row in rows) or any(word in done.stderr.lower() for word in _BROKEN)
    if done.returncode != 0 and not damaged:
        raise bad_video(done.stderr)
    shown = [row for row in rows if "D" not in row[2]]
    times = np.array([_seconds(pts if pts != "N/A" else dts) for pts, dts, *_ in shown], np.float64)
    return np.sort(times) - start, len(rows) - len(shown), damaged


def last_end(ffprobe: str, path: str) -> float:
    """Where the last packet of any stream ends, seconds on the file's clock. Raises TrainerError('interrupted')."""
    command = [ffprobe, "-v", "error", *ONLY_MEDIA, "-show_entries", "packet=pts_time,duration_time"]
    done = subprocess.run([*command, "-of", "csv=p=0", path], capture_output=True, text=True, errors="replace")
    require_own_end(done.returncode, done.stderr)
    rows = [[_seconds(word) for word in line.split(",")[:2]] for line in done.stdout.splitlines()]
    return max((row[0] + np.nan_to_num(row[-1]) for row in rows if len(row) == 2 and np.isfinite(row[0])), default=0.0)


def _seconds(word: str) -> float:
    try:
        return float(word)
    except ValueError:
        return float("nan")
