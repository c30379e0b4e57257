"""The `analyze` command: a video becomes a track, a person mask, a plate and a report (docs/formats.md)."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import time
import wave
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from likeness_trainer.media import Source, probe, read_audio
from likeness_trainer.morphable.generic_face import mean_shape
from likeness_trainer.morphable.mesh import nearest_rotation, posed_vertices
from likeness_trainer.morphable.topology import INNER_LIP, mouth_triangles, triangles
from likeness_trainer.protocol import Reporter, TrainerError
from likeness_trainer.tracking.checks import Measured, all_checks
from likeness_trainer.tracking.eyes_and_mouth import aperture, gaze
from likeness_trainer.tracking.face_fit import FaceFit, fit_face
from likeness_trainer.tracking.fill_gaps import fill_rotations, fill_rows
from likeness_trainer.tracking.frame_states import first_states, mark_occluded
from likeness_trainer.tracking.head_crop import head_crops
from likeness_trainer.tracking.people import PersonTrack, nearness
from likeness_trainer.tracking.scan import Observations, Scan
from likeness_trainer.tracking.squares import bounding_box
from likeness_trainer.tracking.times import presentation_times
from likeness_trainer.tracking.track_file import FrameState, Track

SHORTEST_SECONDS = 1.5
_STAGES = ("scan", "fit", "sound", "save")
_SPEECH_LEVEL = 0.1  # of the loud parts


class _Clock:
    """Seconds spent in each stage."""

    def __init__(self, reporter: Reporter) -> None:
        self.seconds: dict[str, float] = {}
        self._reporter = reporter

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        self._reporter.stage(name, _STAGES.index(name), len(_STAGES))
        begun = time.monotonic()
        yield
        self.seconds[name] = round(self.seconds.get(name, 0.0) + time.monotonic() - begun, 2)


def analyze(job: dict[str, Any], reporter: Reporter) -> dict[str, Any]:
    """Analyse `job['source']` into `job['analysisDir']`; the result is the report. `job['person']` picks one of the
    report's people. An earlier analysis stays until this one is whole.

    Raises TrainerError: bad-video, no-face, too-short, not-found (no such person), disk-full.
    """
    begun = time.monotonic()
    out = Path(job["analysisDir"])
    out.mkdir(parents=True, exist_ok=True)
    work = out / "unfinished"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    if job.get("threads"):
        cv2.setNumThreads(int(job["threads"]))
    try:
        clock = _Clock(reporter)
        source = probe(job["ffprobe"], job["source"])
        _refuse_too_short(source.duration)
        with clock.stage("scan"):
            seen, people = _scan(job, source, work, reporter)
        state = first_states(np.isfinite(seen.landmarks[:, 0, 0, 0]), seen.cuts, seen.sharpness)
        usable = np.flatnonzero((state == FrameState.GOOD) | (state == FrameState.BLURRED))
        _refuse_without_face(state, usable, source)
        # The fit keeps one core busy; the sound is read on another meanwhile.
        with ThreadPoolExecutor(1) as aside, clock.stage("fit"):
            heard = aside.submit(_hear, job, source, work)
            landmarks = seen.landmarks.mean(1)
            fit = fit_face(
                landmarks[usable, :468], usable, np.cumsum(seen.cuts)[usable], seen.faces, seen.face_squares,
                source.width, source.height, source.fps,
                lambda done, total: _progress(reporter, done, total),
            )  # fmt: skip
            state = mark_occluded(state, usable, fit.strange)
            times = presentation_times(job["ffprobe"], job["source"], len(state), source.fps)
            track = _track(source, times, state, landmarks, usable, fit, seen)
        with clock.stage("sound"):
            speech_seconds = _sound(heard.result(), track)
        with clock.stage("save"):
            track.save(work / "track.safetensors")
            if not cv2.imwrite(str(work / "plate.png"), seen.plate[..., ::-1]):
                raise OSError("plate.png could not be written")
        report = {
            "frames": len(state),
            "states": {kind.name.lower(): int((state == kind).sum()) for kind in FrameState},
            "people": [_person_row(k, person) for k, person in enumerate(people)],
            "checks": all_checks(_measured(source, track, seen, usable, fit, len(people), speech_seconds)),
            "seconds": round(time.monotonic() - begun, 2),
            "secondsByStage": clock.seconds,
        }
        (work / "report.json").write_text(json.dumps(report, indent=1), encoding="utf-8")
        (work / "faces.npy").unlink()
        for file in sorted(work.iterdir()):
            os.replace(file, out / file.name)
        for kind, name in (
            ("track", "track.safetensors"),
            ("person", "person.mkv"),
            ("plate", "plate.png"),
            ("report", "report.json"),
        ):
            reporter.artifact(kind, out / name)
        return report
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _progress(reporter: Reporter, done: int, total: int) -> None:
    reporter.check_cancelled()
    reporter.progress(done, total, "steps")


def _refuse_too_short(seconds: float) -> None:
    if seconds < SHORTEST_SECONDS:
        raise TrainerError(
            "too-short",
            f"The video is {seconds:.1f} s long.",
            "Use a video of at least 4 s; 20 s or more give a good result.",
        )


def _refuse_without_face(state: np.ndarray, usable: np.ndarray, source: Source) -> None:
    if len(usable) == 0:
        raise TrainerError(
            "no-face",
            "No face was found in this video.",
            "Use a video in which one face is seen from the front, lit and not too small.",
        )
    seconds = len(usable) / source.fps
    if seconds < SHORTEST_SECONDS:
        raise TrainerError(
            "too-short", f"The face is seen for {seconds:.1f} s only.", "Use a video that shows the face for at least 4 s.",
            f"{len(usable)} of {len(state)} frames",
        )  # fmt: skip


def _scan(
    job: dict[str, Any], source: Source, work: Path, reporter: Reporter
) -> tuple[Observations, list[PersonTrack]]:
    """Scan for the person wanted. Who fills most of the video is known only at its end: when the scan followed someone
    else, it runs again."""
    person = job.get("person")
    seen = Scan(job["ffmpeg"], job["source"], source, work, reporter).run()
    people = seen.people.prominent()
    if person is not None and person >= len(people):
        raise TrainerError(
            "not-found",
            f"There is no person {person} in this video: {len(people)} found.",
            "Choose one of the people in the report.",
        )
    if people:
        wanted = people[person or 0]
        if not _followed(seen, wanted):
            target = wanted.sightings[0].box
            reporter.stage("scan", 0, len(_STAGES))
            seen = Scan(job["ffmpeg"], job["source"], source, work, reporter, target).run()
    return seen, people


def _followed(seen: Observations, person: PersonTrack) -> bool:
    """Whether the landmarks are this person's in most of the sightings."""
    near = [
        nearness(bounding_box(seen.landmarks[sighting.frame, 1, :468]), sighting.box) < 0.6
        for sighting in person.sightings
        if sighting.frame < len(seen.landmarks) and np.isfinite(seen.landmarks[sighting.frame, 1, 0, 0])
    ]
    return len(near) > 0 and float(np.mean(near)) > 0.5


def _person_row(number: int, person: PersonTrack) -> dict[str, Any]:
    best = person.best()
    return {
        "id": number,
        "frames": person.frames_seen(),
        "box": [round(float(v), 1) for v in best.box],
        "frame": best.frame,
    }


def _track(
    source: Source,
    times: np.ndarray,
    state: np.ndarray,
    landmarks: np.ndarray,
    usable: np.ndarray,
    fit: FaceFit,
    seen: Observations,
) -> Track:
    """Every source frame's row; frames without a trusted fit get interpolated values."""
    frames = len(state)
    trusted = np.isin(usable, np.flatnonzero((state == FrameState.GOOD) | (state == FrameState.BLURRED)))
    if not trusted.any():
        trusted[:] = True
    known = usable[trusted]
    rotation, translation, expression = fit.rotation[trusted], fit.translation[trusted], fit.expression[trusted]
    shapes = posed_vertices(fit.neutral, fit.expression_basis, expression)
    principal = np.array([source.width / 2, source.height / 2])
    looks, iris = gaze(
        landmarks[known, 468:, :2].astype(np.float64), shapes, fit.neutral, rotation, translation, fit.focal, principal
    )
    opening = aperture(shapes, fit.neutral)
    boxes = np.stack([bounding_box(landmarks[k, :468]) for k in known])
    face_box = fill_rows(boxes, known, frames)
    return Track(
        time=times,
        state=state,
        landmarks=fill_rows(landmarks[known], known, frames),
        neutral=fit.neutral,
        mean_shape=mean_shape(),
        identity_basis=fit.identity_basis,
        identity=fit.identity,
        expression_basis=fit.expression_basis,
        expression=fill_rows(expression, known, frames),
        rotation=fill_rotations(rotation, known, frames),
        translation=fill_rows(translation, known, frames),
        focal=np.array([fit.focal]),
        principal=principal,
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


def _hear(job: dict[str, Any], source: Source, work: Path) -> np.ndarray | None:
    """The sound [N] at 16 kHz, written too; None where there is none to hear."""
    if not source.has_audio:
        return None
    try:
        audio = read_audio(job["ffmpeg"], job["source"])
    except TrainerError:
        return None  # a broken sound track is reported by the check; the picture is still of use
    with wave.open(str(work / "audio16k.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16000)
        file.writeframes((np.clip(audio, -1, 1) * 32767).astype("<i2").tobytes())
    importlib.import_module(
        "..speech.sync", __package__
    )  # PyTorch with it: it takes longer to load than the sound to judge
    return audio


def _sound(audio: np.ndarray | None, track: Track) -> float | None:
    """Judge the sound's sync into the track, and return how many seconds are loud enough for speech."""
    if audio is None:
        return None
    from likeness_trainer.speech.sync import estimate

    verdict = estimate(audio, track)
    track.sound_belongs = verdict.belongs
    track.sound_score = verdict.score
    track.sound_lag_seconds = verdict.lag_seconds if verdict.belongs == "yes" else 0.0
    windows = audio[: len(audio) // 320 * 320].reshape(-1, 320)
    level = np.sqrt((windows**2).mean(1))
    loud = float(np.percentile(level, 95)) if len(level) else 0.0
    return float((level > max(0.003, _SPEECH_LEVEL * loud)).sum() * 0.02)


def _measured(
    source: Source,
    track: Track,
    seen: Observations,
    usable: np.ndarray,
    fit: FaceFit,
    people: int,
    speech_seconds: float | None,
) -> Measured:
    good = track.good if len(track.good) else usable
    pitch = np.degrees(np.arcsin(np.clip(-track.rotation[good, 1, 2], -1, 1)))
    return Measured(
        state=track.state,
        fps=source.fps,
        face_height=float(np.median(track.face_box[good, 3])),
        sharpness=float(np.median(seen.sharpness[good])),
        brightness=float(np.median(seen.brightness[good])),
        brightness_change=float(seen.brightness[good].std()),
        clipped=float(np.median(seen.clipped[good])),
        yaw_range=fit.yaw_range,
        pitch_range=float(np.percentile(pitch, 98) - np.percentile(pitch, 2)),
        aperture=track.aperture,
        people=people,
        camera_motion=seen.camera_motion,
        focal_estimated=fit.focal_estimated,
        has_sound=source.has_audio,
        speech_seconds=speech_seconds,
        sound_belongs=track.sound_belongs,
        sound_score=track.sound_score,
        sound_lag_seconds=track.sound_lag_seconds,
    )
