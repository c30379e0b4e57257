"""One photometric round: each pose is moved so that the face's texture agrees with its own average.

Landmarks shake by half a pixel where the skin does not; the texture knows better. One Gauss-Newton step per frame on
the grey levels under the mesh (inverse-compositional in spirit: Baker and Matthews 2004), held near the landmarks'
pose by a prior. More rounds add nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import cv2
import numpy as np

from likeness_trainer.morphable.mesh import Camera, Face, Motion, Pose
from likeness_trainer.morphable.rotations import rodrigues
from likeness_trainer.morphable.topology import triangles
from likeness_trainer.tracking.covered import change_of, covered_share, most_changes
from likeness_trainer.tracking.observations import Frames, GreyFaces
from likeness_trainer.tracking.shared_work import SharedWork
from likeness_trainer.tracking.texture_reading import Looks, Texture

_LOCAL_FRAMES = 8.0  # slow change of light and wrinkles is not motion
_ROBUST = 6.0  # grey levels
_PRIOR_ROTATION, _PRIOR_ACROSS, _PRIOR_ALONG = 9e4, 6e3, 6e2
_PRIOR_DISTANCE = 43.0  # cm, where the priors above were tuned
_AVERAGED = 150  # frames that the average texture is taken from
_SHORTEST_SHOT = 10  # frames: fewer do not make an average
_PIECE = 1000  # frames held at once


def refine_by_texture(
    faces: GreyFaces,
    frames: Frames,
    face: Face,
    motion: Motion,
    camera: Camera,
    grid: Texture,
    shared: SharedWork,
    progress: Callable[[int], None] = lambda frames: None,
) -> tuple[Pose, np.ndarray]:
    """The frames' poses after the round, and per frame the share of the face that looks like something else [U].

    motion is that of `frames`; grid is where the face's texture is read.
    """
    looks = Looks(faces, frames, face, motion, camera, grid)
    normals, skin = _normals(grid, face.neutral), grid.skin
    sample = _spread(np.arange(len(frames)))
    sampled = _greys(looks, sample, shared)
    templates = _templates(looks, frames.shots, np.median(sampled, 0), shared)
    rotation, translation = motion.pose.rotation.copy(), motion.pose.translation.copy()

    def change(k: int, texture: np.ndarray) -> np.ndarray:
        return change_of(texture, templates[int(frames.shots[k])], normals, rotation[k], translation[k])

    most = most_changes(np.stack([change(k, texture) for k, texture in zip(sample.tolist(), sampled)]))
    strange = np.zeros(len(frames), np.float32)

    def move(low: int, textures: np.ndarray, rows: np.ndarray, local: np.ndarray, part: range) -> None:
        for k in part:
            template = templates[int(frames.shots[low + k])]
            strange[low + k] = covered_share(change(low + k, textures[k]), most)
            error = (0.5 * template + 0.5 * local[k] - textures[k])[skin]
            step = _pose_step(error, rows[k], distance=-translation[low + k, 2])
            rotation[low + k] = rodrigues(step[:3]) @ rotation[low + k]
            translation[low + k] += step[3:]

    for low in range(0, len(frames), _PIECE):
        high = min(len(frames), low + _PIECE)
        textures, rows = looks.of_frames(range(low, high), shared, progress)
        shared.over(range(high - low), partial(move, low, textures, rows, _locally(textures)))
    return Pose(rotation, translation), strange


def _templates(looks: Looks, shots: np.ndarray, everything: np.ndarray, shared: SharedWork) -> dict[int, np.ndarray]:
    """What the face looks like on average [M], by shot; that of the whole video, `everything`, where a shot is short
    or the only one."""
    members = {int(shot): np.flatnonzero(shots == shot) for shot in np.unique(shots)}
    return {
        shot: np.median(_greys(looks, _spread(rows), shared), 0)
        if len(members) > 1 and len(rows) >= _SHORTEST_SHOT
        else everything
        for shot, rows in members.items()
    }


def _spread(frames: np.ndarray) -> np.ndarray:
    """Those that an average is taken of."""
    return frames[np.unique(np.linspace(0, len(frames) - 1, min(len(frames), _AVERAGED)).astype(int))]


def _greys(looks: Looks, frames: np.ndarray, shared: SharedWork) -> np.ndarray:
    """Textures [n, M] f32."""
    textures = np.empty((len(frames), len(looks.grid.skin)), np.float32)

    def read(part: range) -> None:
        for row in part:
            textures[row] = looks.grey(frames[row])

    shared.over(range(len(frames)), read)
    return textures


def _locally(textures: np.ndarray) -> np.ndarray:
    """Each frame's texture as it is on average about it. textures [T, M] f32."""
    reach = 2 * round(4 * _LOCAL_FRAMES) + 1
    return cv2.GaussianBlur(textures, (1, reach), 1, sigmaY=_LOCAL_FRAMES, borderType=cv2.BORDER_REFLECT)


def _pose_step(error: np.ndarray, rows: np.ndarray, distance: float) -> np.ndarray:
    """The step [6] that lessens grey-level errors [Ms] whose derivatives by pose are rows [Ms, 6]. distance in cm."""
    error = error - error.mean()
    weighted = rows * (1 / (1 + (error / _ROBUST) ** 2))[:, None]
    along = _PRIOR_ALONG * (_PRIOR_DISTANCE / distance) ** 2
    prior = np.array([_PRIOR_ROTATION] * 3 + [_PRIOR_ACROSS] * 2 + [along])
    return np.linalg.solve((weighted.T @ rows).astype(np.float64) + np.diag(prior), weighted.T @ error)


def _normals(grid: Texture, neutral: np.ndarray) -> np.ndarray:
    """Unit normals [M, 3] of the neutral surface at the texture's points, out of the head."""
    corners = neutral[triangles()]
    faces = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    vertices = np.zeros_like(neutral)
    for corner in range(3):
        np.add.at(vertices, triangles()[:, corner], faces)
    vertices *= np.sign(vertices[:, 2].sum())  # the face looks along z
    normals = grid.of(vertices)
    return normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
