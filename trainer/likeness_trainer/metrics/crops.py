"""The squares the held-out figures are taken in: head, face and mouth of the 256 x 256 head crop."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..morphable.topology import INNER_LIP, OUTER_LIP

RENDER_SIZE = 256
# In face heights, so that clips filmed closer or farther compare.
HEAD, FACE, MOUTH = 2.2, 1.1, 0.56


@dataclass(frozen=True)
class Square:
    """Pixels `[y:y+side, x:x+side]` of the head crop."""

    x: int
    y: int
    side: int

    def cut(self, picture: np.ndarray) -> np.ndarray:
        return picture[self.y : self.y + self.side, self.x : self.x + self.side]


@dataclass(frozen=True)
class Squares:
    """One frame's squares."""

    head: Square
    face: Square
    mouth: Square


def _square(points: np.ndarray, side: int) -> Square:
    centre = (points.min(0) + points.max(0)) / 2
    x, y = np.clip(np.round(centre - side / 2), 0, RENDER_SIZE - side).astype(int)
    return Square(int(x), int(y), side)


def squares(meshes: np.ndarray) -> list[Squares]:
    """Head, face and mouth squares of frames; meshes [T, 468, 2+] in crop pixels.

    One side for the whole clip (from its median face height), so that frames weigh alike and can be compared in
    time; squares are shifted, and the head's clipped, to stay inside the crop.
    """
    points = meshes[..., :2]
    height = float(np.median(np.ptp(points[..., 1], axis=1)))
    head, face, mouth = (min(RENDER_SIZE, max(16, round(height * share))) for share in (HEAD, FACE, MOUTH))
    lips = list(INNER_LIP + OUTER_LIP)
    return [Squares(_square(p, head), _square(p, face), _square(p[lips], mouth)) for p in points]
