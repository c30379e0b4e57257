"""MediaPipe's face mesh on a square crop, in both of its modes.

Video mode follows the face from the frame before and is steady; image mode finds it anew and is precise at lips and
eyes. Their mean jitters less than either (measured on the texture of a still head), so both run.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from likeness_trainer.media.mediapipe_networks import Graph
from likeness_trainer.tracking.workers import Worker

CROP_SIDE = 384  # the mesh model sees 192 x 192 of the face, about half of this crop
LANDMARKS = 478
VIDEO, IMAGE = 0, 1


class Landmarker:
    """Finds landmarks beside the work of the caller, each mode in a thread of its own."""

    def __init__(self) -> None:
        self._modes = [Worker(_make_video, "landmarks-video"), Worker(_make_image, "landmarks-image")]

    def submit(self, crop: np.ndarray, restart: bool) -> None:
        """Asks about a crop [S, S, 3] u8 RGB, which is not to be changed afterwards; `restart` says that it jumped."""
        for mode in self._modes:
            mode.submit(crop, restart)

    def result(self) -> np.ndarray:
        """Of the oldest crop not answered yet, [2, 478, 3] f32: video and image mode, in shares of the crop's side (z
        in the same scale, smaller is nearer); NaN where a mode finds no face."""
        return np.stack([mode.result() for mode in self._modes])

    def wait(self) -> None:
        """Until both modes are made, or cannot be, which their answers tell."""
        for mode in self._modes:
            mode.wait()

    def __enter__(self) -> Landmarker:
        return self

    def __exit__(self, *_: object) -> None:
        for mode in self._modes:
            mode.close()


def _make_video() -> Callable[[np.ndarray, bool], np.ndarray]:
    mesh = _face_mesh(follows=True)

    def landmarks(crop: np.ndarray, restart: bool) -> np.ndarray:
        if restart:
            mesh.look(crop)  # the first look takes the region of the old crop; the second starts from this face
        return _points(mesh.look(crop))

    return landmarks


def _make_image() -> Callable[[np.ndarray, bool], np.ndarray]:
    mesh = _face_mesh(follows=False)
    return lambda crop, _restart: _points(mesh.look(crop))


def _face_mesh(follows: bool) -> Graph:
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
    """Mean distance of the two modes' points over the face's width: above about 0.1 one of them is off. pair [2, 478,
    3]."""
    apart = np.linalg.norm(pair[VIDEO, :, :2] - pair[IMAGE, :, :2], axis=1).mean()
    return float(apart / max(1e-6, np.ptp(pair[IMAGE, :468, 0])))
