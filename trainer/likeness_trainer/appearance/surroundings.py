"""What carries the part of a head crop that the face mesh does not: hair, ears, neck, torso and room."""

from __future__ import annotations

import cv2
import numpy as np

from likeness_trainer.morphable.topology import FACE_OVAL
from likeness_trainer.renderer.proxies import SIDE, Control
from likeness_trainer.renderer.rig import Rig

_RING_GROWTH = (1.35, 1.55)  # x, y: hair and ears, from the face oval outwards
_NECK_GROWTH = 1.15  # the ring stays close below the mouth, where the neck begins
_RING_BEHIND = 8.0  # cm behind the middle of the face
# Crop pixels that follow the torso, and that stay with the room. A torso goes on beyond the crop: were the crop's
# border the room's down there, what lies between would be sheared, and a shoulder's outline become a saw.
_BEYOND = 128
TORSO = np.array(
    [
        [x, y]
        for y in (225, 240, 255, SIDE + _BEYOND)
        for x in (-_BEYOND, 10, 50, 80, 105, 128, 150, 175, 205, 245, SIDE + _BEYOND)
    ],
    np.float64,
)
TORSO_SEEN_LOWEST = np.array([[SIDE / 2, 255.0]])  # in the middle of the crop
_EDGE = (0, 64, 128, 190)
ROOM = np.array([[x, 0] for x in (*_EDGE, 256)] + [[x, y] for x in (0, 256) for y in _EDGE[1:]], np.float64)


def in_crop(rig: Rig, control: Control, points: np.ndarray) -> np.ndarray:
    """[P,3] crop pixels and depth (cm) of head-space points [P,3]."""
    pixels, depth = rig.camera.project(points, control.pose)
    return np.column_stack([to_crop(pixels, control.crop), depth])


def ring(rig: Rig) -> np.ndarray:
    """Points [36, 3] around the head, head space, cm: they carry hair and ears with the head."""
    centre = rig.neutral.mean(0)
    reach = rig.neutral[list(FACE_OVAL), :2] - centre[:2]
    low = reach[:, 1:] < 0.5 * (rig.chin_y[0] - centre[1])
    grown = reach * np.where(low, _NECK_GROWTH, np.array(_RING_GROWTH))
    return np.column_stack([centre[:2] + grown, np.full(len(grown), centre[2] - _RING_BEHIND)])


def follow_torso(pixels: np.ndarray, source: Control, target: Control) -> np.ndarray:
    """Where the torso seen at crop pixels [P,2] of `target` is in the crop of `source`."""
    back = cv2.invertAffineTransform(np.asarray(target.torso, np.float64))
    reference = to_source(pixels, target.crop) @ back[:, :2].T + back[:, 2]
    return to_crop(reference @ source.torso[:, :2].T + source.torso[:, 2], source.crop)


def to_source(pixels: np.ndarray, crop: np.ndarray) -> np.ndarray:
    """Source pixels of crop pixels [...,2]; crop (x0, y0, size)."""
    return pixels * (crop[2] / SIDE) + crop[:2]


def to_crop(pixels: np.ndarray, crop: np.ndarray) -> np.ndarray:
    """Crop pixels of source pixels [...,2]; crop (x0, y0, size)."""
    return (pixels - crop[:2]) * (SIDE / crop[2])
