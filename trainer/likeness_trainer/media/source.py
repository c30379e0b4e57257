"""The video that somebody brought: what its header says, held against its pictures."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from likeness_trainer.format import READING
from likeness_trainer.media.looks import decoded_times
from likeness_trainer.media.probe import Source, described, number, ratio, streams_of
from likeness_trainer.media.rate import rate_of
from likeness_trainer.media.reading import reading_of
from likeness_trainer.media.refusal import bad_video
from likeness_trainer.media.timing import frame_times, from_first, last_end
from likeness_trainer.protocol.jobs import Streams

_WHOLE = READING["whole"]


def probe_source(ffmpeg: str, ffprobe: str, path: str, streams: Streams | None = None) -> Source:
    """As `probe`, of the streams that were chosen, else of the first ones, with its frames' times, its rate, how it is
    read and what of it is missing: as the core's `probeVideo` finds them. Raises
    TrainerError('bad-video' | 'interrupted' | 'missing-tool')."""
    video, container, has_audio = streams_of(ffprobe, path, streams)
    plain = described(video, container, has_audio)
    times, missing, damaged = _shown_times(ffmpeg, ffprobe, path, video, container)
    if not len(times):
        raise bad_video("no frames")
    fps, variable = rate_of(times, [ratio(video.get(name)) for name in ("avg_frame_rate", "r_frame_rate")])
    read = reading_of(ffmpeg, path, video, plain.colours)
    end = float(times[-1]) + 1 / fps
    return replace(
        plain,
        fps=fps,
        duration=end if np.isfinite(end) else len(times) / fps,
        frames=len(times),
        variable_frame_rate=variable,
        colours=read.colours,
        times=times,
        reading=read.reading,
        picture=int(video["index"]),
        hdr=read.hdr,
        interlaced=read.interlaced,
        damaged=damaged,
        missing_seconds=missing,
    )


def _shown_times(
    ffmpeg: str, ffprobe: str, path: str, video: dict[str, Any], container: dict[str, Any]
) -> tuple[np.ndarray, float, bool]:
    """When the frames that can be read are shown, how many seconds of the file are missing at its end, and whether it
    is damaged."""
    index, start = int(video["index"]), number(container.get("start_time"))
    shown = frame_times(ffmpeg, path, index)
    times = shown.times
    rate = ratio(video.get("avg_frame_rate")) or 25.0
    name = str(container.get("format_name", ""))
    lacking = number(video.get("nb_frames")) - len(times) - shown.hidden
    # An mp4's index says how many frames there should be; an AVI's header about how many; the others nothing.
    tolerated = 0 if "mov" in name else _WHOLE["missingSeconds"] * rate if "avi" in name else np.inf
    missing = lacking / rate if lacking > tolerated else 0.0
    if not missing and any(known in name for known in _WHOLE["formats"]):
        picture_end = start + shown.begins + (np.nan_to_num(times[-1]) if len(times) else 0.0) + 1 / rate
        missing = _missing_seconds(ffprobe, path, start, number(container.get("duration")), float(picture_end))
    whole = not shown.damaged and not missing
    if whole and not shown.untimed and len(times):
        return times, 0.0, False
    # Packets are listed from the first key frame on; some containers (swf, roq) call none so.
    return from_first(decoded_times(ffmpeg, path, index))[0], missing, not whole


def _missing_seconds(ffprobe: str, path: str, start: float, duration: float, picture_end: float) -> float:
    end = min(duration, start + duration)  # Matroska counts from the clock's beginning, the others from their start
    if end - picture_end <= _WHOLE["missingSeconds"]:
        return 0.0
    missing = end - max(picture_end, last_end(ffprobe, path))  # sound may go on after the pictures
    return missing if missing > _WHOLE["missingSeconds"] else 0.0
