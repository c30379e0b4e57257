"""`person.mkv`: the person masks that an analysis leaves beside its track."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from likeness_trainer.media import probe, read_frames
from likeness_trainer.protocol import TrainerError

# H.264 without loss: half the work of FFV1, and a file a sixth larger.
MASK_CODEC = ["-c:v", "libx264", "-preset", "ultrafast", "-qp", "0", "-pix_fmt", "gray", "-color_range", "pc"]
_OFF = 1.5  # mask pixels by which its sides may be rounded
_MOST_TIMES = 1.01  # as wide as the source


def read_masks(
    ffmpeg: str, ffprobe: str, path: Path, size: tuple[int, int], frames: Sequence[int]
) -> tuple[float, Iterator[np.ndarray]]:
    """Mask pixels per source pixel, and the masks [h,w] u8 of ascending `frames`; `size` (width, height) is the
    source's.

    Raises TrainerError('bad-request') for a file that is damaged or that is not of such a source: of a header with
    another height every picture might take gigabytes.
    """
    try:
        found = probe(ffprobe, str(path))
    except TrainerError as error:
        raise _damaged(str(path), error.detail or str(error)) if error.code == "bad-video" else error from error
    scale = found.width / size[0]
    if scale > _MOST_TIMES or abs(found.height - size[1] * scale) > _OFF:
        raise _damaged(str(path), f"{found.width}x{found.height} for {size[0]}x{size[1]}")
    return scale, read_frames(ffmpeg, str(path), found, frames=frames, gray=True)


def _damaged(path: str, detail: str) -> TrainerError:
    return TrainerError(
        "bad-request", "The analysis of this project is damaged.", "Analyse the video again.", f"{path}: {detail}"
    )
