"""What a face does in pictures that keep coming: pose, expression and gaze of each, from it and those before it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from likeness_trainer.morphable.mesh import Camera, Face, Pose
from likeness_trainer.morphable.rotations import nearest_rotation, rotation_vectors
from likeness_trainer.morphable.topology import LOWER_INNER_LIP, UPPER_INNER_LIP
from likeness_trainer.tracking.eyes_and_mouth import SHUT, eye_openness, gaze
from likeness_trainer.tracking.face_fit import fit_person, start_poses
from likeness_trainer.tracking.frame_equations import POSE
from likeness_trainer.tracking.sequence_fit import EXPRESSION_PRIOR, LIP_GAP, equations_at, stiffness_at

CALM_PICTURES = 25  # that make a calm moment: a second
_LIDS_UP = 0.8  # of how far the eyes are open in the middle: below it they blink
_ROUNDS = 2
_TIE = 0.05  # to the picture before, over what a sequence's frames are tied to their neighbours by


@dataclass(frozen=True)
class Calm:
    """Somebody who looks at the camera with a calm face for a moment: what all they do is measured from."""

    face: Face  # its expression is 0 in that moment
    camera: Camera
    pose: Pose  # one
    irises: np.ndarray  # [10, 3] cm, head space
    openness: float  # of the eyes: height over width


@dataclass(frozen=True)
class Seen:
    """What a face does in one picture; shapes and units as in docs/formats.md."""

    rotation: np.ndarray  # [3, 3] head to camera
    translation: np.ndarray  # [3] cm
    expression: np.ndarray  # [64]
    gaze: np.ndarray  # [4] eye widths from where the irises are in the calm moment
    openness: float  # of the eyes, 1 as in the calm moment


class LiveFit:
    """Gauss-Newton on one picture's landmarks after the other, each tied to the one before it."""

    def __init__(self, calm: Calm, fps: float) -> None:
        self._calm = calm
        depth = float(-calm.pose.translation[2])
        self._equations = equations_at(calm.face, calm.camera, depth)
        self._stiffness = _TIE * stiffness_at(fps, depth, len(calm.face.basis))
        self._pose: Pose | None = None
        self._expression = np.zeros(len(calm.face.basis))
        self._gaze = np.zeros(4)

    def lost(self) -> None:
        """The next face is not tied to what was there before."""
        self._pose = None
        self._expression = np.zeros_like(self._expression)

    def of(self, landmarks: np.ndarray) -> Seen:
        """Of landmarks [478, 3] f32 in the picture's pixels."""
        face, camera = self._calm.face, self._calm.camera
        pixels = landmarks[:468, :2].astype(np.float64)
        start = self._pose or start_poses(landmarks[None, :468], face.neutral, camera)[0]
        pose, expression = start, self._expression
        tie = np.zeros_like(self._stiffness) if self._pose is None else self._stiffness
        for _ in range(_ROUNDS):
            normal, right = self._normal_equations(pixels, pose, expression)
            moved = np.concatenate(
                [
                    rotation_vectors(pose.rotation @ start.rotation.T),
                    pose.translation - start.translation,
                    expression - self._expression,
                ]
            )
            diagonal = np.arange(len(normal))
            normal[diagonal, diagonal] += tie
            step = np.linalg.solve(normal, right - tie * moved)
            pose, expression = pose.stepped(step[:POSE]), expression + step[POSE:]
        self._pose, self._expression = pose, expression
        shape = face.posed(expression)
        open_ = float(eye_openness(shape[None]).mean())
        if open_ > SHUT:
            looks = landmarks[None, 468:, :2].astype(np.float64)
            one = Pose(pose.rotation[None], pose.translation[None])
            self._gaze = gaze(looks, shape[None], face.neutral, one, camera, self._calm.irises)[0][0]
        return Seen(pose.rotation, pose.translation, expression, self._gaze, open_ / self._calm.openness)

    def _normal_equations(
        self, pixels: np.ndarray, pose: Pose, expression: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Normal matrix [6 + K, 6 + K] and right side [6 + K]; how far the inner lips are apart counts by itself, as in
        a sequence."""
        rows, errors = self._equations.of(pixels, self._calm.face.posed(expression), pose, self._calm.camera)
        down, off = rows[1], errors[1]
        apart = LIP_GAP * (down[UPPER_INNER_LIP] - down[LOWER_INNER_LIP])
        stacked = np.concatenate([rows.reshape(-1, rows.shape[-1]), apart])
        error = np.concatenate([errors.reshape(-1), LIP_GAP * (off[UPPER_INNER_LIP] - off[LOWER_INNER_LIP])])
        normal, right = (stacked.T @ stacked).astype(np.float64), (error @ stacked).astype(np.float64)
        own = np.arange(POSE, len(right))
        normal[own, own] += EXPRESSION_PRIOR
        right[POSE:] -= EXPRESSION_PRIOR * expression
        return normal, right


def learn(landmarks: np.ndarray, camera: Camera, threads: int) -> Calm:
    """From landmarks [U, 478, 3] f32 of a calm moment, without its blinks; `camera` is a first guess."""
    openness = eye_openness(landmarks[:, :468]).mean(1)
    landmarks = landmarks[openness >= _LIDS_UP * np.median(openness)]
    face, camera = fit_person(landmarks[:, :468], camera, threads)
    pose = start_poses(landmarks[:, :468], face.neutral, camera)
    shapes = np.broadcast_to(face.neutral, (len(landmarks), *face.neutral.shape))
    _, irises = gaze(landmarks[:, 468:, :2].astype(np.float64), shapes, face.neutral, pose, camera)
    middle = Pose(nearest_rotation(pose.rotation.mean(0)), np.median(pose.translation, 0))
    return Calm(face, camera, middle, irises, float(eye_openness(face.neutral[None]).mean()))
