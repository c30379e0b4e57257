"""Frames and sound come through exactly: count, order, rotation, odd sizes, and refusals."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest

from likeness_trainer.media import FrameWriter, probe, read_audio, read_frames
from likeness_trainer.protocol import TrainerError


def make(ffmpeg: str, *arguments: str) -> None:
    subprocess.run([ffmpeg, "-v", "error", "-y", *arguments], check=True)


def test_every_frame_once_and_in_order(tmp_path: Path, ffmpeg: str, ffprobe: str) -> None:
    path = str(tmp_path / "steps.mkv")
    with FrameWriter(ffmpeg, path, 64, 48, 25, ["-c:v", "ffv1"]) as writer:
        for k in range(30):
            writer.write(np.full((48, 64, 3), 8 * k, np.uint8))
    source = probe(ffprobe, path)
    assert (source.width, source.height, source.frames, source.has_audio) == (64, 48, 30, False)
    levels = [int(np.median(f)) for f in read_frames(ffmpeg, path, source)]
    assert levels == [8 * k for k in range(30)]
    assert [int(np.median(f)) for f in read_frames(ffmpeg, path, source, start=10, stop=13)] == [80, 88, 96]


def test_rotation_is_applied(tmp_path: Path, ffmpeg: str, ffprobe: str) -> None:
    flat, turned = str(tmp_path / "flat.mp4"), str(tmp_path / "turned.mp4")
    make(ffmpeg, "-f", "lavfi", "-i", "testsrc2=s=128x96:d=1:r=25", "-pix_fmt", "yuv420p", flat)
    make(ffmpeg, "-display_rotation", "90", "-i", flat, "-c", "copy", turned)
    source = probe(ffprobe, turned)
    assert (source.width, source.height) == (96, 128)
    assert source.rotation in (90, 270)
    frame = next(iter(read_frames(ffmpeg, turned, source)))
    upright = next(iter(read_frames(ffmpeg, flat, probe(ffprobe, flat))))
    differences = [float(np.abs(np.rot90(upright, k).astype(int) - frame).mean()) for k in (1, 3)]
    assert min(differences) * 5 < max(differences)


def test_odd_sizes_pass(tmp_path: Path, ffmpeg: str, ffprobe: str) -> None:
    path = str(tmp_path / "odd.mkv")
    make(ffmpeg, "-f", "lavfi", "-i", "testsrc=s=101x77:d=0.4:r=30", "-c:v", "ffv1", "-pix_fmt", "yuv444p10le", path)
    source = probe(ffprobe, path)
    assert next(iter(read_frames(ffmpeg, path, source))).shape == (77, 101, 3)


def test_a_tone_keeps_its_frequency(tmp_path: Path, ffmpeg: str) -> None:
    path = str(tmp_path / "tone.wav")
    make(ffmpeg, "-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000:duration=1", "-ac", "2", path)
    samples = read_audio(ffmpeg, path)
    assert abs(len(samples) - 16000) <= 16
    spectrum = np.abs(np.fft.rfft(samples[:16000]))
    assert abs(int(spectrum.argmax()) - 440) <= 1


@pytest.mark.parametrize(
    "content", [b"", b"not a video\n", b"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n/etc/hostname\n#EXT-X-ENDLIST\n"]
)
def test_what_is_no_video_is_refused(tmp_path: Path, ffprobe: str, content: bytes) -> None:
    path = tmp_path / "renamed.mp4"
    path.write_bytes(content)
    with pytest.raises(TrainerError) as error:
        probe(ffprobe, str(path))
    assert error.value.code == "bad-video"
