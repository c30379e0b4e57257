"""The person mask: MediaPipe's selfie segmentation, near the head in every frame, elsewhere every few frames.

The network sees 256 x 256 whatever it is given, so a tall or wide frame is shown to it twice: a square about the
person, and from time to time the whole frame for what lies outside that square.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import cv2
import numpy as np

from likeness_trainer.media.mediapipe_networks import mediapipe_folder, solution

NETWORK_SIDE = 256
WHOLE_EVERY = 6  # frames
_FEATHER = 0.04  # of the square's side
_RIM = np.ones((5, 5), np.uint8)
_SOLID = 60  # of 255: mask values that count as the person when looking for what hangs together


def make_segmenter() -> Callable[[np.ndarray], np.ndarray]:
    """A function (square picture [256, 256, 3] u8 RGB) -> person mask [256, 256] u8."""
    try:
        return _in_onnx()
    except (NotImplementedError, OSError):  # another MediaPipe with another network
        return _in_mediapipe()


def _in_onnx() -> Callable[[np.ndarray], np.ndarray]:
    import onnxruntime

    from likeness_trainer.matting.tflite_to_onnx import (
        tflite_to_onnx,  # here, for it loads ONNX, which no other process needs
    )

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # other processes use the other cores
    file = mediapipe_folder() / "modules" / "selfie_segmentation" / "selfie_segmentation.tflite"
    model = tflite_to_onnx(file).SerializeToString()
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

    def run(picture: np.ndarray) -> np.ndarray:
        result: Any = session.run(None, {"picture": picture[None]})[0]
        return result[0, 0]

    return run


def _in_mediapipe() -> Callable[[np.ndarray], np.ndarray]:
    model = solution("selfie_segmentation").SelfieSegmentation(model_selection=0)

    def run(picture: np.ndarray) -> np.ndarray:
        return (np.clip(model.process(picture).segmentation_mask, 0, 1) * 255).astype(np.uint8)

    return run


def person_square(width: int, height: int, face_box: np.ndarray | None) -> tuple[int, int, int]:
    """The square (x0, y0, side) to look at closely: head, shoulders and hands, inside the frame where possible."""
    side = min(width, height)
    if face_box is None:
        return (width - side) // 2, (height - side) // 2, side
    side = min(side, max(256, round(7 * float(face_box[3]))))
    centre_x = float(face_box[0] + face_box[2] / 2)
    top = float(face_box[1] - 0.9 * face_box[3])
    x0 = int(np.clip(centre_x - side / 2, 0, width - side))
    y0 = int(np.clip(top if side < height else 0, 0, height - side))
    return x0, y0, side


def join_masks(
    near: np.ndarray, square: tuple[int, int, int], whole: np.ndarray | None, size: tuple[int, int], scale: float
) -> np.ndarray:
    """The mask [h, w] u8 of the whole picture in small pixels.

    near [256, 256] u8 covers `square` (source pixels); whole [256, 256] u8 covers the frame padded to a square
    about its centre, or None where the square covers everything. `size` is (w, h) small pixels, `scale` source
    pixels per small pixel.
    """
    width, height = size
    side = max(1, round(square[2] / scale))
    x0, y0 = round(square[0] / scale), round(square[1] / scale)
    left, top, right, bottom = max(0, x0), max(0, y0), min(width, x0 + side), min(height, y0 + side)
    close = cv2.resize(near, (side, side), interpolation=cv2.INTER_LINEAR)[
        top - y0 : bottom - y0, left - x0 : right - x0
    ]
    if whole is None:
        joined = np.zeros((height, width), np.uint8)
        joined[top:bottom, left:right] = close
        return joined
    longer = max(width, height)
    px, py = (longer - width) // 2, (longer - height) // 2
    joined = cv2.resize(whole, (longer, longer), interpolation=cv2.INTER_LINEAR)[
        py : py + height, px : px + width
    ].copy()
    share = _feather(left, top, right, bottom, size, max(1.0, _FEATHER * side))
    under = joined[top:bottom, left:right]
    joined[top:bottom, left:right] = (under + share * cv2.subtract(close, under, dtype=cv2.CV_32F)).astype(np.uint8)
    return joined


@lru_cache(4)
def _feather(left: int, top: int, right: int, bottom: int, size: tuple[int, int], ramp: float) -> np.ndarray:
    """How much the close look counts [bottom - top, right - left] f32: less towards edges that lie inside the frame."""
    width, height = size
    xs, ys = np.arange(left, right), np.arange(top, bottom)
    across = np.minimum(np.where(left > 0, xs - left, ramp), np.where(right < width, right - 1 - xs, ramp))
    down = np.minimum(np.where(top > 0, ys - top, ramp), np.where(bottom < height, bottom - 1 - ys, ramp))
    return np.clip(np.minimum.outer(down, across) / ramp, 0, 1).astype(np.float32)


def keep_connected(mask: np.ndarray, face_box: np.ndarray) -> np.ndarray:
    """Drop what does not hang together with the face: chairs, posters, people far behind. face_box in small pixels."""
    solid = cv2.threshold(mask, _SOLID, 255, cv2.THRESH_BINARY)[1]
    parts, labels = cv2.connectedComponents(solid, connectivity=8, ltype=cv2.CV_32S)
    height, width = mask.shape
    left, top = (int(np.clip(value, 0, limit - 1)) for value, limit in zip(face_box[:2], (width, height)))
    right, bottom = (
        int(np.clip(value, 1, limit)) for value, limit in zip(face_box[:2] + face_box[2:], (width, height))
    )
    under = labels[top : max(bottom, top + 1), left : max(right, left + 1)]
    if not under.any():
        return mask  # the face itself is not in the mask: nothing to hold on to
    if parts == 2:  # the background, and one thing that hangs together
        own = solid
    else:
        label = np.full(1, np.bincount(under.ravel())[1:].argmax() + 1, np.int32)
        own = cv2.inRange(labels, label, label)
    rim = cv2.dilate(own, _RIM)  # the soft edge lies below the threshold
    return cv2.bitwise_and(mask, rim)


def keep_own_side(mask: np.ndarray, own: np.ndarray, others: list[np.ndarray]) -> np.ndarray:
    """Cut away what stands nearer to another person's face: boxes in small pixels, split half way between the faces."""
    if not others:
        return mask
    kept = mask.copy()
    centre = own[0] + own[2] / 2
    columns = np.arange(mask.shape[1]) + 0.5
    for other in others:
        middle = (centre + other[0] + other[2] / 2) / 2
        kept[:, columns > middle if middle > centre else columns < middle] = 0
    return kept
