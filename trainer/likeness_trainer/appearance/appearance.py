"""A person's appearance in closed form: their own frames on a chart, regressed on the controls they were seen with.

No training: the frames are laid out on the chart, a kernel regression says what each texel looks like for a control,
and the chart is drawn back. Mouth and eyes have kernels of their own, because they depend on less than the rest does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from likeness_trainer.appearance.chart import Chart, sample
from likeness_trainer.appearance.displacement import displaced
from likeness_trainer.appearance.kernel_choice import kernel_for
from likeness_trainer.appearance.laid import Laid
from likeness_trainer.appearance.laying import Laying
from likeness_trainer.appearance.metric import learnt_scales
from likeness_trainer.appearance.person_texels import surely_person
from likeness_trainer.appearance.registration import Registration
from likeness_trainer.appearance.registration_gain import LENGTHS, NOISES
from likeness_trainer.appearance.regression import Kernel, fit_kernel
from likeness_trainer.appearance.shares import region_shares
from likeness_trainer.appearance.sharpening import Drawn, finest, raises, rows_left_out, shares_without
from likeness_trainer.appearance.side_by_side import side_by_side
from likeness_trainer.appearance.surroundings import TORSO_SEEN_LOWEST, follow_torso
from likeness_trainer.appearance.traits import Traits
from likeness_trainer.renderer.proxies import SIDE, Control
from likeness_trainer.renderer.rig import Rig

MOST_FRAMES = 400  # more are slower and hardly better
_AT_ONCE = 16  # frames that are predicted together
_LEAST_SHARE = 0.02
_WIDE_MOUTHS, _OPEN_EYES = 0.85, 0.4  # quantiles of the frames whose mean expression the chart has
_HIGHEST = 0.05  # quantile of the torso's height
_LIP_MIDDLES, _LID_MIDDLES = (13, 14), ((159, 145), (386, 374))  # upper, lower

TraitsOf = Callable[[Traits, Rig, Sequence[Control]], np.ndarray]
REGIONAL: tuple[TraitsOf, ...] = (Traits.mouth, Traits.eye, Traits.whole)  # of mouth, eyes and rest


@dataclass(frozen=True)
class ChartPart:
    """Of the chart, to be regressed: what it depends on."""

    traits_of: TraitsOf
    share: np.ndarray  # [S,S] f32 0..1 of each texel that is this part's
    learnt: bool = False  # whether how much each of its traits tells is learnt

    @staticmethod
    def all(chart: Chart, side: int) -> list[ChartPart]:
        """Mouth, eyes and rest. Learnt for the rest too, the head is .1 to .5 dB worse on a clip that hardly moves."""
        return [ChartPart(way, share, way is Traits.mouth) for way, share in zip(REGIONAL, region_shares(chart, side))]


@dataclass(frozen=True)
class Region:
    """Part of the chart that is regressed with a kernel of its own."""

    traits_of: TraitsOf
    scales: np.ndarray  # [d] what its traits are multiplied by
    kernel: Kernel
    bank: np.ndarray  # [N,d] traits of the frames, scaled
    weights: np.ndarray  # [N,N] `Kernel.weights` of the bank
    values: np.ndarray  # [n] which values of the flat chart it says
    share: np.ndarray  # [n] f32 0..1 of each that is this region's

    def traits(self, traits: Traits, rig: Rig, controls: Sequence[Control]) -> np.ndarray:
        """[n,d] of controls, as those of the bank."""
        return self.traits_of(traits, rig, controls) * self.scales


@dataclass(frozen=True)
class Displacement:
    """Where the texels of the chart are, regressed on the traits of the rest of the chart."""

    kernel: Kernel
    weights: np.ndarray  # [N,N] `Kernel.weights` of the bank
    mean: np.ndarray  # [G,G,2] f32, 256ths
    seen: np.ndarray  # [N,G*G*2] f32 of the frames, less the mean


@dataclass(frozen=True)
class Appearance:
    """What was seen on the chart, and what of it shows at a control."""

    laying: Laying  # of the frames
    traits: Traits
    regions: tuple[Region, ...]
    mean: np.ndarray  # [S,S,C] f32
    seen: np.ndarray  # [N,S*S*C] f32 what the frames showed on the chart, less the mean
    displacement: Displacement | None

    @property
    def rig(self) -> Rig:
        return self.laying.rig

    @property
    def chart(self) -> Chart:
        return self.laying.chart

    @classmethod
    def of(
        cls, rig: Rig, controls: Sequence[Control], pictures: Sequence[np.ndarray], seed: int = 0, cores: int = 1
    ) -> Appearance:
        """Of frames in the order of time: their controls and head crops [S,S,C] u8.

        `MOST_FRAMES` at most: the chart of each is held in memory, and the kernels' matrices grow with their square.
        """
        posture = open_posture(rig, controls)
        parts = ChartPart.all(Chart.of(rig, posture, controls), len(pictures[0]))
        traits = Traits.of(rig, controls)
        banks = [part.traits_of(traits, rig, controls) for part in parts]
        laid = Laid.registered(rig, controls, pictures, posture, banks, [part.share for part in parts], seed, cores)
        return cls.fitted(laid, parts, seed).sharpened(pictures)

    @classmethod
    def fitted(cls, laid: Laid, parts: Sequence[ChartPart], seed: int = 0) -> Appearance:
        """Of frames on a chart, with a kernel for each part of it.

        The displacement, where there is a registration, is told by the traits of the last part.
        """
        laying, textures = laid.laying, laid.textures
        rig, controls, registration = laying.rig, laying.controls, laying.registration
        traits = Traits.of(rig, controls)
        flat = textures.reshape(len(textures), -1)
        random = np.random.default_rng(seed)
        of_person = np.repeat(laid.person.ravel(), textures.shape[-1])

        def region(part: ChartPart) -> Region:
            bank = part.traits_of(traits, rig, controls)
            shares = np.repeat(part.share.ravel(), textures.shape[-1])
            values = np.flatnonzero(shares > _LEAST_SHARE)
            kernel, chosen = kernel_for(bank, flat, values, of_person, random)
            scales = np.ones(bank.shape[1])
            if part.learnt:
                scales, kernel = learnt_scales(bank, flat[:, chosen] * shares[chosen], kernel)
            bank = bank * scales
            return Region(part.traits_of, scales, kernel, bank, kernel.weights(bank), values, shares[values])

        regions = tuple(region(part) for part in parts)
        displacement = _displacement(registration, regions[-1].bank) if registration else None
        return cls(laying, traits, regions, laid.mean, flat, displacement)

    def sharpened(self, pictures: Sequence[np.ndarray]) -> Appearance:
        """It with its finest band raised in each region by what is lacking of the frames' head crops [S,S,C] u8.

        Changes what was seen, which there is no room for twice.
        """
        rows = rows_left_out(len(pictures))
        if len(rows) == 0:
            return self
        shares = [self._share(region) for region in self.regions]
        charts = self.told([shares_without(region.kernel, region.bank, rows) for region in self.regions])
        charts_of = dict(zip(rows.tolist(), charts[..., :3]))

        def drawn(row: int) -> Drawn:
            picture = pictures[row]
            addresses = self.laying.addresses(row, len(picture))
            face = surely_person(picture) & self.laying.face(row, len(picture))
            return Drawn(
                sample(charts_of[row], addresses),
                sample(finest(charts_of[row]), addresses),
                picture[..., :3].astype(np.float32),
                [np.clip(sample(share, addresses), 0, 1) * face for share in shares],
            )

        found = raises(drawn(row) for row in rows.tolist())
        raised = np.sum([share * raise_ for share, raise_ in zip(shares, found)], 0)[..., None]
        mean = self.mean.copy()

        def sharpen(texture: np.ndarray) -> None:
            texture[..., :3] += raised * finest(texture[..., :3])

        side_by_side(self.laying.cores, sharpen, [mean, *self.seen.reshape(len(self.seen), *mean.shape)])
        return replace(self, mean=mean)

    def _share(self, region: Region) -> np.ndarray:
        """[S,S] f32"""
        share = np.zeros(self.mean.size, np.float32)
        share[region.values] = region.share
        return share.reshape(self.mean.shape)[..., 0]

    def places_alone(self) -> Appearance:
        """It without what was seen, which is 400 MB: for what only asks where things are and what tells of them."""
        return replace(self, seen=np.empty((0, self.mean.size), np.float32))

    def textures(self, controls: Sequence[Control]) -> np.ndarray:
        """The chart [n,S,S,C] f32 as it looks at each control."""
        likeness = [
            region.kernel.between(region.traits(self.traits, self.rig, controls), region.bank)
            for region in self.regions
        ]
        return self.told([alike @ region.weights for alike, region in zip(likeness, self.regions)])

    def told(self, mixtures: Sequence[np.ndarray]) -> np.ndarray:
        """The chart [n,S,S,C] f32 of each region's mixtures [n,N] of the frames."""
        flat = np.repeat(self.mean.reshape(1, -1), len(mixtures[0]), 0)
        for region, mixture in zip(self.regions, mixtures):
            told = mixture.astype(np.float32) @ self.seen
            flat[:, region.values] += region.share * told[:, region.values]
        return flat.reshape(-1, *self.mean.shape)

    def displacements(self, controls: Sequence[Control]) -> np.ndarray | None:
        """[n,G,G,2] f32, 256ths: how far the chart's texels lie from where the mesh has them, at each control."""
        if (found := self.displacement) is None:
            return None
        rest = self.regions[-1]
        likeness = found.kernel.between(rest.traits(self.traits, self.rig, controls), rest.bank)
        fields = (likeness @ found.weights).astype(np.float32) @ found.seen
        return found.mean + fields.reshape(-1, *found.mean.shape)

    def draw(self, controls: Sequence[Control], side: int = SIDE) -> Iterator[np.ndarray]:
        """The head crop [side,side,C] u8 at each control."""
        for first in range(0, len(controls), _AT_ONCE):
            some = controls[first : first + _AT_ONCE]
            offsets = self.displacements(some)
            for row, (control, texture) in enumerate(zip(some, self.textures(some))):
                addresses = self.chart.addresses(self.rig, control, side).astype(np.float32)
                if offsets is not None:
                    addresses = displaced(offsets[row], addresses)
                yield np.clip(sample(texture, addresses), 0, 255).round().astype(np.uint8)


def open_posture(rig: Rig, controls: Sequence[Control]) -> Control:
    """The control that the chart is laid out in: where the head is in the most usual frame, but facing the camera, with
    mouth and eyes open.

    On a face that is turned away the triangles of the far cheek lie behind each other, and texels that two of them
    share show as specks at the jaw (1.5 dB of the head on the synthetic person). A mouth that is nearly shut on the
    chart stretches what lies in it, and so do closed lids; the expression is the mean of frames with a wide mouth whose
    eyes are open. The torso lies as high as it is seen: where it rises above the chart's there is nothing of it to show
    at the crop's bottom (.6 dB of the head on a lively clip).
    """
    posed = np.stack([rig.vertices(control.expression) for control in controls])
    mouth = _opening(posed, _LIP_MIDDLES)
    eyes = sum(_opening(posed, middles) for middles in _LID_MIDDLES)
    wide = (mouth >= np.quantile(mouth, _WIDE_MOUTHS)) & (eyes >= np.quantile(eyes, _OPEN_EYES))
    if not wide.any():
        wide = mouth >= np.quantile(mouth, _WIDE_MOUTHS)
    poses = np.stack([np.append(np.ravel(control.rotation) * 10, control.translation) for control in controls])
    usual = controls[int(((poses - poses.mean(0)) ** 2).sum(1).argmin())]
    expression = np.stack([control.expression for control in controls])[wide].mean(0)
    torso = usual.torso + np.array([[0, 0, 0], [0, 0, _rise(usual, controls)]])
    return replace(
        usual,
        rotation=np.eye(3, dtype=np.float32),
        expression=expression.astype(np.float32),
        torso=torso.astype(np.float32),
    )


def _rise(usual: Control, controls: Sequence[Control]) -> float:
    """How much lower in its crop, source pixels, the torso lies where it is highest than in `usual`: negative."""
    heights = [follow_torso(TORSO_SEEN_LOWEST, control, usual)[0, 1] for control in controls]
    return float(np.quantile(heights, _HIGHEST) - TORSO_SEEN_LOWEST[0, 1]) * float(usual.crop[2]) / SIDE


def _displacement(registration: Registration, bank: np.ndarray) -> Displacement:
    found = registration.displacements(np.arange(len(bank)))
    mean = found.mean(0)
    seen = (found - mean).reshape(len(found), -1)
    kernel, _ = fit_kernel(bank, seen, LENGTHS, NOISES)
    return Displacement(kernel, kernel.weights(bank), mean, seen)


def _opening(posed: np.ndarray, middles: tuple[int, int]) -> np.ndarray:
    return np.linalg.norm(posed[:, middles[0]] - posed[:, middles[1]], axis=1)
