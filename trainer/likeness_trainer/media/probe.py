"""What a video file holds, as displayed."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from likeness_trainer.media.ended import require_own_end
from likeness_trainer.media.refusal import bad_video
from likeness_trainer.media.tool import ONLY_MEDIA, environment
from likeness_trainer.protocol.jobs import Streams

_SHOWN = ":".join(
    (
        "stream=index,codec_type,codec_name,width,height,pix_fmt,color_space,color_range,color_transfer,color_primaries"
        ",field_order,sample_aspect_ratio,avg_frame_rate,r_frame_rate,nb_frames,nb_read_packets,duration",
        "stream_side_data=rotation",
        "stream_tags=rotate",
        "stream_disposition=attached_pic",
        "format=format_name,start_time,duration",
    )
)


@dataclass(frozen=True)
class Colours:
    """How a video's luma and chroma stand for colours. `matrix` as ffmpeg names it."""

    matrix: str = "bt601"  # also what ffmpeg takes files for that do not say
    full_range: bool = False
    halved_chroma: bool = True  # 4:2:0; anything finer is taken as 4:4:4


@dataclass(frozen=True)
class Reading:
    """ffmpeg's filters by which a video's pictures are read: those that make whole pictures of fields, which look at
    `lead` frames before the wanted one, and those that make colours of BT.709, or name them."""

    fields: tuple[str, ...] = ()
    lead: int = 0
    colours: tuple[str, ...] = ()


@dataclass(frozen=True)
class Source:
    """A video as displayed: rotation applied, square pixels; `colours` are those that are read. `duration` in
    seconds."""

    width: int
    height: int
    fps: float
    duration: float
    frames: int
    rotation: int
    has_audio: bool
    codec: str
    variable_frame_rate: bool
    colours: Colours = Colours()
    times: np.ndarray | None = field(default=None, compare=False)  # [frames] f64 seconds; NaN where the file has none
    reading: Reading = Reading()
    picture: int | None = None  # the index of its stream in the file; None: the first
    hdr: str | None = None  # 'HLG' | 'PQ': what it was
    interlaced: bool = False
    damaged: bool = False  # `frames` are those that can be read
    missing_seconds: float = 0.0  # at its end


def ratio(text: str | None, default: float = 0.0) -> float:
    """ "30000/1001" or "4:3" as a number."""
    try:
        a, _, b = (text or "").replace(":", "/").partition("/")
        return float(a) / float(b or 1)
    except (ValueError, ZeroDivisionError):
        return default


def _colours(stream: dict[str, Any]) -> Colours:
    pixels, space = str(stream.get("pix_fmt", "")), str(stream.get("color_space", ""))
    matrix = space if space in ("bt709", "smpte240m", "fcc") else "bt2020" if space.startswith("bt2020") else "bt601"
    halved = any(name in pixels for name in ("420", "nv12", "nv21", "p010", "p016", "gray"))
    return Colours(matrix, stream.get("color_range") == "pc", halved)


def number(text: str | None) -> float:
    """0 where nothing, or no number, is said."""
    try:
        return float(text or 0)
    except ValueError:
        return 0.0


def streams_of(ffprobe: str, path: str, streams: Streams | None = None) -> tuple[dict[str, Any], dict[str, Any], bool]:
    """ffprobe's words of the picture stream and of the container, and whether there is sound: of the streams that were
    chosen, else of the first ones. Counts packets. Raises TrainerError('bad-video' | 'interrupted' | 'missing-tool').
    """
    command = [ffprobe, "-v", "error", *ONLY_MEDIA, "-count_packets", "-show_entries", _SHOWN, "-of", "json", path]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", env=environment())
    require_own_end(done.returncode, done.stderr)
    if done.returncode != 0:
        raise bad_video(done.stderr)
    document = json.loads(done.stdout or "{}")
    found = document.get("streams", [])
    pictures = [stream for stream in found if stream.get("codec_type") == "video"]
    video = next((s for s in pictures if (s["index"] == streams.picture if streams else not _is_cover(s))), None)
    if video is None or not video.get("width") or not int(video.get("nb_read_packets") or 0):
        raise bad_video("no video stream with pictures")
    sounds = [stream["index"] for stream in found if stream.get("codec_type") == "audio"]
    return video, document.get("format", {}), streams.sound is not None if streams else bool(sounds)


def _is_cover(stream: dict[str, Any]) -> bool:
    return bool(stream.get("disposition", {}).get("attached_pic"))


def probe(ffprobe: str, path: str) -> Source:
    """A video of our own, whose header is right; of others `probe_source` knows more. Counts packets, so `frames` is
    exact. Raises TrainerError('bad-video' | 'interrupted')."""
    return described(*streams_of(ffprobe, path))


def described(video: dict[str, Any], container: dict[str, Any], has_audio: bool) -> Source:
    """What `streams_of` says, in our words. Raises TrainerError('bad-video')."""
    rotations = [float(d["rotation"]) for d in video.get("side_data_list", []) if "rotation" in d] or [
        -float(video.get("tags", {}).get("rotate", 0))
    ]
    rotation = round(rotations[0]) % 360
    aspect = ratio(video.get("sample_aspect_ratio"), 1.0) or 1.0
    width, height = round(int(video["width"]) * aspect), int(video["height"])
    if rotation in (90, 270):
        width, height = height, width
    frames = int(video["nb_read_packets"])
    nominal, average = ratio(video.get("r_frame_rate")), ratio(video.get("avg_frame_rate"))
    duration = float(video.get("duration") or container.get("duration") or 0)
    fps = average or nominal or (frames / duration if duration else 0)
    if fps <= 0:
        raise bad_video("no frame rate")
    variable = nominal > 0 and average > 0 and abs(nominal - average) / average > 0.02
    return Source(
        width,
        height,
        fps,
        duration or frames / fps,
        frames,
        rotation,
        has_audio,
        video.get("codec_name", "?"),
        variable,
        _colours(video),
    )
