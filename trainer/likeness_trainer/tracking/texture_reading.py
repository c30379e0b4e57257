"""What the face's surface looks like in a frame, read where the mesh says that it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numba import njit

from likeness_trainer.morphable.mesh import Camera, Face, Motion
from likeness_trainer.morphable.rasterize import rasterize
from likeness_trainer.morphable.topology import (
    EYE_LEFT,
    EYE_RIGHT,
    FACE_OVAL,
    INNER_LIP,
    OUTER_LIP,
    VERTICES,
    triangles,
)
from likeness_trainer.tracking.observations import Frames, GreyFaces
from likeness_trainer.tracking.shared_work import SharedWork

_SIDE = 96  # of the texture the agreement is measured on
_AT_ONCE = 100  # frames between two words of progress
_BLUR = 0.9  # pixels of a 224-pixel face: landmarks are right to about that


@dataclass(frozen=True)
class Texture:
    """Where the texture is read: M points of a grid over the UV plane, without eyes and lips. Each lies in a triangle
    of the mesh, so that its place is a mean of three vertices'."""

    corners: np.ndarray  # [M, 3] i32: the vertices
    shares: np.ndarray  # [M, 3] f64: how much each counts
    skin: np.ndarray  # [M] bool: stable skin, for alignment; the others, for occlusion, are all of the face but the
    # mouth's inside

    def of(self, attributes: np.ndarray) -> np.ndarray:
        """Vertices' attributes [468, 3] at the points [M, 3] f64."""
        return _means(self.corners, self.shares, np.ascontiguousarray(attributes, np.float64))


def texture_grid(uv: np.ndarray) -> Texture:
    """The grid of a mesh with texture coordinates [468, 2] in 0..1."""
    vertices = np.concatenate([uv * _SIDE, np.zeros((VERTICES, 1))], 1)
    moving = np.zeros((VERTICES, 2), np.float32)
    moving[list(INNER_LIP + OUTER_LIP + EYE_RIGHT + EYE_LEFT), 0] = 1
    moving[list(FACE_OVAL), 1] = 1
    of_each, depth = rasterize(vertices, np.eye(VERTICES), triangles(), _SIDE, _SIDE)
    drawn = of_each @ moving
    face = np.isfinite(depth) & (drawn[..., 0] < 0.3) & (np.abs(np.linspace(-1, 1, _SIDE))[None] < 0.8)
    weights = of_each[face]
    corners = np.argpartition(-weights, 3, axis=1)[:, :3].astype(np.int32)
    shares = np.take_along_axis(weights, corners, 1).astype(np.float64)
    return Texture(corners, shares / shares.sum(1, keepdims=True), drawn[face, 1] < 0.5)


class Looks:
    """Grey levels of a face's surface in the frames of its motion."""

    def __init__(
        self, faces: GreyFaces, frames: Frames, face: Face, motion: Motion, camera: Camera, grid: Texture
    ) -> None:
        self.grid = grid
        self._skin = np.flatnonzero(grid.skin)
        self._faces, self._frames, self._face, self._motion, self._camera = faces, frames, face, motion, camera

    def grey(self, k: int) -> np.ndarray:
        """Grey levels [M] f32 at the texture's points in the k-th frame."""
        picture, zoom, corner = self._picture(k)
        return _grey(picture, self._places(k, zoom, corner)[1])

    def with_gradients(self, k: int) -> tuple[np.ndarray, np.ndarray]:
        """Grey levels [M] f32, and those of the skin by pose [Ms, 6] f32."""
        picture, zoom, corner = self._picture(k)
        points, pixels = self._places(k, zoom, corner)
        # Change of the grey level along x and y, a source pixel.
        gx, gy = (cv2.Sobel(picture, cv2.CV_32F, *axis, scale=zoom / 8) for axis in ((1, 0), (0, 1)))
        translation = self._motion.pose.translation[k].astype(np.float64)
        rows = _by_pose(gx, gy, pixels, points, self._skin, translation, float(self._camera.focal))
        return _grey(picture, pixels), rows

    def of_frames(
        self, frames: range, shared: SharedWork, progress: Callable[[int], None]
    ) -> tuple[np.ndarray, np.ndarray]:
        """The same of neighbouring frames: [T, M] and [T, Ms, 6]."""
        textures = np.empty((len(frames), len(self.grid.skin)), np.float32)
        rows = np.empty((len(frames), len(self._skin), 6), np.float32)

        def read(part: range) -> None:
            for k in part:
                textures[k - frames.start], rows[k - frames.start] = self.with_gradients(k)

        for first in frames[::_AT_ONCE]:
            shared.over(range(first, min(frames.stop, first + _AT_ONCE)), read)
            progress(first)
        return textures, rows

    def _picture(self, k: int) -> tuple[np.ndarray, float, np.ndarray]:
        """The grey face [S, S] f32, smoothed; how many of its pixels a source pixel is; and its square's corner."""
        frame = self._frames.numbers[k]
        picture, square = self._faces.pictures[frame], self._faces.squares[frame].astype(np.float64)
        smooth = cv2.GaussianBlur(np.asarray(picture, np.float32), (0, 0), _BLUR)
        return smooth, len(smooth) / square[2], square[:2]

    def _places(self, k: int, zoom: float, corner: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The texture's points in camera coordinates [M, 3], and where they lie in the grey face [M, 2], counted from
        the pixels' centres."""
        points = self.grid.of(self._motion.pose[k].to_camera(self._face.posed(self._motion.expression[k])))
        return points, _projected(points, float(self._camera.focal), self._camera.principal - corner, zoom)


@njit("f8[:,::1](i4[:,::1], f8[:,::1], f8[:,::1])", cache=True, nogil=True)
def _means(corners, shares, attributes):  # type: ignore[no-untyped-def]
    points = np.zeros((len(corners), 3))
    for m in range(len(corners)):
        for c in range(3):
            for i in range(3):
                points[m, i] += shares[m, c] * attributes[corners[m, c], i]
    return points


@njit("f8[:,::1](f8[:,::1], f8, f8[::1], f8)", cache=True, nogil=True)
def _projected(points, focal, axis, zoom):  # type: ignore[no-untyped-def]
    pixels = np.empty((len(points), 2))
    for m in range(len(points)):
        scale = -focal / points[m, 2]
        pixels[m, 0] = (axis[0] + scale * points[m, 0]) * zoom - 0.5
        pixels[m, 1] = (axis[1] - scale * points[m, 1]) * zoom - 0.5
    return pixels


@njit(cache=True, nogil=True)
def _at(picture, u, v):  # type: ignore[no-untyped-def]
    """Bilinear; beyond the picture its edge goes on."""
    height, width = picture.shape
    u, v = min(max(u, 0.0), width - 1.0), min(max(v, 0.0), height - 1.0)
    x, y = min(int(u), width - 2), min(int(v), height - 2)
    u, v = u - x, v - y
    upper = (1 - u) * picture[y, x] + u * picture[y, x + 1]
    lower = (1 - u) * picture[y + 1, x] + u * picture[y + 1, x + 1]
    return (1 - v) * upper + v * lower


@njit("f4[::1](f4[:,::1], f8[:,::1])", cache=True, nogil=True)
def _grey(picture, pixels):  # type: ignore[no-untyped-def]
    read = np.empty(len(pixels), np.float32)
    for m in range(len(pixels)):
        read[m] = _at(picture, pixels[m, 0], pixels[m, 1])
    return read


@njit("f4[:,::1](f4[:,::1], f4[:,::1], f8[:,::1], f8[:,::1], i8[::1], f8[::1], f8)", cache=True, nogil=True)
def _by_pose(gx, gy, pixels, points, chosen, translation, focal):  # type: ignore[no-untyped-def]
    """[n, 6] f32: grey levels by `Pose.stepped` at the chosen points."""
    rows = np.empty((len(chosen), 6), np.float32)
    for row, m in enumerate(chosen):
        depth = -points[m, 2]
        scale = focal / depth
        a = _at(gx, pixels[m, 0], pixels[m, 1]) * scale
        b = -_at(gy, pixels[m, 0], pixels[m, 1]) * scale
        c = (a * points[m, 0] + b * points[m, 1]) / depth
        x, y, z = points[m, 0] - translation[0], points[m, 1] - translation[1], points[m, 2] - translation[2]
        rows[row, 0], rows[row, 1], rows[row, 2] = y * c - z * b, z * a - x * c, x * b - y * a
        rows[row, 3], rows[row, 4], rows[row, 5] = a, b, c
    return rows
