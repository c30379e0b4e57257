"""`evaluate`: the shipped graphs, and what needs no training, on the frames the training never saw."""

from __future__ import annotations

import time
from contextlib import nullcontext
from typing import Any, Literal

import numpy as np

from likeness_trainer.bundle.composite import over
from likeness_trainer.bundle.load import Bundle, Draws
from likeness_trainer.metrics.beside import require_sound, whole_file, write_beside
from likeness_trainer.metrics.clip import Clip
from likeness_trainer.metrics.crops import boxes
from likeness_trainer.metrics.mouth import FaceMesh, aperture
from likeness_trainer.metrics.quality import HeldOut, psnr_by_box, quality
from likeness_trainer.metrics.temporal import Flicker
from likeness_trainer.metrics.untrained import Untrained
from likeness_trainer.protocol import Reporter, TrainerError
from likeness_trainer.protocol.jobs import AnalysedJob, EvaluateJob

MAX_FRAMES = 300  # 12 s at 25 frames a second: more held-out frames cost minutes and change no figure
_PASSES = 16
Form = Draws | Literal["fast"]


def evaluate(job: EvaluateJob, reporter: Reporter) -> dict[str, Any]:
    """The `evaluate` command: contract schema `EvaluateResult`. `video_path` asks for the video of `write_beside`
    too."""
    path = job.video_path
    reporter.stage("evaluate", 0, 2 if path else 1)
    if path:
        require_sound(job)
    with whole_file(path) if path else nullcontext() as partial:
        bundle = Bundle.load(job.avatar_path, job.cores)
        result = measure_bundle(bundle, job, reporter)
        if partial is None:
            return result
        reporter.stage("render", 1, 2)
        video = write_beside(bundle, Clip(bundle, job), job, partial, reporter)
    return {**result, "video": {"path": str(path), **video}}


def measure_bundle(bundle: Bundle, job: AnalysedJob, reporter: Reporter) -> dict[str, Any]:
    """Held-out figures of a bundle (`EvaluateResult`), also its `report.json`.

    Pictures are driven by the track. `apertureR` and `closure` are driven by the clip's own sound through the
    bundle's speech graphs: the frames are rendered, and the opening of the rendered mouth is measured with MediaPipe,
    for the baselines on what they show for the same driven mesh. They are None for a clip without
    sound of this person. Progress is in frames, all passes together. Raises TrainerError('too-short') without
    held-out frames.
    """
    clip = Clip(bundle, job)
    train, test = clip.split()
    test = test[:MAX_FRAMES]
    if len(test) == 0:
        raise TrainerError("too-short", "There are too few good frames to hold some out.", "Use a longer video.")
    progress = _Progress(reporter, _PASSES * len(test))

    spoken = clip.spoken(test) if clip.has_speech() else None
    untrained = Untrained(clip, train, test, spoken)
    pictures = clip.pictures(set(test.tolist()) | untrained.needed, reporter)
    masks = clip.masks(untrained.masked, reporter)
    progress.advance(len(test))

    with FaceMesh() as face_mesh:
        truths = [pictures[int(frame)] for frame in test]
        parts = boxes(clip.meshes[test], clip.idle.crop[test], clip.source.width, clip.source.height)
        held_out = HeldOut(
            test,
            truths,
            [clip.plate(int(frame)) for frame in test],
            parts,
            Flicker(truths, test.tolist(), [part.face for part in parts]),
            face_mesh.landmarks_of(truths),
            clip.idle.aperture[test],
        )
        progress.advance(len(test))

        def opening(driven: list[np.ndarray]) -> np.ndarray:
            progress.advance(len(test))
            return aperture(face_mesh.landmarks_of(driven))

        def figures(
            shown: list[np.ndarray], driven: list[np.ndarray] | None, fps: float | None = None
        ) -> dict[str, Any]:
            landmarks = face_mesh.landmarks_of(shown)
            return quality(shown, landmarks, held_out, spoken=None if driven is None else opening(driven), fps=fps)

        forms: list[Draws] = [*(["std"] if bundle.has_std else []), *(["closed"] if bundle.closed is not None else [])]
        drawn = {form: _render(bundle, clip, test, None, form, progress) for form in forms}
        rows = {form: {"psnr": psnr_by_box(shown, held_out), "fps": fps} for form, (shown, fps) in drawn.items()}
        draws = bundle.manifest.get("draws") or max(forms, key=lambda form: sum(rows[form]["psnr"].values()))

        def whole(form: Draws) -> dict[str, Any]:
            driven = _render(bundle, clip, test, spoken, form, progress)[0] if spoken is not None else None
            return figures(drawn[form][0], driven, drawn[form][1])

        measured = whole(draws)
        result = dict(measured)
        if bundle.has_fast:
            shown, fast_fps = _render(bundle, clip, test, None, "fast", progress)
            result["fast"] = {"psnr": psnr_by_box(shown, held_out), "fps": fast_fps}

        baselines = {}
        if bundle.closed is not None:
            baselines["instant"] = measured if draws == "closed" else whole("closed")
            result |= {"draws": draws, **rows}
        for name, shown, driven in untrained.drawn(pictures, masks, held_out.plates):
            progress.advance(len(test))
            baselines[name] = figures(shown, driven)
    progress.finish()
    return {**result, "frames": len(test), "baselines": baselines}


def _render(
    bundle: Bundle, clip: Clip, frames: np.ndarray, expressions: np.ndarray | None, form: Form, progress: _Progress
) -> tuple[list[np.ndarray], float]:
    """Pictures of frames over their background, and frames a second of all that draws them (median)."""
    pictures, seconds = [], []
    for row, frame in enumerate(frames.tolist()):
        started = time.perf_counter()
        control = clip.control(frame, None if expressions is None else expressions[row])
        rgba = bundle.render(bundle.proxies(control), "render-fast") if form == "fast" else bundle.draw(control, form)
        seconds.append(time.perf_counter() - started)
        pictures.append(over(rgba, clip.plate(frame)))
        progress.advance(1)
    return pictures, 1 / float(np.median(seconds))


class _Progress:
    """Counts frames over all passes; a pass without sound is simply not counted until the end."""

    def __init__(self, reporter: Reporter, total: int) -> None:
        self._reporter, self._total, self._done = reporter, total, 0

    def advance(self, frames: int) -> None:
        self._reporter.check_cancelled()
        self._done = min(self._done + frames, self._total)
        self._reporter.progress(self._done, self._total, "frames")

    def finish(self) -> None:
        self._reporter.progress(self._total, self._total, "frames")
