"""From the scan and the fit to the track: a row for every source frame."""

from __future__ import annotations

import numpy as np

from likeness_trainer.media import Source
from likeness_trainer.morphable.generic_face import mean_shape
from likeness_trainer.morphable.rotations import nearest_rotation
from likeness_trainer.morphable.topology import INNER_LIP, mouth_triangles, triangles
from likeness_trainer.tracking.eyes_and_mouth import aperture, gaze
from likeness_trainer.tracking.face_fit import FaceFit
from likeness_trainer.tracking.fill_gaps import fill_rotations, fill_rows
from likeness_trainer.tracking.head_crop import head_crops
from likeness_trainer.tracking.observations import Observations
from likeness_trainer.tracking.squares import bounding_box
from likeness_trainer.tracking.track_file import FrameState, Track


def track_of(
    source: Source, times: np.ndarray, state: np.ndarray, seen: Observations, usable: np.ndarray, fit: FaceFit
) -> Track:
    """Every source frame's row; frames without a trusted fit get interpolated values.

    times and state [T]; usable [U] are the source frames that `fit` is about.
    """
    frames, landmarks = len(state), seen.landmarks.mean(1)
    trusted = np.isin(usable, np.flatnonzero((state == FrameState.GOOD) | (state == FrameState.BLURRED)))
    if not trusted.any():
        trusted[:] = True
    known = usable[trusted]
    face, camera, motion = fit.face, fit.camera, fit.motion[trusted]
    shapes = face.posed(motion.expression)
    looks, iris = gaze(landmarks[known, 468:, :2].astype(np.float64), shapes, face.neutral, motion.pose, camera)
    opening = aperture(shapes, face.neutral)
    rotation, translation = motion.pose.rotation, motion.pose.translation
    boxes = np.stack([bounding_box(landmarks[k, :468]) for k in known])
    face_box = fill_rows(boxes, known, frames)
    return Track(
        time=times,
        state=state,
        landmarks=fill_rows(landmarks[known], known, frames),
        neutral=face.neutral,
        mean_shape=mean_shape(),
        identity_basis=fit.identity_basis,
        identity=fit.identity,
        expression_basis=face.basis,
        expression=fill_rows(motion.expression, known, frames),
        rotation=fill_rotations(rotation, known, frames),
        translation=fill_rows(translation, known, frames),
        focal=np.array([camera.focal]),
        principal=camera.principal,
        gaze=fill_rows(looks, known, frames),
        iris_neutral=iris,
        aperture=fill_rows(opening, known, frames),
        crop=head_crops(face_box, source.fps, source.width, source.height),
        torso=seen.torso,
        torso_pose=np.concatenate([nearest_rotation(rotation.mean(0)), translation.mean(0)[None]]),
        face_box=face_box,
        triangles=triangles(),
        mouth_triangles=mouth_triangles(),
        inner_lip=np.array(INNER_LIP),
        uv=fit.uv,
        fps=source.fps,
        width=source.width,
        height=source.height,
    )
