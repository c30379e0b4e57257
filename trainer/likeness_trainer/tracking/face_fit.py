"""From landmarks to the morphable model: shape, camera, and pose and expression of every usable frame."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from likeness_trainer.morphable.expression import expression_basis
from likeness_trainer.morphable.generic_face import mean_shape
from likeness_trainer.morphable.identity import identity_of
from likeness_trainer.morphable.mesh import Camera, Face, Motion
from likeness_trainer.morphable.topology import uv
from likeness_trainer.tracking.identity_fit import IdentityFit, fit_identity, yaw_range
from likeness_trainer.tracking.initial_pose import average_shape, centred, initial_poses, pose_normalised, refine_poses
from likeness_trainer.tracking.observations import Frames, GreyFaces
from likeness_trainer.tracking.photometric import refine_by_texture
from likeness_trainer.tracking.sequence_fit import fit_sequence, landmark_weights, refit_expression

_JOINT_FRAMES = 160  # for identity and focal length
_JOINT_COMPONENTS = 12  # expression components while the shape is still moving


@dataclass(frozen=True)
class FaceFit:
    """The model's parameters on the usable frames [U]; shapes and units as in docs/formats.md."""

    camera: Camera
    face: Face
    motion: Motion
    identity_basis: np.ndarray
    identity: np.ndarray
    uv: np.ndarray
    strange: np.ndarray  # [U] share of the face that looks like something else
    focal_estimated: bool
    yaw_range: float  # degrees
    rms: float  # weighted reprojection error, source pixels


def fit_face(
    landmarks: np.ndarray,
    frames: Frames,
    faces: GreyFaces,
    camera: Camera,
    fps: float,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> FaceFit:
    """Fit the model to landmarks [U, 468, 3] (source pixels) of `frames`; `camera` is a first guess."""
    usable = len(landmarks)
    total = 4 * usable
    pixels = landmarks[..., :2].astype(np.float64)
    points = centred(landmarks.astype(np.float64), camera.principal)

    joint = _fit_shape(pixels, points, camera, lambda done: progress(done, total))
    camera = joint.camera
    progress(usable, total)

    start = initial_poses(points, joint.neutral, camera.focal)
    pose = refine_poses(pixels, joint.neutral, start, camera)
    face = Face(*expression_basis(pose_normalised(points, pixels, joint.neutral, pose, camera)))
    motion = fit_sequence(pixels, frames.numbers, face, pose, camera, fps, lambda done: progress(usable + done, total))
    texture_uv = uv(face.neutral)
    pose, strange = refine_by_texture(
        faces, frames, face, motion, camera, texture_uv, lambda done: progress(2 * usable + done, total)
    )
    motion = refit_expression(pixels, face, Motion(pose, motion.expression), camera)
    progress(total, total)
    identity_basis, identity = identity_of(face.neutral, mean_shape())
    return FaceFit(
        camera=camera,
        face=face,
        motion=motion,
        identity_basis=identity_basis,
        identity=identity,
        uv=texture_uv,
        strange=strange,
        focal_estimated=joint.focal_estimated,
        yaw_range=yaw_range(pose.rotation),
        rms=joint.rms[-1],
    )


def _fit_shape(pixels: np.ndarray, points: np.ndarray, camera: Camera, progress: Callable[[int], None]) -> IdentityFit:
    """The neutral shape and the focal length, from a sample of frames. pixels [U, 468, 2], points [U, 468, 3]."""
    usable = len(pixels)
    sample = np.unique(np.linspace(0, usable - 1, min(usable, _JOINT_FRAMES)).astype(int))
    pixels, points = pixels[sample], points[sample]
    shape = average_shape(points, mean_shape())
    pose = refine_poses(pixels, shape, initial_poses(points, shape, camera.focal), camera)
    face = Face(*expression_basis(pose_normalised(points, pixels, shape, pose, camera), _JOINT_COMPONENTS))
    progress(usable // 2)
    return fit_identity(pixels, face, pose, camera, landmark_weights())
