"""Frames in and out of ffmpeg as raw pictures over a pipe."""

from __future__ import annotations

import contextlib
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from types import TracebackType

import numpy as np

from likeness_trainer.media.ended import require_own_end
from likeness_trainer.media.probe import Source
from likeness_trainer.media.raw_pictures import raw_pictures, widen
from likeness_trainer.media.tool import environment
from likeness_trainer.protocol import TrainerError


def read_frames(
    ffmpeg: str,
    path: str,
    source: Source,
    *,
    size: tuple[int, int] | None = None,
    frames: Sequence[int] | None = None,
    gray: bool = False,
) -> Iterator[np.ndarray]:
    """Every stored frame once, in display order, rotation applied and pixels square: [H, W, 3] u8 RGB, or [H, W] when
    `gray`.

    `size` is (width, height). `frames` are ascending numbers of those that are wanted, exact whatever the file's key
    frames; fewer come where the file has no more. Raises TrainerError('bad-video') when nothing can be decoded.
    """
    width, height = size or (source.width, source.height)
    # Without full_chroma_int swscale's result is 2 levels too dark (white comes out as 253) and a copy loses 10 dB.
    filters = f"scale={width}:{height}:flags=area+accurate_rnd+full_chroma_int,format={'gray' if gray else 'rgb24'}"
    shape = (height, width) if gray else (height, width, 3)
    for picture in raw_pictures(ffmpeg, path, source, filters, int(np.prod(shape)), frames=frames):
        yield picture.reshape(shape)


def mp4(crf: int) -> list[str]:
    """Codec arguments of an MP4 anybody can play: H.264 with BT.709 colours at a constant rate factor, AAC beside
    it."""
    colours = [f"-{name}" for name in ("colorspace", "color_primaries", "color_trc")]
    video = [
        "-c:v",
        "libx264",
        "-preset",
        "veryfast",
        "-crf",
        str(crf),
        "-pix_fmt",
        "yuv420p",
        "-vf",
        "scale=out_color_matrix=bt709:out_range=tv",
    ]
    return [
        *video,
        *(word for name in colours for word in (name, "bt709")),
        "-c:a",
        "aac",
        "-b:a",
        "96k",
        "-movflags",
        "+faststart",
    ]


class FrameWriter:
    """Encodes raw frames: `with FrameWriter(...) as writer: writer.write(frame)`. Frames are [H, W, 3] u8 RGB, or [H,
    W] when `gray`."""

    def __init__(
        self,
        ffmpeg: str,
        path: str,
        width: int,
        height: int,
        fps: float,
        codec_args: Sequence[str],
        *,
        gray: bool = False,
        audio: str | None = None,
    ) -> None:
        self._shape = (height, width) if gray else (height, width, 3)
        sound = ["-i", audio] if audio else []
        pixels = ["-pix_fmt", "gray" if gray else "rgb24", "-s", f"{width}x{height}", "-r", f"{fps:.6f}"]
        command = [ffmpeg, "-v", "error", "-y", "-f", "rawvideo", *pixels, "-i", "-", *sound, *codec_args, path]
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - closed in __exit__
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=self._log, env=environment()
        )
        assert self._process.stdin is not None
        widen(self._process.stdin.fileno())

    def __enter__(self) -> FrameWriter:
        return self

    def write(self, frame: np.ndarray) -> None:
        """One more frame [H, W, 3], or [H, W] where gray, u8. Raises ValueError for another shape or
        type, TrainerError when ffmpeg cannot write it."""
        if frame.shape != self._shape or frame.dtype != np.uint8:
            raise ValueError(f"frame is {frame.shape} {frame.dtype}, expected {self._shape} uint8")
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(np.ascontiguousarray(frame).data)
        except BrokenPipeError as error:
            self._process.wait()
            raise self._failed() from error

    def _failed(self) -> TrainerError:
        self._log.seek(0)
        detail = self._log.read()[-2000:].decode("utf-8", "replace")
        require_own_end(self._process.returncode, detail)
        if "No space left" in detail:
            return TrainerError("disk-full", "The disk is full.", "Free some space and try again.", detail)
        return TrainerError(
            "internal", "A video could not be written.", "Try again; if it happens again, send a debug report.", detail
        )

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        if kind is not None:
            self._process.kill()
        code = self._process.wait()
        failed = self._failed() if kind is None and code != 0 else None
        self._log.close()
        if failed:
            raise failed
