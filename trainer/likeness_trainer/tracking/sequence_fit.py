"""Pose and expression of every frame: Gauss-Newton on the landmarks with a temporal Laplacian on all parameters.

Residuals are taken as if a centimetre of the face were 14 pixels, so that weights mean the same for small and large
faces; the Laplacian's strength follows the frame rate. Long clips are solved in overlapping pieces.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from scipy.linalg import solveh_banded

from likeness_trainer.morphable.mesh import Camera, Face, Motion, Pose
from likeness_trainer.morphable.rotations import nearest_rotation, rotation_vectors
from likeness_trainer.morphable.topology import (
    CONTOUR,
    EYE_LEFT,
    EYE_RIGHT,
    INNER_LIP,
    LOWER_INNER_LIP,
    OUTER_LIP,
    UPPER_INNER_LIP,
    UPPER_LIDS,
    VERTICES,
)
from likeness_trainer.tracking.frame_equations import POSE, FrameEquations
from likeness_trainer.tracking.shared_work import SharedWork

REFERENCE_PIXELS_PER_CM = 14.0
_ROUNDS = 3
_PIECE, _OVERLAP = 600, 24  # frames
_LAPLACIAN, _POSE_LAPLACIAN = 0.3, 0.1  # measured by the jitter of the unwrapped texture
EXPRESSION_PRIOR = 6.0
LIP_GAP = 2.0  # of a lip point's own weight
_HEAD_RADIUS = 7.0  # cm: what a radian moves

Couplings: TypeAlias = tuple[np.ndarray, np.ndarray, np.ndarray]  # of frames: three diagonals


def landmark_weights() -> np.ndarray:
    """[468]: eyes 3, upper lids 20, lips 5, the turning-away contour 0, else 1."""
    weights = np.ones(VERTICES)
    weights[list(EYE_RIGHT + EYE_LEFT)] = 3
    weights[list(UPPER_LIDS)] = 20
    weights[list(INNER_LIP + OUTER_LIP)] = 5
    weights[list(CONTOUR)] = 0
    return weights


def fit_sequence(
    pixels: np.ndarray,
    frame_numbers: np.ndarray,
    face: Face,
    pose: Pose,
    camera: Camera,
    fps: float,
    shared: SharedWork,
    progress: Callable[[int], None] = lambda frames: None,
) -> Motion:
    """The motion of T frames from pixels [T, 468, 2], starting from `pose`.

    frame_numbers [T] are the source frames, ascending: neighbours that are not consecutive are not tied together.
    """
    count = len(pixels)
    rotation, translation = pose.rotation.copy(), pose.translation.copy()
    expression = np.zeros((count, len(face.basis)))
    fitted_frames: list[float] = []

    def fit(piece: range) -> None:
        around = slice(max(0, piece.start - _OVERLAP), min(count, piece.stop + _OVERLAP))

        def told(share: float) -> None:
            fitted_frames.append(share * len(piece))
            progress(int(sum(fitted_frames)))

        fitted = _fit_piece(
            pixels[around], _laplacian(frame_numbers[around]), face, pose[around], camera, fps, shared, told
        )
        frames, own = slice(piece.start, piece.stop), fitted[piece.start - around.start : piece.stop - around.start]
        rotation[frames], translation[frames] = own.pose.rotation, own.pose.translation
        expression[frames] = own.expression

    shared.each(_pieces(count), fit)
    return Motion(Pose(rotation, translation), expression)


def _pieces(count: int) -> list[range]:
    """Frames that are solved together; what is left at the end and no longer than an overlap belongs to the last."""
    last = max(0, -(-(count - _OVERLAP) // _PIECE) - 1) * _PIECE
    return [range(first, count if first == last else first + _PIECE) for first in range(0, last + 1, _PIECE)]


def _fit_piece(
    pixels: np.ndarray,
    couplings: Couplings,
    face: Face,
    pose: Pose,
    camera: Camera,
    fps: float,
    shared: SharedWork,
    progress: Callable[[float], None],
) -> Motion:
    """`progress` is told after each round which share of the work that was."""
    frames, components = len(pixels), len(face.basis)
    unknowns = POSE + components
    expression = np.zeros((frames, components))
    depth = float(np.median(-pose.translation[:, 2]))
    stiffness = stiffness_at(fps, depth, components)
    for _ in range(_ROUNDS):
        normals, right = _normal_equations(pixels, face, Motion(pose, expression), camera, depth, shared)
        own = np.arange(POSE, unknowns)
        normals[:, own, own] += EXPRESSION_PRIOR
        right[:, POSE:] -= EXPRESSION_PRIOR * expression
        centre = nearest_rotation(pose.rotation.mean(0))
        state = np.concatenate([rotation_vectors(pose.rotation @ centre.T), pose.translation, expression], 1)
        right -= stiffness * _times(couplings, state)
        step = _solve(normals, right, couplings, stiffness, shared)
        pose = pose.stepped(step[:, :POSE])
        expression = expression + step[:, POSE:]
        progress(1 / _ROUNDS)
    return Motion(pose, expression)


def _normal_equations(
    pixels: np.ndarray, face: Face, motion: Motion, camera: Camera, depth: float, shared: SharedWork
) -> tuple[np.ndarray, np.ndarray]:
    """Each frame's normal matrix [T, 6 + K, 6 + K] and right side [T, 6 + K], of its landmarks alone."""
    unknowns = POSE + len(face.basis)
    shapes = face.posed(motion.expression)
    normals, right = np.zeros((len(pixels), unknowns, unknowns)), np.zeros((len(pixels), unknowns))

    def gather(part: range) -> None:
        equations = equations_at(face, camera, depth)
        for k in part:
            rows, errors = equations.of(pixels[k], shapes[k], motion.pose[k], camera)
            stacked = rows.reshape(-1, unknowns)
            normals[k] = stacked.T @ stacked
            right[k] = errors.reshape(-1) @ stacked

    shared.over(range(len(pixels)), gather)
    return normals, right


def stiffness_at(fps: float, depth: float, components: int) -> np.ndarray:
    """How strongly each unknown of a frame [6 + components] is tied to its neighbours'; depth in cm."""
    # Second differences shrink with the square of the frame rate while frames grow in number: hold the trade-off.
    rate = float(np.clip((fps / 25.0) ** 3, 0.3, 12.0))
    turn = np.full(3, _POSE_LAPLACIAN * (_HEAD_RADIUS * REFERENCE_PIXELS_PER_CM) ** 2 * VERTICES)
    across = np.full(2, _POSE_LAPLACIAN * REFERENCE_PIXELS_PER_CM**2 * VERTICES)
    # Distance is seen only as size: a step along the view moves pixels by radius over distance as much.
    along = 0.02 * across[:1] * (43.0 / depth) ** 2
    return rate * np.concatenate([turn, across, along, np.full(components, _LAPLACIAN * VERTICES * 0.05)])


def _laplacian(frame_numbers: np.ndarray) -> Couplings:
    """Main, first and second upper diagonal of DᵀD, D the second differences of consecutive frames."""
    frames = len(frame_numbers)
    main, first, second = np.zeros(frames), np.zeros(max(0, frames - 1)), np.zeros(max(0, frames - 2))
    if frames >= 3:
        tied = ((frame_numbers[2:] - frame_numbers[:-2]) == 2).astype(float)
        main[:-2] += tied
        main[1:-1] += 4 * tied
        main[2:] += tied
        first[:-1] -= 2 * tied
        first[1:] -= 2 * tied
        second += tied
    return main, first, second


def _times(couplings: Couplings, state: np.ndarray) -> np.ndarray:
    main, first, second = (diagonal[:, None] for diagonal in couplings)
    product = main * state
    product[:-1] += first * state[1:]
    product[1:] += first * state[:-1]
    product[:-2] += second * state[2:]
    product[2:] += second * state[:-2]
    return product


def _solve(
    normals: np.ndarray, right: np.ndarray, couplings: Couplings, stiffness: np.ndarray, shared: SharedWork
) -> np.ndarray:
    """The step [T, n] of the block-banded system: per-frame blocks, and diagonal ties to the next two frames."""
    frames, unknowns = right.shape
    main, first, second = couplings
    band = 2 * unknowns if frames > 2 else (unknowns if frames == 2 else unknowns - 1)
    # LAPACK's way to keep it: a column each, and of that what lies on and below the diagonal (a third faster than what
    # lies above).
    banded = np.zeros((frames, unknowns, band + 1))

    def fill(part: range) -> None:
        some = slice(part.start, part.stop)
        for column in range(unknowns):
            # A row of it, which lies together.
            banded[some, column, : unknowns - column] = normals[some, column, column:]

    shared.over(range(frames), fill)
    banded[..., 0] += main[:, None] * stiffness + 1e-6
    if frames > 1:
        banded[:-1, :, unknowns] += first[:, None] * stiffness
    if frames > 2:
        banded[:-2, :, 2 * unknowns] += second[:, None] * stiffness
    columns = banded.reshape(-1, band + 1).T
    step = solveh_banded(columns, right.reshape(-1), lower=True, check_finite=False, overwrite_ab=True)
    return step.reshape(frames, unknowns)


def refit_expression(pixels: np.ndarray, face: Face, motion: Motion, camera: Camera, shared: SharedWork) -> Motion:
    """The motion of T frames with pixels [T, 468, 2] for poses that stay as they are. How far the inner lips are apart
    down the picture is a residual of its own: closures are a matter of half a pixel, which a whole face would outvote.
    """
    pose, components = motion.pose, len(face.basis)
    depth = float(np.median(-pose.translation[:, 2]))
    result = motion.expression.copy()
    diagonal = np.arange(components)

    def refit(part: range) -> None:
        equations = equations_at(face, camera, depth)
        for k in part:
            for _ in range(2):
                rows, errors = equations.of(pixels[k], face.posed(result[k]), pose[k], camera)
                down, off = rows[1, :, POSE:], errors[1]
                apart = LIP_GAP * (down[UPPER_INNER_LIP] - down[LOWER_INNER_LIP])
                stacked = np.concatenate([rows[..., POSE:].reshape(-1, components), apart])
                error = np.concatenate([errors.reshape(-1), LIP_GAP * (off[UPPER_INNER_LIP] - off[LOWER_INNER_LIP])])
                normal = (stacked.T @ stacked).astype(np.float64)
                normal[diagonal, diagonal] += EXPRESSION_PRIOR
                result[k] += np.linalg.solve(normal, error @ stacked - EXPRESSION_PRIOR * result[k])

    shared.over(range(len(pixels)), refit)
    return Motion(pose, result)


def equations_at(face: Face, camera: Camera, depth: float) -> FrameEquations:
    """Those of frames of a face at a depth in cm, in reference pixels."""
    unit = REFERENCE_PIXELS_PER_CM / (camera.focal / depth)
    return FrameEquations(face.basis, unit * np.sqrt(landmark_weights()))
