"""The filmed clip as the measures see it: a bundle's idle motion, and pictures and masks of chosen frames."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Protocol

import numpy as np

from likeness_trainer.bundle.composite import crop_picture
from likeness_trainer.bundle.drive import driven_expression
from likeness_trainer.bundle.load import Bundle
from likeness_trainer.matting.mask_file import read_masks
from likeness_trainer.media import probe_source, read_audio, read_frames
from likeness_trainer.protocol import Reporter, TrainerError
from likeness_trainer.protocol.jobs import AnalysedJob
from likeness_trainer.renderer.proxies import SIDE, Control, control_of
from likeness_trainer.renderer.rig import Rig
from likeness_trainer.tracking.track_file import HELD_OUT_SHARE, FrameState, Track


class CutFrames(Protocol):
    """Head crops of some frames that are kept: `training.crops.CropStore`."""

    def __contains__(self, frame: int) -> bool: ...

    def picture(self, frame: int) -> np.ndarray:
        """[256,256,3] u8."""
        ...

    def whole_mask(self, frame: int) -> np.ndarray:
        """[256,256] u8."""
        ...


class Kept(Mapping[int, np.ndarray]):
    """What is read of frames when it is asked for: a thousand crops in memory are 200 MB."""

    def __init__(self, frames: list[int], read: Callable[[int], np.ndarray]) -> None:
        self._frames, self._read = dict.fromkeys(frames), read

    def __getitem__(self, frame: int) -> np.ndarray:
        if frame not in self._frames:
            raise KeyError(frame)
        return self._read(frame)

    def __iter__(self) -> Iterator[int]:
        return iter(self._frames)

    def __len__(self) -> int:
        return len(self._frames)


class Clip:
    """Motion comes from the bundle, so it always fits the bundle's rig; pictures and sound from the project."""

    def __init__(self, bundle: Bundle, job: AnalysedJob, cut: CutFrames | None = None) -> None:
        """Frames that are `cut` already are not decoded for pictures and masks of 256 x 256. Raises
        TrainerError('bad-request') when the video has another length than the one the avatar was trained on."""
        self._bundle, self._job, self._cut = bundle, job, cut
        self.source = probe_source(job.ffmpeg, job.ffprobe, job.source, job.streams)
        self.idle = bundle.idle
        if abs(self.source.frames - len(self.idle.time)) > 2:
            raise TrainerError(
                "bad-request",
                f"The avatar was trained on a video of {len(self.idle.time)} frames; "
                f"this one has {self.source.frames}.",
                "Train the avatar again on this video.",
            )

    @property
    def rig(self) -> Rig:
        return self._bundle.rig

    @property
    def cores(self) -> int:
        """How many may be kept busy."""
        return self._job.cores

    def split(self) -> tuple[np.ndarray, np.ndarray]:
        """Frame numbers to train on and held out: the first 10/11 and the last 1/11 of the good frames."""
        good = np.flatnonzero(self.idle.state == FrameState.GOOD)
        held_out = len(good) // HELD_OUT_SHARE
        return good[: len(good) - held_out], good[len(good) - held_out :]

    def control(self, frame: int, expression: np.ndarray | None = None) -> Control:
        """The tracked motion of a frame as an avatar plays it, with its sway where that was tracked, and with another
        `expression` [64] when given."""
        sway = None if self.idle.sway is None else self.idle.sway[frame]
        control = replace(control_of(self.idle, frame), sway=sway)
        return control if expression is None else replace(control, expression=expression)

    def posed(self, expression: np.ndarray) -> np.ndarray:
        """Vertices [T, 468, 3] in head space, cm, of expressions [T, 64]."""
        return self._bundle.rig.face.posed(expression)

    def meshes(self, frames: np.ndarray) -> np.ndarray:
        """The tracked mesh of each of the frames [n] in its crop, [n, 468, 2] pixels."""
        idle = self.idle
        pixels, _ = self._bundle.rig.camera.project(self.posed(idle.expression[frames]), idle.pose[frames])
        return (pixels - idle.crop[frames][:, None, :2]) * (SIDE / idle.crop[frames][:, None, 2:])

    @property
    def native_side(self) -> int:
        """How many source pixels the head crop is wide, as it is in most frames."""
        return max(SIDE // 4, round(float(np.median(self.idle.crop[:, 2]))))

    def pictures(self, frames: Iterable[int], reporter: Reporter, side: int = SIDE) -> Mapping[int, np.ndarray]:
        """Head crops [side, side, 3] u8 RGB of source frames."""
        wanted = sorted({int(frame) for frame in frames})
        if (cut := self._all_cut(wanted, side)) is not None:
            return Kept(wanted, cut.picture)
        decoded = read_frames(self._job.ffmpeg, self._job.source, self.source, frames=wanted)
        return self._crops(decoded, wanted, 1.0, side, reporter)

    def masks(self, frames: Iterable[int], reporter: Reporter, side: int = SIDE) -> Mapping[int, np.ndarray]:
        """Person masks [side, side] u8 of source frames, in the head crop."""
        wanted = sorted({int(frame) for frame in frames})
        if (cut := self._all_cut(wanted, side)) is not None:
            return Kept(wanted, cut.whole_mask)
        job, size = self._job, (self.source.width, self.source.height)
        scale, decoded = read_masks(job.ffmpeg, job.ffprobe, job.analysis_dir / "person.mkv", size, wanted)
        return self._crops(decoded, wanted, scale, side, reporter)

    def _all_cut(self, frames: list[int], side: int) -> CutFrames | None:
        cut = self._cut
        return cut if cut is not None and side == SIDE and all(frame in cut for frame in frames) else None

    def _crops(
        self, decoded: Iterable[np.ndarray], wanted: list[int], scale: float, side: int, reporter: Reporter
    ) -> dict[int, np.ndarray]:
        found: dict[int, np.ndarray] = {}
        for number, picture in zip(wanted, decoded):
            reporter.check_cancelled()
            found[number] = crop_picture(picture, self.idle.crop[number] * scale, side)
        missing = len(wanted) - len(found)
        if missing:
            raise TrainerError(
                "bad-video",
                f"{missing} frames of the video cannot be decoded any more.",
                "Import the video again.",
            )
        return found

    def plate(self, frame: int, side: int = SIDE) -> np.ndarray:
        """The background of a frame's head crop, [side, side, 3] u8."""
        crop = self.idle.crop[frame]
        key = (side, *crop.tolist())
        if key not in self._plates:
            self._plates[key] = crop_picture(self._bundle.plate, crop, side)
        return self._plates[key]

    @cached_property
    def _plates(self) -> dict[tuple[float, ...], np.ndarray]:
        return {}

    def has_speech(self) -> bool:
        """Whether the clip's own sound can drive this person: there is sound, and it is not another's."""
        return self._job.sound_path.is_file() and Track.load(self._job.track_path).sound_belongs != "no"

    def spoken(self, frames: np.ndarray, hubert: np.ndarray | None = None) -> np.ndarray:
        """Expressions [len(frames), 64] of frames as the clip's own sound drives them, by the embedded encoder or by
        what `hubert` [R, H] heard in it (`speech_expression`). Raises TrainerError('no-audio')."""
        idle, waveform = self.idle, self.sound()
        return driven_expression(
            self._bundle,
            waveform,
            idle.time[frames],
            idle.expression[frames],
            idle.rotation[frames],
            self.source.fps,
            hubert,
        )

    def sound(self) -> np.ndarray:
        """The clip's own, [N] at 16 kHz. Raises TrainerError('no-audio')."""
        sound = self._job.sound_path
        if not sound.is_file():
            raise TrainerError(
                "no-audio", "This video has no sound to drive the face with.", "Render with the tracked motion."
            )
        return read_audio(self._job.ffmpeg, str(sound))
