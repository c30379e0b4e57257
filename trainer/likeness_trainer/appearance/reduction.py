"""What `appearance.safetensors` keeps of an appearance: for each region the few textures its frames are mixed of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import cv2
import numpy as np

from likeness_trainer.appearance.appearance import MOST_FRAMES, Appearance, Region
from likeness_trainer.appearance.detail import Footage, detail_rows, detail_side, filmed_size, with_detail
from likeness_trainer.appearance.likeness_file import INPUTS, AppearanceFile, Basis, DisplacementBasis, Textures
from likeness_trainer.appearance.principal import in_box, principal, principal_bytes
from likeness_trainer.appearance.side_by_side import side_by_side
from likeness_trainer.appearance.surroundings import ROOM, ring, to_source
from likeness_trainer.appearance.sway import loose_of
from likeness_trainer.appearance.traits import Traits
from likeness_trainer.format import GEOMETRY
from likeness_trainer.renderer.proxies import Control
from likeness_trainer.renderer.rig import Rig

# Measured held out on a news clip: within .12 dB of what all frames give.
TEXTURES = {"mouth": 32, "eyes": 20, "rest": 32}
FIELDS = 24  # of the displacement
# Crop pixels: an alpha that ends at the person itself costs 1 dB, since its edge is drawn a little beside the truth's.
_BEYOND, _SOFT = GEOMETRY["alphaBeyond"], GEOMETRY["alphaSoft"]


def with_alpha(picture: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """[256,256,4] u8 of a head crop [256,256,3] and its person mask [256,256]: colour times alpha, and alpha."""
    reach = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * _BEYOND + 1, 2 * _BEYOND + 1))
    alpha = cv2.GaussianBlur(cv2.dilate(mask, reach).astype(np.float32), (0, 0), _SOFT)[..., None]
    return np.concatenate([picture * (alpha / 255), alpha], -1).round().astype(np.uint8)


def filmed_rows(controls: Sequence[Control], width: int, height: int) -> tuple[list[int], tuple[int, int]] | None:
    """Which rows of `controls` an appearance of them asks of its footage, and of which size (w, h), of a source of
    width x height; None where it asks for none."""
    rows = _spread(len(controls))
    chosen = [controls[row] for row in rows]
    side = detail_side(chosen)
    return None if side is None else (rows[detail_rows(len(rows))].tolist(), filmed_size(chosen, side, width, height))


def appearance_of(
    rig: Rig,
    controls: Sequence[Control],
    crop: Callable[[int], tuple[np.ndarray, np.ndarray]],
    seed: int = 0,
    footage: Footage | None = None,
    cores: int = 1,
) -> AppearanceFile:
    """Of frames in the order of time; of more than `MOST_FRAMES` a spread of them. `crop` of a row of `controls` is its
    head crop [256,256,3] u8 and its person mask [256,256] u8.

    With `footage` (its rows are those of `controls`) it has a detail where the source has more pixels than the crops.
    """
    rows = _spread(len(controls))
    seen = side_by_side(cores, lambda row: with_alpha(*crop(row)), rows.tolist())
    chosen = [controls[row] for row in rows]
    appearance = Appearance.of(rig, chosen, seen, seed, cores)
    file = reduced(appearance)
    side = detail_side(chosen)
    if footage is None or side is None:
        return file
    of_chosen = replace(footage, read=lambda some, size: footage.read([int(rows[row]) for row in some], size))
    appearance = appearance.places_alone()
    return with_detail(file, appearance, chosen, seen.__getitem__, of_chosen, side)


def _spread(count: int) -> np.ndarray:
    return np.linspace(0, count - 1, min(MOST_FRAMES, count)).round().astype(int)


def reduced(appearance: Appearance, textures: dict[str, int] = TEXTURES) -> AppearanceFile:
    """The file of an appearance whose pictures have an alpha."""
    chart, rig = appearance.chart, appearance.rig
    back = cv2.invertAffineTransform(np.asarray(chart.control.torso, np.float64))
    named = zip(textures.items(), appearance.regions)
    return AppearanceFile(
        mean=appearance.mean,
        corners=chart.corners,
        around=chart.around,
        ring=ring(rig).astype(np.float32),
        torso=(to_source(chart.torso, chart.control.crop) @ back[:, :2].T + back[:, 2]).astype(np.float32),
        room=to_source(ROOM, chart.control.crop).astype(np.float32),
        regions={name: _basis(appearance, region, count) for (name, count), region in named},
        displacement=_displacement(appearance),
        loose=loose_of(chart),
    )


def _displacement(appearance: Appearance) -> DisplacementBasis | None:
    bank, found = appearance.regions[-1].bank, appearance.displacement
    if found is None:
        return None
    products = (found.seen @ found.seen.T).astype(np.float64)
    of_frames = principal(found.kernel.between(bank, bank) @ found.weights, products, FIELDS)
    fields = (of_frames.astype(np.float32) @ found.seen).reshape(-1, *found.mean.shape)
    coefficients = found.weights @ (products @ of_frames.T)
    return DisplacementBasis(found.mean, fields, coefficients.astype(np.float32), found.kernel.length)


def _basis(appearance: Appearance, region: Region, count: int) -> Basis:
    """The principal textures of what the frames' own controls predict."""

    def shown(some: slice) -> np.ndarray:
        return appearance.seen[:, region.values[some]] * region.share[some]

    fitted = region.kernel.between(region.bank, region.bank) @ region.weights
    bytes_, mixes = principal_bytes(fitted, shown, len(region.values), count, appearance.laying.cores)
    coefficients = (region.weights @ mixes).astype(np.float32)
    return Basis(
        _linear(region, appearance.traits, appearance.rig, appearance.chart.control),
        region.bank.astype(np.float32),
        region.kernel.length,
        Textures(coefficients, *in_box(bytes_, region.values, len(appearance.mean))),
    )


def _linear(region: Region, traits: Traits, rig: Rig, control: Control) -> np.ndarray:
    """[81,d] f64: traits are linear in a control's numbers, so each number says its row where it alone is 1."""
    units = np.vstack([np.eye(INPUTS - 1), np.zeros(INPUTS - 1)])
    found = region.traits(traits, rig, [_control(row, control) for row in units])
    return np.vstack([found[:-1] - found[-1], found[-1]])


def _control(row: np.ndarray, like: Control) -> Control:
    """Of its numbers [80]."""
    expression, turn, translation, gaze, torso = np.split(row, [64, 67, 70, 74])
    rotation = cv2.Rodrigues(turn)[0]
    return Control(expression, gaze, rotation, translation, like.crop, torso.reshape(2, 3), like.torso_pose)
