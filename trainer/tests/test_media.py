"""Frames and sound come through exactly: count, order, rotation, odd sizes, and refusals."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest
from media_tools import BROUGHT, FFMPEG

from likeness_trainer.media import FrameWriter, probe, read_audio, read_frames, read_planes
from likeness_trainer.protocol import TrainerError


def make(*arguments: str) -> None:
    subprocess.run([BROUGHT, "-v", "error", "-y", *arguments], check=True)


def test_every_frame_once_and_in_order(tmp_path: Path, ffmpeg: str, ffprobe: str) -> None:
    path = str(tmp_path / "steps.mkv")
    with FrameWriter(ffmpeg, path, 64, 48, 25, ["-c:v", "ffv1"]) as writer:
        for k in range(30):
            writer.write(np.full((48, 64, 3), 8 * k, np.uint8))
    source = probe(ffprobe, path)
    assert (source.width, source.height, source.frames, source.has_audio) == (64, 48, 30, False)
    levels = [int(np.median(f)) for f in read_frames(ffmpeg, path, source)]
    assert levels == [8 * k for k in range(30)]
    assert [int(np.median(f)) for f in read_frames(ffmpeg, path, source, frames=[10, 11, 12])] == [80, 88, 96]


def test_rotation_is_applied(tmp_path: Path, ffmpeg: str, ffprobe: str) -> None:
    flat, turned = str(tmp_path / "flat.mp4"), str(tmp_path / "turned.mp4")
    make("-f", "lavfi", "-i", "testsrc2=s=128x96:d=1:r=25", "-pix_fmt", "yuv420p", flat)
    make("-display_rotation", "90", "-i", flat, "-c", "copy", turned)
    source = probe(ffprobe, turned)
    assert (source.width, source.height) == (96, 128)
    assert source.rotation in (90, 270)
    frame = next(iter(read_frames(ffmpeg, turned, source)))
    upright = next(iter(read_frames(ffmpeg, flat, probe(ffprobe, flat))))
    differences = [float(np.abs(np.rot90(upright, k).astype(int) - frame).mean()) for k in (1, 3)]
    assert min(differences) * 5 < max(differences)


def test_odd_sizes_pass(tmp_path: Path, ffmpeg: str, ffprobe: str) -> None:
    path = str(tmp_path / "odd.mkv")
    make("-f", "lavfi", "-i", "testsrc=s=101x77:d=0.4:r=30", "-c:v", "ffv1", "-pix_fmt", "yuv444p10le", path)
    source = probe(ffprobe, path)
    assert next(iter(read_frames(ffmpeg, path, source))).shape == (77, 101, 3)


# Smooth colours: how chroma is spread over the luma between its samples is each reader's own affair.
PICTURE = "gradients=s=128x96:d=0.08:r=25:c0=red:c1=blue:c2=white:c3=0x20a040:n=4:seed=3"
# Grey levels: older builds (5.1) add up two rows of chroma less exactly than the one that is brought.
ROUGHER = 0.6 if FFMPEG != BROUGHT else 0.0
TAGS = {
    "bt601": ("-colorspace", "smpte170m"),
    "bt709": ("-colorspace", "bt709"),
    "bt2020": ("-colorspace", "bt2020nc"),
    "smpte240m": ("-colorspace", "smpte240m"),
}


def agree(ffmpeg: str, ffprobe: str, path: str, mean: float = 0.8, bias: float = 0.6) -> None:
    """The planes of every frame give the same colours and greys as ffmpeg's own conversion."""
    source = probe(ffprobe, path)
    planes = list(read_planes(ffmpeg, path, source))
    frames = list(read_frames(ffmpeg, path, source))
    assert len(planes) == len(frames) == source.frames
    for ours, theirs in zip(planes, frames):
        assert (ours.height, ours.width) == theirs.shape[:2] == (source.height, source.width)
        difference = ours.rgb().astype(int) - theirs
        assert np.abs(difference).mean() < mean + ROUGHER and np.abs(difference.mean((0, 1))).max() < bias + ROUGHER
    if source.colours.matrix == "bt601":  # ffmpeg's grey always is bt601's
        grey = next(read_frames(ffmpeg, path, source, gray=True))
        assert np.abs(planes[0].gray().astype(int) - grey).max() <= 2


@pytest.mark.parametrize("matrix", TAGS)
@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("pixels", ["yuv420p", "yuv420p10le", "yuv444p"])
def test_planes_have_the_colours_of_the_file(
    tmp_path: Path, ffmpeg: str, ffprobe: str, matrix: str, full: bool, pixels: str
) -> None:
    path = str(tmp_path / "tagged.mkv")
    convert = f"scale=out_color_matrix={matrix}:out_range={'full' if full else 'limited'},format={pixels}"
    codec = ("-c:v", "ffv1") if "10" in pixels else ("-c:v", "libx264", "-qp", "0", "-preset", "ultrafast")
    make(
        "-f",
        "lavfi",
        "-i",
        PICTURE,
        "-vf",
        convert,
        *codec,
        *TAGS[matrix],
        "-color_range",
        "pc" if full else "tv",
        path,
    )
    source = probe(ffprobe, path)
    assert source.colours.matrix == matrix and source.colours.full_range == full
    assert source.colours.halved_chroma == ("420" in pixels)
    agree(ffmpeg, ffprobe, path)


@pytest.mark.parametrize("pixels", ["bgr0", "gray", "yuv422p10le", "yuv410p", "gbrp"])
def test_planes_of_unusual_pixels(tmp_path: Path, ffmpeg: str, ffprobe: str, pixels: str) -> None:
    path = str(tmp_path / "unusual.mkv")
    make("-f", "lavfi", "-i", PICTURE, "-c:v", "ffv1", "-pix_fmt", pixels, path)
    agree(ffmpeg, ffprobe, path, mean=1.2, bias=1.1)  # RGB is rounded once more on its way


def test_planes_without_tags_are_taken_as_ffmpeg_takes_them(tmp_path: Path, ffmpeg: str, ffprobe: str) -> None:
    path = str(tmp_path / "untagged.mp4")
    make("-f", "lavfi", "-i", PICTURE, "-c:v", "mpeg4", "-q:v", "2", path)
    agree(ffmpeg, ffprobe, path)


def test_planes_of_odd_turned_and_stretched_pictures(tmp_path: Path, ffmpeg: str, ffprobe: str) -> None:
    odd = str(tmp_path / "odd.mkv")
    make("-f", "lavfi", "-i", PICTURE, "-vf", "crop=101:77:exact=1", "-c:v", "ffv1", "-pix_fmt", "yuv420p", odd)
    source = probe(ffprobe, odd)
    first = next(read_planes(ffmpeg, odd, source))
    assert first.y.shape == (77, 101) and first.u.shape == first.v.shape == (39, 51)
    agree(ffmpeg, ffprobe, odd)
    flat, turned, wide = (str(tmp_path / name) for name in ("flat.mp4", "turned.mp4", "wide.mp4"))
    make("-f", "lavfi", "-i", PICTURE, "-pix_fmt", "yuv420p", "-qp", "0", flat)
    make("-display_rotation", "90", "-i", flat, "-c", "copy", turned)
    assert next(read_planes(ffmpeg, turned, probe(ffprobe, turned))).y.shape == (128, 96)
    agree(ffmpeg, ffprobe, turned)
    make("-i", flat, "-vf", "setsar=3/2", "-qp", "0", wide)
    assert next(read_planes(ffmpeg, wide, probe(ffprobe, wide))).y.shape == (96, 192)
    agree(ffmpeg, ffprobe, wide)


def test_a_tone_keeps_its_frequency(tmp_path: Path, ffmpeg: str) -> None:
    path = str(tmp_path / "tone.wav")
    make("-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000:duration=1", "-ac", "2", path)
    samples = read_audio(ffmpeg, path)
    assert abs(len(samples) - 16000) <= 16
    spectrum = np.abs(np.fft.rfft(samples[:16000]))
    assert abs(int(spectrum.argmax()) - 440) <= 1


@pytest.mark.parametrize(
    "content", [b"", b"not a video\n", b"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n/etc/hostname\n#EXT-X-ENDLIST\n"]
)
def test_what_is_no_video_is_refused(tmp_path: Path, ffmpeg: str, ffprobe: str, content: bytes) -> None:
    path = tmp_path / "renamed.mp4"
    path.write_bytes(content)
    with pytest.raises(TrainerError) as error:
        probe(ffprobe, str(path))
    assert error.value.code == "bad-video"
