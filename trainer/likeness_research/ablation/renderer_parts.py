"""The parts of the closed form, each a way to draw a fold's frames without it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Literal

import cv2
import numpy as np

from likeness_trainer.appearance.appearance import REGIONAL, Appearance, ChartPart, TraitsOf, open_posture
from likeness_trainer.appearance.chart import Chart
from likeness_trainer.appearance.laid import Laid
from likeness_trainer.appearance.laying import Laying
from likeness_trainer.appearance.reduction import TEXTURES, reduced, with_alpha
from likeness_trainer.appearance.shares import region_shares
from likeness_trainer.appearance.sway_tracking import track_sway
from likeness_trainer.appearance.traits import Traits
from likeness_trainer.bundle.composite import over
from likeness_trainer.metrics.baselines import mean_of_warps, mesh_in_crop, nearest_apart
from likeness_trainer.renderer.proxies import Control, control_of
from likeness_trainer.renderer.rig import Rig
from likeness_trainer.tracking.track_file import Track
from likeness_trainer.training.crops import CropStore

WHOLE = "whole"
Group = Literal["baseline", "whole", "without", "size", "network"]
Grown = int | None  # pixels by which alpha is grown; None: as the product does
_SOFT = 3
_ALL = 10_000  # textures: more than there are


@dataclass(frozen=True, eq=False)
class Fold:
    """What a fold is made of and looked at on."""

    rig: Rig
    track: Track
    crops: CropStore
    train: np.ndarray  # source frames
    test: np.ndarray

    @cached_property
    def controls(self) -> list[Control]:
        return [control_of(self.track, int(frame)) for frame in self.train]

    @cached_property
    def targets(self) -> list[Control]:
        return [control_of(self.track, int(frame)) for frame in self.test]

    @cached_property
    def plates(self) -> list[np.ndarray]:
        return [np.array(self.crops.plate(int(frame))) for frame in self.test]

    @cached_property
    def shipped(self) -> Appearance:
        """The appearance as an avatar has it."""
        return self.sharpened(regional(self.laid()))

    def sharpened(self, appearance: Appearance) -> Appearance:
        """An appearance of the fold's frames as avatars have it; what was laid out stays as it is."""
        return replace(appearance, seen=appearance.seen.copy()).sharpened(self._pictures())

    def seen(self, frame: int, grown: Grown = None) -> np.ndarray:
        """[256,256,4] u8: a frame's head crop, colour times alpha, and alpha."""
        picture, mask = self.crops.picture(frame), self.crops.mask(frame)
        return with_alpha(picture, mask) if grown is None else grown_by(picture, mask, grown)

    def mesh(self, control: Control) -> np.ndarray:
        """[468,2] crop pixels."""
        return mesh_in_crop(self.rig, control)[:, :2]

    @lru_cache(maxsize=1)  # noqa: B019 - a fold lives as long as its rows; the chart of every frame is large
    def laid(self, grown: Grown = None, opened: bool = True, registered: bool = True) -> Laid:
        """The training frames on the chart; `opened`: of a wide mouth and open eyes, or else of the mean expression;
        `registered`: where that pays, as avatars are."""
        posture = open_posture(self.rig, self.controls)
        if not opened:
            usual = np.stack([control.expression for control in self.controls]).mean(0)
            posture = replace(posture, expression=usual.astype(np.float32))
        pictures = self._pictures(grown)
        if not registered:
            laying = Laying(self.rig, Chart.of(self.rig, posture, self.controls), self.controls)
            return Laid.of(laying, pictures, laying.restored)
        traits = Traits.of(self.rig, self.controls)
        banks = [traits_of(traits, self.rig, self.controls) for traits_of in REGIONAL]
        shares = region_shares(Chart.of(self.rig, posture, self.controls), len(pictures[0]))
        return Laid.registered(self.rig, self.controls, pictures, posture, banks, shares, 0)

    def _pictures(self, grown: Grown = None) -> list[np.ndarray]:
        return [self.seen(int(frame), grown) for frame in self.train]


@dataclass(frozen=True)
class Part:
    """A row: `draw` shows the fold's frames, [256,256,3] u8 each."""

    id: str
    group: Group
    label: str
    draw: Callable[[Fold], list[np.ndarray]]


def grown_by(picture: np.ndarray, mask: np.ndarray, pixels: int) -> np.ndarray:
    """As `with_alpha`, with alpha grown by so many pixels."""
    if pixels:
        reach = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * pixels + 1, 2 * pixels + 1))
        mask = cv2.GaussianBlur(cv2.dilate(mask, reach).astype(np.float32), (0, 0), _SOFT)
    alpha = mask.astype(np.float32)[..., None]
    return np.concatenate([picture * (alpha / 255), alpha], -1).round().astype(np.uint8)


def regional(
    laid: Laid, wrap: Callable[[TraitsOf], TraitsOf] = lambda traits_of: traits_of, learnt: bool = True
) -> Appearance:
    """Kernels of their own for mouth, eyes and the rest, of traits that `wrap` may take something from; the mouth's
    with learnt scales or without."""
    parts = ChartPart.all(laid.laying.chart, len(laid.mean))
    return Appearance.fitted(
        laid, [replace(part, traits_of=wrap(part.traits_of), learnt=learnt and part.learnt) for part in parts]
    )


def drawn(fold: Fold, appearance: Appearance, textures: dict[str, int] = TEXTURES) -> list[np.ndarray]:
    """The fold's frames by the reduced form, over their background."""
    file = reduced(appearance, textures)
    return [over(file.draw(fold.rig, target), plate) for target, plate in zip(fold.targets, fold.plates)]


def swaying(fold: Fold) -> list[np.ndarray]:
    """As shipped, with the sway that an avatar keeps of each frame: these ones' own, as their pose is."""
    file = reduced(fold.shipped)
    sways = [
        track_sway(file, fold.rig, target, fold.seen(frame), np.array(fold.crops.mask(frame)))
        for target, frame in zip(fold.targets, fold.test.tolist())
    ]
    targets = [replace(target, sway=sway) for target, sway in zip(fold.targets, sways)]
    return [over(file.draw(fold.rig, target), plate) for target, plate in zip(targets, fold.plates)]


def one_kernel(fold: Fold) -> list[np.ndarray]:
    laid = fold.laid()
    everything = np.ones(laid.mean.shape[:2], np.float32)
    appearance = Appearance.fitted(laid, [ChartPart(Traits.whole, everything)])
    return drawn(fold, fold.sharpened(appearance), {"rest": sum(TEXTURES.values())})


def without(*names: str) -> Callable[[Fold], list[np.ndarray]]:
    """Traits that do not know some of a control's numbers: as if they were the first frame's always."""

    def draw(fold: Fold) -> list[np.ndarray]:
        still = {name: getattr(fold.controls[0], name) for name in names}

        def wrap(traits_of: TraitsOf) -> TraitsOf:
            return lambda traits, rig, controls: traits_of(traits, rig, [replace(one, **still) for one in controls])

        return drawn(fold, fold.sharpened(regional(fold.laid(), wrap)))

    return draw


def with_textures(factor: float | None) -> Callable[[Fold], list[np.ndarray]]:
    """As many textures times `factor`; None: all there are."""
    counts = {name: _ALL if factor is None else max(1, round(count * factor)) for name, count in TEXTURES.items()}
    return lambda fold: drawn(fold, fold.shipped, counts)


def of_laid(grown: Grown, opened: bool = True, registered: bool = True) -> Callable[[Fold], list[np.ndarray]]:
    return lambda fold: drawn(fold, fold.sharpened(regional(fold.laid(grown, opened, registered))))


def warps(count: int) -> Callable[[Fold], list[np.ndarray]]:
    """The mean of so many nearest frames, warped."""

    def draw(fold: Fold) -> list[np.ndarray]:
        queries, candidates = (
            np.stack([fold.mesh(control) for control in some]) for some in (fold.targets, fold.controls)
        )
        found = nearest_apart(queries, candidates, fold.train, count)
        return [
            mean_of_warps(fold.rig, [_source(fold, row) for row in rows], target, plate)
            for rows, target, plate in zip(found, fold.targets, fold.plates)
        ]

    return draw


def _source(fold: Fold, row: int) -> tuple[Control, np.ndarray, np.ndarray]:
    frame = int(fold.train[row])
    return fold.controls[row], np.array(fold.crops.picture(frame)), np.array(fold.crops.mask(frame))


BASELINES: Sequence[Part] = (
    Part("warp", "baseline", "The nearest frame, warped", warps(1)),
    Part("mean", "baseline", "The mean of eight warped frames", warps(8)),
)
# In an order that lays frames out as seldom as can be.
PARTS: Sequence[Part] = (
    Part(WHOLE, "whole", "Closed form, as shipped", lambda fold: drawn(fold, fold.shipped)),
    Part("one-kernel", "without", "One kernel for everything", one_kernel),
    Part("without-pose", "without", "Traits without the head's pose", without("rotation", "translation")),
    Part("without-gaze", "without", "Traits without the gaze", without("gaze")),
    Part("without-torso", "without", "Traits without the torso", without("torso")),
    Part("without-expression", "without", "Traits without the expression", without("expression")),
    Part(
        "by-hand",
        "without",
        "The mouth's traits with scales by hand",
        lambda fold: drawn(fold, fold.sharpened(regional(fold.laid(), learnt=False))),
    ),
    Part(
        "without-sharpening",
        "without",
        "Its finest band as the regression says it",
        lambda fold: drawn(fold, regional(fold.laid())),
    ),
    Part("sway", "size", "With each frame's own sway", swaying),
    Part("textures-quarter", "size", "A quarter of the textures", with_textures(0.25)),
    Part("textures-half", "size", "Half of the textures", with_textures(0.5)),
    Part("textures-twice", "size", "Twice the textures", with_textures(2)),
    Part("textures-all", "size", "As many textures as there are", with_textures(None)),
    Part("without-registration", "without", "Frames as the mesh lays them out", of_laid(None, registered=False)),
    Part("usual-posture", "without", "A chart of the mean expression", of_laid(None, opened=False)),
    Part("alpha-mask", "without", "Alpha as the mask is", of_laid(0)),
    Part("alpha-4", "size", "Alpha grown by 4 pixels", of_laid(4)),
    Part("alpha-18", "size", "Alpha grown by 18 pixels", of_laid(18)),
)
