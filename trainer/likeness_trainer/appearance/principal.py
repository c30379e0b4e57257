"""The few textures that many are mixed of, for what a kernel regression says of them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from likeness_trainer.appearance.likeness_file import ZERO
from likeness_trainer.appearance.side_by_side import side_by_side

_LEAST_SHARE = 1e-9  # of the first texture's energy
AT_ONCE = 1 << 14  # values of all frames that are multiplied together: of 400 frames 26 MB
_MOST_PIECES = 2  # beside each other, each with what it is made of


def principal(fitted: np.ndarray, products: np.ndarray, count: int) -> np.ndarray:
    """[K,N] f64: the principal textures, K at most `count`, as mixtures of the N that were seen.

    fitted [N,N] says which mixture of those seen is predicted for each; products [N,N] are those of the seen ones.
    """
    energy, mixed = np.linalg.eigh(fitted @ products @ fitted.T)
    energy, mixed = energy[::-1][:count], mixed[:, ::-1][:, :count]
    kept = energy > max(float(energy[0]), 1e-6) * _LEAST_SHARE
    if not kept.any():
        kept[0] = True
    return mixed[:, kept].T @ fitted / np.sqrt(np.maximum(energy[kept], 1e-6))[:, None]


def principal_bytes(
    fitted: np.ndarray, shown: Callable[[slice], np.ndarray], values: int, count: int, cores: int = 1
) -> tuple[np.ndarray, np.ndarray]:
    """[K,n] u8: the principal textures of what was shown, in bytes around `ZERO`; and [N,K] what the weights of the
    frames are multiplied by to become those of the textures, in steps of a byte.

    fitted [N,N] as in `principal`; `shown` gives a slice [N,m] f32 of the n `values` of all frames, as often as it is
    asked.
    """
    pieces = [slice(first, first + AT_ONCE) for first in range(0, values, AT_ONCE)]
    threads = min(cores, _MOST_PIECES)

    def product(some: slice) -> np.ndarray:
        seen = shown(some)
        return (seen @ seen.T).astype(np.float64)

    products = np.zeros(fitted.shape)
    for of_piece in side_by_side(threads, product, pieces):
        products += of_piece
    of_frames = principal(fitted, products, count)
    mixes = of_frames.astype(np.float32)
    textures = side_by_side(threads, lambda some: mixes @ shown(some), pieces)
    bytes_, steps = _in_bytes(np.concatenate(textures, 1))
    return bytes_, products @ of_frames.T * steps


def _in_bytes(textures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Textures [K,n] as bytes [K,n] u8 around `ZERO`, and what one step of each is worth [K]."""
    bytes_, steps = np.empty(textures.shape, np.uint8), np.empty(len(textures), textures.dtype)
    for row, texture in enumerate(textures):
        steps[row] = max(float(np.abs(texture).max()), 1e-9) / (ZERO - 1)
        bytes_[row] = np.round(texture / steps[row] + ZERO)
    return bytes_, steps


def in_box(bytes_: np.ndarray, values: np.ndarray, side: int) -> tuple[tuple[int, int], np.ndarray]:
    """Left and top, and [K,h,w,4] u8: bytes [K,n] of `values` [n] of a flat chart [side,side,4] in their box."""
    rows, columns = np.divmod(values // 4, side)
    top, left, bottom, right = rows.min(), columns.min(), rows.max() + 1, columns.max() + 1
    height, width = bottom - top, right - left
    box = np.full((len(bytes_), height * width * 4), ZERO, np.uint8)
    box[:, ((rows - top) * width + columns - left) * 4 + values % 4] = bytes_
    return (int(left), int(top)), box.reshape(len(bytes_), height, width, 4)
