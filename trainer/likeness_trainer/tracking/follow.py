"""The command `follow`: what the face does in pictures that keep coming, each answered as soon as it is known."""

from __future__ import annotations

import base64
import threading
from typing import Any

import cv2
import numpy as np

from likeness_trainer.media import Colours, Planes
from likeness_trainer.morphable.mesh import Camera
from likeness_trainer.protocol import Reporter
from likeness_trainer.protocol.jobs import FollowJob
from likeness_trainer.tracking.landmarks import Landmarker
from likeness_trainer.tracking.live_face import LiveFace
from likeness_trainer.tracking.live_fit import CALM_PICTURES, Calm, LiveFit, Seen, learn
from likeness_trainer.tracking.live_torso import LiveTorso

_RATE = 25.0  # pictures a second that ties are measured at
_WAIT_SECONDS = 0.25  # between two looks at whether the job is to stop
_COLOURS = Colours("bt601", full_range=True)


def follow(job: FollowJob, reporter: Reporter) -> dict[str, Any]:
    """Answer pictures until the job is cancelled or its parent is gone: each message `frame` by an event `face`, unless
    a newer one came meanwhile. The first second in which a face is seen, and the one after each message `calm`, is what
    it is measured from; an event `calm` tells what that is.

    Raises Cancelled, in the end.
    """
    cv2.setNumThreads(1)
    newest = _Newest()
    reporter.hear(newest.put)
    with Landmarker() as mesh:
        face, following = LiveFace(mesh), _Following(job, reporter)
        reporter.stage("follow", 0, 1)
        while True:
            serial, picture, calm = newest.take(reporter)
            if calm:
                following.begin_anew()
            if picture is not None and len(picture) == job.width * job.height * 3 // 2:
                planes = _planes(picture, job)
                following.answer(serial, face.look(planes), planes.y)


class _Newest:
    """What was said last: a picture that nobody took yet makes room for a newer one."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._frame: tuple[int, bytes] | None = None
        self._calm = False

    def put(self, message: dict[str, Any]) -> None:
        """A message of the parent; one that makes no sense is let be."""
        serial, picture = message.get("serial"), message.get("picture")
        with self._changed:
            if message.get("type") == "calm":
                self._calm = True
            elif message.get("type") == "frame" and isinstance(serial, int) and isinstance(picture, str):
                try:
                    self._frame = serial, base64.b64decode(picture, validate=True)
                except ValueError:  # no base64, or letters that none has
                    return
            self._changed.notify()

    def take(self, reporter: Reporter) -> tuple[int, bytes | None, bool]:
        """Waits for the next one: serial and bytes of a picture, if there is any, and whether a calm moment begins.
        Raises Cancelled."""
        with self._changed:
            while self._frame is None and not self._calm:
                reporter.check_cancelled()
                self._changed.wait(_WAIT_SECONDS)
            reporter.check_cancelled()
            (serial, picture), calm = self._frame or (0, None), self._calm
            self._frame, self._calm = None, False
        return serial, picture, calm


class _Following:
    """What is known of the person so far, and what is told of each picture."""

    def __init__(self, job: FollowJob, reporter: Reporter) -> None:
        self._camera, self._threads, self._reporter = Camera.typical(job.width, job.height), job.cores, reporter
        self._gathered: list[np.ndarray] | None = []  # landmarks of a calm moment; None: it is over
        self._fit: LiveFit | None = None
        self._torso: LiveTorso | None = None

    def begin_anew(self) -> None:
        """The calm moment begins now; until it is over, what was known before holds."""
        self._gathered = []

    def answer(self, serial: int, landmarks: np.ndarray | None, luma: np.ndarray) -> None:
        """landmarks [478, 3], or None where there is no face, in a picture of luma [h, w] u8."""
        if landmarks is None and self._fit is not None:
            self._fit.lost()
        if landmarks is not None and self._gathered is not None:
            self._gathered.append(landmarks)
            if len(self._gathered) == CALM_PICTURES:
                self._learn(np.stack(self._gathered))
                self._torso = LiveTorso(luma, landmarks)
        seen = None if landmarks is None or self._fit is None else self._fit.of(landmarks)
        torso = None if seen is None or self._torso is None else self._torso.follow(luma)
        self._reporter.face(serial, None if seen is None else _row(seen, torso), landmarks is not None)

    def _learn(self, landmarks: np.ndarray) -> None:
        calm = learn(landmarks, self._camera, self._threads)
        self._fit, self._gathered = LiveFit(calm, _RATE), None
        self._reporter.calm(_described(calm))


def _planes(picture: bytes, job: FollowJob) -> Planes:
    """Of luma, then both chromas at half the size."""
    luma, half = job.width * job.height, (job.height // 2, job.width // 2)
    y, u, v = np.split(np.frombuffer(picture, np.uint8), [luma, luma + half[0] * half[1]])
    return Planes(y.reshape(job.height, job.width), u.reshape(half), v.reshape(half), _COLOURS)


def _row(seen: Seen, torso: np.ndarray | None) -> dict[str, Any]:
    return {
        "rotation": _numbers(seen.rotation),
        "translation": _numbers(seen.translation),
        "expression": _numbers(seen.expression),
        "gaze": _numbers(seen.gaze),
        "openness": round(seen.openness, 4),
        "torso": None if torso is None else _numbers(torso),
    }


def _described(calm: Calm) -> dict[str, Any]:
    return {
        "neutral": _packed(calm.face.neutral),
        "expressionBasis": _packed(calm.face.basis),
        "irisNeutral": _packed(calm.irises),
        "rotation": _numbers(calm.pose.rotation),
        "translation": _numbers(calm.pose.translation),
        "focal": float(calm.camera.focal),
        "principal": [float(calm.camera.principal[0]), float(calm.camera.principal[1])],
    }


def _numbers(values: np.ndarray) -> list[float]:
    return [round(float(value), 5) for value in values.reshape(-1)]


def _packed(values: np.ndarray) -> str:
    """As base64 of little-endian f32."""
    return base64.b64encode(np.ascontiguousarray(values, "<f4").tobytes()).decode("ascii")
