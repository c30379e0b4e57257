"""MediaPipe's face mesh on a square crop, looked at twice.

The first look follows the face from the frame before. The second is closer, at where the first found the face: another
square of other pixels, with errors of its own. Their mean jitters less than either (measured on the texture of a still
head, and on real clips: docs/decisions/analysis-speed.md).
"""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

import numpy as np

from likeness_trainer.media.mediapipe_networks import FaceMesh, Graph
from likeness_trainer.tracking.workers import Worker

CROP_SIDE = 384  # the mesh model sees 192 x 192 of the face, about half of this crop
LANDMARKS = 478
FOLLOWED, CLOSE = 0, 1
MOST_DISAGREEMENT = 0.25  # of two looks at the same face
_OUTER_CORNERS = 33, 263  # of the eyes
# Of the second look's square, in sides of the landmarks' box. As MediaPipe's search for a face has it, on average;
# the first look's is 1.5 times as large as the box, about its centre.
_CLOSE_SIDE, _CLOSE_DOWN = 1.35, 0.054
_SEARCH_EVERY = 25  # looks: what is followed for long is held against a search now and then


class Landmarker:
    """Finds landmarks beside the work of the caller, each look in a thread of its own."""

    def __init__(self) -> None:
        self._followed = Worker(_Follower, "landmarks-followed")
        self._close = Worker(_Closer, "landmarks-close")

    def submit(self, crop: np.ndarray, restart: bool) -> None:
        """Asks about a crop [S, S, 3] u8 RGB, which is not to be changed afterwards; `restart` says that it jumped."""
        self._close.submit(crop, restart, self._followed.submit(crop, restart))

    def result(self) -> np.ndarray:
        """Of the oldest crop not answered yet, [2, 478, 3] f32: first and second look, in shares of the crop's side (z
        in the same scale, smaller is nearer); NaN where a look finds no face."""
        return np.stack([look.result() for look in (self._followed, self._close)])

    def wait(self) -> None:
        """Until both looks can be taken, or cannot be, which their answers tell."""
        for look in (self._followed, self._close):
            look.wait()

    def __enter__(self) -> Landmarker:
        return self

    def __exit__(self, *_: object) -> None:
        for look in (self._followed, self._close):
            look.close()


class _Follower:
    """MediaPipe's video mode, which searches only where it has lost the face."""

    def __init__(self) -> None:
        self._mesh = _searching_mesh(follows=True)

    def __call__(self, crop: np.ndarray, restart: bool) -> np.ndarray:
        if restart:
            self._mesh.look(crop)  # takes the region of the old crop; the next one starts from this face
        return _points(self._mesh.look(crop))


class _Closer:
    """The second look. What is followed may be no face, or somebody else's: until a search has found the same, and now
    and then afterwards, it is held against one; a search that finds another is what the caller is told."""

    def __init__(self) -> None:
        self._mesh, self._search = FaceMesh(), _searching_mesh(follows=False)
        self._unsearched: int | None = None  # looks since a search found the same; None: none has

    def __call__(self, crop: np.ndarray, restart: bool, first: Future[np.ndarray]) -> np.ndarray:
        followed = first.result()
        if restart or np.isnan(followed).any():
            self._unsearched = None
        if self._unsearched is None or self._unsearched >= _SEARCH_EVERY:
            found = _points(self._search.look(crop))
            if np.isnan(followed).any():
                return found
            self._unsearched = None if np.isnan(found).any() else 0
            if self._unsearched is not None and agreement(np.stack([followed, found])) > MOST_DISAGREEMENT:
                self._unsearched = None
                return found
        else:
            self._unsearched += 1
        return _points(self._mesh.look_at(crop, *_close_square(followed)))


def _close_square(points: np.ndarray) -> tuple[np.ndarray, float, float]:
    """Centre [2], side and turn (radians, clockwise) of the second look's square at landmarks [478, 3]."""
    across = points[_OUTER_CORNERS[1], :2] - points[_OUTER_CORNERS[0], :2]
    turn = float(np.arctan2(across[1], across[0]))
    low, high = points[:468, :2].min(0), points[:468, :2].max(0)
    side = float((high - low).max())
    down = _CLOSE_DOWN * side * np.array([-np.sin(turn), np.cos(turn)])
    return (low + high) / 2 + down, _CLOSE_SIDE * side, turn


def _searching_mesh(follows: bool) -> Graph:
    name, points = "face_landmark/face_landmark_front_cpu", "multi_face_landmarks"
    return Graph(name, points, num_faces=1, with_attention=True, use_prev_landmarks=follows)


def _points(faces: list[Any]) -> np.ndarray:
    if not faces:
        return np.full((LANDMARKS, 3), np.nan, np.float32)
    # Each landmark is 17 bytes on the wire: tag, length, and x, y, z as a tag and a float each. Reading the bytes costs
    # a thirtieth of asking 478 messages for three numbers.
    wire = np.frombuffer(faces[0].SerializeToString(), np.uint8)
    if (
        len(wire) == LANDMARKS * 17
        and (wire.reshape(-1, 17)[:, [0, 1, 2, 7, 12]] == (0x0A, 15, 0x0D, 0x15, 0x1D)).all()
    ):
        floats = wire.reshape(-1, 17)[:, [3, 4, 5, 6, 8, 9, 10, 11, 13, 14, 15, 16]]
        return np.ascontiguousarray(floats).view("<f4").astype(np.float32)
    return np.array([(point.x, point.y, point.z) for point in faces[0].landmark], np.float32)


def agreement(pair: np.ndarray) -> float:
    """Mean distance of the two looks' points over the face's width: above about 0.1 one of them is off. pair [2, 478,
    3]."""
    apart = np.linalg.norm(pair[FOLLOWED, :, :2] - pair[CLOSE, :, :2], axis=1).mean()
    return float(apart / max(1e-6, np.ptp(pair[CLOSE, :468, 0])))
