"""One picture of the video of truth beside driven mouth: heads, close-ups of the mouths, the opening's curve."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from likeness_trainer.bundle.idle import Idle
from likeness_trainer.media.probe import Source
from likeness_trainer.morphable.topology import INNER_LIP, OUTER_LIP
from likeness_trainer.renderer.rig import Rig

CELL = 512  # pixels: half of the width
BAR, MOUTH, CURVE = 40, 384, 128  # heights of the parts but the heads, which are square
HEAD_ROOM = 1.5  # of the head crop's side: what of a large picture is shown round a small head
MOUTH_WIDTH = 0.62  # of the face's height: lips, and the chin below them
MOUTH_DROP = 0.05  # of the same, how far below the lips the close-up's middle is
_INK, _PAPER, _GRID = (235, 235, 235), (24, 24, 27), (70, 70, 76)
_TRUE, _DRIVEN = (235, 235, 235), (255, 160, 60)
_HELD_OUT, _TRAINED = (20, 110, 90), (58, 58, 66)  # behind the words "held out" and "trained on"


@dataclass(frozen=True)
class Moment:
    """`driven` is False where no face was clearly seen, and the filmed picture is shown instead."""

    index: int
    seconds: float  # in the source
    driven: bool


class BesidePicture:
    """`frames` [K] are source frames, `true` and `driven` [K] openings in cm (NaN where unknown), `held_out` [K] says
    which were not trained on. `draw` gives u8 RGB [height, width, 3]."""

    width, height = 2 * CELL, BAR + CELL + MOUTH + CURVE

    def __init__(
        self,
        rig: Rig,
        idle: Idle,
        source: Source,
        frames: np.ndarray,
        true: np.ndarray,
        driven: np.ndarray,
        held_out: np.ndarray,
    ) -> None:
        # Where the lips are by the head's pose alone: the close-up goes with the head, so that lips and jaw are seen to
        # move.
        pixels, _ = rig.camera.project(rig.neutral, idle.pose[frames])
        self._face = float(np.median(np.ptp(pixels[..., 1], axis=1)))
        side = min(round(float(np.median(idle.crop[frames, 2])) * HEAD_ROOM), source.width, source.height)
        middle = np.median(idle.crop[frames, :2] + idle.crop[frames, 2:] / 2, axis=0)
        corner = np.clip(np.round(middle - side / 2), 0, [source.width - side, source.height - side])
        self._left, self._top, self._side = int(corner[0]), int(corner[1]), side
        self._lips = pixels[:, list(INNER_LIP + OUTER_LIP)].mean(1) - corner
        self._true, self._driven, self._held_out = true, driven, held_out
        self._curve = self._whole_curve()

    def window(self, picture: np.ndarray) -> np.ndarray:
        """The part of a source picture [H, W, 3] that is shown, [side, side, 3]."""
        return picture[self._top : self._top + self._side, self._left : self._left + self._side]

    def within(self, crop: np.ndarray) -> np.ndarray:
        """A head crop (x0, y0, size) of source pixels in the window's."""
        return crop - [self._left, self._top, 0]

    def draw(self, moment: Moment, filmed: np.ndarray, face: np.ndarray) -> np.ndarray:
        """`filmed` and `face` are windows [side, side, 3] u8 RGB."""
        page = np.empty((self.height, self.width, 3), np.uint8)
        page[:BAR] = _HELD_OUT if self._held_out[moment.index] else _TRAINED
        right = "driven by this sound" if moment.driven else "as filmed: no clear face"
        _write(page, "filmed", 12)
        _write(page, right, CELL + 12)
        _write(
            page,
            f"{'held out' if self._held_out[moment.index] else 'trained on'}  {moment.seconds:6.2f} s",
            self.width - 230,
        )
        for column, picture in enumerate((filmed, face)):
            across = slice(column * CELL, (column + 1) * CELL)
            page[BAR : BAR + CELL, across] = self._head(picture)
            page[BAR + CELL : BAR + CELL + MOUTH, across] = self._mouth(picture, moment.index)
        page[BAR:-CURVE, CELL - 1 : CELL + 1] = _PAPER
        page[BAR + CELL - 1 : BAR + CELL + 1] = _PAPER
        page[-CURVE:] = self._curve
        x = self._x(moment.index)
        cv2.line(page, (x, self.height - CURVE), (x, self.height - 1), (255, 90, 90), 2)
        return page

    def _head(self, picture: np.ndarray) -> np.ndarray:
        return cv2.resize(picture, (CELL, CELL), interpolation=cv2.INTER_AREA if self._side > CELL else cv2.INTER_CUBIC)

    def _mouth(self, picture: np.ndarray, index: int) -> np.ndarray:
        scale = CELL / (MOUTH_WIDTH * self._face)
        x, y = self._lips[index] + [0, MOUTH_DROP * self._face]
        # centre of pixel i is i + .5, and OpenCV's coordinates start at the first pixel's centre
        offset = [CELL / 2 - x * scale + (scale - 1) / 2, MOUTH / 2 - y * scale + (scale - 1) / 2]
        to_cell = np.array([[scale, 0, offset[0]], [0, scale, offset[1]]])
        return cv2.warpAffine(picture, to_cell, (CELL, MOUTH), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)

    def _x(self, index: int) -> int:
        return round((index + 0.5) / len(self._true) * self.width)

    def _whole_curve(self) -> np.ndarray:
        curve = np.full((CURVE, self.width, 3), _PAPER, np.uint8)
        held = np.flatnonzero(self._held_out)
        if len(held):
            curve[:, self._x(int(held[0])) :] = np.array(_HELD_OUT) // 2
        known = np.concatenate([self._true, self._driven])
        top = max(0.5, float(np.nanmax(known)) if np.isfinite(known).any() else 0.5)
        for height in np.arange(0.5, top, 0.5):  # every half centimetre
            cv2.line(curve, (0, self._y(height, top)), (self.width, self._y(height, top)), _GRID, 1)
        for values, colour in ((self._true, _TRUE), (self._driven, _DRIVEN)):
            for index in range(1, len(values)):
                if np.isfinite(values[index - 1]) and np.isfinite(values[index]):
                    before, here = ((self._x(at), self._y(values[at], top)) for at in (index - 1, index))
                    cv2.line(curve, before, here, colour, 2, cv2.LINE_AA)
        for text, x, colour in (
            ("opening: filmed", 12, _TRUE),
            ("driven", 170, _DRIVEN),
            ("(a line every 0.5 cm)", 245, _INK),
        ):
            cv2.putText(curve, text, (x, 18), cv2.FONT_HERSHEY_SIMPLEX, 0.5, colour, 1, cv2.LINE_AA)
        return curve

    @staticmethod
    def _y(opening: float, top: float) -> int:
        return round(CURVE - 8 - opening / top * (CURVE - 36))


def _write(page: np.ndarray, text: str, x: int) -> None:
    cv2.putText(page, text, (x, 27), cv2.FONT_HERSHEY_SIMPLEX, 0.6, _INK, 1, cv2.LINE_AA)
