"""The shoulders in a knitted jumper: drawn once, then moved as a flat layer by the torso's 2-D similarity."""

from __future__ import annotations

import cv2
import numpy as np

from likeness_trainer.morphable.mesh import Camera, Pose
from likeness_trainer.morphable.rasterize import rasterize
from likeness_trainer.sample.lighting import (
    FILL_COLOUR,
    FILL_DIRECTION,
    GROUND_COLOUR,
    KEY_COLOUR,
    KEY_DIRECTION,
    RIM_COLOUR,
    RIM_DIRECTION,
    SKY_COLOUR,
)
from likeness_trainer.sample.part import grid_triangles
from likeness_trainer.sample.surface import Normals

WOOL = np.array([0.070, 0.135, 0.150], np.float32)  # linear
_S = (0.0, 0.12, 0.5, 0.75, 1.0, 1.3)
_SIDE_X = (6.5, 8.3, 15.2, 19.0, 21.3, 23.0)
_SIDE_Y = (-11.6, -12.2, -14.3, -17.0, -25.0, -40.0)
_FRONT_Z = (5.6, 6.4, 9.0, 10.4, 11.2, 11.5)
_FRONT_Y = (-14.9, -15.7, -19.5, -23.0, -31.0, -42.0)
AXIS_Z = -9.5


def _section(s: np.ndarray, angle: np.ndarray) -> np.ndarray:
    """Points of the jumper at a way s from the neckline (0) to below the picture, around the body."""
    side, front = np.cos(angle), np.sin(angle)
    x = np.interp(s, _S, _SIDE_X) * np.sign(side) * np.abs(side) ** 0.85
    back = np.interp(s, _S, np.add(_FRONT_Y, [2.6, 2.8, 3.5, 4, 4, 4]))
    y = np.interp(s, _S, _SIDE_Y) * side**2 + np.where(front > 0, np.interp(s, _S, _FRONT_Y), back) * front**2
    return np.stack([x, y, AXIS_Z + np.interp(s, _S, _FRONT_Z) * front], -1)


class Torso:
    """Two layers at `scale` times the picture's size, `margin` pixels larger on every side, [.., .., 4] linear colour
    times cover, cover:
    `back` to lie behind the neck, `front` before it."""

    def __init__(self, pose: Pose, camera: Camera, size: int, scale: int, margin: int, seed: int) -> None:
        """pose: how the body is held; size: pixels of the picture's side."""
        self.scale, self.margin = scale, margin
        self._pose, self._camera, self._size = pose, camera, size
        angle = np.linspace(-np.pi / 2, 3 * np.pi / 2, 180)
        body = _section(*np.broadcast_arrays(np.linspace(0, 1.3, 60)[:, None], angle[None]))
        turn = np.linspace(-0.55 * np.pi, 1.15 * np.pi, 14)[:, None]
        base = _section(np.zeros((1, 180)), angle[None])[0]
        away = base - [0, -12.8, AXIS_Z]
        away[:, 1] = 0
        away /= np.linalg.norm(away, axis=1, keepdims=True)
        collar = (
            base[None]
            + away[None] * (0.42 * np.cos(turn) - 0.25)[..., None]
            + np.stack([0 * turn, 0.80 * np.sin(turn) + 0.25, 0 * turn], -1)
        )
        generator = np.random.default_rng(seed)
        parts = [(body, False), (collar, True)]
        self.back = _wool(self._drawn(parts), generator)
        # what is in front of the neck hides the rest of the jumper too, so it looks the same in both layers
        self.front = self.back * (np.abs(self._drawn(parts, AXIS_Z + 1.0)[..., :3]).sum(-1, keepdims=True) > 0)

    def _drawn(self, parts: list[tuple[np.ndarray, bool]], nearer_than: float = -np.inf) -> np.ndarray:
        """Normal, position, ribbed and the way around [H, W, 8] of the nearest cloth whose z is above a depth."""
        extent = (self._size + 2 * self.margin) * self.scale
        points, attributes, triangles, first = [], [], [], 0
        for grid, ribbed in parts:
            flat = grid.reshape(-1, 3)
            cells = grid_triangles(grid.shape[0], grid.shape[1])
            if not ribbed:
                cells = cells[:, ::-1]
            normal = Normals(len(flat), cells)(flat)
            outward = flat - [0, -19, AXIS_Z]
            if (normal * outward).sum() < 0:
                normal = -normal
            cells = cells[flat[cells][:, :, 2].mean(1) > nearer_than]
            around = np.broadcast_to(np.arange(grid.shape[1]) / grid.shape[1], grid.shape[:2]).reshape(-1, 1)
            points.append(flat)
            attributes.append(np.concatenate([normal, flat, np.full((len(flat), 1), float(ribbed)), around], 1))
            triangles.append(cells + first)
            first += len(flat)
        vertices = np.concatenate(points)
        pixels, depth = self._camera.project(vertices, self._pose)
        screen = np.concatenate([(pixels + self.margin) * self.scale, depth[:, None]], 1)
        return rasterize(screen, np.concatenate(attributes), np.concatenate(triangles), extent, extent)[0]


def _wool(drawn: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Shade [H, W, 8] (normal, position, ribbed, around) as knitted cloth; [H, W, 4] colour and cover."""
    normal, place, ribbed, around = drawn[..., :3], drawn[..., 3:6], drawn[..., 6], drawn[..., 7]
    cover = (np.abs(normal).sum(-1) > 0).astype(np.float32)
    shape = cover.shape
    folds = np.zeros(shape, np.float32)
    x, y = place[..., 0], place[..., 1]
    for _ in range(34):  # folds hang from the shoulders and radiate from the armpits
        side = generator.choice([-1, 1])
        origin = np.array([side * generator.uniform(10, 20), generator.uniform(-29, -16)])
        slope = np.radians(generator.uniform(35, 80)) * side + generator.normal(0, 0.2)
        along = (x - origin[0]) * np.cos(slope) + (y - origin[1]) * np.sin(slope)
        across = -(x - origin[0]) * np.sin(slope) + (y - origin[1]) * np.cos(slope) + 0.02 * along**2
        folds += generator.uniform(0.10, 0.32) * np.exp(
            -((across / generator.uniform(0.5, 1.3)) ** 2) - (along / generator.uniform(3, 7)) ** 2
        )
    drape = cv2.GaussianBlur(generator.standard_normal(shape, np.float32), (0, 0), 26)
    folds += 0.05 * drape / drape.std()
    knit = np.sin(2 * np.pi * y / 0.36 + 1.6 * np.abs(np.sin(np.pi * x / 0.34)))
    ribs = np.sin(2 * np.pi * 150 * around)
    relief = folds + np.where(ribbed > 0.5, 0.060 * ribs, 0.020 * knit)
    per_pixel = np.gradient(np.where(cover > 0, x, np.nan), axis=1)
    step = np.nanmedian(np.abs(per_pixel[np.isfinite(per_pixel)]))
    down, right = np.gradient(relief)
    bent = normal - np.stack([right / step, -down / step, 0 * right], -1) * 0.85
    bent /= np.maximum(np.linalg.norm(bent, axis=-1, keepdims=True), 1e-6)
    sky, ground = np.array(SKY_COLOUR, np.float32), np.array(GROUND_COLOUR, np.float32)
    collar_distance = np.clip((-y - 12.0) / 9.0, 0, 1)
    occlusion = np.clip(0.55 + 0.45 * collar_distance + 0.9 * (folds - 0.1), 0.3, 1)
    head_shadow = 1 - 0.60 * np.exp(-(((x - 3.0) / 8.0) ** 2) - ((y + 12.5) / 5.0) ** 2)
    fuzz = (
        1
        + 0.10 * generator.standard_normal(shape, np.float32)[..., None]
        + 0.10 * np.where(ribbed > 0.5, ribs, 0.5 * knit)[..., None]
    )
    light = (0.5 + 0.5 * bent[..., 1:2]) * (sky - ground) + ground
    light = light * occlusion[..., None]
    for direction, colour, seen in (
        (KEY_DIRECTION, KEY_COLOUR, head_shadow * occlusion),
        (FILL_DIRECTION, FILL_COLOUR, occlusion),
        (RIM_DIRECTION, RIM_COLOUR, occlusion),
    ):
        cosine = np.maximum(0, (bent @ np.array(direction, np.float32) + 0.1) / 1.1)
        light = light + (seen * cosine)[..., None] * np.array(colour, np.float32)
    sheen = 0.05 * np.clip(1 - bent[..., 2:3], 0, 1) ** 2 * sky
    colour = (WOOL * fuzz * light + sheen * occlusion[..., None]) * cover[..., None]
    return np.concatenate([colour, cover[..., None]], -1).astype(np.float32)
