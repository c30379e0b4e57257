"""The streams that were chosen are the ones that are read, from any container that ffmpeg reads, frame by frame."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest

from likeness_trainer.media import probe_source, read_audio, read_frames
from likeness_trainer.media.timing import frame_times
from likeness_trainer.protocol.jobs import Streams
from likeness_trainer.tracking.times import presentation_times

LEVELS = "color=black:s=64x48:r=25:d=2,format=gray,geq=lum='N*5'"
TONE = "aevalsrc='0.5*sin(2*PI*440*t)|0.5*sin(2*PI*440*t)':s=48000:d=2"
OPPOSITE = "aevalsrc='0.5*sin(2*PI*440*t)|-0.5*sin(2*PI*440*t)':s=48000:d=2"
LOSSLESS = ("-c:v", "libx264", "-qp", "0", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "10")


def make(ffmpeg: str, *arguments: str) -> None:
    subprocess.run([ffmpeg, "-v", "error", "-y", *arguments], check=True)


def levels_of(ffmpeg: str, path: str, streams: Streams | None, ffprobe: str) -> list[int]:
    source = probe_source(ffmpeg, ffprobe, path, streams)
    frames = [int(np.median(frame)) for frame in read_frames(ffmpeg, path, source, gray=True)]
    assert source.frames == len(frames) == len(source.times if source.times is not None else [])
    return frames


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("television.ts", LOSSLESS),
        ("windows.wmv", ("-c:v", "wmv2", "-q:v", "1")),
        ("flash.flv", LOSSLESS),
        ("alpha.webm", ("-vf", "format=yuva420p", "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8")),
    ],
)
def test_every_container_gives_every_frame(
    tmp_path: Path, ffmpeg: str, ffprobe: str, name: str, codec: tuple[str, ...]
) -> None:
    path = str(tmp_path / name)
    make(ffmpeg, "-f", "lavfi", "-i", LEVELS, *codec, path)
    frames = levels_of(ffmpeg, path, None, ffprobe)
    assert len(frames) == 50
    assert np.abs(np.diff(frames) - 5).max() <= 3  # of limited range, and coded
    source = probe_source(ffmpeg, ffprobe, path)
    np.testing.assert_allclose(presentation_times(source, 50), np.arange(50) / 25, atol=1e-3)


# Where few frames have a time, the others are where ffmpeg guesses; older ones begin with the sound, 21 ms early.
@pytest.mark.parametrize(("begins", "off"), [("-0.9", 0.002), ("-1.5", 0.025)])
def test_a_clock_that_begins_before_nought(tmp_path: Path, ffmpeg: str, ffprobe: str, begins: str, off: float) -> None:
    """MKV keeps no times there: they are even."""
    path = str(tmp_path / "before.mkv")
    before = ("-output_ts_offset", begins, "-avoid_negative_ts", "disabled")
    codec = ("-c:v", "libx264", "-crf", "4", "-preset", "veryfast", "-bf", "2", "-pix_fmt", "yuv420p", "-c:a", "aac")
    make(ffmpeg, "-f", "lavfi", "-i", LEVELS, "-f", "lavfi", "-i", TONE, *codec, *before, path)
    assert np.diff(levels_of(ffmpeg, path, None, ffprobe)).min() > 0
    source = probe_source(ffmpeg, ffprobe, path)
    assert (source.fps, source.variable_frame_rate) == (25, False)
    np.testing.assert_allclose(presentation_times(source, 50), np.arange(50) / 25, atol=off)


def test_hidden_frames_are_neither_counted_nor_read(tmp_path: Path, ffmpeg: str, ffprobe: str) -> None:
    whole, cut = str(tmp_path / "whole.mp4"), str(tmp_path / "cut.mp4")
    make(ffmpeg, "-f", "lavfi", "-i", LEVELS, *LOSSLESS, whole)
    make(ffmpeg, "-ss", "0.6", "-i", whole, "-c", "copy", cut)
    assert levels_of(ffmpeg, cut, None, ffprobe) == levels_of(ffmpeg, whole, None, ffprobe)[15:]


def test_the_chosen_picture_and_sound(tmp_path: Path, ffmpeg: str, ffprobe: str) -> None:
    path = str(tmp_path / "several.mkv")
    inputs = ["-f", "lavfi", "-i", "color=gray:s=32x32:r=25:d=2", "-f", "lavfi", "-i", LEVELS]
    sounds = ["-f", "lavfi", "-i", "anullsrc=d=2", "-f", "lavfi", "-i", OPPOSITE, "-f", "lavfi", "-i", TONE]
    maps = [word for index in range(5) for word in ("-map", str(index))]
    make(ffmpeg, *inputs, *sounds, *maps, *LOSSLESS, "-c:a", "pcm_s16le", path)
    film = Streams(picture=1, sound=3, opposite=True)
    source = probe_source(ffmpeg, ffprobe, path, film)
    assert (source.width, source.height, source.has_audio) == (64, 48, True)
    assert len(set(levels_of(ffmpeg, path, film, ffprobe))) == 50
    assert not probe_source(ffmpeg, ffprobe, path, Streams(picture=1, opposite=False)).has_audio
    loud = [
        float(np.sqrt(np.square(read_audio(ffmpeg, path, streams=streams)).mean()))
        for streams in (
            Streams(picture=1, sound=2, opposite=False),
            film,
            Streams(picture=1, sound=4, opposite=False),
        )
    ]
    assert loud[0] < 1e-3 and loud[1] == pytest.approx(loud[2], rel=0.01) and loud[2] > 0.3


def test_a_sound_keeps_its_place_beside_the_picture(tmp_path: Path, ffmpeg: str) -> None:
    path = str(tmp_path / "late.ts")
    late = ["-itsoffset", "0.5", "-f", "lavfi", "-i", TONE]
    make(ffmpeg, "-f", "lavfi", "-i", LEVELS, *late, *LOSSLESS, "-c:a", "mp2", path)
    samples = read_audio(ffmpeg, path, streams=Streams(picture=0, sound=1, opposite=False))
    assert 0.45 < np.flatnonzero(np.abs(samples) > 0.1)[0] / 16000 < 0.55
    assert frame_times(ffmpeg, path, 0, 1).times[0] == 0
