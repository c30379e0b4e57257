"""The texture atlas: skin, eyes, teeth and tongue in one linear picture with gloss."""

from __future__ import annotations

import cv2
import numpy as np

from likeness_trainer.sample.eyes import IRIS_RADIUS, RADIUS, TEXTURE_REACH
from likeness_trainer.sample.mouth import LOWER_WIDTHS, UPPER_WIDTHS
from likeness_trainer.sample.part import (
    ATLAS_HEIGHT,
    ATLAS_WIDTH,
    EYE_AREA,
    LOWER_TEETH_AREA,
    TONGUE_AREA,
    UPPER_TEETH_AREA,
)
from likeness_trainer.sample.skin_paint import SkinPainter
from likeness_trainer.sample.skull import HeadSkin


def paint_atlas(skin: HeadSkin, seed: int) -> np.ndarray:
    """[1280, 2048, 4] f32: linear colour 0..1 and gloss."""
    atlas = np.zeros((ATLAS_HEIGHT, ATLAS_WIDTH, 4), np.float32)
    atlas[:, :ATLAS_HEIGHT] = SkinPainter(skin, ATLAS_HEIGHT, seed).paint()
    generator = np.random.default_rng(seed + 1)
    for area, picture in (
        (EYE_AREA, _eye(generator)),
        (UPPER_TEETH_AREA, _teeth(generator, UPPER_WIDTHS, True)),
        (LOWER_TEETH_AREA, _teeth(generator, LOWER_WIDTHS, False)),
        (TONGUE_AREA, _tongue(generator)),
    ):
        left, top = round(area[0] * ATLAS_WIDTH), round(area[1] * ATLAS_HEIGHT)
        width, height = round(area[2] * ATLAS_WIDTH), round(area[3] * ATLAS_HEIGHT)
        atlas[top : top + height, left : left + width] = cv2.resize(
            picture, (width, height), interpolation=cv2.INTER_AREA
        )
    return atlas


def _eye(generator: np.random.Generator, size: int = 512) -> np.ndarray:
    y, x = np.mgrid[0:size, 0:size].astype(np.float32) / size * 2 - 1
    r = np.hypot(x, y) * TEXTURE_REACH * RADIUS / IRIS_RADIUS  # 1 on the limbus
    angle = np.arctan2(y, x)
    white = np.array([0.70, 0.66, 0.63]) * (1 - 0.10 * np.clip(r - 1, 0, 2)[..., None] * np.array([0.3, 1.0, 1.1]))
    veins = np.zeros((size, size), np.float32)
    for _ in range(46):
        turn, reach = generator.uniform(0, 2 * np.pi), 1.0
        points = []
        for _ in range(14):
            points.append((0.5 + 0.5 * np.array([np.cos(turn), np.sin(turn)]) * reach) * size)
            reach -= 0.035
            turn += generator.normal(0, 0.05)
        cv2.polylines(
            veins, [(np.array(points) * 16).astype(np.int32)], False, (generator.uniform(0.15, 0.5),), 1, cv2.LINE_AA, 4
        )
    white = white * (1 - cv2.GaussianBlur(veins, (0, 0), 0.8)[..., None] * np.array([0.15, 0.65, 0.6]))
    spokes = generator.standard_normal(720).astype(np.float32)
    spokes = (
        cv2.GaussianBlur(np.tile(spokes, 3)[None], (0, 0), 1.2)[0][720:1440] * 1.6
        + cv2.GaussianBlur(np.tile(spokes, 3)[None], (0, 0), 5)[0][720:1440] * 2.5
    )
    fibre = np.interp((angle + 0.15 * np.sin(9 * r)) % (2 * np.pi), np.linspace(0, 2 * np.pi, 720), spokes)
    collarette = np.exp(-(((r - 0.50) / 0.10) ** 2))
    iris = np.array([0.085, 0.155, 0.165]) * (1 + 0.45 * fibre)[..., None]
    iris = iris + (collarette * (0.6 + 0.4 * fibre))[..., None] * np.array([0.16, 0.10, 0.035])
    iris = (
        iris * (1.25 - 0.35 * np.clip(r, 0, 1))[..., None] * (1 - 0.88 * np.exp(-(((r - 1.0) / 0.14) ** 2)))[..., None]
    )
    pupil = np.clip((0.36 - r) / 0.03 + 0.5, 0, 1)[..., None]
    iris = iris * (1 - pupil) + 0.004 * pupil
    inside = np.clip((1.0 - r) / 0.08 + 0.5, 0, 1)[..., None]
    colour = (iris * inside + white * (1 - inside)).clip(0, 1)
    corner = np.clip((np.abs(x) - 0.80) / 0.2, 0, 1)[..., None]
    colour = colour * (1 - 0.55 * corner) + corner * 0.55 * np.array([0.46, 0.17, 0.15])
    return np.concatenate([colour, np.full((size, size, 1), 1.0)], 2).astype(np.float32)


def _teeth(generator: np.random.Generator, widths: tuple[float, ...], upper: bool) -> np.ndarray:
    height, columns = 256, 1024
    bounds = np.concatenate([[0], np.cumsum(widths)])
    arc = np.abs(np.linspace(-bounds[-1], bounds[-1], columns))
    tooth = np.clip(np.searchsorted(bounds, arc, side="right") - 1, 0, 6)
    s = (arc - bounds[tooth]) / np.array(widths)[tooth]
    down = np.linspace(0, 1, height)[:, None]
    gum_line = 0.50 + 0.085 * np.sqrt(np.clip(1 - (2 * s - 1) ** 2, 0, 1))[None] - 0.012 * tooth[None]
    if not upper:
        gum_line = gum_line - 0.05
    gum = np.clip((down - gum_line) / 0.012 + 0.5, 0, 1)[..., None]
    tint = generator.uniform(0.94, 1.03, (2, 7))[(np.linspace(-1, 1, columns) > 0).astype(int), tooth]
    enamel = np.array([0.72, 0.66, 0.55]) * (tint * (1 - 0.020 * tooth))[None, :, None] * (1 - 0.14 * down)[..., None]
    enamel = enamel * (1 - 0.12 * np.clip(1 - down / 0.10, 0, 1)[..., None] * np.array([1.0, 0.9, 0.7]))  # clear edges
    gap = np.exp(-((np.minimum(s, 1 - s) * np.array(widths)[tooth] / 0.035) ** 2))[None] * np.ones_like(down)
    enamel = enamel * (1 - 0.82 * gap[..., None] * np.array([0.9, 1.0, 1.05]))
    pink = (
        np.array([0.46, 0.155, 0.145])
        * (0.85 + 0.25 * np.clip(1 - (down - gum_line) / 0.4, 0, 1))[..., None]
        * (1 + 0.05 * generator.standard_normal((height, columns, 1)))
    )
    line = np.exp(-(((down - gum_line) / 0.02) ** 2))[..., None]
    colour = (enamel * (1 - gum) + pink * gum) * (1 - 0.35 * line)
    gloss = (0.9 - 0.2 * gum) * (1 - 0.8 * gap[..., None])
    return np.concatenate([colour.clip(0, 1), gloss], 2).astype(np.float32)


def _tongue(generator: np.random.Generator, size: int = 256) -> np.ndarray:
    x = np.arange(size, dtype=np.float32)[None] / size + np.zeros((size, 1), np.float32)
    grain = cv2.GaussianBlur(generator.standard_normal((size, size)).astype(np.float32), (0, 0), 1.5)
    colour = np.array([0.47, 0.165, 0.155]) * (1 + 0.35 * grain + 0.05 * np.cos((x - 0.5) * 6))[..., None]
    colour = colour * (1 - 0.30 * np.exp(-(((x - 0.5) / 0.05) ** 2)))[..., None]
    return np.concatenate([colour.clip(0, 1), (0.35 + 0.5 * np.abs(grain))[..., None]], 2).astype(np.float32)
