"""The skin's picture: colour and gloss painted by where each texel lies on the neutral face."""

from __future__ import annotations

import cv2
import numpy as np
from scipy.interpolate import CubicSpline
from scipy.spatial import KDTree

from likeness_trainer.morphable.rasterize import rasterize
from likeness_trainer.morphable.topology import EYE_LEFT, EYE_RIGHT, INNER_LIP, OUTER_LIP
from likeness_trainer.sample.face_rig import smoothstep
from likeness_trainer.sample.hair import COLOUR as HAIR
from likeness_trainer.sample.hair import above_hairline
from likeness_trainer.sample.skull import HeadSkin

BROW_RIGHT = ((70, 63, 105, 66, 107), (46, 53, 52, 65, 55))  # upper and lower edge, from the temple inwards
BROW_LEFT = ((300, 293, 334, 296, 336), (276, 283, 282, 295, 285))
NOSTRILS = ((166, 79, 238, 20, 60, 75, 59), (392, 309, 458, 250, 290, 305, 289))
CREASES = {33: (247, 30, 29, 27, 28, 56, 190), 263: (467, 260, 259, 257, 258, 286, 414)}  # the fold over each lid
BASE = np.array([0.605, 0.365, 0.262])  # linear
FLUSH = np.array([0.62, 0.235, 0.185])
LIP = np.array([0.37, 0.090, 0.088])
BROW = np.array([0.045, 0.022, 0.013])


def _noise(generator: np.random.Generator, size: int, sigma: float) -> np.ndarray:
    """Smooth noise [size, size] of unit variance."""
    field = cv2.GaussianBlur(generator.standard_normal((size, size)).astype(np.float32), (0, 0), sigma)
    return field / field.std()


class SkinPainter:
    """Paints a square [size, size, 4] f32: linear colour, gloss."""

    def __init__(self, skin: HeadSkin, size: int, seed: int) -> None:
        self.size, self.uv = size, skin.uv
        self.generator = np.random.default_rng(seed)
        flat = np.concatenate([skin.uv * size, np.zeros((len(skin.uv), 1))], 1)
        attributes = np.concatenate([skin.rest, skin.ring[:, None], skin.inside[:, None]], 1)
        drawn, depth = rasterize(flat, attributes, skin.triangles, size, size)
        self.position, self.ring, self.inside = drawn[..., :3], drawn[..., 3], drawn[..., 4]
        self._planes = [np.ascontiguousarray(self.position[..., k]) for k in range(3)]
        self.known = np.isfinite(depth)
        self._texels = np.argwhere(self.known[::3, ::3]) * 3
        self._tree = KDTree(self.position[self._texels[:, 0], self._texels[:, 1]])
        self.rest = skin.rest
        self.colour = np.broadcast_to(BASE, (size, size, 3)).astype(np.float32).copy()
        self.gloss = np.full((size, size), 0.75, np.float32)

    def _spot(self, place: tuple[float, float, float], reach: tuple[float, float, float]) -> np.ndarray:
        """A soft spot on both sides of the face, [size, size] 0..1."""
        x, y, z = self._planes
        aside = (np.abs(x) - abs(place[0])) if place[0] else x  # the same on both sides
        squares = (aside / reach[0]) ** 2 + ((y - place[1]) / reach[1]) ** 2 + ((z - place[2]) / reach[2]) ** 2
        return np.exp(-squares)

    def _mix(self, colour: np.ndarray, mask: np.ndarray, gloss: float | None = None) -> None:
        self.colour += mask[..., None] * (colour - self.colour).astype(np.float32)
        if gloss is not None:
            self.gloss += mask * (gloss - self.gloss)

    def _loop(self, vertices: tuple[int, ...], softness: float) -> np.ndarray:
        """A soft mask of what a closed loop of vertices encloses."""
        points = self.uv[list(vertices)] * self.size
        t = np.arange(len(points))
        fine = np.arange(0, len(points), 0.125)
        spline = CubicSpline(np.append(t, len(points)), np.vstack([points, points[:1]]), bc_type="periodic")
        mask = np.zeros((self.size, self.size), np.float32)
        cv2.fillPoly(mask, [(spline(fine) * 16).astype(np.int32)], (1.0,), cv2.LINE_AA, 4)
        return cv2.GaussianBlur(mask, (0, 0), softness)

    def _at(self, points: np.ndarray) -> np.ndarray:
        """Texture pixels (x, y) of points [P, 3] near the skin."""
        _, nearest = self._tree.query(points)
        return self._texels[nearest][:, ::-1].astype(np.float64)

    def paint(self) -> np.ndarray:
        self._complexion()
        self._freckles()
        self._lips()
        self._eye_surroundings()
        self._nostrils()
        for edges in (BROW_RIGHT, BROW_LEFT):
            self._brow(*edges)
        self._hair_roots()
        shut = np.clip(self.inside * 1.3, 0, 1)
        self._mix(np.array([0.34, 0.10, 0.09]), shut, 0.9)
        return np.concatenate([self.colour.clip(0, 1), self.gloss[..., None]], 2)

    def _complexion(self) -> None:
        size, g = self.size, self.generator
        for place, reach, strength in (
            ((4.2, -0.3, 0.0), (2.1, 1.7, 3.0), 0.38),
            ((0.0, 0.6, 3.4), (1.5, 1.1, 2.0), 0.30),
            ((0.0, -7.6, 0.5), (1.6, 1.1, 3.0), 0.20),
            ((7.5, 1.0, -8.0), (2.0, 4.0, 2.5), 0.30),
            ((0.0, 7.5, 0.5), (4.0, 1.2, 3.0), 0.07),
        ):
            self._mix(FLUSH, strength * self._spot(place, reach))
        self._mix(np.array([0.52, 0.33, 0.25]), 0.35 * self._spot((3.2, -4.5, 0.0), (1.8, 1.6, 3.0)))
        blotch = _noise(g, size, 26) * 0.022 + _noise(g, size, 9) * 0.014
        self.colour *= 1 + blotch[..., None] * np.array([0.7, 1.2, 1.2], np.float32)
        pores = cv2.GaussianBlur(g.standard_normal((size, size)).astype(np.float32), (0, 0), 0.9)
        pores = np.minimum(pores / pores.std(), 1.0)
        patch = 0.4 + 0.6 * np.clip(
            self._spot((2.2, 0.3, 2.0), (2.6, 2.6, 4.0)) + self._spot((0, 7.0, 0.5), (3.5, 1.5, 3.0)), 0, 1
        )
        self.colour *= (1 + 0.028 * pores * patch)[..., None]
        self.gloss *= np.clip(1 + 0.22 * pores + 0.10 * _noise(g, size, 3), 0.2, 2)
        shine = (
            self._spot((0, 1.0, 3.4), (0.8, 3.0, 2.0))
            + 0.7 * self._spot((0, 7.4, 0.5), (4.0, 1.5, 3.0))
            + 0.6 * self._spot((4.3, 1.3, 0.0), (1.4, 1.0, 2.0))
        )
        self.gloss *= 0.75 + 0.7 * np.clip(shine, 0, 1)

    def _hair_roots(self) -> None:
        """Skin seen between the first hairs: it darkens over half a centimetre."""
        lift = above_hairline(self.position.reshape(-1, 3)).reshape(self.size, self.size)
        lift = lift + 0.13 * _noise(self.generator, self.size, 1.6)
        self._mix(HAIR * 0.7, 0.92 * smoothstep(-0.35, 0.60, lift).astype(np.float32) * self.known, 0.15)

    def _freckles(self) -> None:
        g = self.generator
        layer = np.zeros((self.size, self.size), np.float32)
        count = 260
        place = np.stack([g.normal(0, 3.2, count), g.normal(0.9, 1.3, count), np.full(count, 1.0)], 1)
        for (x, y), strength, reach in zip(self._at(place), g.uniform(0.12, 0.5, count), g.uniform(0.8, 2.2, count)):
            cv2.circle(layer, (int(x * 16), int(y * 16)), int(reach * 16), (float(strength),), -1, cv2.LINE_AA, 4)
        x, y = self._at(np.array([[-3.6, -3.1, 1.0]]))[0]
        cv2.circle(layer, (int(x * 16), int(y * 16)), int(3.0 * 16), (1.0,), -1, cv2.LINE_AA, 4)  # a mole
        self._mix(np.array([0.30, 0.14, 0.08]), 0.75 * cv2.GaussianBlur(layer, (0, 0), 0.9))

    def _lips(self) -> None:
        mask = self._loop(OUTER_LIP, 4.0)
        edge = np.clip(mask * 1.25 - 0.1, 0, 1)
        creases = _noise(self.generator, self.size, 1.0)
        creases = cv2.GaussianBlur(creases, (0, 0), sigmaX=0.7, sigmaY=7)
        creases /= creases.std()
        lip = LIP * np.clip(1 + 0.10 * creases + 0.05 * _noise(self.generator, self.size, 8), 0.6, 1.4)[..., None]
        self._mix(lip, 0.86 * edge)
        inner = cv2.GaussianBlur(self._loop(INNER_LIP, 1.0), (0, 0), 9)
        self._mix(LIP * 0.30, 0.75 * np.clip(inner * 2.2, 0, 1) * edge)
        self.gloss = self.gloss * (1 - edge) + edge * (1.35 + 0.35 * creases).astype(np.float32).clip(0.3, 3)

    def _eye_surroundings(self) -> None:
        for loop in (EYE_RIGHT, EYE_LEFT):
            opening = self._loop(loop, 1.0)
            self._mix(np.array([0.46, 0.20, 0.16]), 0.30 * np.clip(cv2.GaussianBlur(opening, (0, 0), 18) * 1.4, 0, 1))
            self._mix(
                np.array([0.42, 0.17, 0.14]), 0.50 * np.clip(cv2.GaussianBlur(opening, (0, 0), 5) * 1.4, 0, 1), 0.9
            )
            crease = np.zeros_like(opening)
            fold = (self.uv[list(CREASES[loop[0]])] * self.size * 16).astype(np.int32)
            cv2.polylines(crease, [fold], False, (1.0,), 3, cv2.LINE_AA, 4)
            self._mix(np.array([0.26, 0.095, 0.075]), np.clip(0.60 * cv2.GaussianBlur(crease, (0, 0), 2.6), 0, 1))
            below = np.zeros_like(opening)
            lower = (self.uv[[loop[0], *loop[:8:-1], loop[8]]] * self.size * 16).astype(np.int32)
            cv2.polylines(below, [lower], False, (1.0,), 3, cv2.LINE_AA, 4)
            self._mix(np.array([0.22, 0.08, 0.065]), np.clip(0.55 * cv2.GaussianBlur(below, (0, 0), 2.2), 0, 1))
            line = np.zeros_like(opening)
            upper = (self.uv[[loop[0], *loop[1:8], loop[8]]] * self.size * 16).astype(np.int32)
            cv2.polylines(line, [upper], False, (1.0,), 4, cv2.LINE_AA, 4)
            self._mix(np.array([0.05, 0.025, 0.02]), np.clip(0.95 * cv2.GaussianBlur(line, (0, 0), 1.6), 0, 1))

    def _nostrils(self) -> None:
        for loop in NOSTRILS:
            self._mix(np.array([0.20, 0.065, 0.05]), 0.75 * np.clip(1.5 * self._loop(loop, 6.0), 0, 1), 0.1)
            self._mix(np.array([0.035, 0.010, 0.008]), np.clip(1.25 * self._loop(loop, 2.5), 0, 0.97), 0.0)
        self._mix(np.array([0.34, 0.13, 0.10]), 0.45 * self._spot((1.75, -0.3, 0.9), (0.22, 0.7, 0.8)))

    def _brow(self, upper: tuple[int, ...], lower: tuple[int, ...]) -> None:
        g = self.generator
        layer = np.zeros((self.size, self.size), np.float32)
        top, bottom = self.rest[list(upper)], self.rest[list(lower)]
        count = 340
        along = np.sort(g.uniform(0, 1, count)) ** 0.9
        across = np.clip(g.normal(0.55, 0.20, count), 0.05, 1)
        taper = np.interp(along, [0, 0.25, 0.8, 1], [0.15, 0.55, 0.85, 0.7])

        def point(a: np.ndarray, c: np.ndarray) -> np.ndarray:
            grid = [
                np.stack([np.interp(a * 4, np.arange(5), edge[:, k]) for k in range(3)], 1) for edge in (top, bottom)
            ]
            return grid[0] * c[:, None] + grid[1] * (1 - c[:, None])

        root = self._at(point(along, 0.5 + (across - 0.5) * taper))
        # hairs lie towards the temple, upright near the nose
        reach = g.uniform(0.10, 0.17, count)
        tip = self._at(
            point(
                np.clip(along - reach * np.interp(along, [0, 0.8, 1], [0.8, 0.7, 0.2]), 0, 1),
                np.clip(
                    0.5 + (across - 0.5) * taper + np.interp(along, [0, 0.4, 0.85, 1], [-0.10, 0.10, 0.28, 0.5]),
                    0,
                    1.15,
                ),
            )
        )
        for a, b, strength in zip(root, tip, g.uniform(0.35, 0.9, count)):
            cv2.line(
                layer, tuple((a * 16).astype(int)), tuple((b * 16).astype(int)), (float(strength),), 1, cv2.LINE_AA, 4
            )
        body = cv2.GaussianBlur(layer, (0, 0), 4.5)
        self._mix(BROW * 1.8, np.clip(0.75 * body, 0, 0.55))
        self._mix(BROW, np.clip(cv2.GaussianBlur(layer, (0, 0), 0.7), 0, 0.95), 0.25)
