"""What the synthetic person may wear, and a hand that comes before the face."""

from __future__ import annotations

import numpy as np
from scipy.spatial import KDTree

from likeness_trainer.morphable.mesh import Pose
from likeness_trainer.morphable.rasterize import rasterize
from likeness_trainer.morphable.topology import EYE_LEFT, EYE_RIGHT, OUTER_LIP
from likeness_trainer.sample.hair import above_hairline, hair_light
from likeness_trainer.sample.lighting import ATTRIBUTES, KEY_DIRECTION, shade
from likeness_trainer.sample.part import SKIN_AREA, Material, Part, grid_triangles, in_area
from likeness_trainer.sample.person import CAMERA, MEAN_POSE, SIZE, Person
from likeness_trainer.sample.surface import Normals

SPOKES = 12
MOUTH = np.array([0.0, -4.2, 3.6])  # where a hand is held, head space at the mean pose
AWAY = np.array([2.0, -34.0, 5.0])


def tube(path: np.ndarray, radius: float | np.ndarray, closed: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """Points [N * 12, 3] and triangles of a tube along a path [N, 3], cm; a closed one runs into its own beginning."""
    if closed:
        path = np.concatenate([path, path[:1]])
    along = np.gradient(path, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    aside = np.cross(along, [0.12, 0.1, 1.0])
    aside /= np.linalg.norm(aside, axis=1, keepdims=True)
    up = np.cross(aside, along)
    angle = np.linspace(0, 2 * np.pi, SPOKES, endpoint=False)[None, :, None]
    wide = np.broadcast_to(radius, len(path))[:, None, None]
    points = path[:, None] + wide * (np.cos(angle) * aside[:, None] + np.sin(angle) * up[:, None])
    return points.reshape(-1, 3), grid_triangles(len(path), SPOKES, wrap=True)


def _flat(points: np.ndarray, triangles: np.ndarray, colour: np.ndarray) -> Part:
    """A part that carries its finished colour [V, 3]."""
    return Part(points, colour, triangles, np.zeros((len(points), 2)), np.ones(len(points)), Material.PRELIT)


class Glasses:
    """Dark frames with a gleam on each glass; `tinted` glasses hide the eyes."""

    def __init__(self, person: Person, tinted: bool = False) -> None:
        self._tinted = tinted
        below = np.array([0, -0.25, 0])
        eyes = [person.neutral[list(loop)].mean(0) + below for loop in (EYE_RIGHT, EYE_LEFT)]
        turn = np.linspace(0, 2 * np.pi, 36, endpoint=False)
        rings = [
            np.stack([x + 2.55 * np.cos(turn), y + 1.9 * np.sin(turn), 2.1 - 0.05 * (x + 2.55 * np.cos(turn)) ** 2], 1)
            for x, y, _ in eyes
        ]
        tubes = [tube(ring, 0.17, closed=True) for ring in rings]
        y = eyes[0][1]
        across = np.linspace(-1, 1, 9)
        tubes.append(tube(np.stack([0.95 * across, y + 0.5 - 0.3 * across**2, np.full(9, 2.35)], 1), 0.15))
        for side in (-1, 1):  # to the ears
            back = np.linspace(0, 1, 12)
            path = np.stack([side * (5.8 + 1.9 * back**0.4), np.full(12, y + 0.5), 0.6 - 9.0 * back], 1)
            tubes.append(tube(path, 0.13))
        firsts = np.cumsum([0] + [len(points) for points, _ in tubes[:-1]])
        self._points = np.concatenate([points for points, _ in tubes])
        self._triangles = np.concatenate([cells + first for (_, cells), first in zip(tubes, firsts)])
        self._normals = Normals(len(self._points), self._triangles)
        self._lenses = rings

    def parts(self, skin: np.ndarray, normals: np.ndarray, rotation: np.ndarray) -> list[Part]:
        """See `Worn`."""
        facing = np.abs(self._normals(self._points) @ rotation.T @ np.array(KEY_DIRECTION))
        frame = 0.012 + 0.5 * facing[:, None] ** 24 * np.ones(3)
        made = [_flat(self._points, self._triangles, frame)]
        for ring in self._lenses:
            made.append(self._gleam(ring))
            if self._tinted:
                fan = np.stack([np.zeros(36, int), 1 + np.arange(36), 1 + (np.arange(36) + 1) % 36], 1)
                glass = np.concatenate([ring.mean(0, keepdims=True), ring]) - [0, 0, 0.05]
                made.append(_flat(glass, fan, np.tile([0.010, 0.010, 0.012], (37, 1))))
        return made

    @staticmethod
    def _gleam(ring: np.ndarray) -> Part:
        """A window's reflection: a slanted stripe."""
        x, y, z = ring.mean(0)
        stripe = np.array([[-1.5, 0.3, 0.02], [-1.1, 0.3, 0.02], [-0.5, 1.2, 0.02], [-0.9, 1.2, 0.02]])
        corners = stripe + np.array([x, y, z])
        return _flat(corners, np.array([[0, 1, 2], [0, 2, 3]]), np.full((4, 3), 0.75))


class _Strands:
    """Ribbons of hair in head space. paths [S, P, 3]; width, cm."""

    def __init__(self, seed: int, count: int, steps: int, width: float) -> None:
        self._tint = np.repeat(np.random.default_rng(seed).normal(0.9, 0.2, count).clip(0.4, 1.5), steps)
        self._width = width * np.interp(np.arange(steps), [0, steps - 1], [1.0, 0.35])[None, :, None]
        k = np.arange(steps - 1) * 2
        cells = np.concatenate([np.stack([k, k + 2, k + 1], 1), np.stack([k + 1, k + 2, k + 3], 1)])
        self._triangles = (cells[None] + 2 * steps * np.arange(count)[:, None, None]).reshape(-1, 3).astype(np.int32)

    def part(self, paths: np.ndarray, rotation: np.ndarray) -> Part:
        tangent = np.gradient(paths, axis=1)
        tangent /= np.linalg.norm(tangent, axis=-1, keepdims=True)
        across = np.cross(tangent, [0.0, 0.0, 1.0])
        across /= np.maximum(np.linalg.norm(across, axis=-1, keepdims=True), 0.3)
        points = np.stack([paths - self._width * across, paths + self._width * across], 2).reshape(-1, 3)
        lit = np.full(len(self._tint), 0.8, np.float32)
        flat = (tangent.reshape(-1, 3) @ rotation.T).astype(np.float32)
        return _flat(points, self._triangles, hair_light(flat, self._tint.astype(np.float32), lit, lit).repeat(2, 0))


class Beard:
    """A full beard: strands that grow on cheeks, chin and upper lip and go where the skin goes."""

    COUNT = 5200

    def __init__(self, person: Person, seed: int = 5) -> None:
        skin, generator = person.skin, np.random.default_rng(seed)
        corners = skin.rest[skin.triangles]
        middle = corners.mean(1)
        lips = KDTree(person.neutral[list(OUTER_LIP)])
        edge = np.interp(np.abs(middle[:, 0]), [0, 2.5, 4.5, 6.5, 7.5], [-1.9, -2.2, -3.6, -1.0, 2.5])
        mouth = (np.abs(middle[:, 0]) < 2.9) & (np.abs(middle[:, 1] + 4.0) < 1.0)
        grows = (middle[:, 1] < edge) & (middle[:, 2] > -7.5) & (skin.inside[skin.triangles].max(1) < 0.01)
        grows &= (lips.query(middle)[0] > 0.38) & ~mouth
        area = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1) * grows
        self._rooted = skin.triangles[generator.choice(len(area), self.COUNT, p=area / area.sum())]
        self._share = generator.dirichlet([1, 1, 1], self.COUNT)[..., None]
        self._length = generator.uniform(0.7, 1.2, (self.COUNT, 1))
        self._strands = _Strands(seed, self.COUNT, 4, 0.05)

    def parts(self, skin: np.ndarray, normals: np.ndarray, rotation: np.ndarray) -> list[Part]:
        """See `Worn`."""
        root = (skin[self._rooted] * self._share).sum(1)
        normal = (normals[self._rooted] * self._share).sum(1)
        way = np.stack([0 * root[:, 0], np.full(len(root), -0.8), 0 * root[:, 0]], 1) + 0.15 * normal
        steps = np.linspace(0, 1, 4)[None, :, None]
        out = 0.30 * np.sin(steps * np.pi / 1.6) * normal[:, None]
        return [self._strands.part(root[:, None] + steps * (self._length * way)[:, None] + out, rotation)]


class Fringe:
    """Hair that hangs from the hairline before one eye and half of the other."""

    COUNT = 1300

    def __init__(self, person: Person, seed: int = 6) -> None:
        generator = np.random.default_rng(seed)
        x = generator.uniform(-6.0, 2.2, self.COUNT)
        low = np.interp(x, [-6, -3.3, 0, 2.2], [0.0, 1.0, 2.4, 4.6]) + generator.normal(0, 0.5, self.COUNT)
        down = np.linspace(0, 1, 9)
        y = 10.4 + down[None] * (low - 10.4)[:, None]
        across = x[:, None] * (0.75 + 0.25 * down[None] ** 0.6)
        front = KDTree(person.neutral[:, :2])
        distance, near = front.query(np.stack([across, y], -1).reshape(-1, 2), k=4)
        weight = 1 / (distance + 0.3)
        depth = (person.neutral[near, 2] * weight).sum(1) / weight.sum(1)
        lift = generator.uniform(0.35, 1.0, (self.COUNT, 1))
        z = depth.reshape(y.shape) + lift
        z[:, 0] -= 0.9  # out of the hair
        self._paths = np.stack([across, y, z], -1)
        self._strands = _Strands(seed, self.COUNT, 9, 0.07)
        assert (above_hairline(self._paths[:, 0]) > 0).mean() > 0.9

    def parts(self, skin: np.ndarray, normals: np.ndarray, rotation: np.ndarray) -> list[Part]:
        """See `Worn`."""
        return [self._strands.part(self._paths, rotation)]


class Hand:
    """A hand and a forearm that are raised before the mouth. `raised`: 0 out of the picture, 1 before the mouth."""

    def __init__(self, person: Person) -> None:
        self._atlas = person.atlas
        bend = np.linspace(0, 1, 14)
        round_end = np.sqrt(np.clip(1 - np.clip((bend - 0.82) / 0.18, 0, 1) ** 2, 0.02, 1))
        tubes = []
        for k, long in enumerate((6.6, 7.6, 7.2, 5.8)):  # from the index finger on
            x = 2.9 - 1.9 * k
            path = np.stack([x + 0.5 * (1.5 - k) * bend, 1.5 + long * bend, 0.3 - 1.6 * bend**2], 1)
            tubes.append(tube(path, 0.92 * round_end))
        thumb = np.stack([3.0 + 3.0 * bend, -2.0 + 4.4 * bend, 0.8 + 0.5 * bend], 1)
        tubes.append(tube(thumb, 1.1 * round_end))
        palm = np.stack([0 * bend, -5.0 + 7.8 * bend, 0.3 + 0 * bend], 1)
        points, cells = tube(palm, 1.0 + 3.2 * np.sin(np.pi * (0.15 + 0.7 * bend)) ** 0.5)
        tubes.append((points * [1, 1, 0.36], cells))
        arm = np.stack([2.0 * bend, -4.0 - 26 * bend, -1.5 * bend], 1)
        tubes.append(tube(arm, 2.5 + 1.6 * bend))
        firsts = np.cumsum([0] + [len(points) for points, _ in tubes[:-1]])
        self._points = np.concatenate([points for points, _ in tubes])
        self._triangles = np.concatenate([cells + first for (_, cells), first in zip(tubes, firsts)])
        self._normals = Normals(len(self._points), self._triangles)(self._points)
        # plain skin of the cheek
        self._uv = in_area(SKIN_AREA, 0.30 + 0.02 * np.sin(self._points[:, :2] * [1.0, 0.7]) + [0.0, 0.28])

    def layer(self, raised: float, side: int) -> np.ndarray:
        """[side, side, 4] linear colour times cover, cover, in a picture of the person of that size."""
        points = self._points * 0.92 + MOUTH + (1 - raised) * (AWAY - MOUTH)
        pixels, depth = CAMERA.project(points, Pose(MEAN_POSE.rotation, MEAN_POSE.translation))
        block = np.empty((len(points), ATTRIBUTES), np.float32)
        block[:, :2], block[:, 2:5], block[:, 5], block[:, 6] = self._uv, self._normals, 0.85, 0.9
        block[:, 7] = Material.SKIN
        screen = np.concatenate([pixels * side / SIZE, depth[:, None]], 1)
        return shade(rasterize(screen, block, self._triangles, side, side)[0], self._atlas)
