"""The `analyze` command: a video becomes a track, a person mask, a plate and a report (docs/formats.md)."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from likeness_trainer.media import Source, probe_source
from likeness_trainer.morphable.face_basis import FaceBasis
from likeness_trainer.morphable.mesh import Camera
from likeness_trainer.protocol import Reporter, TrainerError
from likeness_trainer.protocol.jobs import AnalyzeJob
from likeness_trainer.tracking.checks import all_checks, in_order
from likeness_trainer.tracking.face_fit import FaceFit, fit_face
from likeness_trainer.tracking.file_checks import file_checks
from likeness_trainer.tracking.frame_states import first_states, mark_occluded
from likeness_trainer.tracking.landmarks import Landmarker
from likeness_trainer.tracking.measured import measured_of
from likeness_trainer.tracking.observations import Frames, Observations
from likeness_trainer.tracking.people import PersonTrack, nearness
from likeness_trainer.tracking.reduced import at_full_size, people_at_full_size, reduced
from likeness_trainer.tracking.scan import FACES_FILE, scan
from likeness_trainer.tracking.sound import hear, judge
from likeness_trainer.tracking.squares import bounding_box
from likeness_trainer.tracking.times import presentation_times
from likeness_trainer.tracking.track_file import GENERIC, FrameState
from likeness_trainer.tracking.track_of import track_of

SHORTEST_SECONDS = 1.5
_STAGES = ("scan", "fit", "sound", "save")
_COSTS = (65, 32, 2, 1)  # of each stage beside the others
_ARTIFACTS = (
    ("track", "track.safetensors"),
    ("person", "person.mkv"),
    ("plate", "plate.png"),
    ("report", "report.json"),
)


class _Clock:
    """Seconds spent in each stage."""

    def __init__(self, reporter: Reporter) -> None:
        self.seconds: dict[str, float] = {}
        self._reporter = reporter

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        self._reporter.stage(name, _STAGES.index(name), len(_STAGES), _COSTS)
        begun = time.monotonic()
        yield
        self.seconds[name] = round(self.seconds.get(name, 0.0) + time.monotonic() - begun, 2)


def analyze(job: AnalyzeJob, reporter: Reporter) -> dict[str, Any]:
    """Analyse the job's video into its `analysis_dir`; the result is the report. An earlier analysis stays until this
    one is whole.

    Raises TrainerError: bad-video, no-face, too-short, not-found (no such person, no such face model), bad-request (a
    damaged face model), disk-full.
    """
    out = job.analysis_dir
    out.mkdir(parents=True, exist_ok=True)
    work = out / "unfinished"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    # Every core has a network to run, and OpenCV's own threads spin while they wait for work.
    cv2.setNumThreads(1)
    try:
        report = _analyse_into(work, job, reporter)
        for file in sorted(work.iterdir()):
            os.replace(file, out / file.name)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    for kind, name in _ARTIFACTS:
        reporter.artifact(kind, out / name)
    return report


def _analyse_into(work: Path, job: AnalyzeJob, reporter: Reporter) -> dict[str, Any]:
    """Write the files of the analysis into the folder `work`, and return its report."""
    begun = time.monotonic()
    clock = _Clock(reporter)
    basis = FaceBasis.load(job.face_basis) if job.face_basis else None
    with clock.stage("scan"), Landmarker() as mesh:  # loads while the file is looked at
        source = probe_source(job.ffmpeg, job.ffprobe, job.source, job.streams)
        _refuse_too_short(source.duration)
        scanned = reduced(source)
        seen, people = _scan(job, scanned, mesh, work, reporter)
        seen, people = at_full_size(seen, source, scanned), people_at_full_size(people, source, scanned)
    state = first_states(np.isfinite(seen.landmarks[:, 0, 0, 0]), seen.cuts, seen.sharpness)
    usable = np.flatnonzero((state == FrameState.GOOD) | (state == FrameState.BLURRED))
    _refuse_without_face(state, usable, source)
    # The fit keeps one core busy; the sound is read on another meanwhile.
    with ThreadPoolExecutor(1) as aside, clock.stage("fit"):
        sound = aside.submit(hear, job, source, work)
        fit = _fit(seen, usable, source, job.cores, reporter, basis)
        state = mark_occluded(state, usable, fit.strange, source.fps)
        times = presentation_times(source, len(state))
        track = track_of(source, times, state, seen, usable, fit)
    with clock.stage("sound"):
        heard = judge(sound.result(), track)
    track.producer = job.producer
    track.face_basis = basis.model if basis else GENERIC
    with clock.stage("save"):
        track.save(work / "track.safetensors")
        if not cv2.imwrite(str(work / "plate.png"), seen.plate[..., ::-1]):
            raise OSError("plate.png could not be written")
    measured = measured_of(source, track, seen, usable, fit, len(people), heard)
    report = {
        "frames": len(state),
        "states": {kind.name.lower(): int((state == kind).sum()) for kind in FrameState},
        "people": [_person_row(k, person) for k, person in enumerate(people)],
        "checks": in_order([*all_checks(measured), *file_checks(source)]),
        "seconds": round(time.monotonic() - begun, 2),
        "secondsByStage": clock.seconds,
        "producer": track.producer,
        "tracker": track.tracker,
        "person": job.person or 0,
        "faceBasis": track.face_basis,
    }
    (work / "report.json").write_text(json.dumps(report, indent=1), encoding="utf-8")
    (work / FACES_FILE).unlink()
    return report


def _fit(
    seen: Observations, usable: np.ndarray, source: Source, threads: int, reporter: Reporter, basis: FaceBasis | None
) -> FaceFit:
    def progress(done: int, total: int) -> None:
        reporter.check_cancelled()
        reporter.progress(done, total, "steps")

    landmarks = seen.landmarks.mean(1)[usable, :468]
    frames = Frames(usable, np.cumsum(seen.cuts)[usable])
    camera = Camera.typical(source.width, source.height)
    return fit_face(landmarks, frames, seen.faces, camera, source.fps, threads, progress, basis)


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
            "too-short",
            f"The face is seen for {seconds:.1f} s only.",
            "Use a video that shows the face for at least 4 s.",
            f"{len(usable)} of {len(state)} frames",
        )


def _scan(
    job: AnalyzeJob, source: Source, mesh: Landmarker, work: Path, reporter: Reporter
) -> tuple[Observations, list[PersonTrack]]:
    """Scan for the person wanted. Who fills most of the video is known only at its end: when the scan followed someone
    else, it runs again."""
    person = job.person
    seen = scan(job.ffmpeg, source, job.source, mesh, work, reporter, job.cores)
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
            reporter.stage("scan", 0, len(_STAGES), _COSTS)
            seen = scan(job.ffmpeg, source, job.source, mesh, work, reporter, job.cores, wanted)
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
