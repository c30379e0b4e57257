"""The hair: locks of strands combed from a side parting to the back, over a dark cap that fills what they leave
open."""

from __future__ import annotations

import numpy as np
from scipy.spatial import KDTree

from likeness_trainer.sample.face_rig import smoothstep
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
from likeness_trainer.sample.skull import HeadSkin
from likeness_trainer.sample.surface import Normals

PARTING_X = 1.7
STEPS, STEP = 10, 0.95  # points of a strand and their distance, cm
STRANDS, LOCKS, FLYAWAYS = 6800, 340, 240
COLOUR = np.array([0.105, 0.046, 0.020])  # chestnut, linear
# The hairline: how high hair starts on the skull at a depth z, from the forehead over the temples and ears to the nape.
_LINE_Z = (-18.0, -11.0, -10.2, -9.0, -7.4, -6.9, -6.1, -4.8, -3.0, -1.2, 0.5)
_LINE_Y = (-6.5, -4.0, 1.5, 4.4, 4.4, 2.6, 4.3, 6.1, 7.9, 8.9, 9.5)


def above_hairline(points: np.ndarray) -> np.ndarray:
    """[P] cm above the hairline, negative on bare skin."""
    wave = 0.16 * np.sin(2.3 * points[:, 0] + 0.7) + 0.09 * np.sin(5.1 * points[:, 0])
    peak = 0.35 * np.exp(-(((points[:, 0] - PARTING_X) / 0.8) ** 2))
    return points[:, 1] - np.interp(points[:, 2], _LINE_Z, _LINE_Y) + wave * 0.6 - peak


def thickness(points: np.ndarray) -> np.ndarray:
    """[P] cm the hair stands off the skull."""
    inland = smoothstep(-0.2, 3.2, above_hairline(points))
    top = smoothstep(2.0, 10.0, points[:, 1])
    parted = 1 - 0.55 * np.exp(-(((points[:, 0] - PARTING_X) / 0.35) ** 2)) * smoothstep(
        6, 9, points[:, 1]
    ) * smoothstep(-9, -4, points[:, 2])
    return (0.10 + inland * (0.55 + 0.95 * top)) * parted


def _combed(points: np.ndarray) -> np.ndarray:
    """The way hair is combed at points [P, 3], not yet along the surface."""
    side = np.tanh((points[:, 0] - PARTING_X) / 0.16)
    high = smoothstep(5.0, 10.5, points[:, 1])
    front = smoothstep(-8.0, 0.0, points[:, 2])
    return np.stack(
        [
            side * (0.15 + 1.25 * high * (0.35 + 0.65 * front)),
            0.35 * front * high - 0.55 * (1 - high),
            -0.75 - 0.2 * (1 - front),
        ],
        1,
    )


class Hair:
    """The hair does not change its shape: it turns with the head.

    points [2 N, 3] and triangles: the strands' ribbons, two points for each of the N points along their middles;
    middle, tangents [N, 3], tint [N], depth [N] (share of the hair's thickness: 1 at its outside).
    cap, cap_normals, cap_tangents [C, 3] and cap_triangles: the surface under the strands.
    """

    def __init__(self, skin: HeadSkin, seed: int) -> None:
        generator = np.random.default_rng(seed)
        self._rest = skin.rest
        self._normals = Normals(len(skin.rest), skin.triangles)(skin.rest)
        outer = np.flatnonzero(skin.inside < 0.01)
        self._outer, self._tree = outer, KDTree(skin.rest[outer])
        self._make_cap(skin)
        roots, rooted = self._roots(skin, generator, STRANDS)
        self._make_strands(roots, rooted, generator)

    def _surface(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The skull's point and normal under points [P, 3], smoothed over the nearest vertices."""
        distance, nearest = self._tree.query(points, k=6)
        weight = 1 / (distance + 0.05) ** 2
        weight = (weight / weight.sum(1, keepdims=True))[..., None]
        vertex = self._outer[nearest]
        normal = (self._normals[vertex] * weight).sum(1)
        normal /= np.linalg.norm(normal, axis=1, keepdims=True)
        base = (self._rest[vertex] * weight).sum(1)
        return points - ((points - base) * normal).sum(1, keepdims=True) * normal, normal

    def _make_cap(self, skin: HeadSkin) -> None:
        lift = above_hairline(skin.rest)
        covered = (lift > 0.45) & (skin.inside < 0.01)
        kept = skin.triangles[covered[skin.triangles].all(1)]
        used, inverse = np.unique(kept, return_inverse=True)
        self.cap_triangles = inverse.reshape(-1, 3).astype(np.int32)
        base = skin.rest[used]
        self.cap = base + self._normals[used] * np.maximum(0.02, 0.72 * thickness(base) - 0.08)[:, None]
        self.cap_normals = self._normals[used]
        flow = _combed(base)
        flow -= (flow * self.cap_normals).sum(1, keepdims=True) * self.cap_normals
        self.cap_tangents = flow / np.linalg.norm(flow, axis=1, keepdims=True)

    def _roots(self, skin: HeadSkin, generator: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
        """Points on the scalp that can be seen from the front, denser along the hairline."""
        triangles = skin.triangles
        middle = skin.rest[triangles].mean(1)
        lift = above_hairline(middle)
        usable = (lift > -0.25) & (middle[:, 2] > -11.5) & (skin.inside[triangles].max(1) < 0.01)
        corners = skin.rest[triangles]
        area = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
        at_parting = np.exp(-(((middle[:, 0] - PARTING_X) / 0.7) ** 2)) * (middle[:, 1] > 6)
        chance = area * usable * (1 + 3.0 * np.exp(-((lift / 0.7) ** 2)) + 3.0 * at_parting)
        chosen = generator.choice(len(triangles), count, p=chance / chance.sum())
        a, b = generator.uniform(0, 1, (2, count, 1))
        flip = a + b > 1
        a, b = np.where(flip, 1 - a, a), np.where(flip, 1 - b, b)
        points = corners[chosen, 0] * (1 - a - b) + corners[chosen, 1] * a + corners[chosen, 2] * b
        keep = above_hairline(points) > generator.normal(0.0, 0.14, count)
        return points[keep], generator.uniform(0.55, 1.04, keep.sum())

    def _comb(self, roots: np.ndarray, level: np.ndarray, generator: np.random.Generator) -> np.ndarray:
        """Strands [S, STEPS, 3] from their roots; level is the share of the hair's thickness they rise to."""
        place, path = roots, []
        turn = generator.normal(0, 0.07, len(roots))
        for k in range(STEPS):
            base, normal = self._surface(place)
            rise = 0.15 + 0.85 * smoothstep(-0.5, 2.5, k)
            path.append(base + normal * (thickness(base) * level * rise + 0.01)[:, None])
            way = _combed(base)
            way -= (way * normal).sum(1, keepdims=True) * normal
            way /= np.linalg.norm(way, axis=1, keepdims=True)
            aside = np.cross(normal, way)
            wave = 0.13 * np.sin(1.2 * k + 1.1 * roots[:, 0] + 0.8 * roots[:, 1])
            way = way + aside * (turn + wave)[:, None]
            place = base + STEP * way / np.linalg.norm(way, axis=1, keepdims=True)
        return np.stack(path, 1)

    def _make_strands(self, roots: np.ndarray, level: np.ndarray, generator: np.random.Generator) -> None:
        path = self._comb(roots, level, generator)
        # Locks: every strand is drawn towards the middle strand of its neighbourhood, the more the further out.
        lead = generator.choice(len(roots), LOCKS, replace=False)
        lock = KDTree(roots[lead]).query(roots)[1]
        pull = (0.62 * np.linspace(0, 1, STEPS) ** 0.8)[None, :, None]
        target = path[lead[lock]]
        depth = np.repeat(level[:, None], STEPS, 1)
        ridge = 1 - np.clip(np.linalg.norm(path - target, axis=-1) / 0.9, 0, 1)
        path = path + pull * (target - path) * np.array([1, 1, 1])
        _, normal = self._surface(path.reshape(-1, 3))
        path = path + normal.reshape(path.shape) * (0.16 * ridge * pull[..., 0])[..., None]
        fly_from = generator.choice(len(roots), FLYAWAYS)
        fly = self._comb(roots[fly_from], generator.uniform(1.05, 1.32, FLYAWAYS), generator)
        fly += np.cumsum(generator.normal(0, 0.035, fly.shape), 1)
        path = np.concatenate([path, fly])
        depth = np.concatenate([depth, np.ones((FLYAWAYS, STEPS))])
        lock_tint = generator.normal(1, 0.13, LOCKS)[lock]
        tint = np.concatenate(
            [lock_tint * generator.normal(1, 0.16, len(roots)), generator.normal(1.1, 0.1, FLYAWAYS)]
        ).clip(0.55, 1.6)
        tangent = np.gradient(path, axis=1)
        tangent /= np.linalg.norm(tangent, axis=-1, keepdims=True)
        across = np.cross(tangent, [0.0, 0.0, 1.0])
        across /= np.maximum(np.linalg.norm(across, axis=-1, keepdims=True), 0.15)
        width = np.concatenate([generator.uniform(0.032, 0.062, len(roots)), np.full(FLYAWAYS, 0.017)])
        taper = np.interp(np.arange(STEPS), [0, 1, STEPS - 3, STEPS - 1], [0.5, 1.0, 0.9, 0.3])
        half = width[:, None, None] * taper[None, :, None] * across
        points = np.stack([path - half, path + half], 2).reshape(-1, 3)
        k = np.arange(STEPS - 1) * 2
        cells = np.concatenate([np.stack([k, k + 2, k + 1], 1), np.stack([k + 1, k + 2, k + 3], 1)])
        triangles = (cells[None] + (2 * STEPS) * np.arange(len(path))[:, None, None]).reshape(-1, 3).astype(np.int32)
        self.points, self.triangles = points, triangles
        self.middle, self.tangents = path.reshape(-1, 3), tangent.reshape(-1, 3).astype(np.float32)
        self.tint, self.depth = np.repeat(tint, STEPS).astype(np.float32), depth.reshape(-1)


def hair_light(tangents: np.ndarray, tint: np.ndarray, occlusion: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """[V, 3] linear colour of hair with tangents [V, 3] in camera space (Kajiya and Kay 1989, two highlights after
    Marschner 2003)."""
    sky = np.array(SKY_COLOUR, np.float32)
    ground = np.array(GROUND_COLOUR, np.float32)
    colour = COLOUR.astype(np.float32) * tint[:, None]
    total = colour * occlusion[:, None] * (0.55 * sky + 0.45 * ground) * 1.5
    along_view = tangents[:, 2]
    across_view = np.sqrt(np.maximum(0, 1 - along_view**2))
    for direction, light, visible in (
        (KEY_DIRECTION, KEY_COLOUR, seen * occlusion),
        (FILL_DIRECTION, FILL_COLOUR, occlusion),
        (RIM_DIRECTION, RIM_COLOUR, occlusion**1.5),
    ):
        along = tangents @ np.array(direction, np.float32)
        across = np.sqrt(np.maximum(0, 1 - along**2))
        cone = np.maximum(0, across * across_view - along * along_view)
        # the second highlight stands 0.12 radians aside: cos(a - 0.12)
        shifted = np.maximum(0, cone * 0.9928 + np.sqrt(np.maximum(0, 1 - cone * cone)) * 0.1197)
        first, second = 0.085 * cone**60, 0.55 * shifted**14
        total += (
            visible[:, None]
            * np.array(light, np.float32)
            * (colour * (0.62 * across[:, None] + second[:, None]) + first[:, None])
        )
    return total
