"""The end of a frame's way through a scan: its answers come in, and all that is kept of it is written down."""

from __future__ import annotations

import os
from pathlib import Path

import cv2
import numpy as np

from likeness_trainer.matting.person_mask import enlarged, join_masks, keep_connected, keep_own_side
from likeness_trainer.matting.plate import PlateBuilder
from likeness_trainer.media import FrameWriter, Planes, Source
from likeness_trainer.tracking.agreed_face import agreed_face
from likeness_trainer.tracking.aim import Aim
from likeness_trainer.tracking.ask import Asked
from likeness_trainer.tracking.landmarks import CLOSE, LANDMARKS, Landmarker
from likeness_trainer.tracking.observations import GreyFaces, Observations
from likeness_trainer.tracking.people import People
from likeness_trainer.tracking.picture_motion import SimilarityTracker, background_region, displacement, torso_region
from likeness_trainer.tracking.planes_cut import cut_gray
from likeness_trainer.tracking.read_ahead import Frame, SmallSize
from likeness_trainer.tracking.squares import bounding_box, square_around, whole_pixels
from likeness_trainer.tracking.workers import Worker

FACE_SIDE = 224  # side of the stored grey faces
_FACE_SCALE = 1.2  # stored face over the landmarks' box
_SEEN = np.array([6], np.uint8), np.array([249], np.uint8)  # between black and white
_CAMERA_EVERY = 5  # frames between two looks at the background's motion


class Rows:
    """What is kept of every frame, a row each; for as many as there may be."""

    def __init__(self, capacity: int, faces: Path) -> None:
        """faces: the file that holds the grey faces."""
        shape = (capacity, FACE_SIDE, FACE_SIDE)
        self.landmarks = np.full((capacity, 2, LANDMARKS, 3), np.nan, np.float32)
        self.faces = np.lib.format.open_memmap(faces, mode="w+", dtype=np.uint8, shape=shape)
        _reserve(faces)
        self.squares = np.zeros((capacity, 3), np.float32)
        self.measures = np.zeros((capacity, 3), np.float32)  # sharpness, brightness, clipped share
        self.cuts = np.zeros(capacity, bool)
        self.torso = np.tile(np.eye(2, 3, dtype=np.float32), (capacity, 1, 1))

    def keep_face(self, number: int, landmarks: np.ndarray, box: np.ndarray, full: Planes) -> None:
        """A frame's landmarks [2, 478, 3], and what the face in its box looks like."""
        square = whole_pixels(square_around(box, _FACE_SCALE))
        grey = cut_gray(full, square, FACE_SIDE)
        self.landmarks[number], self.faces[number], self.squares[number] = landmarks, grey, square
        inner = grey[FACE_SIDE // 6 : -FACE_SIDE // 6, FACE_SIDE // 6 : -FACE_SIDE // 6]
        (brightness, contrast), edges = _mean_and_deviation(inner), cv2.Laplacian(inner, cv2.CV_16S, ksize=1)
        # Edge strength over contrast: the same face in worse light keeps its value, a blurred one loses it.
        self.measures[number, 0] = _mean_and_deviation(edges)[1] / (contrast + 1)
        self.measures[number, 1] = brightness
        self.measures[number, 2] = 1 - cv2.countNonZero(cv2.inRange(inner, *_SEEN)) / inner.size


def _mean_and_deviation(picture: np.ndarray) -> tuple[float, float]:
    mean, deviation = cv2.meanStdDev(picture)
    return float(mean[0, 0]), float(deviation[0, 0])


def _reserve(path: Path) -> None:
    """A file that is written through memory must have its room on the disk: with none left the process would be killed
    in the middle. Raises OSError."""
    if hasattr(os, "posix_fallocate"):
        with path.open("rb+") as file:
            os.posix_fallocate(file.fileno(), 0, path.stat().st_size)


class Finish:
    """Takes the workers' answers to `Asked` frames, in order."""

    def __init__(
        self,
        aim: Aim,
        mesh: Landmarker,
        segmenter: Worker,
        masks: FrameWriter,
        rows: Rows,
        source: Source,
        small: SmallSize,
    ) -> None:
        self._aim, self._mesh, self._segmenter, self._masks = aim, mesh, segmenter, masks
        self._rows, self._source, self._small = rows, source, small
        self._whole_mask: np.ndarray | None = None
        self._plate = PlateBuilder(source.width, source.height, source.frames)
        self._torso, self._camera = SimilarityTracker(small.to_source), SimilarityTracker(small.to_source)
        self._camera_motion = 0.0

    @property
    def whole_known(self) -> bool:
        """Whether a mask of the whole picture has come."""
        return self._whole_mask is not None

    def frame(self, asked: Asked) -> None:
        """Waits for a frame's answers and keeps what they say."""
        number, full = asked.frame.number, asked.frame.full
        self._rows.cuts[number] = asked.frame.cut
        if asked.square is not None:
            self._keep_landmarks(self._mesh.result(), asked.square, asked.frame)
        else:
            self._aim.lost()
        mask = self._mask(asked)
        self._masks.write(mask)
        if self._plate.wants(number):
            self._plate.add(full, mask)
        self._follow_torso(asked.frame, mask)
        self._watch_camera(asked.frame, mask)

    def seen(self, count: int, people: People) -> Observations:
        """What all `count` frames have shown."""
        rows = self._rows
        sharpness, brightness, clipped = rows.measures[:count].T
        return Observations(
            landmarks=rows.landmarks[:count],
            faces=GreyFaces(rows.faces[:count], rows.squares[:count]),
            sharpness=sharpness,
            brightness=brightness,
            clipped=clipped,
            cuts=rows.cuts[:count],
            torso=rows.torso[:count],
            people=people,
            plate=self._plate,
            camera_motion=self._camera_motion,
        )

    def _keep_landmarks(self, answer: np.ndarray, square: tuple[int, int, int], frame: Frame) -> None:
        """Landmarks [2, 478, 3] of the crop, kept when both looks found the same face."""
        agreed = agreed_face(answer, square)
        if agreed is None:
            self._aim.lost()
            return
        pair, box = agreed
        if not self._aim.found(frame.number, box):
            return
        self._rows.keep_face(frame.number, pair, box, frame.full)

    def _mask(self, asked: Asked) -> np.ndarray:
        """The person's mask [h, w] u8, small."""
        near, to_source = self._segmenter.result(), self._small.to_source
        if asked.whole:
            self._whole_mask = enlarged(self._segmenter.result(), self._small.size)
        mask = join_masks(near, asked.mask_square, self._whole_mask, self._small.size, to_source)
        if self._aim.box is not None:
            own = self._aim.box / to_source
            mask = keep_own_side(mask, own, [box / to_source for box in self._aim.others])
            mask = keep_connected(mask, own)
        return mask

    def _follow_torso(self, frame: Frame, mask: np.ndarray) -> None:
        number = frame.number
        if self._rows.squares[number, 2] > 0 and (not self._torso.started or frame.cut):
            face = bounding_box(self._rows.landmarks[number, CLOSE, :468]) / self._small.to_source
            self._torso.start(frame.grey, torso_region(mask, face))
        self._rows.torso[number] = self._torso.follow(frame.grey)

    def _watch_camera(self, frame: Frame, mask: np.ndarray) -> None:
        if not self._camera.started:
            self._camera.start(frame.grey, background_region(mask))
        elif frame.number % _CAMERA_EVERY == 0:
            moved = displacement(self._camera.follow(frame.grey), self._source.width, self._source.height)
            self._camera_motion = max(self._camera_motion, moved)
