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

from likeness_trainer.morphable.mesh import posed_vertices, rodrigues, to_camera
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


@dataclass
class Texture:
    """Where the texture is read: a grid over the UV plane, without eyes and lips."""

    vertices: np.ndarray  # [468, 3] UV in grid pixels
    skin: np.ndarray  # [96, 96] bool: stable skin, for alignment
    face: np.ndarray  # [96, 96] bool: the whole face but the mouth's inside, for occlusion


def texture_grid(uv: np.ndarray) -> Texture:
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
    faces: np.ndarray, squares: np.ndarray, frame_numbers: np.ndarray, shots: np.ndarray, neutral: np.ndarray,
    basis: np.ndarray, expression: np.ndarray, rotation: np.ndarray, translation: np.ndarray, focal: float, principal: np.ndarray,
    uv: np.ndarray, progress: Callable[[int], None] = lambda frames: None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # fmt: skip
    """Poses after the round, and per frame the share of the face that looks like something else [T].

    faces [N, S, S] u8 (grey, on disk) and squares [N, 3] are rows of source frames; frame_numbers [T] says which
    and shots [T] in which shot each lies: another shot has its own light, so its own average. The rest is as in
    `fit_sequence`.
    """
    grid = texture_grid(uv)
    rotation, translation = rotation.copy(), translation.copy()
    frames = len(frame_numbers)
    strange = np.zeros(frames, np.float32)
    normals = _normals(grid, neutral)

    def average(members: np.ndarray) -> np.ndarray:
        chosen = members[np.unique(np.linspace(0, len(members) - 1, min(len(members), _AVERAGED)).astype(int))]
        looks = [
            _look(faces, squares, frame_numbers[k], _points(grid, neutral, basis, expression[k]), rotation[k], translation[k],
                  focal, principal, gradients=False)[0]
            for k in chosen
        ]  # fmt: skip
        return np.median(np.stack(looks), 0)

    everything = average(np.arange(frames))
    members = {int(shot): np.flatnonzero(shots == shot) for shot in np.unique(shots)}
    templates = {
        shot: average(rows) if len(members) > 1 and len(rows) >= _SHORTEST_SHOT else everything
        for shot, rows in members.items()
    }
    skin = grid.skin[grid.face]
    for low in range(0, frames, _PIECE):
        high = min(frames, low + _PIECE)
        count = high - low
        textures = np.zeros((count, len(skin)), np.float32)
        rows = np.zeros((count, int(skin.sum()), 6), np.float32)
        for k in range(low, high):
            points = _points(grid, neutral, basis, expression[k])
            textures[k - low], rows[k - low] = _look(
                faces,
                squares,
                frame_numbers[k],
                points,
                rotation[k],
                translation[k],
                focal,
                principal,
                gradients=True,
                skin=skin,
            )
            progress(k)
        local = gaussian_filter1d(textures, _LOCAL_FRAMES, axis=0)
        for k in range(count):
            template = templates[int(shots[low + k])]
            towards = -translation[low + k] @ rotation[low + k]
            facing = normals @ (towards / np.linalg.norm(towards)) > _FACING
            change = (textures[k] - template)[facing]
            strange[low + k] = (np.abs(change - np.median(change)) > _OCCLUDED_CHANGE).mean() if len(change) else 0.0
            error = (0.5 * template + 0.5 * local[k] - textures[k])[skin]
            error -= error.mean()
            trust = 1 / (1 + (error / _ROBUST) ** 2)
            weighted = rows[k] * trust[:, None]
            distance = -translation[low + k, 2]
            along = _PRIOR_ALONG * (_PRIOR_DISTANCE / distance) ** 2
            prior = np.array([_PRIOR_ROTATION] * 3 + [_PRIOR_ACROSS] * 2 + [along])
            step = np.linalg.solve(weighted.T @ rows[k] + np.diag(prior), weighted.T @ error)
            rotation[low + k] = rodrigues(step[:3]) @ rotation[low + k]
            translation[low + k] += step[3:]
    return rotation, translation, strange


def _points(grid: Texture, neutral: np.ndarray, basis: np.ndarray, expression: np.ndarray) -> np.ndarray:
    drawn, _ = rasterize(grid.vertices, posed_vertices(neutral, basis, expression), triangles(), _SIDE, _SIDE)
    return drawn[grid.face].astype(np.float64)


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


def _look(
    faces: np.ndarray, squares: np.ndarray, frame: int, points: np.ndarray, rotation: np.ndarray, translation: np.ndarray,
    focal: float, principal: np.ndarray, *, gradients: bool, skin: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """Grey levels at the surface points [M] and, of the skin ones, their derivative by pose [Ms, 6]."""
    picture = cv2.GaussianBlur(np.asarray(faces[frame], np.float32), (0, 0), _BLUR)
    x0, y0, side = (float(value) for value in squares[frame])
    zoom = picture.shape[0] / side
    camera = to_camera(points, rotation, translation)
    depth = -camera[:, 2]
    scale = focal / depth
    across, up = scale * camera[:, 0], scale * camera[:, 1]
    u = ((principal[0] + across - x0) * zoom - 0.5).astype(np.float32)
    v = ((principal[1] - up - y0) * zoom - 0.5).astype(np.float32)

    def sample(values: np.ndarray, chosen: np.ndarray | slice) -> np.ndarray:
        return cv2.remap(values, u[None, chosen], v[None, chosen], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)[0]

    grey = sample(picture, slice(None))
    if not gradients or skin is None:
        return grey, np.zeros((0, 6), np.float32)
    gx = sample(cv2.Sobel(picture, cv2.CV_32F, 1, 0, scale=zoom / 8), skin)
    gy = sample(cv2.Sobel(picture, cv2.CV_32F, 0, 1, scale=zoom / 8), skin)
    by_camera = np.stack([
        gx * scale[skin], -gy * scale[skin], (gx * across[skin] - gy * up[skin]) / depth[skin],
    ], 1)  # fmt: skip
    by_rotation = np.cross(camera[skin] - translation, by_camera)
    return grey, np.concatenate([by_rotation, by_camera], 1).astype(np.float32)
