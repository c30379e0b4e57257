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


def enlarged(whole: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """The mask [h, w] u8 of a picture of `size` (w, h), of one [256, 256] u8 that covers it padded to a square about
    its centre."""
    width, height = size
    longer = max(width, height)
    left, top = (longer - width) // 2, (longer - height) // 2
    square = cv2.resize(whole, (longer, longer), interpolation=cv2.INTER_LINEAR)
    return square[top : top + height, left : left + width]


def join_masks(
    near: np.ndarray, square: tuple[int, int, int], whole: np.ndarray | None, size: tuple[int, int], scale: float
) -> np.ndarray:
    """The mask [h, w] u8 of the whole picture in small pixels.

    near [256, 256] u8 covers `square` (source pixels); whole [h, w] u8 is that of the whole picture, or None where the
    square covers everything. `size` is (w, h) small pixels, `scale` source pixels per small pixel.
    """
    width, height = size
    side = max(1, round(square[2] / scale))
    x0, y0 = round(square[0] / scale), round(square[1] / scale)
    left, top, right, bottom = max(0, x0), max(0, y0), min(width, x0 + side), min(height, y0 + side)
    close = cv2.resize(near, (side, side), interpolation=cv2.INTER_LINEAR)[
        top - y0 : bottom - y0, left - x0 : right - x0
    ]
    joined = np.zeros((height, width), np.uint8) if whole is None else whole.copy()
    joined[top:bottom, left:right] = close
    if whole is None:
        return joined
    share, edges = _feather(left, top, right, bottom, size, max(1.0, _FEATHER * side))
    for edge in edges:
        over, under = close[edge], whole[top:bottom, left:right][edge]
        mixed = under + share[edge] * cv2.subtract(over, under, dtype=cv2.CV_32F)
        joined[top:bottom, left:right][edge] = mixed.astype(np.uint8)
    return joined


@lru_cache(4)
def _feather(
    left: int, top: int, right: int, bottom: int, size: tuple[int, int], ramp: float
) -> tuple[np.ndarray, list[tuple[slice, slice]]]:
    """How much the close look counts [bottom - top, right - left] f32: less towards edges that lie inside the frame.
    And its parts, each to be looked at once, outside which it counts alone."""
    width, height = size
    xs, ys = np.arange(left, right), np.arange(top, bottom)
    across = np.minimum(np.where(left > 0, xs - left, ramp), np.where(right < width, right - 1 - xs, ramp))
    down = np.minimum(np.where(top > 0, ys - top, ramp), np.where(bottom < height, bottom - 1 - ys, ramp))
    share = np.clip(np.minimum.outer(down, across) / ramp, 0, 1).astype(np.float32)
    rows, columns = (slice(*_ends(ends >= ramp)) for ends in (down, across))
    every = slice(0, right - left)
    edges = [
        (slice(0, rows.start), every),
        (slice(rows.stop, bottom - top), every),
        (rows, slice(0, columns.start)),
        (rows, slice(columns.stop, right - left)),
    ]
    return share, [(y, x) for y, x in edges if y.start < y.stop and x.start < x.stop]


def _ends(inside: np.ndarray) -> tuple[int, int]:
    """The first and one after the last that are inside; where none is, both are one after all."""
    found = np.flatnonzero(inside)
    return (int(found[0]), int(found[-1]) + 1) if len(found) else (len(inside), len(inside))


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
