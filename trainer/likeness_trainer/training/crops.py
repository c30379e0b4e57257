"""Head crops on disk: pictures, person masks and background at 256x256, so that memory stays small for any clip."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
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

LISTED, CROPS, HEADS = "frames.json", "crops.u8", "heads"
_BYTES = SIDE * SIDE * 4  # of a frame: colour and mask
_RIM = 4  # pixels round a head that are kept too: samples at its edge see two of them


@dataclass(frozen=True)
class FilmedHeads:
    """Which frames' heads are kept with as many pixels as they were filmed with, of pictures of `size` (w, h)."""

    frames: Sequence[int]
    size: tuple[int, int]


def inside_source(crop: np.ndarray, width: int, height: int) -> np.ndarray:
    """[256,256] bool: crop pixels whose centre lies in the source picture."""
    x0, y0, size = (float(v) for v in crop)
    centres = (np.arange(SIDE) + 0.5) * size / SIDE
    return ((y0 + centres >= 0) & (y0 + centres <= height))[:, None] & ((x0 + centres >= 0) & (x0 + centres <= width))


class CropStore:
    """The crops of chosen source frames in `directory`; each is read when it is asked for."""

    def __init__(self, directory: Path, track: Track, plate: np.ndarray) -> None:
        self._directory = directory
        self._row = {frame: row for row, frame in enumerate(json.loads((directory / LISTED).read_text())["frames"])}
        self._track = track
        self._plate = plate
        self._plate_crop: tuple[bytes, np.ndarray] | None = None

    def __contains__(self, frame: int) -> bool:
        return frame in self._row

    def picture(self, frame: int) -> np.ndarray:
        """[256,256,3] u8."""
        return np.ascontiguousarray(self._read(frame)[..., :3])

    def whole_mask(self, frame: int) -> np.ndarray:
        """[256,256] u8: the person, and beyond the source picture its edge again and again, as the picture has it."""
        return np.ascontiguousarray(self._read(frame)[..., 3])

    def mask(self, frame: int) -> np.ndarray:
        """[256,256] u8: the person, within the source picture."""
        return self.whole_mask(frame) * self.inside(frame)

    def plate(self, frame: int) -> np.ndarray:
        """[256,256,3] u8, the background behind; most clips have one crop for all frames, so the last one is kept."""
        crop = self._track.crop[frame]
        kept = self._plate_crop
        if kept is None or kept[0] != crop.tobytes():
            kept = self._plate_crop = (crop.tobytes(), crop_picture(self._plate, crop))
        return kept[1]

    def inside(self, frame: int) -> np.ndarray:
        """[256, 256] bool: which pixels of its crop lie in the source picture."""
        return inside_source(self._track.crop[frame], self._track.width, self._track.height)

    def filmed(self, frame: int, size: tuple[int, int]) -> np.ndarray:
        """[h,w,3] u8: a picture of `size` (w, h) with nothing but the head as it was filmed. For frames whose heads
        were cut with the crops, until `forget_heads`."""
        picture = np.zeros((size[1], size[0], 3), np.uint8)
        picture[_head(self._track, frame, size)] = np.load(_head_file(self._directory, frame))
        return picture

    def forget_heads(self) -> None:
        """Removes them: of some clips 230 MB, and asked for once."""
        _list(self._directory, {"frames": list(self._row), "heads": None})
        shutil.rmtree(self._directory / HEADS, ignore_errors=True)

    def _read(self, frame: int) -> np.ndarray:
        row = self._row[frame]
        # Not mapped: what was read of a mapped file counts as memory, and Windows can't remove it.
        pixels = np.fromfile(self._directory / CROPS, np.uint8, _BYTES, offset=row * _BYTES)
        return pixels.reshape(SIDE, SIDE, 4)


def open_crops(job: AnalysedJob, track: Track, directory: Path) -> CropStore:
    """Those that are there. Raises TrainerError('not-found') without an analysis."""
    plate = cv2.imread(str(job.analysis_dir / "plate.png"))
    if plate is None or not (job.analysis_dir / "person.mkv").exists():
        raise TrainerError("not-found", "The analysis of this video is not complete.", "Analyse the video again.")
    return CropStore(directory, track, np.ascontiguousarray(plate[..., ::-1]))


def prepare_crops(
    job: AnalysedJob,
    track: Track,
    frames: np.ndarray,
    directory: Path,
    reporter: Reporter,
    heads: FilmedHeads | None = None,
) -> CropStore:
    """Cuts the crops of `frames` once, and with them the `heads` of some; a directory already holding exactly them is
    used as it is.

    Raises TrainerError('not-found') without an analysis, 'bad-video' when source and analysis do not fit.
    """
    wanted = json.loads(json.dumps({"frames": frames.tolist(), "heads": asdict(heads) if heads else None}))
    done = directory / LISTED
    if _listed(done) != wanted:
        directory.mkdir(parents=True, exist_ok=True)
        done.unlink(missing_ok=True)
        _cut(job, track, wanted["frames"], directory, reporter, heads)
        _list(directory, wanted)
    return open_crops(job, track, directory)


def _listed(file: Path) -> object:
    """What a directory says that it holds; None where it says nothing that can be read."""
    try:
        return json.loads(file.read_text())
    except (OSError, ValueError, RecursionError):
        return None


def frame_crops(
    job: AnalysedJob, track: Track, frames: Sequence[int], reporter: Reporter
) -> Iterator[tuple[int, np.ndarray]]:
    """Each of ascending `frames` with its crop [256,256,4] u8: picture, and person mask within the source.

    Raises TrainerError('bad-video') when source and analysis do not have the same frames, and Cancelled.
    """
    for frame, _, crop in _filmed(job, track, frames, reporter):
        crop[..., 3] *= inside_source(track.crop[frame], track.width, track.height)
        yield frame, crop


def _cut(
    job: AnalysedJob, track: Track, frames: list[int], directory: Path, reporter: Reporter, heads: FilmedHeads | None
) -> None:
    of_heads: set[int] = set(heads.frames) if heads else set()
    shutil.rmtree(directory / HEADS, ignore_errors=True)
    (directory / HEADS).mkdir()
    with open(directory / CROPS, "wb") as file:
        for written, (frame, picture, crop) in enumerate(_filmed(job, track, frames, reporter), 1):
            file.write(crop.tobytes())
            if heads and frame in of_heads:
                large = picture if picture.shape[1::-1] == heads.size else _smaller(picture, heads.size)
                np.save(_head_file(directory, frame), large[_head(track, frame, heads.size)])
            reporter.progress(written, len(frames), "frames")


def _filmed(
    job: AnalysedJob, track: Track, frames: Sequence[int], reporter: Reporter
) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
    """Each frame with its picture [H,W,3] u8 and its crop [256,256,4] u8, whose mask goes on beyond the source."""
    source = probe_source(job.ffmpeg, job.ffprobe, job.source, job.streams)
    pictures = read_frames(job.ffmpeg, job.source, source, frames=frames)
    mask_scale, masks = read_masks(
        job.ffmpeg, job.ffprobe, job.analysis_dir / "person.mkv", (track.width, track.height), frames
    )
    found = 0
    for frame, picture, mask in zip(frames, pictures, masks):
        reporter.check_cancelled()
        crop = track.crop[frame]
        found += 1
        yield frame, picture, np.dstack([crop_picture(picture, crop), crop_picture(mask, crop * mask_scale)])
    if found != len(frames):
        raise TrainerError(
            "bad-video",
            "The video and its analysis do not have the same frames.",
            "Analyse the video again.",
            f"{found} of {len(frames)} frames found",
        )


def _list(directory: Path, content: dict[str, object]) -> None:
    partial = directory / (LISTED + ".part")
    partial.write_text(json.dumps(content))
    partial.replace(directory / LISTED)


def _smaller(picture: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA)


def _head_file(directory: Path, frame: int) -> Path:
    return directory / HEADS / f"{frame}.npy"


def _head(track: Track, frame: int, size: tuple[int, int]) -> tuple[slice, slice]:
    """Rows and columns of a frame's head in its picture of `size` (w, h), with a rim."""
    left, top, side = (float(value) for value in track.crop[frame])
    across, down = size[0] / track.width, size[1] / track.height

    def span(first: float, scale: float, most: int) -> slice:
        begin, end = int(first * scale) - _RIM, int((first + side) * scale) + 1 + _RIM
        return slice(min(max(begin, 0), most), min(max(end, 0), most))

    return span(top, down, size[1]), span(left, across, size[0])
