"""Colours, fields, rates and lengths of every kind of source come out as they were before they were put into it; the
same figures as in the core's `media/reading.test.ts`, `rate.test.ts` and `whole.test.ts`."""

from __future__ import annotations

import subprocess
import wave
from pathlib import Path

import numpy as np
import pytest

from likeness_trainer.media import probe_source, read_audio, read_frames, read_planes
from likeness_trainer.media.rate import rate_of
from likeness_trainer.protocol import TrainerError
from likeness_trainer.protocol.jobs import AnalyzeJob
from likeness_trainer.tracking.sound import hear

PATCHES = (0xFFFFFF, 0x808080, 0xE0B098, 0x7A4A33, 0x2A3F8F, 0xB02030, 0x2F8F40, 0x101010)
SIDE = 32
MOVING = "color=gray:s=320x240:r=50:d=3,geq=lum='128+100*sin((X+N*5)/9)':cb=128:cr=128"
H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-crf", "8", "-g", "10", "-pix_fmt", "yuv420p")


def make(ffmpeg: str, *arguments: str) -> None:
    subprocess.run([ffmpeg, "-v", "error", "-y", *arguments], check=True)


def drawing() -> str:
    """The patches in a row, as ffmpeg draws them without converting anything."""

    def channel(shift: int) -> str:
        rest = "0"
        for k, colour in reversed(list(enumerate(PATCHES))):
            rest = f"if(lt(X\\,{(k + 1) * SIDE})\\,{colour >> shift & 255}\\,{rest})"
        return rest

    painted = f"geq=r='{channel(16)}':g='{channel(8)}':b='{channel(0)}'"
    return f"color=black:s={len(PATCHES) * SIDE}x{SIDE * 2}:r=25:d=0.2,format=gbrp,{painted}"


def farthest(ffmpeg: str, ffprobe: str, path: str) -> tuple[int, str | None]:
    """The largest difference of a patch's middle from what was drawn, levels, of frames and of planes; and which HDR
    it was."""
    source = probe_source(ffmpeg, ffprobe, path)
    pictures = (next(read_frames(ffmpeg, path, source)), next(read_planes(ffmpeg, path, source)).rgb())
    true = np.array([[colour >> shift & 255 for shift in (16, 8, 0)] for colour in PATCHES])
    middles = [picture[SIDE, SIDE // 2 :: SIDE].astype(int) for picture in pictures]
    return max(int(np.abs(middle - true).max()) for middle in middles), source.hdr


@pytest.mark.parametrize("transfer", ["arib-std-b67", "smpte2084"])
@pytest.mark.parametrize(("white", "most"), [(100, 3), (203, 11)])
def test_hdr_comes_back_in_bt709(
    tmp_path: Path, ffmpeg: str, ffprobe: str, transfer: str, white: int, most: int
) -> None:
    path = str(tmp_path / "hdr.mkv")
    linear = f"setparams=color_primaries=bt709:color_trc=bt709,zscale=t=linear:npl={white},format=gbrpf32le"
    filters = f"{linear},zscale=p=bt2020:t={transfer}:m=bt2020nc:r=limited:npl={white},format=yuv420p10le"
    tags = ("-colorspace", "bt2020nc", "-color_primaries", "bt2020", "-color_trc", transfer, "-color_range", "tv")
    make(ffmpeg, "-f", "lavfi", "-i", f"{drawing()},{filters}", "-c:v", "ffv1", *tags, path)
    off, hdr = farthest(ffmpeg, ffprobe, path)
    assert off <= most and hdr == {"arib-std-b67": "HLG", "smpte2084": "PQ"}[transfer]


@pytest.mark.parametrize("primaries", ["bt2020", "smpte432"])
def test_wide_primaries_are_narrowed(tmp_path: Path, ffmpeg: str, ffprobe: str, primaries: str) -> None:
    path = str(tmp_path / "wide.mkv")
    widened = f"zscale=p={primaries}:t=bt709:m=bt709:r=limited,format=yuv444p10le"
    tags = ("-colorspace", "bt709", "-color_primaries", primaries, "-color_trc", "bt709", "-color_range", "tv")
    filters = f"setparams=color_primaries=bt709:color_trc=bt709,{widened}"
    make(ffmpeg, "-f", "lavfi", "-i", f"{drawing()},{filters}", "-c:v", "ffv1", *tags, path)
    assert farthest(ffmpeg, ffprobe, path)[0] <= 3


@pytest.mark.parametrize(
    ("matrix", "transfer", "made"),
    [
        ("ycgco", "bt709", "zscale=m=ycgco:r=limited"),
        ("bt709", "log100", "scale=out_color_matrix=bt709:out_range=tv:flags=accurate_rnd+full_chroma_int"),
    ],
)
def test_what_the_scaler_refuses_has_its_colours(
    tmp_path: Path, ffmpeg: str, ffprobe: str, matrix: str, transfer: str, made: str
) -> None:
    path = str(tmp_path / "refused.mkv")
    tags = ("-colorspace", matrix, "-color_primaries", "bt709", "-color_trc", transfer, "-color_range", "tv")
    make(ffmpeg, "-f", "lavfi", "-i", f"{drawing()},{made},format=yuv444p", "-c:v", "ffv1", *tags, path)
    assert farthest(ffmpeg, ffprobe, path)[0] <= 3


@pytest.mark.parametrize(("lines", "matrix"), [(64, "bt601"), (720, "bt709")])
def test_what_says_nothing_is_taken_as_players_take_it(
    tmp_path: Path, ffmpeg: str, ffprobe: str, lines: int, matrix: str
) -> None:
    path = str(tmp_path / "untagged.mkv")
    filters = f"scale=256:{lines}:out_color_matrix={matrix}:flags=neighbor,setsar=1,format=yuv444p"
    make(ffmpeg, "-f", "lavfi", "-i", f"{drawing()},{filters}", "-c:v", "ffv1", path)
    assert farthest(ffmpeg, ffprobe, path)[0] <= 3


@pytest.mark.parametrize(
    ("woven", "flags"),
    [
        ("tinterlace=interleave_top", ("-flags", "+ildct+ilme")),
        ("tinterlace=interleave_bottom,setfield=prog", ()),
        ("telecine=pattern=23,setfield=prog", ()),
    ],
    ids=["interlaced", "interlaced and not said", "telecined"],
)
def test_fields_make_whole_pictures(
    tmp_path: Path, ffmpeg: str, ffprobe: str, woven: str, flags: tuple[str, ...]
) -> None:
    path = str(tmp_path / "woven.mp4")
    make(ffmpeg, "-f", "lavfi", "-i", f"{MOVING},{woven}", *H264, *flags, path)
    source = probe_source(ffmpeg, ffprobe, path)
    assert source.interlaced
    frames = np.stack(list(read_frames(ffmpeg, path, source))).astype(np.float32)
    assert len(frames) == source.frames
    rows = np.abs(frames[2:-2, 1:-1] - (frames[2:-2, :-2] + frames[2:-2, 2:]) / 2)
    assert rows.mean((1, 2, 3)).max() < 4
    later = list(read_frames(ffmpeg, path, source, frames=[61, 62]))
    assert (np.stack(later) == frames[61:63]).all()


def test_rates_are_those_of_the_frames() -> None:
    frozen = np.concatenate([np.arange(60) / 25, 4.4 + np.arange(60) / 25])
    assert rate_of(frozen, [19.83, 25.0]) == (25.0, True)
    milliseconds = np.round(np.arange(200) * 1001 / 30) / 1000
    assert rate_of(milliseconds, [30000 / 1001]) == (30000 / 1001, False)
    one_off = np.cumsum([0, *[1 / 8] * 12, 0.188, *[1 / 8] * 18])
    assert rate_of(one_off, [8.0]) == (8.0, False)
    assert rate_of(np.array([0.0, 0.0, 0.0, 0.1]), [10.0])[0] == 10
    assert rate_of(np.arange(50) / 25, [600.0, 600.0])[0] == pytest.approx(25)
    assert rate_of(np.full(50, np.nan), [0.0, 12.5]) == (12.5, False)
    refused = [
        (np.array([0.0, 2500]), [0.0004]),
        (np.full(9, np.nan), [600.0]),
        (np.zeros(1), []),
        (np.zeros(1), [25.0]),
    ]
    for times, declared in refused:
        with pytest.raises(TrainerError) as error:
            rate_of(times, declared)
        assert error.value.code == "bad-video"


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("mp4", ("-c:v", "libx264", "-bf", "2", "-movflags", "+faststart")),
        ("mkv", ("-c:v", "libx264", "-bf", "2")),
        ("avi", ("-c:v", "mpeg4")),
    ],
)
def test_half_a_file_is_what_is_there(
    tmp_path: Path, ffmpeg: str, ffprobe: str, name: str, options: tuple[str, ...]
) -> None:
    whole, half = tmp_path / f"whole.{name}", tmp_path / f"half.{name}"
    make(ffmpeg, "-f", "lavfi", "-i", "testsrc=s=160x96:d=4:r=25", "-pix_fmt", "yuv420p", *options, str(whole))
    source = probe_source(ffmpeg, ffprobe, str(whole))
    assert (source.frames, source.missing_seconds, source.damaged) == (100, 0.0, False)
    content = whole.read_bytes()
    half.write_bytes(content[: len(content) * 55 // 100])
    source = probe_source(ffmpeg, ffprobe, str(half))
    assert source.damaged and 20 < source.frames < 95
    assert source.missing_seconds == pytest.approx(4 - source.duration, abs=0.1)
    assert len(list(read_frames(ffmpeg, str(half), source))) == source.frames


def test_frames_are_counted_where_none_is_called_a_key_frame(tmp_path: Path, ffmpeg: str, ffprobe: str) -> None:
    path = str(tmp_path / "flash.swf")
    make(ffmpeg, "-f", "lavfi", "-i", "testsrc=s=160x96:d=1:r=25", "-c:v", "flv1", path)
    source = probe_source(ffmpeg, ffprobe, path)
    assert (source.frames, source.missing_seconds, source.damaged) == (25, 0.0, False)
    assert len(list(read_frames(ffmpeg, path, source))) == 25


def test_a_clock_that_starts_at_an_hour_is_counted_from_its_start(tmp_path: Path, ffmpeg: str, ffprobe: str) -> None:
    path = str(tmp_path / "late.mkv")
    make(ffmpeg, "-f", "lavfi", "-i", "testsrc=s=160x96:d=4:r=25", "-output_ts_offset", "3600", path)
    source = probe_source(ffmpeg, ffprobe, path)
    assert source.times is not None and source.times[0] < 0.1
    assert source.duration == pytest.approx(4, abs=0.1) and source.missing_seconds == 0


def test_hours_of_sound_behind_the_last_picture_are_not_heard(tmp_path: Path, ffmpeg: str, ffprobe: str) -> None:
    path = str(tmp_path / "long.mkv")
    inputs = ("-f", "lavfi", "-i", "testsrc=s=160x96:d=4:r=25", "-f", "lavfi", "-i", "sine=d=120")
    make(ffmpeg, *inputs, "-c:v", "ffv1", "-c:a", "flac", path)
    job = AnalyzeJob(producer="test", ffmpeg=ffmpeg, ffprobe=ffprobe, source=path, analysis_dir=tmp_path)
    sound = hear(job, probe_source(ffmpeg, ffprobe, path), 3.96, tmp_path)
    assert sound is not None and len(sound.samples) == pytest.approx((3.96 + 30) * 16000, abs=1600)
    with wave.open(str(tmp_path / "audio16k.wav")) as written:
        assert written.getnframes() == len(sound.samples)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e30])
def test_samples_that_are_no_sound_become_silence(tmp_path: Path, ffmpeg: str, bad: float) -> None:
    raw, path = tmp_path / "raw.f32", str(tmp_path / "bad.wav")
    samples = (0.3 * np.sin(2 * np.pi * 440 * np.arange(48000) / 48000)).astype(np.float32)
    samples[2500::5000] = bad
    samples.tofile(raw)
    make(ffmpeg, "-f", "f32le", "-ar", "48000", "-ac", "1", "-i", str(raw), "-c:a", "pcm_f32le", path)
    heard = read_audio(ffmpeg, path)
    assert len(heard) == 16000 and 0.29 < np.abs(heard).max() < 0.36
