"""From landmarks to the morphable model: shape, camera, and pose and expression of every usable frame."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from likeness_trainer.morphable.expression import expression_basis
from likeness_trainer.morphable.generic_face import mean_shape
from likeness_trainer.morphable.identity import identity_of
from likeness_trainer.morphable.topology import uv
from likeness_trainer.tracking.identity_fit import fit_identity, typical_focal, yaw_range
from likeness_trainer.tracking.initial_pose import average_shape, centred, initial_poses, pose_normalised, refine_poses
from likeness_trainer.tracking.photometric import refine_by_texture
from likeness_trainer.tracking.sequence_fit import fit_sequence, landmark_weights, refit_expression

_JOINT_FRAMES = 160  # for identity and focal length
_JOINT_COMPONENTS = 12  # expression components while the shape is still moving


@dataclass
class FaceFit:
    """The model's parameters on the usable frames [U]; shapes and units as in docs/formats.md."""

    neutral: np.ndarray
    identity_basis: np.ndarray
    identity: np.ndarray
    expression_basis: np.ndarray
    expression: np.ndarray
    rotation: np.ndarray
    translation: np.ndarray
    focal: float
    focal_estimated: bool
    yaw_range: float  # degrees
    uv: np.ndarray
    strange: np.ndarray  # [U] share of the face that looks like something else
    rms: float  # weighted reprojection error, source pixels


def fit_face(
    landmarks: np.ndarray, frame_numbers: np.ndarray, shots: np.ndarray, faces: np.ndarray, squares: np.ndarray, width: int, height: int,
    fps: float, progress: Callable[[int, int], None] = lambda done, total: None,
) -> FaceFit:  # fmt: skip
    """Fit the model to landmarks [U, 468, 3] (source pixels) of the source frames `frame_numbers` [U]
    in the shots `shots` [U].

    faces and squares are the scan's grey faces, one row a source frame.
    """
    usable = len(landmarks)
    total = 4 * usable
    principal = np.array([width / 2, height / 2])
    focal = typical_focal(width, height)
    pixels = landmarks[..., :2].astype(np.float64)
    points = centred(landmarks.astype(np.float64), principal)

    sample = np.unique(np.linspace(0, usable - 1, min(usable, _JOINT_FRAMES)).astype(int))
    shape = average_shape(points[sample], mean_shape())
    poses = refine_poses(pixels[sample], shape, *initial_poses(points[sample], shape, focal), focal, principal)
    shapes = pose_normalised(points[sample], pixels[sample], shape, *poses, focal, principal)
    centre, joint_basis = expression_basis(shapes, _JOINT_COMPONENTS)
    progress(usable // 2, total)
    joint = fit_identity(pixels[sample], centre, *poses, joint_basis, landmark_weights(), focal, principal)
    focal = joint.focal
    progress(usable, total)

    rotation, translation = refine_poses(
        pixels, joint.neutral, *initial_poses(points, joint.neutral, focal), focal, principal
    )
    shapes = pose_normalised(points, pixels, joint.neutral, rotation, translation, focal, principal)
    neutral, basis = expression_basis(shapes)
    del shapes
    rotation, translation, expression = fit_sequence(
        pixels, frame_numbers, neutral, basis, rotation, translation, focal, principal, fps,
        lambda done: progress(usable + done, total),
    )  # fmt: skip
    texture_uv = uv(neutral)
    rotation, translation, strange = refine_by_texture(
        faces, squares, frame_numbers, shots, neutral, basis, expression, rotation, translation, focal, principal, texture_uv,
        lambda done: progress(2 * usable + done, total),
    )  # fmt: skip
    expression = refit_expression(pixels, neutral, basis, expression, rotation, translation, focal, principal)
    progress(total, total)
    identity_basis, identity = identity_of(neutral, mean_shape())
    return FaceFit(
        neutral, identity_basis, identity, basis, expression, rotation, translation, focal, joint.focal_estimated,
        yaw_range(rotation), texture_uv, strange, joint.rms[-1],
    )  # fmt: skip
