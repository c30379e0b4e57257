"""`evaluate`: what an avatar draws, and what needs no training, on the frames the training never saw."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import numpy as np

from likeness_trainer.bundle.load import Bundle
from likeness_trainer.metrics.beside import require_sound, whole_file, write_beside
from likeness_trainer.metrics.clip import Clip, CutFrames
from likeness_trainer.metrics.heard import HubertRows
from likeness_trainer.metrics.measure import measure
from likeness_trainer.metrics.networks import Networks
from likeness_trainer.metrics.report import Report
from likeness_trainer.protocol import Reporter
from likeness_trainer.protocol.jobs import AnalysedJob, EvaluateJob
from likeness_trainer.speech.hubert import halved, hubert_rows, load_hubert


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
            hubert=_hubert_of(bundle, job, reporter),
        )
        if report and job.report_dir:
            result["report"] = report.write(job.report_dir, result, reporter)
        if partial is None:
            return result
        reporter.stage("render", 1, 2)
        video = write_beside(bundle, Clip(bundle, job), job, partial, reporter)
    return {**result, "video": {"path": str(path), **video}}


def measure_bundle(
    bundle: Bundle,
    job: AnalysedJob,
    reporter: Reporter,
    cut: CutFrames | None = None,
    hubert: HubertRows | None = None,
) -> dict[str, Any]:
    """The held-out figures that go into a bundle as its `report.json`: those of `evaluate` that cost little. What of
    `measured_frames` was `cut` already is not decoded again; `hubert` is what heard the sound while it was fitted.

    Raises TrainerError('too-short') without held-out frames.
    """
    return measure(bundle, job, reporter, cut=cut, hubert=hubert)


def _hubert_of(bundle: Bundle, job: EvaluateJob, reporter: Reporter) -> HubertRows | None:
    """None where the avatar was not fitted on these weights."""
    model = job.hubert
    if model is None or bundle.hubert is None or bundle.hubert["sha256"] != model.sha256:
        return None

    def hear(layer: int) -> np.ndarray:
        reporter.check_cancelled()
        return halved(hubert_rows(load_hubert(model.weights), Clip(bundle, job).sound(), [layer])[layer])

    return hear
