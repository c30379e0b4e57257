"""Pictures that keep coming: what a face does in each follows it, the newest one counts, and nonsense is let be."""

import base64
import io
import json
import os
import threading

import numpy as np
import pytest

from likeness_trainer.morphable.generic_face import mean_shape
from likeness_trainer.morphable.mesh import Camera, Pose
from likeness_trainer.morphable.rotations import rodrigues
from likeness_trainer.morphable.topology import IRIS_LEFT, IRIS_RIGHT, LOWER_INNER_LIP, UPPER_INNER_LIP
from likeness_trainer.protocol import Cancelled, Reporter
from likeness_trainer.protocol.jobs import FollowJob
from likeness_trainer.tracking import follow as follow_module
from likeness_trainer.tracking.follow import _Newest, follow
from likeness_trainer.tracking.live_fit import CALM_PICTURES, LiveFit, learn

CAMERA = Camera.typical(640, 360)
JOB = FollowJob(producer="test", ffmpeg="", ffprobe="", width=64, height=64)
PICTURE = base64.b64encode(bytes(64 * 96)).decode()
LIPS = list(UPPER_INNER_LIP), list(LOWER_INNER_LIP)


def landmarks(yaw: float = 0.0, pitch: float = 0.0, lips: float = 0.0, gaze: float = 0.0, seed: int = 0) -> np.ndarray:
    """[478, 3] f32 of the mean face turned so (degrees), lips further apart and eyes aside (cm), a tenth of a pixel
    off."""
    shape = mean_shape().astype(np.float64)
    shape[LIPS[0], 1] += lips / 2
    shape[LIPS[1], 1] -= lips / 2
    irises = [
        np.tile(shape[list(corners)].mean(0) + np.array([gaze, 0, 0]), (len(iris), 1))
        for iris, corners in ((IRIS_RIGHT, (33, 133)), (IRIS_LEFT, (362, 263)))
    ]
    points = np.concatenate([shape, *irises])
    pose = Pose(rodrigues(np.radians([-pitch, yaw, 0])), np.array([0.0, 0.0, -60.0]))
    pixels, depth = CAMERA.project(points, pose)
    z = (depth - depth.mean()) * CAMERA.focal / 60
    noise = np.random.default_rng(seed).normal(size=(478, 3)) * 0.1
    return (np.concatenate([pixels, z[:, None]], -1) + noise).astype(np.float32)


def calm_moment() -> np.ndarray:
    return np.stack([landmarks(seed=k) for k in range(CALM_PICTURES)])


def test_a_face_is_followed_as_it_turns_speaks_and_looks_aside() -> None:
    calm = learn(calm_moment(), CAMERA, 1)
    fit = LiveFit(calm, 25.0)
    seen = [
        fit.of(landmarks(20 * np.sin(k / 10), 5 * np.sin(k / 7), 0.6 * (k % 20) / 20, 0.2 * np.sin(k / 9), k))
        for k in range(60)
    ]
    turned = np.array([np.degrees(np.arctan2(one.rotation[0, 2], one.rotation[2, 2])) for one in seen])
    assert np.abs(turned - 20 * np.sin(np.arange(60) / 10)).max() < 1.5
    shapes = calm.face.posed(np.stack([one.expression for one in seen]))
    apart = (shapes[:, LIPS[0], 1] - shapes[:, LIPS[1], 1]).mean(1)
    rest = (calm.face.neutral[LIPS[0], 1] - calm.face.neutral[LIPS[1], 1]).mean()
    assert np.corrcoef(apart - rest, np.arange(60) % 20)[0, 1] > 0.98
    looks = np.array([one.gaze[[0, 2]].mean() for one in seen])
    assert np.corrcoef(looks, np.sin(np.arange(60) / 9))[0, 1] > 0.98


def test_somebody_who_is_as_they_were_in_the_calm_moment_does_nothing() -> None:
    seen = LiveFit(learn(calm_moment(), CAMERA, 1), 25.0).of(landmarks(seed=99))
    assert np.abs(seen.gaze).max() < 0.02 and abs(seen.openness - 1) < 0.05
    assert np.degrees(np.arccos((np.trace(seen.rotation) - 1) / 2)) < 1


def test_of_pictures_that_nobody_took_the_newest_is_left_and_nonsense_is_let_be() -> None:
    newest, reporter = _Newest(), Reporter.silent()
    for message in (
        {},
        {"type": "frame", "serial": "1", "picture": PICTURE},
        {"type": "frame", "serial": 2, "picture": 3},
        {"type": "frame", "serial": 3, "picture": PICTURE},
        {"type": "frame", "serial": 4, "picture": PICTURE},
        {"type": "frame", "serial": 5, "picture": "no base64!"},
        {"type": "frame", "serial": 6, "picture": "\u00e4\u00e4\u00e4\u00e4"},
    ):
        newest.put(message)
    serial, picture, calm = newest.take(reporter)
    assert (serial, len(picture or b""), calm) == (4, 64 * 96, False)
    newest.put({"type": "calm"})
    assert newest.take(reporter) == (0, None, True)
    reporter.cancel()
    with pytest.raises(Cancelled):
        newest.take(reporter)


class _Mesh:
    def __enter__(self) -> "_Mesh":
        return self

    def __exit__(self, *_: object) -> None:
        pass


class _Face:
    """Turned further with each picture, and not there in every tenth."""

    def __init__(self, mesh: object) -> None:
        self._count = 0

    def look(self, _: object) -> np.ndarray | None:
        self._count += 1
        return None if self._count % 10 == 0 else landmarks(yaw=0.2 * max(0, self._count - 30), seed=self._count)


def test_each_picture_is_answered_and_a_calm_moment_is_told_before_what_is_measured_from_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(follow_module, "Landmarker", _Mesh)
    monkeypatch.setattr(follow_module, "LiveFace", _Face)
    reading, writing = os.pipe()
    answered = threading.Event()

    class Output(io.StringIO):
        def write(self, text: str) -> int:
            event = json.loads(text)
            events.append(event)
            answered.set()
            return len(text)

    def until_cancelled() -> None:
        with pytest.raises(Cancelled):
            follow(JOB, reporter)

    events: list[dict] = []
    reporter = Reporter(Output())
    work = threading.Thread(target=until_cancelled)
    with os.fdopen(reading) as stdin, os.fdopen(writing, "w") as parent:
        work.start()
        answered.wait()
        reporter.listen(stdin)
        for serial in range(60):
            answered.clear()
            parent.write("no JSON\n[1]\n" + json.dumps({"type": "frame", "serial": serial, "picture": PICTURE}) + "\n")
            parent.flush()
            answered.wait()
            while events[-1]["type"] != "face" or events[-1]["serial"] != serial:
                answered.wait()
        short = {"type": "frame", "serial": 99, "picture": base64.b64encode(b"too short").decode()}
        parent.write(json.dumps(short) + "\n")
        parent.write('{"type":"cancel"}\n')
        parent.flush()
        work.join()
    kinds = [event["type"] for event in events]
    assert kinds.count("calm") == 1 and kinds.count("face") == 60
    faces = {event["serial"]: event for event in events if event["type"] == "face"}
    calm_at = kinds.index("calm")
    assert all(event["face"] is None for event in events[:calm_at] if event["type"] == "face")
    assert faces[9]["found"] is False and faces[39]["face"] is None
    turns = [face["face"]["rotation"][2] for serial, face in sorted(faces.items()) if serial > 40 and face["face"]]
    assert turns == sorted(turns)
    described = events[calm_at]
    assert len(base64.b64decode(described["expressionBasis"])) == 64 * 468 * 3 * 4
    assert len(base64.b64decode(described["neutral"])) == 468 * 3 * 4
    assert len(base64.b64decode(described["irisNeutral"])) == 10 * 3 * 4
