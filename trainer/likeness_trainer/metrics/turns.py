"""Whether a head that is turned is drawn turned, and stays the same person: poses at the ends of the training's range
and a little beyond, drawn and tracked again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from scipy.spatial.transform import Rotation

from likeness_trainer.appearance.surroundings import to_source
from likeness_trainer.bundle.load import Bundle
from likeness_trainer.metrics.clip import Clip
from likeness_trainer.metrics.identity import FaceRecognition
from likeness_trainer.metrics.mouth import FaceMesh
from likeness_trainer.metrics.native import laid_over
from likeness_trainer.metrics.quality import HeldOut
from likeness_trainer.renderer.proxies import Control
from likeness_trainer.renderer.rig import Rig

AXES = ("yaw", "pitch", "roll")  # about the axes y, x and z of the picture; roll is applied first, yaw last
BEYOND = 5.0  # degrees
_USUAL = (0.01, 0.99)  # quantiles of the training frames between which its range lies
_FILMED = 20  # frames that are tracked again to know by how much that alone is off
_TO_OPENCV = np.diag([1.0, -1.0, -1.0])  # where y points down and z away


@dataclass(frozen=True)
class Turn:
    """A pose that is asked for: the usual one with another angle."""

    axis: str
    degrees: float
    beyond: bool  # outside the training's range

    def of(self, control: Control) -> Control:
        """`control` with that angle."""
        angles = angles_of(control.rotation[None])[0]
        angles[AXES.index(self.axis)] = self.degrees
        return replace(control, rotation=rotation_of(angles).astype(np.float32))


def measure_turns(
    bundle: Bundle, clip: Clip, held_out: HeldOut, face_mesh: FaceMesh, recognition: FaceRecognition | None
) -> tuple[dict[str, Any], list[np.ndarray]]:
    """Figures (contract schema `TurnFigures`), and pictures [256,256,3] u8 of the usual pose and of every turn.

    A pose is found by MediaPipe's landmarks and the avatar's own face; what that alone is off by is measured on filmed
    frames. `recognition` says how far each face is from the mean of the filmed ones.
    """
    train, _ = clip.split()
    angles = angles_of(clip.idle.rotation[train])
    ranges = {axis: np.quantile(angles[:, column], _USUAL).tolist() for column, axis in enumerate(AXES)}
    usual = int(train[np.abs(angles - np.median(angles, 0)).sum(1).argmin()])
    # Without the sway: a head that is turned is of no filmed frame.
    control, plate = replace(clip.control(usual), sway=None), clip.plate(usual)

    rows = np.unique(np.linspace(0, len(held_out.frames) - 1, _FILMED).round().astype(int)).tolist()
    filmed = [pose_error(bundle.rig, clip.control(int(held_out.frames[row])), held_out.landmarks[row]) for row in rows]
    faces = _known(
        recognition(held_out.pictures[row], held_out.landmarks[row]) if recognition else None for row in rows
    )
    mean = np.mean(faces, 0) if faces else None

    pictures: list[np.ndarray] = []

    def drawn(turned: Control) -> dict[str, float | None]:
        picture = laid_over(bundle.draw(turned), plate)
        landmarks = face_mesh.landmarks(picture)
        face = recognition(picture, landmarks) if recognition else None
        pictures.append(picture)
        return {
            "poseError": pose_error(bundle.rig, turned, landmarks),
            "identity": None if face is None or mean is None else float(np.linalg.norm(face - mean)),
        }

    straight = drawn(control)
    known = _known(filmed)
    return {
        "ranges": ranges,
        "filmed": {
            "poseError": float(np.median(known)) if known else None,
            "identity": None if mean is None else float(np.mean([np.linalg.norm(face - mean) for face in faces])),
        },
        "usual": straight,
        "turns": [
            {"axis": turn.axis, "degrees": turn.degrees, "beyond": turn.beyond, **drawn(turn.of(control))}
            for turn in turns_within(ranges)
        ],
    }, pictures


def turns_within(ranges: dict[str, list[float]]) -> Iterator[Turn]:
    """Each angle at both ends of its range, degrees, and beyond them."""
    for axis, (low, high) in ranges.items():
        for degrees, beyond in ((low - BEYOND, True), (low, False), (high, False), (high + BEYOND, True)):
            yield Turn(axis, degrees, beyond)


def pose_error(rig: Rig, control: Control, landmarks: np.ndarray) -> float | None:
    """Degrees between the head's rotation and the one that a picture's landmarks [478,2] show; None without a face."""
    if not np.isfinite(landmarks).all():
        return None
    seen = to_source(landmarks[:468], control.crop)
    camera = np.array([[rig.focal[0], 0, rig.principal[0]], [0, rig.focal[0], rig.principal[1]], [0, 0, 1]], np.float64)
    rotation = cv2.Rodrigues(_TO_OPENCV @ control.rotation.astype(np.float64))[0]
    translation = _TO_OPENCV @ control.translation.astype(np.float64)
    face = rig.vertices(control.expression).astype(np.float64)
    _, found, _ = cv2.solvePnP(face, seen, camera, np.zeros(4), rotation, translation[:, None], True)
    between = (_TO_OPENCV @ cv2.Rodrigues(found)[0]).T @ control.rotation
    return float(np.degrees(Rotation.from_matrix(between).magnitude()))


def angles_of(rotations: np.ndarray) -> np.ndarray:
    """[n,3] yaw, pitch and roll in degrees of rotations [n,3,3]."""
    return Rotation.from_matrix(rotations).as_euler("YXZ", degrees=True)


def rotation_of(angles: np.ndarray) -> np.ndarray:
    """[3,3] of yaw, pitch and roll in degrees."""
    return Rotation.from_euler("YXZ", angles, degrees=True).as_matrix()


def _known(values: Any) -> list[Any]:
    return [value for value in values if value is not None]
