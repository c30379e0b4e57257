"""The `analyze` command: a video becomes a track, a person mask, a plate and a report (docs/formats.md)."""

from __future__ import annotations

import importlib
import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from likeness_trainer.media import Source, probe_source
from likeness_trainer.morphable.face_basis import FaceBasis
from likeness_trainer.protocol import Reporter, TrainerError
from likeness_trainer.protocol.jobs import AnalyzeJob
from likeness_trainer.protocol.loading import loading
from likeness_trainer.tracking.networks import Networks
from likeness_trainer.tracking.observations import Observations
from likeness_trainer.tracking.people import PersonTrack, nearness
from likeness_trainer.tracking.reduced import at_full_size, people_at_full_size, reduced
from likeness_trainer.tracking.refusals import refuse_too_short
from likeness_trainer.tracking.scan import scan
from likeness_trainer.tracking.squares import bounding_box
from likeness_trainer.tracking.stages import StageClock

_ARTIFACTS = (
    ("track", "track.safetensors"),
    ("person", "person.mkv"),
    ("plate", "plate.png"),
    ("report", "report.json"),
)


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
    clock = StageClock(reporter)
    basis = FaceBasis.load(job.face_basis) if job.face_basis else None
    # All of it loads while the file is looked at, and longer.
    with clock.stage("scan"), _begun.pop() if _begun else _Loaded() as loaded:
        source = probe_source(job.ffmpeg, job.ffprobe, job.source, job.streams)
        refuse_too_short(source.duration)
        scanned = reduced(source)
        seen, people = _scan(job, scanned, loaded.networks, work, clock, reporter)
        seen, people = at_full_size(seen, source, scanned), people_at_full_size(people, source, scanned)
    return loaded.measure.result()(work, job, source, seen, people, basis, clock, reporter)


class _Loaded:
    """What an analysis works with, loading in threads of its own from now on: first the networks, then what fits a
    face, which takes as long as everything that looks at one."""

    def __init__(self) -> None:
        self.networks = Networks()
        self._aside = ThreadPoolExecutor(1)
        self.measure = self._aside.submit(self._load_measure)

    def _load_measure(self) -> Callable[..., dict[str, Any]]:
        with loading():
            self.networks.wait()
            return importlib.import_module("likeness_trainer.tracking.measure").measure

    def __enter__(self) -> _Loaded:
        return self

    def __exit__(self, *_: object) -> None:
        self.networks.__exit__()
        self._aside.shutdown(wait=False)


_begun: list[_Loaded] = []  # of an analysis that is still to come


def begin() -> None:
    """Begins to load for the next analysis of this process."""
    _begun.append(_Loaded())


def _scan(
    job: AnalyzeJob, source: Source, networks: Networks, work: Path, clock: StageClock, reporter: Reporter
) -> tuple[Observations, list[PersonTrack]]:
    """Scan for the person wanted. Who fills most of the video is known only at its end: when the scan followed someone
    else, it runs again."""
    person = job.person
    seen = scan(job.ffmpeg, source, job.source, networks, work, reporter)
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
            clock.begin("scan")
            seen = scan(job.ffmpeg, source, job.source, networks, work, reporter, wanted)
    return seen, people


def _followed(seen: Observations, person: PersonTrack) -> bool:
    """Whether the landmarks are this person's in most of the sightings."""
    near = [
        nearness(bounding_box(seen.landmarks[sighting.frame, 1, :468]), sighting.box) < 0.6
        for sighting in person.sightings
        if sighting.frame < len(seen.landmarks) and np.isfinite(seen.landmarks[sighting.frame, 1, 0, 0])
    ]
    return len(near) > 0 and float(np.mean(near)) > 0.5
