"""One pass over the video: landmarks, person mask, torso, plate and the measures of each frame.

The main process decodes, cuts and writes; the mesh and the segmentation run in worker processes beside it. The crop
of a frame follows the face of the frame `LATENCY` before it, so all three work at once and the result does not depend
on their speed. Full frames are dropped as soon as they are done: memory does not grow with the clip, save for the
landmarks (11 kB a frame); small grey faces for the photometric fit go to a temporary file.
"""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from likeness_trainer.matting.person_mask import (
    NETWORK_SIDE,
    WHOLE_EVERY,
    join_masks,
    keep_connected,
    keep_own_side,
    make_segmenter,
    person_square,
)
from likeness_trainer.matting.plate import PlateBuilder
from likeness_trainer.media import FrameWriter, Planes, Source, read_planes
from likeness_trainer.protocol import Reporter
from likeness_trainer.tracking.detection import FaceFinder
from likeness_trainer.tracking.landmarks import CROP_SIDE, IMAGE, LANDMARKS, VIDEO, agreement, make_landmarker
from likeness_trainer.tracking.people import People, nearness
from likeness_trainer.tracking.picture_motion import SimilarityTracker, background_region, displacement, torso_region
from likeness_trainer.tracking.planes_cut import cut_colour, cut_gray, shrink_colour
from likeness_trainer.tracking.squares import bounding_box, cut_square, square_around, whole_pixels
from likeness_trainer.tracking.workers import Worker

LATENCY = 3  # frames between a crop and the face it follows
MASK_SIDE = 512  # longer side of the person mask
FACE_SIDE = 224  # side of the stored grey faces
_CROP_SCALE = 2.0  # crop over face
_FACE_SCALE = 1.2
_LOOK_SECONDS = 1.0  # between two searches of the whole frame
_CAMERA_EVERY = 5  # frames between two looks at the background's motion
_CUT_CHANGE = 40.0  # grey levels: mean change of the small picture that can only be a cut


@dataclass
class Observations:
    """What a scan saw; one row a frame. Landmarks in source pixels, NaN where there are none."""

    landmarks: np.ndarray  # [T, 2, 478, 3] f32: video and image mode
    faces: np.ndarray  # [T, 224, 224] u8, grey, on disk
    face_squares: np.ndarray  # [T, 3] f32: the square each grey face was cut from; side 0 where there is none
    sharpness: np.ndarray  # [T] f32
    brightness: np.ndarray  # [T] f32, mean grey level of the face
    clipped: np.ndarray  # [T] f32, share of the face at black or white
    cuts: np.ndarray  # [T] bool: the first frame of a new shot
    torso: np.ndarray  # [T, 2, 3] f32
    people: People
    plate: np.ndarray  # [H, W, 3] u8
    plate_unseen: float  # share of the plate that was filled
    camera_motion: float  # how far the background moves, share of the picture's longer side


@dataclass
class _Pending:
    frame: int
    full: Planes
    small: np.ndarray
    square: tuple[int, int, int] | None
    mask_square: tuple[int, int, int]
    asked_whole: bool


class Scan:
    """Runs the pass for one person. `target` is the box where that person is first seen, or None: whoever's face is
    largest when the first faces are seen."""

    def __init__(
        self,
        ffmpeg: str,
        path: str,
        source: Source,
        out: Path,
        reporter: Reporter,
        target: np.ndarray | None = None,
    ) -> None:
        self._ffmpeg, self._path, self._source, self._out, self._reporter = ffmpeg, path, source, out, reporter
        self._target, self._insist = target, target is not None
        self._scale = max(1.0, max(source.width, source.height) / MASK_SIDE)
        # Even sides: every codec and player takes them.
        self._size = (_even(source.width / self._scale), _even(source.height / self._scale))
        self._people = People()
        self._others: list[np.ndarray] = []
        self._box: np.ndarray | None = None
        self._square: tuple[int, int, int] | None = None
        self._mask_box: np.ndarray | None = None  # the face the mask's square is set about: it must not shake
        self._lost = 0

    def run(self) -> Observations:
        source = self._source
        capacity = source.frames + 64  # damaged files can hold more than they say
        landmarks = np.full((capacity, 2, LANDMARKS, 3), np.nan, np.float32)
        faces = np.lib.format.open_memmap(
            self._out / "faces.npy", mode="w+", dtype=np.uint8, shape=(capacity, FACE_SIDE, FACE_SIDE)
        )
        squares = np.zeros((capacity, 3), np.float32)
        measures = np.zeros((capacity, 3), np.float32)
        cuts = np.zeros(capacity, bool)
        torso = np.tile(np.eye(2, 3, dtype=np.float32), (capacity, 1, 1))
        plate = PlateBuilder(source.width, source.height, source.frames)
        width, height = self._size
        to_source = source.width / width
        torso_motion, camera = SimilarityTracker(to_source), SimilarityTracker(to_source)
        camera_motion = 0.0
        look_every = max(1, round(source.fps * _LOOK_SECONDS))
        pending: deque[_Pending] = deque()
        previous_small: np.ndarray | None = None
        whole_mask: np.ndarray | None = None
        restart = True
        frame_number = -1

        with (
            Worker(make_landmarker, "landmarks") as mesh,
            Worker(make_segmenter, "person-mask") as segmenter,
            FrameWriter(self._ffmpeg, str(self._out / "person.mkv"), width, height, source.fps,
                        ["-c:v", "ffv1", "-level", "3", "-pix_fmt", "gray"], gray=True) as masks,
        ):  # fmt: skip
            finder = FaceFinder()  # loads while the workers load theirs

            def finish(item: _Pending) -> None:
                """Collect a frame's answers, in order."""
                nonlocal whole_mask, camera_motion
                n = item.frame
                if item.square is not None:
                    pair = mesh.result()
                    pair = pair * item.square[2]
                    pair[..., :2] += np.array(item.square[:2], np.float32)
                    self._accept(n, pair, item, landmarks, faces, squares, measures)
                else:
                    self._lost += 1
                near = segmenter.result()
                if item.asked_whole:
                    whole_mask = segmenter.result()
                mask = join_masks(near, item.mask_square, whole_mask, self._size, to_source)
                if self._box is not None:
                    mask = keep_own_side(mask, self._box / to_source, [box / to_source for box in self._others])
                    mask = keep_connected(mask, self._box / to_source)
                masks.write(mask)
                if plate.wants(n):
                    plate.add(item.full, mask)
                if squares[n, 2] > 0 and (not torso_motion.started or cuts[n]):
                    torso_motion.start(
                        item.small, torso_region(mask, bounding_box(landmarks[n, IMAGE, :468]) / to_source)
                    )
                torso[n] = torso_motion.follow(item.small)
                if not camera.started:
                    camera.start(item.small, background_region(mask))
                elif n % _CAMERA_EVERY == 0:
                    moved = displacement(camera.follow(item.small), source.width, source.height)
                    camera_motion = max(camera_motion, moved)

            frames = _ahead(read_planes(self._ffmpeg, self._path, source), 3)
            for frame_number, frame in enumerate(frames):
                if frame_number >= capacity:
                    break
                self._reporter.check_cancelled()
                small_colour = shrink_colour(frame, self._size)
                small = cv2.cvtColor(small_colour, cv2.COLOR_RGB2GRAY)
                if previous_small is not None:
                    # A quarter of the pixels tell a cut as well as all of them.
                    change = cv2.absdiff(small[::2, ::2], previous_small[::2, ::2]).mean()
                    cuts[frame_number] = change > _CUT_CHANGE
                previous_small = small
                while len(pending) >= LATENCY:
                    finish(pending.popleft())
                if cuts[frame_number]:
                    while pending:
                        finish(pending.popleft())
                    self._box = self._mask_box = None
                restart |= self._aim(finder, frame_number, frame, look_every)
                mask_square = person_square(source.width, source.height, self._mask_box)
                covers = mask_square[2] >= max(source.width, source.height)
                ask_whole = not covers and (
                    whole_mask is None or frame_number % WHOLE_EVERY == 0 or bool(cuts[frame_number])
                )
                if self._square is not None:
                    own_size = self._size == (source.width, source.height)  # then the whole frame is converted already
                    crop = (
                        cut_square(small_colour, self._square, CROP_SIDE)
                        if own_size
                        else cut_colour(frame, self._square, CROP_SIDE)
                    )
                    mesh.submit(crop, restart)
                    restart = False
                if mask_square[2] / to_source >= NETWORK_SIDE:  # the small picture holds all that the network can see
                    in_small = tuple(value / to_source for value in mask_square)
                    segmenter.submit(cut_square(small_colour, in_small, NETWORK_SIDE))
                else:
                    segmenter.submit(cut_colour(frame, mask_square, NETWORK_SIDE))
                if ask_whole:
                    longer = max(width, height)
                    whole = ((width - longer) // 2, (height - longer) // 2, longer)
                    segmenter.submit(cut_square(small_colour, whole, NETWORK_SIDE))
                pending.append(_Pending(frame_number, frame, small, self._square, mask_square, ask_whole))
                self._reporter.progress(frame_number + 1, max(source.frames, frame_number + 1), "frames")
            while pending:
                finish(pending.popleft())
        count = frame_number + 1
        picture, unseen = plate.build()
        return Observations(
            landmarks[:count], faces[:count], squares[:count], measures[:count, 0], measures[:count, 1], measures[:count, 2],
            cuts[:count], torso[:count], self._people, picture, unseen, camera_motion,
        )  # fmt: skip

    def _aim(self, finder: FaceFinder, frame_number: int, frame: Planes, look_every: int) -> bool:
        """Choose this frame's crop; True when it jumped."""
        searched = frame_number % look_every == 0
        # A lost face is looked for at once, then less and less often.
        if self._box is None or self._lost:
            searched |= self._lost < 3 or self._lost % 5 == 0
        if searched:
            boxes = finder.find(frame)
            if frame_number % look_every == 0:
                self._people.look(frame_number, boxes)
            self._choose(frame_number, boxes)
        if self._box is None:
            self._square = None
            return False
        wanted = square_around(self._box, _CROP_SCALE)
        if self._square is not None:
            x0, y0, side = self._square
            drift = max(abs(wanted[0] + wanted[2] / 2 - x0 - side / 2), abs(wanted[1] + wanted[2] / 2 - y0 - side / 2))
            if drift < 0.12 * side and 0.8 < wanted[2] / side < 1.25:
                return False
        self._square = whole_pixels(wanted)
        if self._mask_box is None or nearness(self._box, self._mask_box) > 0.4:
            self._mask_box = self._box
        return True

    def _choose(self, frame_number: int, boxes: list[np.ndarray]) -> None:
        """Which of the faces found is the target; the rest are other people."""
        if not boxes:
            self._others = []
            if self._lost:
                self._box = None
            return
        known = self._box if self._box is not None else self._target
        if known is None:
            own = max(range(len(boxes)), key=lambda k: boxes[k][3])
        else:
            own = min(range(len(boxes)), key=lambda k: nearness(boxes[k], known))
            # After a cut the same person may be anywhere; one asked for by name is not taken for another.
            if nearness(boxes[own], known) > 1.2 and (self._insist or len(boxes) > 1):
                own = -1
        self._others = [box for k, box in enumerate(boxes) if k != own]
        if own >= 0 and (self._box is None or self._lost):
            self._box = boxes[own]
        if self._target is None and own >= 0:
            self._target = boxes[own]

    def _accept(
        self,
        n: int,
        pair: np.ndarray,
        item: _Pending,
        landmarks: np.ndarray,
        faces: np.ndarray,
        squares: np.ndarray,
        measures: np.ndarray,
    ) -> None:
        """Keep a frame's landmarks when both modes found the same face, and measure the face."""
        for mode, other in ((VIDEO, IMAGE), (IMAGE, VIDEO)):
            if np.isnan(pair[mode]).any():
                pair[mode] = pair[other]
        if np.isnan(pair).any() or agreement(pair) > 0.25:
            self._lost += 1
            return
        box = bounding_box(pair[IMAGE, :468])
        if not 0.4 < box[2] / box[3] < 1.8:  # no face has this shape
            self._lost += 1
            return
        self._lost = 0
        self._box = box
        self._target = box
        landmarks[n] = pair
        square = whole_pixels(square_around(box, _FACE_SCALE))
        gray = cut_gray(item.full, square, FACE_SIDE)
        faces[n] = gray
        squares[n] = square
        inner = gray[FACE_SIDE // 6 : -FACE_SIDE // 6, FACE_SIDE // 6 : -FACE_SIDE // 6].astype(np.float32)
        contrast = inner.std() + 1.0
        # Edge strength over contrast: the same face in worse light keeps its value, a blurred one loses it.
        measures[n, 0] = cv2.Laplacian(inner, cv2.CV_32F, ksize=1).std() / contrast
        measures[n, 1] = inner.mean()
        measures[n, 2] = ((inner < 6) | (inner > 249)).mean()


def _even(length: float) -> int:
    return max(2, round(length / 2) * 2)


def _ahead(frames: Iterator[Planes], depth: int) -> Iterator[Planes]:
    """Reads up to `depth` frames ahead in a thread, so that decoding does not wait for the work on a frame."""
    waiting: queue.Queue[tuple[Planes | None, BaseException | None]] = queue.Queue(depth)
    stopped = threading.Event()

    def put(item: tuple[Planes | None, BaseException | None]) -> None:
        while not stopped.is_set():
            try:
                waiting.put(item, timeout=0.2)
                return
            except queue.Full:
                continue

    def read() -> None:
        try:
            for frame in frames:
                if stopped.is_set():
                    break
                put((frame, None))
            put((None, None))
        except BaseException as error:
            put((None, error))
        finally:
            frames.close()  # type: ignore[attr-defined]

    thread = threading.Thread(target=read, daemon=True, name="decode")
    thread.start()
    try:
        while True:
            frame, error = waiting.get()
            if error is not None:
                raise error
            if frame is None:
                return
            yield frame
    finally:
        stopped.set()
        thread.join(5)
