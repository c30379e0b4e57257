"""Where the fit starts: shapes and poses by Procrustes, then each pose by Gauss-Newton on points that do not deform."""

from __future__ import annotations

import numpy as np

from likeness_trainer.morphable.face_basis import FaceBasis
from likeness_trainer.morphable.mesh import Camera, Pose
from likeness_trainer.morphable.rotations import nearest_rotation
from likeness_trainer.morphable.topology import LOWER_INNER_LIP, STABLE, UPPER_INNER_LIP
from likeness_trainer.tracking.camera_jacobian import projection_and_jacobians
from likeness_trainer.tracking.face_statistics import told_depth

_STILL_LIPS = 0.05  # cm: heights that vary by less do not tell how depth goes with them
_STEEPEST_LIPS = 0.6  # of the lower lip's way down


def centred(landmarks: np.ndarray, principal: np.ndarray) -> np.ndarray:
    """Landmarks [T, 468, 3] (source pixels, y down, z away) as points in the head's axes, still pixels."""
    return np.stack([landmarks[..., 0] - principal[0], principal[1] - landmarks[..., 1], -landmarks[..., 2]], -1)


def similarities(source: np.ndarray, target: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Per frame scale [T], rotation [T, 3, 3] and shift [T, 3] with `s R source + shift` nearest to target (Umeyama
    1991). source [P, 3] or [T, P, 3], target [T, P, 3].
    """
    mean_source, mean_target = source.mean(-2, keepdims=True), target.mean(-2, keepdims=True)
    a, b = source - mean_source, target - mean_target
    rotation = nearest_rotation(np.swapaxes(b, -1, -2) @ a)
    turned = a @ np.swapaxes(rotation, -1, -2)
    scale = (turned * b).sum((-1, -2)) / (a**2).sum((-1, -2))
    shift = mean_target[..., 0, :] - scale[:, None] * (mean_source @ np.swapaxes(rotation, -1, -2))[..., 0, :]
    return scale, rotation, shift


def average_shape(points: np.ndarray, mean_shape: np.ndarray, rounds: int = 4) -> np.ndarray:
    """Median of the frames' shapes [468, 3] after similarity alignment, in the pose and size of the mean shape, cm.

    points [T, 468, 3] as `centred` gives them.
    """
    stable = list(STABLE)
    shape = np.asarray(mean_shape, np.float64)
    for _ in range(rounds):
        scale, rotation, shift = similarities(shape[stable], points[:, stable])
        aligned = (points - shift[:, None]) @ rotation / scale[:, None, None]
        median = np.median(aligned, 0)
        size, turn, move = similarities(median[stable], mean_shape[None, stable])
        shape = size[0] * median @ turn[0].T + move[0]
    return shape


def initial_poses(points: np.ndarray, shape: np.ndarray, focal: float) -> Pose:
    """T poses of a shape [468, 3] by Procrustes on the stable points; points [T, 468, 3] as `centred` gives them."""
    stable = list(STABLE)
    scale, rotation, shift = similarities(shape[stable], points[:, stable])
    # Pixels per cm tell the distance; the depth MediaPipe gives is relative to the head and says nothing of it.
    return Pose(rotation, np.stack([shift[:, 0] / scale, shift[:, 1] / scale, -focal / scale], 1))


def refine_poses(pixels: np.ndarray, shape: np.ndarray, pose: Pose, camera: Camera, rounds: int = 4) -> Pose:
    """T poses of a rigid shape [468, 3] by Gauss-Newton on the stable points, from `pose`. pixels [T, 468, 2]."""
    stable = list(STABLE)
    points = np.broadcast_to(shape[stable], (len(pixels), len(stable), 3))
    for _ in range(rounds):
        projected, _, by_pose = projection_and_jacobians(points, pose, camera)
        rows = by_pose.reshape(len(pixels), -1, 6)
        residual = (pixels[:, stable] - projected).reshape(len(pixels), -1)
        normal = np.swapaxes(rows, 1, 2) @ rows + 1e-6 * np.eye(6)
        step = np.linalg.solve(normal, np.einsum("tri,tr->ti", rows, residual)[..., None])[..., 0]
        pose = pose.stepped(step)
    return pose


def pose_normalised(
    points: np.ndarray,
    pixels: np.ndarray,
    shape: np.ndarray,
    pose: Pose,
    camera: Camera,
    basis: FaceBasis | None = None,
) -> np.ndarray:
    """Each frame's shape [T, 468, 3], cm, head space: x and y by unprojecting its pixels; z moves as the landmarks' own
    depth does, about that of `shape`, but for the inner lips (`meeting_lips`); with a `basis` as its expressions go
    with what is seen.

    points [T, 468, 3] as `centred` gives them, pixels [T, 468, 2], shape [468, 3].
    """
    (cx, cy), focal = camera.principal, camera.focal
    stable = list(STABLE)
    targets = np.broadcast_to(shape[stable], (len(points), len(stable), 3))
    scale, turn, shift = similarities(points[:, stable], targets)
    shapes = scale[:, None, None] * points @ np.swapaxes(turn, 1, 2) + shift[:, None]
    if basis is not None and len(basis.expression):
        shapes[..., 2] = told_depth(basis, shapes)
    landmark_depth = shapes[..., 2] + (shape[:, 2] - np.median(shapes[..., 2], 0))
    for _ in range(4):
        shapes[..., 2] = meeting_lips(shapes[..., 1], landmark_depth)
        z = pose.to_camera(shapes)[..., 2]
        depth = np.negative(z)
        seen = np.stack([(pixels[..., 0] - cx) * depth / focal, (cy - pixels[..., 1]) * depth / focal, z], -1)
        back = (seen - pose.translation[:, None]) @ pose.rotation
        shapes[..., :2] = back[..., :2]
    shapes[..., 2] = meeting_lips(shapes[..., 1], landmark_depth)
    return shapes


def meeting_lips(height: np.ndarray, depth: np.ndarray) -> np.ndarray:
    """Depth [T, 468] of points at a height, whose inner lips are apart in depth only as far as they are apart in
    height.

    The landmarks' depth keeps the upper lip some millimetres in front of the lower one even where they touch; seen from
    above or below, that looks like an opening. How much further back the lower lip is for each centimetre it is lower
    is the person's, by regression over the frames.
    """
    lower, further = (values[:, UPPER_INNER_LIP] - values[:, LOWER_INNER_LIP] for values in (height, depth))
    moved = lower - lower.mean(0)
    slope = (moved * (further - further.mean(0))).sum(0) / ((moved**2).sum(0) + len(moved) * _STILL_LIPS**2)
    half = np.clip(slope, 0, _STEEPEST_LIPS) * lower / 2
    middle = (depth[:, UPPER_INNER_LIP] + depth[:, LOWER_INNER_LIP]) / 2
    met = depth.copy()
    met[:, UPPER_INNER_LIP], met[:, LOWER_INNER_LIP] = middle + half, middle - half
    return met
