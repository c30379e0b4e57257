"""`appearance.safetensors`: a person's appearance as the avatar engine draws it, and the same drawing in numpy.

A frame is the mean chart and a few basis textures for each region, mixed by what the controls' likeness to those of the
person's own frames says. Where a picture has more pixels than the chart has texels, the chart is enlarged and what it
lacks is added: a detail of the same kind with as many texels as the source has pixels. The twin of the engine's
`draw/closed`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import cv2
import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from likeness_trainer.appearance.cubic import sample_cubic
from likeness_trainer.appearance.displacement import displaced
from likeness_trainer.appearance.surroundings import in_crop, to_crop
from likeness_trainer.appearance.sway import swayed
from likeness_trainer.format import TABLES
from likeness_trainer.morphable.rasterize import rasterize
from likeness_trainer.renderer.proxies import SIDE, Control
from likeness_trainer.renderer.rig import Rig

TABLE = TABLES["appearance"]
REGIONS = ("mouth", "eyes", "rest")
_SHARED = ("mean", "corners", "around", "ring", "torso", "room")  # by all regions
_TEXTURES = ("coefficients", "corner", "textures")
_DISPLACEMENT = ("mean", "fields", "coefficients", "length")
INPUTS = 81  # expression, rotation vector, translation, gaze, torso, and 1
ZERO = 128  # of a texture's bytes
LEAST_ALPHA = 1 / 510  # less has no colour
DETAIL_FROM = 1.15  # pixels a texel of the chart: below it, the detail would not be seen
_LARGEST_SIDE, _MOST_FRAMES, _MOST_TEXTURES = 1024, 1024, 128
_FARTHEST_CORNER = 4 * SIDE
_LARGEST_GRID, _MOST_FIELDS = 128, 64


@dataclass(frozen=True)
class Textures:
    """What is added to a part of a chart, times weights."""

    coefficients: np.ndarray  # [N,K] f32 of likeness to the person's own frames
    corner: tuple[int, int]  # left, top in the chart
    textures: np.ndarray  # [K,h,w,4] u8

    def add(self, likeness: np.ndarray, chart: np.ndarray) -> None:
        """Changes `chart` [S,S,4] f32; likeness [N]."""
        (left, top), (_, height, width, _) = self.corner, self.textures.shape
        weights = likeness @ self.coefficients.astype(np.float64)
        added = weights.astype(np.float32) @ self._levels
        chart[top : top + height, left : left + width] += added.reshape(height, width, 4)

    @cached_property
    def _levels(self) -> np.ndarray:
        """[K,h*w*4] f32"""
        return self.textures.reshape(len(self.textures), -1).astype(np.float32) - ZERO


@dataclass(frozen=True)
class Basis:
    """What a region of the chart may look like."""

    traits: np.ndarray  # [81,d] f64
    bank: np.ndarray  # [N,d] f32 traits of the person's own frames
    length: float  # of the kernel
    textures: Textures
    detail: Textures | None = None

    def likeness(self, inputs: np.ndarray, length: float | None = None) -> np.ndarray:
        """[N] to the person's own frames, of a control's numbers [81]; `length` of the kernel, its own by default."""
        away = ((inputs @ self.traits - self.bank) ** 2).sum(1)
        return np.exp(-away / (2 * (length or self.length) ** 2))


@dataclass(frozen=True)
class DisplacementBasis:
    """How the chart's texels may lie beside where the mesh has them; of the traits and the bank of the rest."""

    mean: np.ndarray  # [G,G,2] f32, 256ths of the chart
    fields: np.ndarray  # [F,G,G,2] f32
    coefficients: np.ndarray  # [N,F] f32 of likeness to the person's own frames
    length: float  # of the kernel

    def at(self, likeness: np.ndarray) -> np.ndarray:
        """[G,G,2] f32; likeness [N]."""
        weights = (likeness @ self.coefficients.astype(np.float64)).astype(np.float32)
        return self.mean + np.tensordot(weights, self.fields, 1)


@dataclass(frozen=True)
class AppearanceFile:
    """The file's contents; positions are 256ths of the chart's side."""

    mean: np.ndarray  # [S,S,4] f32 colour times alpha, and alpha, 0..255
    corners: np.ndarray  # [P,2] f32 of mesh, ring, torso and room
    around: np.ndarray  # [A,3] i32 triangles behind the face
    ring: np.ndarray  # [R,3] f32 head space, cm
    torso: np.ndarray  # [T,2] f32 reference frame, source pixels
    room: np.ndarray  # [O,2] f32 source pixels
    regions: dict[str, Basis]
    detail_mean: np.ndarray | None = None  # [D,D,4] u8, in steps of `detail_scale`
    detail_scale: float = 1.0
    displacement: DisplacementBasis | None = None  # older avatars have none
    loose: np.ndarray | None = None  # [G,G] f32 0..1 how much of the sway moves what lies here; older avatars: nothing

    @classmethod
    def read(cls, content: bytes) -> AppearanceFile:
        """Raises ValueError for a file that does not fit the format."""
        try:
            tensors = load(content)
        except SafetensorError as error:
            raise ValueError(str(error)) from error
        _check(tensors)
        has_detail = "detail_mean" in tensors
        regions = {
            name: Basis(
                tensors[f"{name}_traits"],
                tensors[f"{name}_bank"],
                float(tensors[f"{name}_length"][0]),
                _textures(tensors, name),
                _textures(tensors, f"{name}_detail") if has_detail else None,
            )
            for name in REGIONS
        }
        shared: dict[str, Any] = {name: tensors[name] for name in _SHARED}
        if has_detail:
            shared |= {"detail_mean": tensors["detail_mean"], "detail_scale": float(tensors["detail_scale"][0])}
        if "displacement_mean" in tensors:
            mean, fields, coefficients, length = (tensors[f"displacement_{part}"] for part in _DISPLACEMENT)
            shared["displacement"] = DisplacementBasis(mean, fields, coefficients, float(length[0]))
        if "loose" in tensors:
            shared["loose"] = tensors["loose"]
        return cls(**shared, regions=regions)

    def content(self) -> bytes:
        """The file's bytes."""
        tensors = {name: getattr(self, name) for name in _SHARED}
        if self.detail_mean is not None:
            tensors |= {"detail_mean": self.detail_mean, "detail_scale": np.array([self.detail_scale], np.float32)}
        if self.displacement is not None:
            values = (getattr(self.displacement, part) for part in _DISPLACEMENT)
            tensors |= {f"displacement_{part}": np.atleast_1d(value) for part, value in zip(_DISPLACEMENT, values)}
        if self.loose is not None:
            tensors["loose"] = self.loose
        for name, basis in self.regions.items():
            tensors |= {
                f"{name}_traits": basis.traits,
                f"{name}_bank": basis.bank,
                f"{name}_length": np.array([basis.length], np.float32),
            }
            for level, textures in ((name, basis.textures), (f"{name}_detail", basis.detail)):
                if textures is not None:
                    tensors |= {f"{level}_{part}": np.asarray(getattr(textures, part)) for part in _TEXTURES}
        typed = {name: np.ascontiguousarray(value, TABLE.tensors[name].dtype) for name, value in tensors.items()}
        return save(typed, TABLE.metadata)

    def multiplied(self, rig: Rig, control: Control, side: int = SIDE) -> np.ndarray:
        """The head crop [side,side,4] f32 0..1, colour multiplied by alpha."""
        chart = self.chart(control)
        if self.detail_mean is not None and side > DETAIL_FROM * len(chart):
            chart = self._detailed(chart, control)
        positions = self.addresses(rig, control, side) * np.float32(len(chart) / SIDE)
        return np.clip(sample_cubic(chart, positions) / np.float32(255), 0, 1)

    def draw(self, rig: Rig, control: Control, side: int = SIDE) -> np.ndarray:
        """The head crop [side,side,4] f32 0..1, colour not multiplied by alpha."""
        drawn = self.multiplied(rig, control, side)
        alpha = drawn[..., 3:]
        straight = np.where(alpha < LEAST_ALPHA, 0, drawn[..., :3] / np.maximum(alpha, LEAST_ALPHA))
        return np.concatenate([np.minimum(straight, 1), alpha], -1).astype(np.float32)

    def chart(self, control: Control) -> np.ndarray:
        """[S,S,4] f32 as it looks at a control, without the detail."""
        chart = self.mean.copy()
        inputs = numbers(control)
        for basis in self.regions.values():
            basis.textures.add(basis.likeness(inputs), chart)
        return chart

    def _detailed(self, chart: np.ndarray, control: Control) -> np.ndarray:
        """[D,D,4] f32: the chart of a control, enlarged, and what it lacks."""
        assert self.detail_mean is not None
        detail = (self.detail_mean.astype(np.float32) - ZERO) * np.float32(self.detail_scale)
        inputs = numbers(control)
        for basis in self.regions.values():
            if basis.detail is not None:
                basis.detail.add(basis.likeness(inputs), detail)
        return enlarged(chart, len(detail)) + detail

    def addresses(self, rig: Rig, control: Control, side: int = SIDE) -> np.ndarray:
        """For every pixel of the crop the chart position it shows, [side,side,2] f32."""
        positions, offsets = self.mesh_addresses(rig, control, side), self.offsets(control)
        return positions if offsets is None else displaced(offsets, positions)

    def offsets(self, control: Control) -> np.ndarray | None:
        """[G,G,2] f32: how far what the mesh looks up lies on the chart, foretold and tracked; None where nothing
        moves."""
        moved = None
        if self.displacement is not None:
            likeness = self.regions["rest"].likeness(numbers(control), self.displacement.length)
            moved = self.displacement.at(likeness)
        if self.loose is None or control.sway is None:
            return moved
        sway = swayed(control.sway, self.loose)
        return sway if moved is None else moved + sway

    def mesh_addresses(self, rig: Rig, control: Control, side: int = SIDE) -> np.ndarray:
        """The same as the mesh alone says it, [side,side,2] f32."""
        on_head = in_crop(rig, control, np.concatenate([rig.vertices(control.expression), self.ring]))
        torso = to_crop(self.torso @ control.torso[:, :2].T + control.torso[:, 2], control.crop)
        loose = np.concatenate([torso, to_crop(self.room, control.crop)])
        corners = np.concatenate([on_head, np.column_stack([loose, np.ones(len(loose))])])
        corners = (corners * [side / SIDE, side / SIDE, 1]).astype(np.float32)
        behind, _ = rasterize(corners * np.array([1, 1, 0], np.float32), self.corners, self.around, side, side)
        front, depth = rasterize(corners, self.corners, rig.triangles, side, side)
        return np.where(np.isfinite(depth)[..., None], front, behind).astype(np.float32)


def enlarged(chart: np.ndarray, side: int) -> np.ndarray:
    """`chart` [S,S,C] f32 with `side` texels along each side, [side,side,C] f32; cubic, as it is sampled."""
    return cv2.resize(chart, (side, side), interpolation=cv2.INTER_CUBIC)


def _textures(tensors: dict[str, np.ndarray], level: str) -> Textures:
    left, top = tensors[f"{level}_corner"].tolist()
    return Textures(tensors[f"{level}_coefficients"], (left, top), tensors[f"{level}_textures"])


def numbers(control: Control) -> np.ndarray:
    """[81] f64 that traits are made of."""
    turn = cv2.Rodrigues(np.asarray(control.rotation, np.float64))[0]
    parts = (control.expression, turn, control.translation, control.gaze, control.torso, [1])
    return np.concatenate([np.ravel(part) for part in parts]).astype(np.float64)


def _check(tensors: dict[str, np.ndarray]) -> None:
    sizes: dict[int | str, int] = {}
    has_detail, has_displacement = "detail_mean" in tensors, "displacement_mean" in tensors
    there = {"displacement": has_displacement, "loose": "loose" in tensors}
    for name, row in TABLE.tensors.items():
        if row.optional and not there.get(name.split("_")[0], has_detail):
            continue
        value = tensors.get(name)
        if value is None or value.dtype != row.dtype or value.ndim != len(row.shape):
            raise ValueError(f"{name} is missing, or of another type")
        for size, found in zip(row.shape, value.shape):
            wanted = sizes.setdefault(size, found) if isinstance(size, str) else size
            if found != wanted or found == 0:
                raise ValueError(f"{name} has the shape {value.shape}")
        if not np.isfinite(value).all():
            raise ValueError(f"{name} holds values that are not numbers")
    corners, around = tensors["corners"], tensors["around"]
    if len(corners) != 468 + sum(len(tensors[name]) for name in ("ring", "torso", "room")):
        raise ValueError("corners are not as many as the points")
    if np.abs(corners).max() > _FARTHEST_CORNER or around.min() < 0 or around.max() >= len(corners):
        raise ValueError("corners or triangles lie outside the chart")
    if sizes["N"] > _MOST_FRAMES:
        raise ValueError("the bank is far larger than one")
    _check_level(tensors, sizes["S"], "")
    if has_detail:
        _check_level(tensors, sizes["D"], "_detail")
    if not 2 <= sizes.get("G", 2) <= _LARGEST_GRID or sizes.get("F", 1) > _MOST_FIELDS:
        raise ValueError("the displacement is far larger than one")
    if "loose" in tensors and not ((tensors["loose"] >= 0) & (tensors["loose"] <= 1)).all():
        raise ValueError("more than all of the sway moves something, or less than nothing")
    if has_displacement and not tensors["displacement_length"][0] > 0:
        raise ValueError("the displacement has a kernel without length")
    for name in REGIONS:
        if not tensors[f"{name}_length"][0] > 0:
            raise ValueError(f"{name} has a kernel without length")


def _check_level(tensors: dict[str, np.ndarray], side: int, level: str) -> None:
    if side > _LARGEST_SIDE:
        raise ValueError("the chart is far larger than one")
    for name in REGIONS:
        left, top = tensors[f"{name}{level}_corner"]
        count, height, width, _ = tensors[f"{name}{level}_textures"].shape
        if min(left, top) < 0 or left + width > side or top + height > side or count > _MOST_TEXTURES:
            raise ValueError(f"{name} lies outside the chart")
