"""Does a pose network see how far shoulders are turned? `python -m likeness_research.any_video.shoulders`.

The synthetic person's body and head are turned apart from each other, and what MediaPipe's pose network makes of the
line between the shoulders is held against the truth. A measure of the body's turn goes along with the body by one
degree a degree, and with the head not at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np

from likeness_trainer.media.mediapipe_networks import solution
from likeness_trainer.morphable.mesh import Pose
from likeness_trainer.sample.performance import NECK_PIVOT, perform
from likeness_trainer.sample.person import CAMERA, MEAN_POSE, SIZE, SUPERSAMPLING, TORSO_MARGIN, Person, turned
from likeness_trainer.sample.torso import AXIS_Z, Torso
from likeness_trainer.sample.voice import fit_voice, load_voice

BODY_YAWS, HEAD_YAWS = (-24, -16, -8, 0, 8, 16, 24), (-12, 0, 12)  # degrees
_LEFT, _RIGHT = 11, 12  # the pose network's shoulders
_SPINE = np.array([0.0, 0.0, AXIS_Z])  # cm, what the body turns about
_BORDER = (40, 260, 150, 150)  # pixels: as if filmed from further away


@dataclass(frozen=True)
class Slopes:
    """How a measured turn goes along with the true ones: degrees a degree, and degrees that neither explains."""

    body: float
    head: float
    rest: float

    @classmethod
    def of(cls, body: np.ndarray, head: np.ndarray, measured: np.ndarray) -> Slopes:
        """Least squares over pictures [N], all in degrees."""
        columns = np.stack([body, head, np.ones(len(body))], 1)
        found = np.linalg.lstsq(columns, measured, rcond=None)[0]
        return cls(float(found[0]), float(found[1]), float((measured - columns @ found).std()))


def pictures() -> Iterator[tuple[float, float, np.ndarray]]:
    """The turns of body and head in degrees, and what they look like [512, 512, 3] u8."""
    person = Person(0)
    still = perform(fit_voice(load_voice(), 1.0), 25, 25.0, 0)[3]
    for body in BODY_YAWS:
        turn = turned(body, 0, 0)
        held = Pose(turn, MEAN_POSE.translation + _SPINE - turn @ _SPINE)
        person.torso = Torso(held, CAMERA, SIZE, SUPERSAMPLING, TORSO_MARGIN, 3)
        for head in HEAD_YAWS:
            turn = turned(head, 0, 0)
            pose = Pose(turn, MEAN_POSE.translation + NECK_PIVOT - turn @ NECK_PIVOT)
            yield body, head, person.draw(replace(still, pose=pose, torso=np.eye(2, 3)))[0]


def shoulders_yaw(landmarks: np.ndarray) -> float:
    """Degrees by which the line between the shoulders is turned away from the picture; landmarks [33, 3], z away."""
    across = landmarks[_LEFT] - landmarks[_RIGHT]
    return float(np.degrees(np.arctan2(across[2], across[0])))


def main() -> None:
    """Draw, measure, and print the slopes."""
    network = solution("pose").Pose(static_image_mode=True, model_complexity=1)
    rows: dict[str, list[tuple[float, float, float]]] = {"as it is": [], "from further away": []}
    for body, head, picture in pictures():
        for name, shown in zip(rows, (picture, cv2.copyMakeBorder(picture, *_BORDER, cv2.BORDER_REPLICATE))):
            found = network.process(shown).pose_world_landmarks
            if found is not None:
                points = np.array([(point.x, point.y, point.z) for point in found.landmark])
                rows[name].append((body, head, shoulders_yaw(points)))
    for name, seen in rows.items():
        slopes = Slopes.of(*np.array(seen, float).T)
        print(f"{name}: by the body's turn {slopes.body:.2f}, by the head's {slopes.head:.2f}, left {slopes.rest:.1f}")


if __name__ == "__main__":
    main()
