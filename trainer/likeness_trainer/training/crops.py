"""Head crops on disk: pictures, person masks and background at 256x256, so that memory stays small for any clip."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from likeness_trainer.bundle.composite import crop_picture
from likeness_trainer.matting.mask_file import read_masks
from likeness_trainer.media import probe_source, read_frames
from likeness_trainer.protocol import TrainerError
from likeness_trainer.protocol.jobs import AnalysedJob
from likeness_trainer.renderer.proxies import SIDE

if TYPE_CHECKING:
    from likeness_trainer.protocol import Reporter
    from likeness_trainer.tracking.track_file import Track


def inside_source(crop: np.ndarray, width: int, height: int) -> np.ndarray:
    """[256,256] bool: crop pixels whose centre lies in the source picture."""
    x0, y0, size = (float(v) for v in crop)
    centres = (np.arange(SIDE) + 0.5) * size / SIDE
    return ((y0 + centres >= 0) & (y0 + centres <= height))[:, None] & ((x0 + centres >= 0) & (x0 + centres <= width))


class CropStore:
    """Memory-mapped crops of chosen source frames in `directory`.

    `picture(frame)` [256,256,3] and `mask(frame)` [256,256] are u8; `plate(frame)` is the background behind.
    """

    def __init__(self, directory: Path, track: Track, plate: np.ndarray) -> None:
        listed = json.loads((directory / "frames.json").read_text())
        self._row = {frame: row for row, frame in enumerate(listed)}
        self._pixels = np.memmap(directory / "crops.u8", np.uint8, "r", shape=(len(listed), SIDE, SIDE, 4))
        self._track = track
        self._plate = plate
        self._plate_crop: tuple[bytes, np.ndarray] | None = None

    def close(self) -> None:
        """Lets go of the file, which Windows cannot remove while it is mapped."""
        self._pixels._mmap.close()  # type: ignore[attr-defined]

    def picture(self, frame: int) -> np.ndarray:
        return self._pixels[self._row[frame]][..., :3]

    def mask(self, frame: int) -> np.ndarray:
        return self._pixels[self._row[frame]][..., 3]

    def plate(self, frame: int) -> np.ndarray:
        """[256,256,3] u8; most clips have one crop for all frames, so the last one is kept."""
        crop = self._track.crop[frame]
        kept = self._plate_crop
        if kept is None or kept[0] != crop.tobytes():
            kept = self._plate_crop = (crop.tobytes(), crop_picture(self._plate, crop))
        return kept[1]

    def inside(self, frame: int) -> np.ndarray:
        """[256, 256] bool: which pixels of its crop lie in the source picture."""
        return inside_source(self._track.crop[frame], self._track.width, self._track.height)


def prepare_crops(job: AnalysedJob, track: Track, frames: np.ndarray, directory: Path, reporter: Reporter) -> CropStore:
    """Cuts the crops of `frames` once; a directory already holding exactly them is used as it is.

    Raises TrainerError('not-found') without an analysis, 'bad-video' when source and analysis do not fit.
    """
    analysis = job.analysis_dir
    plate = cv2.imread(str(analysis / "plate.png"))
    if plate is None or not (analysis / "person.mkv").exists():
        raise TrainerError("not-found", "The analysis of this video is not complete.", "Analyse the video again.")
    plate = np.ascontiguousarray(plate[..., ::-1])
    listed = [int(frame) for frame in frames]
    done = directory / "frames.json"
    if not (done.exists() and json.loads(done.read_text()) == listed):
        directory.mkdir(parents=True, exist_ok=True)
        done.unlink(missing_ok=True)
        _cut(job, track, listed, directory / "crops.u8", reporter)
        done.write_text(json.dumps(listed))
    return CropStore(directory, track, plate)


def source_frames(
    job: AnalysedJob, frames: Sequence[int], size: tuple[int, int], reporter: Reporter
) -> Iterator[np.ndarray]:
    """The pictures [h,w,3] u8 of ascending `frames` as they were filmed, one after the other; size is (w, h)."""
    source = probe_source(job.ffmpeg, job.ffprobe, job.source, job.streams)
    for picture in read_frames(job.ffmpeg, job.source, source, size=size, frames=frames):
        reporter.check_cancelled()
        yield picture


def frame_crops(
    job: AnalysedJob, track: Track, frames: Sequence[int], reporter: Reporter
) -> Iterator[tuple[int, np.ndarray]]:
    """Each of ascending `frames` with its crop [256,256,4] u8: picture, and person mask within the source.

    Raises TrainerError('bad-video') when source and analysis do not have the same frames, and Cancelled.
    """
    source = probe_source(job.ffmpeg, job.ffprobe, job.source, job.streams)
    pictures = read_frames(job.ffmpeg, job.source, source, frames=frames)
    mask_scale, masks = read_masks(
        job.ffmpeg, job.ffprobe, job.analysis_dir / "person.mkv", (track.width, track.height), frames
    )
    found = 0
    for frame, picture, mask in zip(frames, pictures, masks):
        reporter.check_cancelled()
        crop = track.crop[frame]
        person = crop_picture(mask, crop * mask_scale) * inside_source(crop, track.width, track.height)
        found += 1
        yield frame, np.dstack([crop_picture(picture, crop), person])
    if found != len(frames):
        raise TrainerError(
            "bad-video",
            "The video and its analysis do not have the same frames.",
            "Analyse the video again.",
            f"{found} of {len(frames)} frames found",
        )


def _cut(job: AnalysedJob, track: Track, frames: list[int], path: Path, reporter: Reporter) -> None:
    with open(path, "wb") as file:
        for written, (_, crop) in enumerate(frame_crops(job, track, frames, reporter), 1):
            file.write(crop.tobytes())
            reporter.progress(written, len(frames), "frames")
