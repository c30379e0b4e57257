"""The person's shape and the camera's focal length, jointly with poses and expressions of a few hundred frames.

Gauss-Newton; the unknowns all frames share (identity, log focal length) are solved from the Schur complement of each
frame's own (pose, expression), as in bundle adjustment (Triggs et al. 2000).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from likeness_trainer.morphable.face_basis import FaceBasis
from likeness_trainer.morphable.identity import generic_identity_basis
from likeness_trainer.morphable.mesh import Camera, Face, Pose
from likeness_trainer.morphable.rotations import rodrigues, rotation_vectors
from likeness_trainer.tracking.face_statistics import identity_statistics
from likeness_trainer.tracking.frame_equations import POSE, FrameEquations
from likeness_trainer.tracking.shared_work import SharedWork

ROUNDS = 12
# MediaPipe's errors are alike in neighbouring points and frames: against the priors a frame counts as about 40
# independent points, and ten frames as one. A statistically naive weight (1) would trust its bias.
INDEPENDENT_SHARE = 40 / 468 / 10
_IDENTITY_SPREAD = 0.25  # cm a vertex: how far the shape may leave MediaPipe's own depth and proportions
_LOG_FOCAL_SPREAD = 0.28  # fields of view of 25 to 65 degrees within about two deviations
_YAW_THAT_SHOWS_FOCAL = 10.0  # degrees
_LANDMARK_NOISE = 1.0  # pixels at 14 pixels per cm


@dataclass(frozen=True)
class IdentityFit:
    """The shape and the camera that explain the frames best."""

    neutral: np.ndarray  # [468, 3] cm
    camera: Camera
    focal_estimated: bool  # else the focal length is the one given
    rms: list[float]  # weighted reprojection error after each round, pixels


def yaw_range(rotation: np.ndarray) -> float:
    """Degrees between the 2nd and 98th percentile of the head's turn about its vertical axis. rotation [T, 3, 3]."""
    yaw = np.degrees(np.arctan2(rotation[:, 0, 2], rotation[:, 2, 2]))
    return float(np.percentile(yaw, 98) - np.percentile(yaw, 2))


def fit_identity(
    pixels: np.ndarray,
    face: Face,
    pose: Pose,
    camera: Camera,
    weights: np.ndarray,
    shared: SharedWork,
    *,
    basis: FaceBasis | None = None,
    estimate_focal: bool | None = None,
    independent_share: float = INDEPENDENT_SHARE,
    rounds: int = ROUNDS,
) -> IdentityFit:
    """Refine the face's neutral shape on S frames with pixels [S, 468, 2] and poses.

    The face's basis has unit-variance coefficients; weights [468]. The focal length is estimated when
    the head turns enough to show it (or when `estimate_focal` says so), else kept. `independent_share` weighs the
    landmarks against the priors. With a `basis` the shape moves along its identities, and is drawn to what they say of
    people; without one along smooth deformations.
    """
    expression_basis = face.basis
    frames, points = pixels.shape[:2]
    generic = generic_identity_basis() if basis is None else basis.identity
    components = len(expression_basis)
    estimated = yaw_range(pose.rotation) >= _YAW_THAT_SHOWS_FOCAL if estimate_focal is None else estimate_focal
    common = len(generic) + (1 if estimated else 0)  # unknowns that all frames share
    identity = np.zeros(len(generic))
    expression = np.zeros((frames, components))
    log_focal, prior_log_focal = np.log(camera.focal), np.log(camera.focal)
    pixels_per_cm = camera.focal / float(np.median(-pose.translation[:, 2]))
    noise = _LANDMARK_NOISE * pixels_per_cm / 14
    spread = _IDENTITY_SPREAD * np.sqrt(points * 3 / len(generic))
    per_frame = noise**2 / independent_share  # what a prior weighs beside one frame's landmarks
    identity_prior = np.full(len(generic), per_frame / spread**2)
    drawn_to = np.zeros(len(generic))
    if basis is not None:
        generic, precision, towards = identity_statistics(basis, face.neutral)
        identity_prior, drawn_to = identity_prior + per_frame * precision, per_frame * towards
    focal_prior = noise**2 / _LOG_FOCAL_SPREAD**2 / independent_share
    root = np.sqrt(weights)
    bases = np.concatenate([expression_basis, generic])
    own_count = POSE + components
    free = np.arange(POSE, own_count)
    flat_expression = expression_basis.reshape(components, -1)
    solved = np.empty((frames, own_count, common + 1))  # each frame's own step, and how it follows the common one
    normals, rights = np.empty((frames, common, common)), np.empty((frames, common))
    squares = np.empty(frames)

    def gather(shapes: np.ndarray, pose: Pose, lens: Camera, part: range) -> None:
        equations = FrameEquations(bases, root)
        for k in part:
            rows, errors = equations.of(pixels[k], shapes[k], pose[k], lens)
            if estimated:
                projected = root * (pixels[k] - camera.principal).T - errors
                rows = np.concatenate([rows, projected[..., None].astype(np.float32)], -1)
            stacked, error = rows.reshape(2 * points, -1), errors.reshape(-1)
            squares[k] = float(error @ error)
            product, along = (stacked.T @ stacked).astype(np.float64), (error @ stacked).astype(np.float64)
            own_normal, own_right = product[:own_count, :own_count], along[:own_count]
            own_normal[free, free] += 6 * noise**2
            own_right[POSE:] -= 6 * noise**2 * expression[k]
            own_normal[np.arange(POSE), np.arange(POSE)] += 1e-6
            cross = product[:own_count, own_count:]
            solved[k] = np.linalg.solve(own_normal, np.concatenate([cross, own_right[:, None]], 1))
            normals[k] = product[own_count:, own_count:] - cross.T @ solved[k, :, :-1]
            rights[k] = along[own_count:] - cross.T @ solved[k, :, -1]

    rms: list[float] = []
    for _ in range(rounds):
        shape = face.neutral + np.tensordot(identity, generic, 1)
        shapes = shape + (expression @ flat_expression).reshape(frames, points, 3)
        lens = camera.with_focal(float(np.exp(log_focal)))
        shared.over(range(frames), partial(gather, shapes, pose, lens))
        normal, right = normals.sum(0), rights.sum(0)
        rms.append(float(np.sqrt(squares.sum() / (2 * frames * weights.sum()))))
        diagonal = np.arange(len(generic))
        normal[diagonal, diagonal] += identity_prior * frames
        right[: len(generic)] += (drawn_to - identity_prior * identity) * frames
        if estimated:
            normal[-1, -1] += focal_prior * frames
            right[-1] -= focal_prior * frames * (log_focal - prior_log_focal)
        step = np.linalg.solve(normal + 1e-9 * np.eye(common), right)
        if estimated:
            step[-1] = np.clip(step[-1], -0.2, 0.2)
            log_focal += step[-1]
        identity += step[: len(generic)]
        own_steps = solved[..., -1] - solved[..., :-1] @ step
        pose = pose.stepped(own_steps[:, :POSE])
        expression += own_steps[:, POSE:]
        if np.abs(rotation_vectors(rodrigues(own_steps[:, :3]))).max() < 1e-5 and np.abs(step).max() < 1e-4:
            break
    neutral = face.neutral + np.tensordot(identity, generic, 1)
    return IdentityFit(neutral, camera.with_focal(float(np.exp(log_focal))), estimated, rms)
