"""What the chart's texels are too large for: a second level, with as many texels as the source has pixels.

The chart is enlarged and what the frames show beyond it is regressed as the chart is, from the same traits, with
kernels of the same length; most of it is the same in all frames, so few textures do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from likeness_trainer.appearance.appearance import Appearance, Region
from likeness_trainer.appearance.chart import sample
from likeness_trainer.appearance.likeness_file import ZERO, AppearanceFile, Textures, enlarged
from likeness_trainer.appearance.principal import in_box, principal_bytes
from likeness_trainer.appearance.shares import region_shares
from likeness_trainer.appearance.side_by_side import side_by_side
from likeness_trainer.appearance.surroundings import to_source
from likeness_trainer.renderer.proxies import SIDE, Control

LARGEST_SIDE, _STEP = 768, 64
FRAMES = 128  # of 768 texels they take 300 MB
TEXTURES = {"mouth": 4, "eyes": 4, "rest": 8}
_LEAST_SHARE = 0.02  # of a region in a texel
_PICTURES = 4  # as they were filmed, in memory
_EDGE = 2  # 256ths of the crop, across which samples see


@dataclass(frozen=True)
class Footage:
    """The frames as they were filmed."""

    width: int
    height: int
    # Pictures [h,w,3] u8 of rows in their order, of the size (w, h).
    read: Callable[[Sequence[int], tuple[int, int]], Iterator[np.ndarray]]


def detail_side(controls: Sequence[Control]) -> int | None:
    """Texels along a side; None where the chart has as many as the source has pixels."""
    size = float(np.median([control.crop[2] for control in controls]))
    side = min(LARGEST_SIDE, round(size / _STEP) * _STEP)
    return side if side > SIDE else None


def detail_rows(count: int) -> np.ndarray:
    """Which of so many frames it is made of."""
    return np.unique(np.linspace(0, count - 1, min(FRAMES, count)).round().astype(int))


def filmed_size(controls: Sequence[Control], side: int, width: int, height: int) -> tuple[int, int]:
    """(w, h) of the pictures it is made of: such that a head has `side` pixels, or the source's width x height."""
    zoom = min(1.0, side / float(np.median([control.crop[2] for control in controls])))
    return max(1, round(width * zoom)), max(1, round(height * zoom))


def with_detail(
    file: AppearanceFile,
    appearance: Appearance,
    controls: Sequence[Control],
    seen: Callable[[int], np.ndarray],
    footage: Footage,
    side: int,
) -> AppearanceFile:
    """`file` with a detail of `side` texels a side.

    `controls` are those the appearance is of, in the same order; `seen` are their head crops [S,S,4] u8.
    """
    rows = detail_rows(len(controls))
    lacking = _lacking(appearance, controls, rows, seen, footage, side)
    mean = np.zeros(lacking.shape[1], np.float32)
    for frame in lacking:
        mean += frame
    mean /= len(lacking)
    scale = max(float(np.abs(mean).max()), 1e-9) / (ZERO - 1)
    levels = np.round(mean / scale + ZERO).astype(np.uint8).reshape(side, side, 4)
    named = zip(file.regions.items(), appearance.regions, region_shares(appearance.chart, side))
    regions = {
        name: replace(
            basis, detail=_textures(region, rows, share, lacking, mean, TEXTURES[name], appearance.laying.cores)
        )
        for (name, basis), region, share in named
    }
    return replace(file, regions=regions, detail_mean=levels, detail_scale=scale)


def _lacking(
    appearance: Appearance,
    controls: Sequence[Control],
    rows: np.ndarray,
    seen: Callable[[int], np.ndarray],
    footage: Footage,
    side: int,
) -> np.ndarray:
    """[M,side*side*4] i8: what the frames show on the chart, colour times alpha, less their own chart enlarged."""
    size = filmed_size(controls, side, footage.width, footage.height)
    sides = np.array([footage.width, footage.height], np.float32) / SIDE
    lacking = np.zeros((len(rows), side, side, 4), np.int8)

    def fill(lacks: np.ndarray, row: int, picture: np.ndarray) -> None:
        control, crop = controls[row], seen(row)
        places = appearance.laying.places(row, side)
        shown = sample(picture, (to_source(places, control.crop) / sides).astype(np.float32))
        laid = enlarged(appearance.laying.restored(row, crop), side)
        # Beyond the crop the chart repeats its edge, and what was filmed there is none of its detail.
        inside = ((places >= _EDGE) & (places <= SIDE - _EDGE)).all(-1, keepdims=True)
        alpha = np.clip(laid[..., 3:] / 255, 0, 1)
        lacks[..., :3] = np.clip(np.round((shown * alpha - laid[..., :3]) * inside), 1 - ZERO, ZERO - 1)

    filmed = zip(lacking, rows.tolist(), footage.read(rows.tolist(), size), strict=True)
    while some := list(islice(filmed, _PICTURES)):
        side_by_side(appearance.laying.cores, fill, *zip(*some))
    return lacking.reshape(len(rows), -1)


def _textures(
    region: Region, rows: np.ndarray, share: np.ndarray, lacking: np.ndarray, mean: np.ndarray, count: int, cores: int
) -> Textures:
    shares = np.repeat(share.ravel(), 4)
    values = np.flatnonzero(shares > _LEAST_SHARE)
    bank = region.bank[rows]
    weights = region.kernel.weights(bank)
    fitted = region.kernel.between(bank, bank) @ weights

    def shown(some: slice) -> np.ndarray:
        return (lacking[:, values[some]] - mean[values[some]]) * shares[values[some]]

    bytes_, mixes = principal_bytes(fitted, shown, len(values), count, cores)
    coefficients = np.zeros((len(region.bank), len(bytes_)), np.float32)
    coefficients[rows] = weights @ mixes
    return Textures(coefficients, *in_box(bytes_, values, share.shape[0]))
