"""What a renderer must beat without any training: the nearest frame, that frame warped by the mesh, the mean of eight
warped ones.

All see only training pictures. Pictures are head crops, u8 RGB, of 256 x 256 or any other side S.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import cv2
import numpy as np
from scipy.spatial import Delaunay

from likeness_trainer.appearance.surroundings import ROOM, TORSO, follow_torso, in_crop, ring, to_crop, to_source
from likeness_trainer.morphable.rasterize import rasterize
from likeness_trainer.morphable.topology import FACE_OVAL
from likeness_trainer.renderer.proxies import SIDE, Control
from likeness_trainer.renderer.rig import Rig

_AT_ONCE = 1000  # candidates; of a face they take 11 MB
_CARRIED = 8 * SIDE**2  # pixels, whose positions in sources are found at once: 4 MB
_OVAL = list(FACE_OVAL)


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


class Target:
    """Where frames are warped to: a control and what of its crop of S pixels a side is the same for every source."""

    def __init__(self, rig: Rig, control: Control, side: int = SIDE) -> None:
        self._rig, self._control, self._side, self._scale = rig, control, side, side / SIDE
        self._ring = ring(rig)
        self._mesh = mesh_in_crop(rig, control)
        head = in_crop(rig, control, self._ring)[:, :2]
        around = np.concatenate([self._mesh[_OVAL, :2], head, TORSO, ROOM])
        self._around = np.column_stack([around * self._scale, np.ones(len(around))])
        self._triangles = Delaunay(around).simplices
        rows, columns = np.mgrid[:side, :side] + 0.5
        self._own = np.stack([columns, rows], -1).astype(np.float32)

    def positions(self, sources: Sequence[Control]) -> np.ndarray:
        """For every pixel the position in each source's crop that it shows, [n,S,S,2] f32 in that crop's pixels."""
        meshes = [mesh_in_crop(self._rig, source) for source in sources]
        beside = [np.concatenate([mesh[_OVAL, :2], self._loose(source)]) for mesh, source in zip(meshes, sources)]
        # All are carried at once: most of the work is to find out which triangle a pixel is in.
        around = self._layer(self._around, beside, self._triangles)
        corners = self._mesh * [self._scale, self._scale, 1]
        face = self._layer(corners, [mesh[:, :2] for mesh in meshes], self._rig.triangles)
        positions = np.broadcast_to(np.tile(self._own, len(sources)), around[0].shape)
        for positions_of_layer, covered in (around, face):
            positions = np.where(covered[..., None], positions_of_layer, positions)
        return np.moveaxis(positions.reshape(self._side, self._side, len(sources), 2), 2, 0)

    def warped(
        self, sources: Sequence[tuple[Control, np.ndarray, np.ndarray]], plate: np.ndarray
    ) -> Iterator[np.ndarray]:
        """Each source's person moved to here over the background, [S,S,3] u8.

        A source is its control, picture [S,S,3] u8 and mask [S,S] u8; plate [S,S,3] u8 is the target's.
        """
        at_once = max(1, _CARRIED // self._side**2)
        for first in range(0, len(sources), at_once):
            some = sources[first : first + at_once]
            for at, (_, picture, mask) in zip(self.positions([control for control, *_ in some]), some):
                yield _moved(at, picture, mask, plate)

    def _loose(self, source: Control) -> np.ndarray:
        """[P,2] crop pixels of a source's head, torso and room."""
        room = to_crop(to_source(ROOM, self._control.crop), source.crop)
        torso = follow_torso(TORSO, source, self._control)
        return np.concatenate([in_crop(self._rig, source, self._ring)[:, :2], torso, room])

    def _layer(
        self, corners: np.ndarray, carried: Sequence[np.ndarray], triangles: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """[S,S,2n] what is carried of each source, and [S,S] where there is anything."""
        image, depth = rasterize(corners, np.hstack(carried) * self._scale, triangles, self._side, self._side)
        return image, np.isfinite(depth)


def _moved(positions: np.ndarray, picture: np.ndarray, mask: np.ndarray, plate: np.ndarray) -> np.ndarray:
    """What `positions` [S,S,2] show of a picture and its mask, over the background."""
    # OpenCV counts from the first pixel's centre.
    x, y = (np.ascontiguousarray(positions[..., axis]) - np.float32(0.5) for axis in range(2))
    person = cv2.remap(picture, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE).astype(np.float32)
    alpha = cv2.remap(mask, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE).astype(np.float32)
    alpha = alpha[..., None] / 255
    return np.clip(person * alpha + plate * (1 - alpha), 0, 255).round().astype(np.uint8)


def warp_frame(
    rig: Rig, source: Control, target: Control, picture: np.ndarray, mask: np.ndarray, plate: np.ndarray
) -> np.ndarray:
    """`source`'s person moved to `target`'s control over the background, as `Target.warped` has it."""
    return next(Target(rig, target, len(picture)).warped([(source, picture, mask)], plate))


def mean_of_warps(
    rig: Rig,
    sources: Sequence[tuple[Control, np.ndarray, np.ndarray]],
    target: Control,
    plate: np.ndarray,
) -> np.ndarray:
    """The mean of several frames' warps; each source is its control, picture and mask, as for `warp_frame`."""
    total = np.zeros(plate.shape)
    for warped in Target(rig, target, len(plate)).warped(sources, plate):
        total += warped
    return (total / len(sources)).round().astype(np.uint8)
