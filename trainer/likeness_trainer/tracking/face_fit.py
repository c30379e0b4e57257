"""From landmarks to the morphable model: shape, camera, and pose and expression of every usable frame."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from likeness_trainer.morphable.expression import expression_basis
from likeness_trainer.morphable.face_basis import FaceBasis
from likeness_trainer.morphable.generic_face import mean_shape
from likeness_trainer.morphable.identity import identity_of
from likeness_trainer.morphable.mesh import Camera, Face, Motion, Pose
from likeness_trainer.morphable.topology import uv
from likeness_trainer.tracking.identity_fit import IdentityFit, fit_identity, yaw_range
from likeness_trainer.tracking.initial_pose import average_shape, centred, initial_poses, pose_normalised, refine_poses
from likeness_trainer.tracking.observations import Frames, GreyFaces
from likeness_trainer.tracking.photometric import refine_by_texture
from likeness_trainer.tracking.sequence_fit import fit_sequence, landmark_weights, refit_expression
from likeness_trainer.tracking.shared_work import SharedWork
from likeness_trainer.tracking.texture_reading import texture_grid

_JOINT_FRAMES = 160  # for identity and focal length
_PERSON_FRAMES = 6000  # that tell what the face does; its basis is made of a quarter of them
_PIECE = 2000  # frames held at once
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
    threads: int = 1,
    progress: Callable[[int, int], None] = lambda done, total: None,
    basis: FaceBasis | None = None,
) -> FaceFit:
    """Fit the model to landmarks [U, 468, 3] (source pixels) of `frames`; `camera` is a first guess, `basis` what is
    known of people's faces."""
    usable = len(landmarks)
    total = 4 * usable
    pixels = landmarks[..., :2]
    with SharedWork(threads) as shared:
        joint = _fit_shape(landmarks, camera, basis, shared, lambda done: progress(done, total))
        camera = joint.camera
        progress(usable, total)

        pose = start_poses(landmarks, joint.neutral, camera)
        face = _person(landmarks, joint.neutral, pose, camera, basis)
        texture_uv = uv(face.neutral)
        grid = shared.beside(lambda: texture_grid(texture_uv))  # which is one thread's
        motion = fit_sequence(
            pixels, frames.numbers, face, pose, camera, fps, shared, lambda done: progress(usable + done, total)
        )
        pose, strange = refine_by_texture(
            faces, frames, face, motion, camera, grid.result(), shared, lambda done: progress(2 * usable + done, total)
        )
        motion = refit_expression(pixels, face, Motion(pose, motion.expression), camera, shared)
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


def fit_person(landmarks: np.ndarray, camera: Camera, threads: int) -> tuple[Face, Camera]:
    """The face at rest, and what it does beside smooth deformations, by landmarks [U, 468, 3] alone; `camera` is a
    first guess."""
    with SharedWork(threads) as shared:
        joint = _fit_shape(landmarks, camera, None, shared, lambda _: None)
    pose = start_poses(landmarks, joint.neutral, joint.camera)
    return _person(landmarks, joint.neutral, pose, joint.camera, None), joint.camera


def _fit_shape(
    landmarks: np.ndarray, camera: Camera, basis: FaceBasis | None, shared: SharedWork, progress: Callable[[int], None]
) -> IdentityFit:
    """The neutral shape and the focal length, from a sample of the frames' landmarks [U, 468, 3]."""
    usable = len(landmarks)
    pixels, points = _measured(landmarks[_sample(usable, _JOINT_FRAMES)], camera)
    shape = average_shape(points, mean_shape())
    pose = refine_poses(pixels, shape, initial_poses(points, shape, camera.focal), camera)
    face = Face(*expression_basis(pose_normalised(points, pixels, shape, pose, camera, basis), _JOINT_COMPONENTS))
    progress(usable // 2)
    return fit_identity(pixels, face, pose, camera, landmark_weights(), shared, basis=basis)


def start_poses(landmarks: np.ndarray, neutral: np.ndarray, camera: Camera) -> Pose:
    """Each frame's pose of the neutral shape, by itself. landmarks [U, 468, 3]."""
    pieces = []
    for low in range(0, len(landmarks), _PIECE):
        pixels, points = _measured(landmarks[low : low + _PIECE], camera)
        pieces.append(refine_poses(pixels, neutral, initial_poses(points, neutral, camera.focal), camera))
    return Pose(*(np.concatenate([getattr(piece, part) for piece in pieces]) for part in ("rotation", "translation")))


def _person(landmarks: np.ndarray, neutral: np.ndarray, pose: Pose, camera: Camera, basis: FaceBasis | None) -> Face:
    """The face at rest and what it does, from at most so many frames."""
    sample = _sample(len(landmarks), _PERSON_FRAMES)
    pixels, points = _measured(landmarks[sample], camera)
    return Face(*expression_basis(pose_normalised(points, pixels, neutral, pose[sample], camera, basis)))


def _sample(frames: int, most: int) -> np.ndarray:
    """At most so many frame numbers, evenly spread."""
    return np.unique(np.linspace(0, frames - 1, min(frames, most)).astype(int))


def _measured(landmarks: np.ndarray, camera: Camera) -> tuple[np.ndarray, np.ndarray]:
    """Landmarks [T, 468, 3] as pixels [T, 468, 2] and as points in the head's axes [T, 468, 3], both f64."""
    exact = landmarks.astype(np.float64)
    return exact[..., :2], centred(exact, camera.principal)
