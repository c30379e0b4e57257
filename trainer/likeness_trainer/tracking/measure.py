"""What an analysis makes of what a scan has seen: the fit, the sound beside it, the track and the report."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from likeness_trainer.matting.plate import PlateBuilder
from likeness_trainer.media import Source
from likeness_trainer.morphable.face_basis import FaceBasis
from likeness_trainer.morphable.mesh import Camera
from likeness_trainer.protocol import Reporter
from likeness_trainer.protocol.jobs import AnalyzeJob
from likeness_trainer.tracking.checks import all_checks, in_order
from likeness_trainer.tracking.face_fit import FaceFit, fit_face
from likeness_trainer.tracking.file_checks import file_checks
from likeness_trainer.tracking.frame_states import first_states, mark_occluded
from likeness_trainer.tracking.measured import measured_of
from likeness_trainer.tracking.observations import Frames, Observations
from likeness_trainer.tracking.people import PersonTrack
from likeness_trainer.tracking.refusals import refuse_without_face
from likeness_trainer.tracking.scan import FACES_FILE
from likeness_trainer.tracking.shared_work import give_way
from likeness_trainer.tracking.sound import hear, judge
from likeness_trainer.tracking.stages import StageClock
from likeness_trainer.tracking.times import presentation_times
from likeness_trainer.tracking.track_file import GENERIC, FrameState
from likeness_trainer.tracking.track_of import track_of


def measure(
    work: Path,
    job: AnalyzeJob,
    source: Source,
    seen: Observations,
    people: list[PersonTrack],
    basis: FaceBasis | None,
    clock: StageClock,
    reporter: Reporter,
) -> dict[str, Any]:
    """Write track, plate and report into the folder `work`, beside the person mask that is there, and return the
    report. Raises TrainerError('no-face' | 'too-short')."""
    state = first_states(np.isfinite(seen.landmarks[:, 0, 0, 0]), seen.cuts, seen.sharpness)
    usable = np.flatnonzero((state == FrameState.GOOD) | (state == FrameState.BLURRED))
    refuse_without_face(state, usable, source)
    times = presentation_times(source, len(state))
    # Parts of the fit are one thread's; plate and sound are another's meanwhile.
    with ThreadPoolExecutor(1, initializer=give_way) as aside, clock.stage("fit"):
        plate = aside.submit(_save_plate, seen.plate, source, work, job.cores)  # first, for it holds whole frames
        sound = aside.submit(hear, job, source, float(times[-1]), work)
        fit = _fit(seen, usable, source, job.cores, reporter, basis)
        state = mark_occluded(state, usable, fit.strange, source.fps)
        track = track_of(source, times, state, seen, usable, fit)
    with clock.stage("sound"):
        heard = judge(sound.result(), track)
    track.producer = job.producer
    track.face_basis = basis.model if basis else GENERIC
    with clock.stage("save"):
        track.save(work / "track.safetensors")
        plate.result()
    measured = measured_of(source, track, seen, usable, fit, len(people), heard)
    report = {
        "frames": len(state),
        "states": {kind.name.lower(): int((state == kind).sum()) for kind in FrameState},
        "people": [_person_row(k, person) for k, person in enumerate(people)],
        "checks": in_order([*all_checks(measured), *file_checks(source)]),
        "seconds": clock.total,
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


def _save_plate(builder: PlateBuilder, source: Source, work: Path, threads: int) -> None:
    """At the source's size, into the folder `work`. Raises OSError."""
    plate, _ = builder.build(threads)
    size = source.width, source.height
    if plate.shape[1::-1] != size:
        plate = cv2.resize(plate, size, interpolation=cv2.INTER_LINEAR)
    if not cv2.imwrite(str(work / "plate.png"), plate[..., ::-1]):
        raise OSError("plate.png could not be written")


def _person_row(number: int, person: PersonTrack) -> dict[str, Any]:
    best = person.best()
    return {
        "id": number,
        "frames": person.frames_seen(),
        "box": [round(float(v), 1) for v in best.box],
        "frame": best.frame,
    }
