"""Where the frames' own texels lie beside the chart's: what hair, neck, collar and shoulders do that the mesh does not.

Every frame is laid out on the chart and compared with one of them, the most usual, by dense optical flow (Kroeger and
others 2016, DIS). Two frames as they were filmed are compared: an average of many is soft, and a flow towards it
measures the softness. Frames are laid out anew by it, so that what is regressed is sharp; the flow itself is regressed
on the controls too, and moves what is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from likeness_trainer.appearance.displacement import GRID, displaced, inverted
from likeness_trainer.appearance.side_by_side import side_by_side
from likeness_trainer.renderer.proxies import SIDE

_FARTHEST = 12.0  # 256ths of the chart; farther flows are mistakes
_SMOOTH = 4.0
_LEAST_SHOWN = 0.05  # beyond the person their motion goes on, and dies away within its smoothness


@dataclass(frozen=True)
class Registration:
    """Where each frame shows what the chart has."""

    # [N,GRID,GRID,2] f32, 256ths: how far away in the frame's layout lies what lies here on the chart
    offsets: np.ndarray

    @classmethod
    def of(
        cls, textures: np.ndarray, mean: np.ndarray, held: np.ndarray, person: np.ndarray, cores: int = 1
    ) -> Registration:
        """Of frames laid out on the chart, [N,S,S,C] f32 less their mean [S,S,C].

        held [256,256] f32 0..1 is how much of each texel stays; person [S,S] bool where they show the person: what
        passes behind is no motion of theirs.
        """
        usual = min(textures, key=lambda texture: float((texture**2).mean()))
        grey = _grey(usual + mean)
        shown = cv2.resize(person.astype(np.float32), (SIDE, SIDE), interpolation=cv2.INTER_AREA)[..., None]

        def offsets(texture: np.ndarray) -> np.ndarray:
            return _flow(grey, _grey(texture + mean), held, shown)

        return cls(np.stack(side_by_side(cores, offsets, textures)))

    def places(self, frame: int, places: np.ndarray) -> np.ndarray:
        """`places` [side,side,2] of a frame in its crop, moved to where it shows what the chart has there."""
        side = len(places)
        at = displaced(self.offsets[frame], chart_positions(side)) * np.float32(side / SIDE) - 0.5
        x, y = np.ascontiguousarray(at[..., 0]), np.ascontiguousarray(at[..., 1])
        return cv2.remap(places.astype(np.float32), x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)

    def addresses(self, frame: int, addresses: np.ndarray) -> np.ndarray:
        """`addresses` [h,w,2] f32 of a frame's pixels on the chart, moved to where the chart has what they show."""
        return displaced(inverted(self.offsets[frame]), addresses)

    def displacements(self, rows: np.ndarray) -> np.ndarray:
        """[n,GRID,GRID,2] f32, 256ths: where on the chart what lies here in the layouts of these frames is."""
        return np.stack([inverted(offsets) for offsets in self.offsets[rows]])


def chart_positions(side: int) -> np.ndarray:
    """[side,side,2] f32: each texel's own position, 256ths."""
    rows, columns = (np.mgrid[:side, :side].astype(np.float32) + 0.5) * np.float32(SIDE / side)
    return np.stack([columns, rows], -1)


def _grey(layout: np.ndarray) -> np.ndarray:
    """[256,256] u8"""
    grey = cv2.cvtColor(np.clip(layout[..., :3], 0, 255).astype(np.uint8), cv2.COLOR_RGB2GRAY)
    return grey if len(grey) == SIDE else cv2.resize(grey, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)


def _flow(usual: np.ndarray, grey: np.ndarray, held: np.ndarray, shown: np.ndarray) -> np.ndarray:
    """[GRID,GRID,2] f32 of two layouts [256,256] u8."""
    dis = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)  # type: ignore[attr-defined]
    flow = dis.calc(usual, grey, None)
    length = np.linalg.norm(flow, axis=-1, keepdims=True)
    flow = _smoothed(flow * np.minimum(1, _FARTHEST / np.maximum(length, 1e-3)) * shown)
    flow /= np.maximum(_smoothed(shown)[..., None], _LEAST_SHOWN)
    return cv2.resize(flow * (1 - held[..., None]), (GRID, GRID), interpolation=cv2.INTER_AREA)


def _smoothed(picture: np.ndarray) -> np.ndarray:
    return cv2.GaussianBlur(picture, (0, 0), _SMOOTH)
