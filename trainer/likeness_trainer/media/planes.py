"""Frames as they are stored: luma and chroma in planes of their own. Half of RGB's bytes and nothing to convert."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from likeness_trainer.media.probe import Colours, Source
from likeness_trainer.media.raw_pictures import raw_pictures

# Shares of red and blue in luma.
_WEIGHTS = {
    "bt601": (0.299, 0.114),
    "bt709": (0.2126, 0.0722),
    "bt2020": (0.2627, 0.0593),
    "smpte240m": (0.212, 0.087),
    "fcc": (0.3, 0.11),
}


@dataclass(frozen=True)
class Planes:
    """A picture as luma `y` [H, W] u8 and chroma `u`, `v` [h, w] u8, of the same size or of half of it (rounded up)."""

    y: np.ndarray
    u: np.ndarray
    v: np.ndarray
    colours: Colours

    @property
    def width(self) -> int:
        return self.y.shape[1]

    @property
    def height(self) -> int:
        return self.y.shape[0]

    def rgb(self) -> np.ndarray:
        """[H, W, 3] u8."""
        return rgb_from(self.y, self.u, self.v, self.colours)

    def gray(self) -> np.ndarray:
        """[H, W] u8 from black 0 to white 255."""
        return gray_from(self.y, self.colours)


def rgb_from(y: np.ndarray, u: np.ndarray, v: np.ndarray, colours: Colours) -> np.ndarray:
    """[H, W, 3] u8 from luma [H, W] and chroma of any size."""
    chroma = [
        plane if plane.shape == y.shape else cv2.resize(plane, y.shape[::-1], interpolation=cv2.INTER_LINEAR)
        for plane in (u, v)
    ]
    return cv2.transform(cv2.merge([y, *chroma]), _to_rgb(colours))


def gray_from(y: np.ndarray, colours: Colours) -> np.ndarray:
    """[H, W] u8 from black 0 to white 255."""
    return y if colours.full_range else cv2.LUT(y, _FULL_FROM_LIMITED)


def read_planes(ffmpeg: str, path: str, source: Source) -> Iterator[Planes]:
    """Every stored frame once, in display order, rotation applied and pixels square."""
    width, height, colours = source.width, source.height, source.colours
    halved = colours.halved_chroma
    chroma = ((height + 1) // 2, (width + 1) // 2) if halved else (height, width)
    luma_bytes, chroma_bytes = width * height, chroma[0] * chroma[1]
    # Named outright, the colours are the same whatever ffmpeg makes of a file's tags; they are the file's own where it
    # has any, so that nothing is converted.
    named = f"out_color_matrix={colours.matrix}:out_range={'full' if colours.full_range else 'limited'}"
    pixels = "yuv420p" if halved else "yuv444p"
    filters = f"scale={width}:{height}:flags=area+accurate_rnd+full_chroma_int:{named},format={pixels}"
    for raw in raw_pictures(ffmpeg, path, source, filters, luma_bytes + 2 * chroma_bytes):
        y, u, v = np.split(raw, [luma_bytes, luma_bytes + chroma_bytes])
        yield Planes(y.reshape(height, width), u.reshape(chroma), v.reshape(chroma), colours)


@lru_cache
def _to_rgb(colours: Colours) -> np.ndarray:
    """[3, 4]: RGB from (y, u, v, 1)."""
    red, blue = _WEIGHTS[colours.matrix]
    green = 1 - red - blue
    from_chroma = np.array(
        [[0, 2 * (1 - red)], [-2 * (1 - blue) * blue / green, -2 * (1 - red) * red / green], [2 * (1 - blue), 0]]
    )
    black, luma, chroma = (0, 1.0, 1.0) if colours.full_range else (16, 255 / 219, 255 / 224)
    matrix = np.concatenate([np.full((3, 1), luma), from_chroma * chroma], 1)
    return np.concatenate([matrix, matrix @ [[-black], [-128], [-128]]], 1)


_FULL_FROM_LIMITED = np.clip((np.arange(256) - 16) * 255 / 219 + 0.5, 0, 255).astype(np.uint8)
