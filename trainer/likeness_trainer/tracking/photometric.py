"""One photometric round: each pose is moved so that the face's texture agrees with its own average.

Landmarks shake by half a pixel where the skin does not; the texture knows better. One Gauss-Newton step per frame on
the grey levels under the mesh (inverse-compositional in spirit: Baker and Matthews 2004), held near the landmarks'
pose by a prior. More rounds add nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from scipy.ndimage import gaussian_filter1d

from likeness_trainer.morphable.mesh import Camera, Face, Motion, Pose
from likeness_trainer.morphable.rasterize import rasterize
from likeness_trainer.morphable.rotations import rodrigues
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

_SIDE = 96  # of the texture the agreement is measured on
_BLUR = 0.9  # pixels of a 224-pixel face: landmarks are right to about that
_LOCAL_FRAMES = 8.0  # slow change of light and wrinkles is not motion
_ROBUST = 6.0  # grey levels
_PRIOR_ROTATION, _PRIOR_ACROSS, _PRIOR_ALONG = 9e4, 6e3, 6e2
_PRIOR_DISTANCE = 43.0  # cm, where the priors above were tuned
_AVERAGED = 150  # frames that the average texture is taken from
_SHORTEST_SHOT = 10  # frames: fewer do not make an average
_PIECE = 1000  # frames held at once
_OCCLUDED_CHANGE = 28.0  # grey levels: more than light or wrinkles do
_FACING = 0.4  # cosine to the camera: skin turned further away shows hair and background at the slightest error


@dataclass(frozen=True)
class Texture:
    """Where the texture is read: a grid over the UV plane, without eyes and lips."""

    vertices: np.ndarray  # [468, 3] UV in grid pixels
    skin: np.ndarray  # [96, 96] bool: stable skin, for alignment
    face: np.ndarray  # [96, 96] bool: the whole face but the mouth's inside, for occlusion


def texture_grid(uv: np.ndarray) -> Texture:
    """The grid of a mesh with texture coordinates [468, 2] in 0..1."""
    vertices = np.concatenate([uv * _SIDE, np.zeros((VERTICES, 1))], 1)
    moving = np.zeros((VERTICES, 2), np.float32)
    moving[list(INNER_LIP + OUTER_LIP + EYE_RIGHT + EYE_LEFT), 0] = 1
    moving[list(FACE_OVAL), 1] = 1
    drawn, depth = rasterize(vertices, moving, triangles(), _SIDE, _SIDE)
    covered = np.isfinite(depth)
    middle = np.abs(np.linspace(-1, 1, _SIDE))[None] < 0.8
    face = covered & (drawn[..., 0] < 0.3)
    return Texture(vertices, face & middle, face & (drawn[..., 1] < 0.5))


def refine_by_texture(
    faces: GreyFaces,
    frames: Frames,
    face: Face,
    motion: Motion,
    camera: Camera,
    uv: np.ndarray,
    progress: Callable[[int], None] = lambda frames: None,
) -> tuple[Pose, np.ndarray]:
    """The frames' poses after the round, and per frame the share of the face that looks like something else [U].

    motion is that of `frames`; uv [468, 2] are the face's texture coordinates.
    """
    looks = _Looks(faces, frames, face, motion, camera, texture_grid(uv))
    templates = _templates(looks, frames.shots)
    normals, skin = _normals(looks.grid, face.neutral), looks.skin
    rotation, translation = motion.pose.rotation.copy(), motion.pose.translation.copy()
    strange = np.zeros(len(frames), np.float32)
    for low in range(0, len(frames), _PIECE):
        high = min(len(frames), low + _PIECE)
        count = high - low
        textures = np.zeros((count, len(skin)), np.float32)
        rows = np.zeros((count, int(skin.sum()), 6), np.float32)
        for k in range(low, high):
            textures[k - low], rows[k - low] = looks.with_gradients(k)
            progress(k)
        local = gaussian_filter1d(textures, _LOCAL_FRAMES, axis=0)
        for k in range(count):
            template = templates[int(frames.shots[low + k])]
            towards = -translation[low + k] @ rotation[low + k]
            facing = normals @ (towards / np.linalg.norm(towards)) > _FACING
            change = (textures[k] - template)[facing]
            strange[low + k] = (np.abs(change - np.median(change)) > _OCCLUDED_CHANGE).mean() if len(change) else 0.0
            error = (0.5 * template + 0.5 * local[k] - textures[k])[skin]
            step = _pose_step(error, rows[k], distance=-translation[low + k, 2])
            rotation[low + k] = rodrigues(step[:3]) @ rotation[low + k]
            translation[low + k] += step[3:]
    return Pose(rotation, translation), strange


def _templates(looks: _Looks, shots: np.ndarray) -> dict[int, np.ndarray]:
    """What the face looks like on average [M], by shot; that of the whole video where a shot is short or the only
    one."""

    def average(members: np.ndarray) -> np.ndarray:
        chosen = members[np.unique(np.linspace(0, len(members) - 1, min(len(members), _AVERAGED)).astype(int))]
        return np.median(np.stack([looks.grey(k) for k in chosen]), 0)

    everything = average(np.arange(len(shots)))
    members = {int(shot): np.flatnonzero(shots == shot) for shot in np.unique(shots)}
    return {
        shot: average(rows) if len(members) > 1 and len(rows) >= _SHORTEST_SHOT else everything
        for shot, rows in members.items()
    }


def _pose_step(error: np.ndarray, rows: np.ndarray, distance: float) -> np.ndarray:
    """The step [6] that lessens grey-level errors [Ms] whose derivatives by pose are rows [Ms, 6]. distance in cm."""
    error -= error.mean()
    trust = 1 / (1 + (error / _ROBUST) ** 2)
    weighted = rows * trust[:, None]
    along = _PRIOR_ALONG * (_PRIOR_DISTANCE / distance) ** 2
    prior = np.array([_PRIOR_ROTATION] * 3 + [_PRIOR_ACROSS] * 2 + [along])
    return np.linalg.solve(weighted.T @ rows + np.diag(prior), weighted.T @ error)


def _normals(grid: Texture, neutral: np.ndarray) -> np.ndarray:
    """Unit normals [M, 3] of the neutral surface at the texture's points, out of the head."""
    corners = neutral[triangles()]
    faces = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    vertices = np.zeros_like(neutral)
    for corner in range(3):
        np.add.at(vertices, triangles()[:, corner], faces)
    vertices *= np.sign(vertices[:, 2].sum())  # the face looks along z
    drawn, _ = rasterize(grid.vertices, vertices, triangles(), _SIDE, _SIDE)
    normals = drawn[grid.face].astype(np.float64)
    return normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)


class _Looks:
    """What the face's surface looks like in each frame, read where the mesh says that it is."""

    def __init__(
        self, faces: GreyFaces, frames: Frames, face: Face, motion: Motion, camera: Camera, grid: Texture
    ) -> None:
        self.grid = grid
        self.skin = grid.skin[grid.face]  # [M] bool: which of the texture's points are stable skin
        self._faces, self._frames, self._face, self._motion, self._camera = faces, frames, face, motion, camera

    def grey(self, k: int) -> np.ndarray:
        """Grey levels [M] at the texture's points in the k-th frame."""
        return self._sighting(k).sample(slice(None))

    def with_gradients(self, k: int) -> tuple[np.ndarray, np.ndarray]:
        """Grey levels [M], and those of the skin by pose [Ms, 6]."""
        seen, skin = self._sighting(k), self.skin
        grey = seen.sample(slice(None))
        gx, gy = seen.gradients(skin)
        scale, across, up = seen.scale[skin], seen.across[skin], seen.up[skin]
        towards = (gx * across - gy * up) / seen.depth[skin]
        by_camera = np.stack([gx * scale, -gy * scale, towards], 1)
        by_rotation = np.cross(seen.camera[skin] - self._motion.pose.translation[k], by_camera)
        return grey, np.concatenate([by_rotation, by_camera], 1).astype(np.float32)

    def _sighting(self, k: int) -> _Sighting:
        posed = self._face.posed(self._motion.expression[k])
        drawn, _ = rasterize(self.grid.vertices, posed, triangles(), _SIDE, _SIDE)
        points = drawn[self.grid.face].astype(np.float64)
        frame = self._frames.numbers[k]
        picture, square = self._faces.pictures[frame], self._faces.squares[frame]
        return _Sighting(picture, square, self._motion.pose[k].to_camera(points), self._camera)


class _Sighting:
    """The texture's points in one grey face. picture [S, S] u8, square [3], camera [M, 3] in camera coordinates."""

    def __init__(self, picture: np.ndarray, square: np.ndarray, camera: np.ndarray, lens: Camera) -> None:
        self.camera = camera
        self._picture = cv2.GaussianBlur(np.asarray(picture, np.float32), (0, 0), _BLUR)
        x0, y0, side = (float(value) for value in square)
        self._zoom = self._picture.shape[0] / side
        self.depth = -camera[:, 2]
        self.scale = lens.focal / self.depth
        self.across, self.up = self.scale * camera[:, 0], self.scale * camera[:, 1]
        self._u = ((lens.principal[0] + self.across - x0) * self._zoom - 0.5).astype(np.float32)
        self._v = ((lens.principal[1] - self.up - y0) * self._zoom - 0.5).astype(np.float32)

    def sample(self, chosen: np.ndarray | slice) -> np.ndarray:
        """Grey levels of the chosen points."""
        return self._read(self._picture, chosen)

    def gradients(self, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Change of the grey level along x and y, a source pixel, at the chosen points."""
        along = (cv2.Sobel(self._picture, cv2.CV_32F, *axis, scale=self._zoom / 8) for axis in ((1, 0), (0, 1)))
        gx, gy = (self._read(values, chosen) for values in along)
        return gx, gy

    def _read(self, values: np.ndarray, chosen: np.ndarray | slice) -> np.ndarray:
        u, v = self._u[None, chosen], self._v[None, chosen]
        return cv2.remap(values, u, v, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)[0]
