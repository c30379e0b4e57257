"""When each frame is shown."""

from __future__ import annotations

import json
import subprocess

import numpy as np

from likeness_trainer.media.ended import require_own_end
from likeness_trainer.media.probe import ONLY_MEDIA


def presentation_times(ffprobe: str, path: str, frames: int, fps: float) -> np.ndarray:
    """Seconds [frames] f64 on the clock that `read_audio` uses; evenly spaced where the file does not say."""
    even = np.arange(frames) / fps
    command = [ffprobe, "-v", "error", *ONLY_MEDIA, "-select_streams", "v:0"]
    command += ["-show_entries", "packet=pts_time,flags:format=start_time", "-of", "json", path]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace")
    require_own_end(done.returncode, done.stderr)
    if done.returncode != 0:
        return even
    document = json.loads(done.stdout or "{}")
    start = float(document.get("format", {}).get("start_time", 0) or 0)
    shown = [
        packet for packet in document.get("packets", []) if "D" not in packet.get("flags", "") and "pts_time" in packet
    ]
    times = np.sort(np.array([float(packet["pts_time"]) for packet in shown])) - start
    if len(times) < frames or (frames > 1 and not (np.diff(times[:frames]) > 0).all()):
        return even
    return times[:frames]
