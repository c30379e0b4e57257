"""What a renderer must beat without any training: the nearest frame, that frame warped by the mesh, the mean of eight
warped ones.

All see only training pictures. Pictures are head crops, u8 RGB, of 256 x 256 or any other side S.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np
from scipy.spatial import Delaunay

from likeness_trainer.appearance.surroundings import ROOM, TORSO, follow_torso, in_crop, ring, to_crop, to_source
from likeness_trainer.morphable.rasterize import rasterize
from likeness_trainer.morphable.topology import FACE_OVAL
from likeness_trainer.renderer.proxies import SIDE, Control
from likeness_trainer.renderer.rig import Rig

_AT_ONCE = 1000  # candidates; of a face they take 11 MB


def nearest(queries: np.ndarray, candidates: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """Index of the nearest candidate for each query: squared distance summed over points, [Q].

    queries [Q, P, D], candidates [C, P, D], weights [P] (1 when left out).
    """
    return np.argmin(_distances(queries, candidates, weights), 1)


def nearest_among(
    queries: np.ndarray,
    frames: np.ndarray,
    shapes: Callable[[np.ndarray], np.ndarray],
    weights: np.ndarray | None = None,
) -> np.ndarray:
    """The nearest of `frames` [C] for each query, [Q], as `nearest` has it. `shapes` of some frames [n] are [n, P, D];
    they are asked for piece by piece, so that a clip of any length fits into memory."""
    found, least = np.zeros(len(queries), np.int64), np.full(len(queries), np.inf)
    for first in range(0, len(frames), _AT_ONCE):
        some = frames[first : first + _AT_ONCE]
        distances = _distances(queries, shapes(some), weights)
        best = distances.argmin(1)
        here = distances[np.arange(len(queries)), best]
        found, least = np.where(here < least, some[best], found), np.minimum(least, here)
    return found


def nearest_apart(
    queries: np.ndarray, candidates: np.ndarray, frames: np.ndarray, count: int, weights: np.ndarray | None = None
) -> list[list[int]]:
    """Up to `count` nearest candidates of each query, of which no two are neighbours in time, which are nearly equal.

    `frames` [C] are the candidates' numbers; otherwise as `nearest`.
    """
    found = []
    for distances in _distances(queries, candidates, weights):
        chosen: list[int] = []
        for candidate in np.argsort(distances, kind="stable").tolist():
            if all(abs(int(frames[candidate]) - int(frames[other])) > 1 for other in chosen):
                chosen.append(candidate)
            if len(chosen) == count:
                break
        found.append(chosen)
    return found


def _distances(queries: np.ndarray, candidates: np.ndarray, weights: np.ndarray | None) -> np.ndarray:
    """[Q, C] squared distances, less what is the same for every candidate of a query."""
    root = np.sqrt(np.ones(queries.shape[1]) if weights is None else weights)[:, None]
    a, b = ((points * root).reshape(len(points), -1).astype(np.float64) for points in (queries, candidates))
    # |a-b|^2 = |a|^2 - 2ab + |b|^2
    return (b**2).sum(1)[None] - 2 * a @ b.T


def mesh_in_crop(rig: Rig, control: Control) -> np.ndarray:
    """Vertices [468, 3] of the posed mesh: crop pixels and depth in cm."""
    return in_crop(rig, control, rig.vertices(control.expression))


def warp_positions(rig: Rig, source: Control, target: Control, side: int = SIDE) -> np.ndarray:
    """For every pixel of the target's crop the position in the source's crop it shows, [S,S,2] f32 in its pixels."""
    scale = side / SIDE
    around_head = ring(rig)
    mesh_from, mesh_to = mesh_in_crop(rig, source), mesh_in_crop(rig, target)
    oval = list(FACE_OVAL)
    room_from = to_crop(to_source(ROOM, target.crop), source.crop)
    torso_from = follow_torso(TORSO, source, target)
    around_to = np.concatenate([mesh_to[oval, :2], in_crop(rig, target, around_head)[:, :2], TORSO, ROOM])
    around_from = np.concatenate([mesh_from[oval, :2], in_crop(rig, source, around_head)[:, :2], torso_from, room_from])
    flat = np.column_stack([around_to * scale, np.ones(len(around_to))])
    around = _layer(flat, around_from * scale, Delaunay(around_to).simplices, side)
    face = _layer(mesh_to * [scale, scale, 1], mesh_from[:, :2] * scale, rig.triangles, side)
    rows, columns = np.mgrid[:side, :side] + 0.5
    positions = np.stack([columns, rows], -1)
    for positions_of_layer, covered in (around, face):
        positions = np.where(covered[..., None], positions_of_layer, positions)
    return positions.astype(np.float32)


def _layer(corners: np.ndarray, carried: np.ndarray, triangles: np.ndarray, side: int) -> tuple[np.ndarray, np.ndarray]:
    image, depth = rasterize(corners, carried, triangles, side, side)
    return image, np.isfinite(depth)


def warp_frame(
    rig: Rig, source: Control, target: Control, picture: np.ndarray, mask: np.ndarray, plate: np.ndarray
) -> np.ndarray:
    """`source`'s person moved to `target`'s control over the background.

    picture [S,S,3] u8 and mask [S,S] u8 belong to `source`, plate [S,S,3] u8 to `target`.
    """
    at = warp_positions(rig, source, target, len(picture)) - 0.5  # OpenCV counts from the first pixel's centre
    x, y = np.ascontiguousarray(at[..., 0]), np.ascontiguousarray(at[..., 1])
    person = cv2.remap(picture, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE).astype(np.float32)
    alpha = cv2.remap(mask, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE).astype(np.float32)[..., None] / 255
    return np.clip(person * alpha + plate * (1 - alpha), 0, 255).round().astype(np.uint8)


def mean_of_warps(
    rig: Rig,
    sources: Sequence[tuple[Control, np.ndarray, np.ndarray]],
    target: Control,
    plate: np.ndarray,
) -> np.ndarray:
    """The mean of several frames' warps; each source is its control, picture and mask, as for `warp_frame`."""
    total = np.zeros(plate.shape)
    for source, picture, mask in sources:
        total += warp_frame(rig, source, target, picture, mask, plate)
    return (total / len(sources)).round().astype(np.uint8)
