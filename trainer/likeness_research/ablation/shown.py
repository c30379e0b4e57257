"""A fold's frames as the closed form draws them: what a network on the drawn picture learns from, and is looked at on.

A form shows the frames that it was made of far too well. So those a network learns from are drawn as the frames of
other pieces of time tell them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from likeness_research.ablation.renderer_parts import Fold
from likeness_trainer.appearance.appearance import Appearance
from likeness_trainer.appearance.chart import sample
from likeness_trainer.appearance.displacement import displaced
from likeness_trainer.appearance.reduction import reduced
from likeness_trainer.appearance.regression import GAP, PIECES, left_out, pieces
from likeness_trainer.appearance.sharpening import shares_without
from likeness_trainer.metrics.baselines import nearest, warp_frame
from likeness_trainer.metrics.crops import Boxes, boxes
from likeness_trainer.renderer.proxies import SIDE, Control

_AT_ONCE = 8  # charts in memory


@dataclass(frozen=True)
class Shown:
    """Frames in the order of time."""

    drawn: np.ndarray  # [n,256,256,3] u8 by the closed form, over their background
    alpha: np.ndarray  # [n,256,256] u8 of that
    warped: np.ndarray  # [n,256,256,3] u8: the nearest frame of those that tell this one, warped to it
    filmed: np.ndarray  # [n,256,256,3] u8
    places: Sequence[Boxes]
    opening: np.ndarray  # [n] of the mouth


def learnt_from(fold: Fold) -> Shown:
    """The training frames, each as the frames of other pieces of time tell it."""
    meshes = _meshes(fold, fold.controls)
    others = np.zeros(len(fold.train), np.int64)
    for fitted, out in pieces(len(fold.train), PIECES, GAP):
        others[out] = fitted[nearest(meshes[out], meshes[fitted])]
    plates = [np.array(fold.crops.plate(int(frame))) for frame in fold.train]
    return _shown(fold, fold.train, fold.controls, meshes, drawn_left_out(fold.shipped), plates, others)


def looked_at(fold: Fold) -> Shown:
    """The frames that are looked at, as an avatar of the training frames draws them."""
    file = reduced(fold.shipped)
    pictures = (255 * file.multiplied(fold.rig, target) for target in fold.targets)
    meshes = _meshes(fold, fold.targets)
    others = nearest(meshes, _meshes(fold, fold.controls))
    return _shown(fold, fold.test, fold.targets, meshes, pictures, fold.plates, others)


def drawn_left_out(appearance: Appearance) -> Iterator[np.ndarray]:
    """The head crop [256,256,4] f32 0..255, colour times alpha, of each of its frames as the frames of other pieces of
    time tell it."""
    controls = appearance.laying.controls
    shares = [shares_without(region.kernel, region.bank, np.arange(len(controls))) for region in appearance.regions]
    offsets, found = None, appearance.displacement
    if found is not None:
        fields = left_out(found.kernel, appearance.regions[-1].bank, found.seen, PIECES, GAP)
        offsets = found.mean + fields.reshape(-1, *found.mean.shape)
    for first in range(0, len(controls), _AT_ONCE):
        some = range(first, min(len(controls), first + _AT_ONCE))
        charts = appearance.told([share[some.start : some.stop] for share in shares])
        for row, chart in zip(some, charts):
            addresses = appearance.chart.addresses(appearance.rig, controls[row], SIDE).astype(np.float32)
            yield sample(chart, addresses if offsets is None else displaced(offsets[row], addresses))


def _meshes(fold: Fold, controls: Sequence[Control]) -> np.ndarray:
    return np.stack([fold.mesh(control) for control in controls])


def _shown(
    fold: Fold,
    frames: np.ndarray,
    controls: Sequence[Control],
    meshes: np.ndarray,
    pictures: Iterable[np.ndarray],
    plates: Sequence[np.ndarray],
    others: np.ndarray,
) -> Shown:
    track, crops = fold.track, fold.crops
    drawn, alpha, warped = [], [], []
    for picture, plate, control, other in zip(pictures, plates, controls, others.tolist()):
        picture = np.clip(picture, 0, 255)
        alpha.append(picture[..., 3].round().astype(np.uint8))
        over = picture[..., :3] + plate * (1 - picture[..., 3:] / 255)
        drawn.append(np.clip(over, 0, 255).round().astype(np.uint8))
        source = int(fold.train[other])
        seen, mask = np.array(crops.picture(source)), np.array(crops.mask(source))
        warped.append(warp_frame(fold.rig, fold.controls[other], control, seen, mask, plate))
    return Shown(
        np.stack(drawn),
        np.stack(alpha),
        np.stack(warped),
        np.stack([crops.picture(int(frame)) for frame in frames]),
        boxes(meshes, track.crop[frames], track.width, track.height),
        track.aperture[frames],
    )
