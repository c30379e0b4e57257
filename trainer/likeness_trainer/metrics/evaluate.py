"""`evaluate`: what an avatar draws, and what needs no training, on the frames the training never saw."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

from likeness_trainer.bundle.load import Bundle
from likeness_trainer.metrics.beside import require_sound, whole_file, write_beside
from likeness_trainer.metrics.clip import Clip, CutFrames
from likeness_trainer.metrics.measure import measure
from likeness_trainer.metrics.networks import Networks
from likeness_trainer.metrics.report import Report
from likeness_trainer.protocol import Reporter
from likeness_trainer.protocol.jobs import AnalysedJob, EvaluateJob


def evaluate(job: EvaluateJob, reporter: Reporter) -> dict[str, Any]:
    """The `evaluate` command: contract schema `EvaluateResult`.

    `video_path` asks for the video of `write_beside` too, `report_dir` for what `Report` writes.
    """
    path = job.video_path
    reporter.stage("evaluate", 0, 2 if path else 1)
    if path:
        require_sound(job)
    with whole_file(path) if path else nullcontext() as partial:
        bundle = Bundle.load(job.avatar_path, job.cores)
        report = Report(Clip(bundle, job), job, bundle.manifest["name"]) if job.report_dir else None
        result = measure(
            bundle,
            job,
            reporter,
            thorough=True,
            show=report.show if report else lambda _: None,
            networks=Networks.of(job),
        )
        if report and job.report_dir:
            result["report"] = report.write(job.report_dir, result, reporter)
        if partial is None:
            return result
        reporter.stage("render", 1, 2)
        video = write_beside(bundle, Clip(bundle, job), job, partial, reporter)
    return {**result, "video": {"path": str(path), **video}}


def measure_bundle(
    bundle: Bundle, job: AnalysedJob, reporter: Reporter, cut: CutFrames | None = None
) -> dict[str, Any]:
    """The held-out figures that go into a bundle as its `report.json`: those of `evaluate` that cost little. What of
    `measured_frames` was `cut` already is not decoded again.

    Raises TrainerError('too-short') without held-out frames.
    """
    return measure(bundle, job, reporter, cut=cut)
