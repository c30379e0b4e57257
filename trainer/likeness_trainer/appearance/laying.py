"""Where frames lie on the chart, and the ways there and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from likeness_trainer.appearance.chart import Chart, sample
from likeness_trainer.appearance.registration import Registration, chart_positions
from likeness_trainer.appearance.surroundings import in_crop
from likeness_trainer.renderer.proxies import SIDE, Control
from likeness_trainer.renderer.rig import Rig

_INVERSE = 1.0  # 256ths: a texel that is led back so near to itself is what its pixel shows


@dataclass(frozen=True)
class Laying:
    """Of frames in the order of time."""

    rig: Rig
    chart: Chart
    controls: Sequence[Control]
    registration: Registration | None = None
    cores: int = 1  # how many may be kept busy

    def places(self, row: int, side: int) -> np.ndarray:
        """For every texel of a chart of `side` texels its position in a frame's crop, [side,side,2] f32, 256ths."""
        places = self.chart.places(self.rig, self.controls[row], side)
        return self.registration.places(row, places) if self.registration else places

    def addresses(self, row: int, side: int) -> np.ndarray:
        """For every pixel of a frame's crop of `side` pixels the chart position it shows, [side,side,2] f32, 256ths."""
        addresses = self.chart.addresses(self.rig, self.controls[row], side).astype(np.float32)
        return self.registration.addresses(row, addresses) if self.registration else addresses

    def face(self, row: int, side: int, points: Sequence[int] | slice = slice(None)) -> np.ndarray:
        """[side,side] bool: the box of a frame's mesh, or of some `points` of it, in its crop of `side` pixels."""
        control = self.controls[row]
        mesh = in_crop(self.rig, control, self.rig.vertices(control.expression))[points, :2] * (side / SIDE)
        (left, top), (right, bottom) = mesh.min(0).astype(int), np.ceil(mesh.max(0)).astype(int)
        box = np.zeros((side, side), bool)
        box[max(0, top) : max(0, bottom), max(0, left) : max(0, right)] = True
        return box

    def plain(self, row: int, picture: np.ndarray) -> np.ndarray:
        """[S,S,C] f32: a frame's head crop [S,S,C] u8 as it lies on the chart."""
        return sample(picture.astype(np.float32), self.places(row, len(picture)))

    def restored(self, row: int, picture: np.ndarray) -> np.ndarray:
        """The same, and what it lacks when it is drawn back: each way blurs as a cubic does.

        Back-projection (Irani and Peleg 1991), where the ways are each other's inverse: where the chart folds, what
        is lacking is another texel's. A second turn comes no nearer to what was filmed.
        """
        side = len(picture)
        picture, places, addresses = picture.astype(np.float32), self.places(row, side), self.addresses(row, side)
        laid = sample(picture, places)
        lacking = sample(picture - sample(laid, addresses), places)
        return laid + lacking * _led_back(places, addresses)[..., None]


def _led_back(places: np.ndarray, addresses: np.ndarray) -> np.ndarray:
    """[side,side] bool: the texels that `addresses` [side,side,2] lead back to from their `places` [side,side,2]."""
    side = len(places)
    at = places * np.float32(side / SIDE) - np.float32(0.5)
    x, y = np.ascontiguousarray(at[..., 0], np.float32), np.ascontiguousarray(at[..., 1], np.float32)
    away = cv2.remap(addresses, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE) - chart_positions(side)
    return (np.abs(away[..., 0]) < _INVERSE) & (np.abs(away[..., 1]) < _INVERSE)
