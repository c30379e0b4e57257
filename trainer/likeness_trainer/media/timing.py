"""When a video's frames are shown, as the ffmpeg that reads them has it."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from likeness_trainer.media.ended import require_own_end
from likeness_trainer.media.rate import usual_rate
from likeness_trainer.media.refusal import bad_video
from likeness_trainer.media.tool import ONLY_MEDIA, environment

_KEY, _CORRUPT, _DISCARD = 1, 2, 4  # of a packet's flags, as libavcodec numbers them
_NO_TIME = -(1 << 63)
_BROKEN = ("truncat", "partial file")


@dataclass(frozen=True)
class FrameTimes:
    """`times` [frames] f64: seconds of the shown frames in display order, the first at 0, NaN where the file keeps
    none. `begins`: where that first one is on ffmpeg's clock of the file, seconds. `hidden`: how many frames an edit
    list cuts away. `damaged`: whether a packet is incomplete. `untimed`: some packets say when they are shown and
    others do not, so that only decoding tells."""

    times: np.ndarray
    begins: float
    hidden: int = 0
    damaged: bool = False
    untimed: bool = False


def frame_times(ffmpeg: str, path: str, picture: int, sound: int | None = None) -> FrameTimes:
    """Of the picture stream at index `picture`. Packets are copied, not decoded; ffmpeg leaves out those before the
    first key frame, which no decoder can show either. With `sound` given, both streams are read: in MPEG-TS the clock
    begins with the first of those that are. The core reads them in the same way (`src/main/studio/media/timing.ts`).
    Raises TrainerError('bad-video' | 'interrupted' | 'missing-tool')."""
    command = [ffmpeg, "-v", "error", "-nostdin", *ONLY_MEDIA, "-i", path, "-map", f"0:{picture}"]
    command += [*(() if sound is None else ("-map", f"0:{sound}")), "-c", "copy", "-f", "framecrc", "-"]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", env=environment())
    require_own_end(done.returncode, done.stderr)
    clock = re.search(r"^#tb 0: (\d+)/(\d+)", done.stdout, re.MULTILINE)
    unit = int(clock[1]) / int(clock[2]) if clock else 0.0
    packets = [_packet(line) for line in done.stdout.splitlines() if line.startswith("0,")]
    damaged = any(packet.flags & _CORRUPT for packet in packets) or any(word in done.stderr.lower() for word in _BROKEN)
    if done.returncode != 0 and not damaged:
        raise bad_video(done.stderr)
    kept = [packet for packet in packets if not packet.flags & _DISCARD]
    shown = np.array([packet.ticks * unit for packet in kept], np.float64)
    hidden = len(packets) - len(shown)
    if not hidden and len(shown):  # what refers to before the first key frame comes after it and is shown before it
        shown = shown[~(shown < shown[0])]
    said = sum(packet.presented for packet in kept)
    partly = 0 < said < len(kept)
    even = _even_before_clock(kept, unit) if partly else None
    times, begins = from_first(np.sort(shown) if even is None else even)
    return FrameTimes(times, begins, hidden, damaged, untimed=partly and even is None)


_MOST_REORDERED = 16  # so many frames at most come later in a file than those shown after them (H.264's largest buffer)


def _even_before_clock(packets: list[_Packet], unit: float) -> np.ndarray | None:
    """Times [packets] f64, seconds, where those without one come first, as mkv's before its clock's beginning: as many
    even steps before the first there is. Else None: an MPEG program stream has a time at its first packet, and at few
    of the others."""
    timed = np.sort([packet.ticks * unit for packet in packets if packet.presented])
    early = len(packets) - len(timed)
    last = max(place for place, packet in enumerate(packets) if not packet.presented)
    rate = usual_rate(timed)
    few = len(timed) <= _MOST_REORDERED  # which says nothing of what comes first
    if packets[0].presented or few or not rate or last >= early + _MOST_REORDERED:
        return None
    return np.concatenate([timed[0] - np.arange(early, 0, -1) / rate, timed])


def from_first(times: np.ndarray) -> tuple[np.ndarray, float]:
    """Times [T], seconds, counted from the first one, and where that is; NaN is 0."""
    begins = float(np.nan_to_num(times[0])) if len(times) else 0.0
    return times - begins, begins


class _Packet(NamedTuple):
    ticks: float
    presented: bool  # its time is that of presentation, not of decoding
    flags: int


def _packet(line: str) -> _Packet:
    """Time in ticks and flags of a line of framecrc: stream, decoding and presentation time, length, bytes, checksum,
    and the flags where they are not those of a key frame."""
    _, decoded, shown, _, _, _, *more = (word.strip() for word in line.split(","))
    ticks = int(shown) if int(shown) != _NO_TIME else int(decoded)  # AVI keeps no presentation times
    flags = next((int(word[2:], 16) for word in more if word.startswith("F=")), _KEY)
    return _Packet(ticks if ticks != _NO_TIME else np.nan, int(shown) != _NO_TIME, flags)


def last_end(ffprobe: str, path: str) -> float:
    """Where the last packet of any stream ends, seconds on the file's clock. Raises TrainerError('interrupted')."""
    command = [ffprobe, "-v", "error", *ONLY_MEDIA, "-show_entries", "packet=pts_time,duration_time"]
    done = subprocess.run(
        [*command, "-of", "csv=p=0", path], capture_output=True, text=True, errors="replace", env=environment()
    )
    require_own_end(done.returncode, done.stderr)
    rows = [[_seconds(word) for word in line.split(",")[:2]] for line in done.stdout.splitlines()]
    return max((row[0] + np.nan_to_num(row[-1]) for row in rows if len(row) == 2 and np.isfinite(row[0])), default=0.0)


def _seconds(word: str) -> float:
    try:
        return float(word)
    except ValueError:
        return float("nan")
