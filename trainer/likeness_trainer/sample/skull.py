"""The head behind the face mesh: skull, sides and the underside of the jaw grown from the face oval, lids and lips
given thickness."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from likeness_trainer.morphable.topology import EYE_LEFT, EYE_RIGHT, FACE_OVAL, INNER_LIP, VERTICES, triangles
from likeness_trainer.sample.face_rig import face_shapes, smoothstep
from likeness_trainer.sample.surface import smooth_surface

SKULL_CENTRE = np.array([0.0, 2.6, -7.6])
SKULL_RADII = np.array([7.25, 10.2, 9.6])
RINGS = 8
SURFACE_TRIANGLES = 852


@dataclass(frozen=True)
class HeadSkin:
    """The fine skin of the head; vertices = rest + sum of controls times shapes.

    rest [V, 3], shapes [26, V, 3] cm, triangles [F, 3], uv [V, 2] 0..1, ring [V] (0 on the face, growing to 1 at the
    back of the head), inside [V] (0 on the outside, 1 deep behind the lips or the lids).
    """

    rest: np.ndarray
    shapes: np.ndarray
    triangles: np.ndarray
    uv: np.ndarray
    ring: np.ndarray
    inside: np.ndarray


def _outer_rings(neutral: np.ndarray) -> np.ndarray:
    """[RINGS, 36, 3]: from the face oval to the back of the head, and under the jaw to the throat."""
    oval = neutral[list(FACE_OVAL)]
    pole = np.array([0.0, 0.15, -1.0]) / np.hypot(1.0, 0.15)
    sphere = (oval - SKULL_CENTRE) / SKULL_RADII
    start = np.linalg.norm(sphere, axis=1, keepdims=True)
    sphere /= start
    angle = np.arccos(np.clip(sphere @ pole, -1, 1))[:, None]
    under = smoothstep(-3.0, -6.2, oval[:, 1])[:, None]
    throat = np.stack([oval[:, 0] * 0.62, np.full(36, -6.6), np.minimum(oval[:, 2] * 0.4 - 4.6, -4.6)], 1)
    rings = []
    for s in (np.arange(1, RINGS + 1) / RINGS) ** 1.15:
        toward = (np.sin((1 - s) * angle) * sphere + np.sin(s * angle) * pole) / np.sin(angle)
        radius = 1 + (start - 1) * (1 - smoothstep(0.0, 0.45, s))
        skull = SKULL_CENTRE + toward * radius * SKULL_RADII
        below = oval + (throat - oval) * s
        below[:, 1] -= 0.35 * np.sin(np.pi * s) * (oval[:, 2] > -3)
        rings.append((1 - under) * skull + under * below)
    return np.stack(rings)


def _loop_strip(first: list[int], second: list[int]) -> list[tuple[int, int, int]]:
    strip = []
    for k in range(len(first)):
        a, b, c, d = first[k], first[(k + 1) % len(first)], second[k], second[(k + 1) % len(first)]
        strip += [(a, b, c), (b, d, c)]
    return strip


def _oriented(strip: list[tuple[int, int, int]], surface: set[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """Turn a strip so that the edge it shares with the surface runs the other way."""
    clash = any((t[k], t[(k + 1) % 3]) in surface for t in strip for k in range(3))
    return [(a, c, b) for a, b, c in strip] if clash else strip


def head_skin(neutral: np.ndarray, uv: np.ndarray, levels: int = 2) -> HeadSkin:
    """The fine skin grown from a neutral face [468, 3] and its texture coordinates [468, 2]."""
    faces = [tuple(row) for row in triangles()[:SURFACE_TRIANGLES].tolist()]
    surface = {(t[k], t[(k + 1) % 3]) for t in faces for k in range(3)}
    shapes = face_shapes(neutral)
    points, moves, flat, ring, inside = (
        [neutral],
        [shapes],
        [0.5 + (uv - 0.5) * 0.72],
        [np.zeros(VERTICES)],
        [np.zeros(VERTICES)],
    )
    extra: list[tuple[int, int, int]] = []

    def grow(
        loop: list[int], place: np.ndarray, follow: np.ndarray, texture: np.ndarray, level: float, depth: float
    ) -> list[int]:
        first = sum(map(len, points))
        base = np.concatenate(moves, 1)[:, loop]
        points.append(place)
        moves.append(base * follow[None, :, None])
        flat.append(texture)
        ring.append(np.full(len(loop), level))
        inside.append(np.full(len(loop), depth))
        added = list(range(first, first + len(loop)))
        extra.extend(_oriented(_loop_strip(loop, added), surface))
        for t in extra[-2 * len(loop) :]:
            surface.update((t[k], t[(k + 1) % 3]) for k in range(3))
        return added

    loop = [*map(int, FACE_OVAL)]
    outward = flat[0][loop] - 0.5
    for k, place in enumerate(_outer_rings(neutral), 1):
        s = k / RINGS
        loop = grow(loop, place, np.full(36, 0.55), 0.5 + outward * (1 + 0.42 * s), s, 0.0)
    for eye in (EYE_RIGHT, EYE_LEFT):
        loop = [*map(int, eye)]
        margin, middle = neutral[loop], neutral[loop].mean(0)
        away = (margin - middle) * [0.04, 0.10, 0.0]
        texture = flat[0][loop]
        for depth, back in ((0.4, 0.10), (1.0, 0.45)):
            texture = texture + (texture.mean(0) - texture) * 0.10
            loop = grow(loop, margin + away * depth - [0, 0, back], np.ones(16), texture, 0.0, depth)
    loop = [*map(int, INNER_LIP)]
    texture = flat[0][loop]
    turn = np.array([0.0] + [1.0] * 9 + [0.0] + [-1.0] * 9)
    for depth, high, back in ((0.35, 0.10, 0.28), (0.7, 0.38, 0.55), (1.0, 0.80, 0.75)):
        place = neutral[list(INNER_LIP)] * [1.0, 1, 1] + np.stack([0 * turn, high * turn, np.full(20, -back)], 1)
        texture = texture + (texture.mean(0) - texture) * 0.12
        loop = grow(loop, place, np.ones(20), texture, 0.0, depth)

    control = np.concatenate(points)
    matrix, fine = smooth_surface(len(control), np.array(faces + extra, np.int32), levels)

    def refine(values: np.ndarray) -> np.ndarray:
        return (matrix @ values.reshape(len(control), -1).astype(np.float32)).reshape(len(matrix), *values.shape[1:])

    motion = refine(np.concatenate(moves, 1).transpose(1, 0, 2)).transpose(1, 0, 2)
    texture = refine(np.concatenate(flat))
    return HeadSkin(
        refine(control),
        np.ascontiguousarray(motion),
        fine,
        texture,
        refine(np.concatenate(ring)),
        refine(np.concatenate(inside)).clip(0, 1),
    )
