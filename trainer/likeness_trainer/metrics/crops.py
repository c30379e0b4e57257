"""The boxes the held-out figures are taken in: head, face and mouth of the 256 x 256 head crop."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from likeness_trainer.morphable.topology import INNER_LIP, OUTER_LIP

RENDER_SIZE = 256
# In face heights, so that clips filmed closer or farther compare.
HEAD, FACE, MOUTH = 2.2, 1.1, 0.56


@dataclass(frozen=True)
class Box:
    """Pixels `[top:bottom, left:right]` of the head crop."""

    left: int
    top: int
    right: int
    bottom: int

    def cut(self, picture: np.ndarray) -> np.ndarray:
        """That part of a picture [H, W, ...]."""
        return picture[self.top : self.bottom, self.left : self.right]

    def scaled(self, scale: float) -> Box:
        """The same part of a picture that is larger by `scale`."""
        return Box(*(round(edge * scale) for edge in (self.left, self.top, self.right, self.bottom)))


@dataclass(frozen=True)
class Boxes:
    """One frame's boxes."""

    head: Box
    face: Box
    mouth: Box

    def scaled(self, scale: float) -> Boxes:
        return Boxes(self.head.scaled(scale), self.face.scaled(scale), self.mouth.scaled(scale))


def _box(points: np.ndarray, side: int, filmed: Box) -> Box:
    """A square round the points, moved into `filmed` and cut off where it is larger."""
    centre = (points.min(0) + points.max(0)) / 2
    low, high = np.array([filmed.left, filmed.top]), np.array([filmed.right, filmed.bottom])
    corner = np.maximum(np.minimum(np.round(centre - side / 2).astype(int), high - side), low)
    end = np.minimum(corner + side, high)
    return Box(int(corner[0]), int(corner[1]), int(end[0]), int(end[1]))


def filmed_part(crop: np.ndarray, width: int, height: int) -> Box:
    """The part of the head crop that lies inside the source picture; crop (x0, y0, size) in source pixels."""
    scale = RENDER_SIZE / float(crop[2])
    left, top = (max(0, math.ceil(-float(start) * scale)) for start in crop[:2])
    right, bottom = (
        min(RENDER_SIZE, math.floor((end - float(start)) * scale)) for end, start in zip((width, height), crop[:2])
    )
    return Box(left, top, right, bottom)


def boxes(meshes: np.ndarray, crops: np.ndarray, width: int, height: int) -> list[Boxes]:
    """Head, face and mouth boxes of frames; meshes [T, 468, 2+] in crop pixels, crops [T, 3], source size in pixels.

    One side for the whole clip (from its median face height), so that frames weigh alike and can be compared in
    time. Only filmed pixels count: beyond the source picture's edge there is no truth.
    """
    points = meshes[..., :2]
    face_height = float(np.median(np.ptp(points[..., 1], axis=1)))
    head, face, mouth = (min(RENDER_SIZE, max(16, round(face_height * share))) for share in (HEAD, FACE, MOUTH))
    lips = list(INNER_LIP + OUTER_LIP)
    filmed = [filmed_part(crop, width, height) for crop in crops]
    return [
        Boxes(_box(p, head, inside), _box(p, face, inside), _box(p[lips], mouth, inside))
        for p, inside in zip(points, filmed)
    ]
