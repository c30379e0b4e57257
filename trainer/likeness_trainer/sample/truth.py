"""The sample's truth in the track's own format: what an error-free analysis would write (docs/formats.md)."""

from __future__ import annotations

import numpy as np

from likeness_trainer.morphable.generic_face import mean_shape
from likeness_trainer.morphable.mesh import Pose
from likeness_trainer.morphable.topology import (
    EYE_CORNERS_LEFT,
    EYE_CORNERS_RIGHT,
    INNER_LIP,
    mouth_triangles,
    triangles,
    uv,
)
from likeness_trainer.sample.face_rig import face_shapes
from likeness_trainer.sample.person import CAMERA, MEAN_POSE, SIZE, Moment, Person
from likeness_trainer.tracking.track_file import FrameState, Track


def true_track(person: Person, moments: list[Moment], fps: float) -> Track:
    """Every frame good; sound and picture belong together with no lag.

    The rig's 26 shapes fill the first rows of the expression basis, the strongest first and each scaled so that its
    coefficient has unit variance; the other rows and coefficients are zero. Identity has one non-zero row: the step
    from the mean face to this one.
    """
    frames = len(moments)
    controls = np.stack([moment.controls for moment in moments])
    shapes = face_shapes(person.neutral)
    spread = np.maximum(controls.std(0), 1e-3)
    strength = spread * np.sqrt((shapes**2).sum((1, 2)))
    order = np.argsort(-strength)
    basis, expression = np.zeros((64, 468, 3)), np.zeros((frames, 64))
    basis[: len(order)] = shapes[order] * spread[order, None, None]
    expression[:, : len(order)] = controls[:, order] / spread[order]

    identity_basis, identity = np.zeros((80, 468, 3)), np.zeros(80)
    identity_basis[0], identity[0] = person.neutral - mean_shape(), 1.0

    pose = Pose(
        np.stack([moment.pose.rotation for moment in moments]),
        np.stack([moment.pose.translation for moment in moments]),
    )
    gaze = np.stack([moment.gaze for moment in moments])
    iris = np.concatenate([eye.iris_neutral for eye in person.eyes])
    widths = np.repeat([eye.width for eye in person.eyes], 5)
    offset = gaze.reshape(frames, 2, 2).repeat(5, 1) * widths[:, None]
    posed = person.neutral + np.tensordot(controls, shapes, 1)
    looking = np.concatenate([iris[:, :2] + offset, np.broadcast_to(iris[:, 2:], (frames, 10, 1))], 2)
    points = np.concatenate([posed, looking], 1)
    pixels, _ = CAMERA.project(points, pose)
    z = pose.to_camera(points)[..., 2]
    middle = z[:, :468].mean(1, keepdims=True)
    depth = -(z - middle) * CAMERA.focal / -middle  # nearer is smaller, as MediaPipe has it
    face = pixels[:, :468]
    low, high = face.min(1), face.max(1)
    return Track(
        time=np.arange(frames) / fps,
        state=np.full(frames, FrameState.GOOD, np.uint8),
        landmarks=np.concatenate([pixels, depth[..., None]], 2),
        neutral=person.neutral,
        mean_shape=mean_shape(),
        identity_basis=identity_basis,
        identity=identity,
        expression_basis=basis,
        expression=expression,
        rotation=pose.rotation,
        translation=pose.translation,
        focal=np.array([CAMERA.focal]),
        principal=CAMERA.principal,
        gaze=gaze,
        iris_neutral=iris,
        aperture=np.linalg.norm(posed[:, 13] - posed[:, 14], axis=1) / _inter_ocular(person.neutral),
        crop=np.tile([0.0, 0.0, SIZE], (frames, 1)),
        torso=np.stack([moment.torso for moment in moments]),
        torso_pose=np.concatenate([MEAN_POSE.rotation, MEAN_POSE.translation[None]]),
        face_box=np.concatenate([low, high - low], 1),
        triangles=triangles(),
        mouth_triangles=mouth_triangles(),
        inner_lip=np.array(INNER_LIP),
        uv=uv(),
        fps=fps,
        width=SIZE,
        height=SIZE,
        sound_belongs="yes",
        sound_probability=1.0,
    )


def _inter_ocular(shape: np.ndarray) -> float:
    """Between the middles of the eyes, cm."""
    right, left = (shape[list(corners)].mean(0) for corners in (EYE_CORNERS_RIGHT, EYE_CORNERS_LEFT))
    return float(np.linalg.norm(right - left))
