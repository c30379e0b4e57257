"""Between the source picture and the head crop, in both directions (docs/formats.md, "Crop")."""

from __future__ import annotations

import math

import cv2
import numpy as np

from likeness_trainer.renderer.proxies import SIDE

FEATHER = 0.06  # of the crop's side
_AS_LARGE = 0.9  # source pixels a pixel of a crop of about their number: what lies between two is not blurred


def crop_picture(picture: np.ndarray, crop: np.ndarray, side: int = SIDE) -> np.ndarray:
    """The head crop [side, side, ...] of a source picture [H, W, ...] u8; outside the picture its edge is repeated.

    crop: (x0, y0, size) in source pixels. Sampled at least as densely as the source, then averaged over areas.
    """
    dense = max(1, math.ceil(float(crop[2]) / side))
    scale = side * dense / float(crop[2])
    # centre of pixel i is i + .5, and OpenCV's coordinates start at the first pixel's centre
    to_dense = np.array(
        [[scale, 0, -crop[0] * scale + (scale - 1) / 2], [0, scale, -crop[1] * scale + (scale - 1) / 2]], np.float64
    )
    size = (side * dense, side * dense)
    sampled = cv2.warpAffine(picture, to_dense, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return sampled if dense == 1 else cv2.resize(sampled, (side, side), interpolation=cv2.INTER_AREA)


def over(rgba: np.ndarray, plate: np.ndarray) -> np.ndarray:
    """A rendering [S,S,4] f32 0..1 (colour not multiplied by alpha) over its background u8: u8 picture."""
    alpha = rgba[..., 3:]
    return np.clip(rgba[..., :3] * alpha * 255 + plate * (1 - alpha), 0, 255).round().astype(np.uint8)


def put_back(picture: np.ndarray, head: np.ndarray, crop: np.ndarray) -> np.ndarray:
    """A source picture [H, W, 3] u8 whose head crop shows `head` [S, S, 3] u8, blended in over the crop's rim."""
    scale = float(crop[2]) / len(head)
    to_source = np.array([[scale, 0, crop[0] + (scale - 1) / 2], [0, scale, crop[1] + (scale - 1) / 2]], np.float64)
    size = (picture.shape[1], picture.shape[0])
    flags = cv2.INTER_CUBIC if scale >= _AS_LARGE else cv2.INTER_LINEAR
    placed = cv2.warpAffine(head, to_source, size, flags=flags, borderMode=cv2.BORDER_REPLICATE).astype(np.float32)
    x = np.arange(size[0], dtype=np.float32) + 0.5 - float(crop[0])
    y = np.arange(size[1], dtype=np.float32) + 0.5 - float(crop[1])
    # No rim along the sides where the crop reaches the picture's own edge: there is nothing to blend into.
    weight = _rim(y, float(crop[2]), crop[1] > 0, crop[1] + crop[2] < size[1])[:, None] * _rim(
        x, float(crop[2]), crop[0] > 0, crop[0] + crop[2] < size[0]
    )
    return np.clip(placed * weight[..., None] + picture * (1 - weight[..., None]), 0, 255).round().astype(np.uint8)


def _rim(position: np.ndarray, side: float, fade_first: bool, fade_last: bool) -> np.ndarray:
    """0 outside 0..side, 1 inside, a smoothstep over the rim of the sides that fade."""
    rim = FEATHER * side
    weight = ((position >= 0) & (position <= side)).astype(np.float32)
    for distance, fades in ((position, fade_first), (side - position, fade_last)):
        if fades:
            t = np.clip(distance / rim, 0, 1)
            weight *= t * t * (3 - 2 * t)
    return weight
