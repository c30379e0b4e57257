"""`train`: from an analysed video to an avatar, in stages that can be stopped and resumed at any moment.

Every training begins with the instant avatar: the person's own frames in closed form, which can be used at once. What
is trained after that is held against it on the same held-out frames, and the avatar is drawn by the better of the two.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch

from likeness_trainer.appearance.appearance import MOST_FRAMES
from likeness_trainer.appearance.likeness_file import AppearanceFile
from likeness_trainer.bundle.export import Trained, export_bundle
from likeness_trainer.bundle.load import APPEARANCE
from likeness_trainer.bundle.spoken import Spoken
from likeness_trainer.metrics.evaluate import measure_bundle
from likeness_trainer.metrics.measure import measured_frames
from likeness_trainer.protocol import Cancelled, Reporter, TrainerError
from likeness_trainer.protocol.jobs import TrainJob
from likeness_trainer.renderer.rig import Rig
from likeness_trainer.renderer.rig_fit import carve_hull, fit_rig
from likeness_trainer.tracking.track_file import Track
from likeness_trainer.training.batches import Batches
from likeness_trainer.training.beside import Beside
from likeness_trainer.training.checkpoint import CHECKPOINT, read_checkpoint, recipe_in
from likeness_trainer.training.closed import fitted_closed, heads_for
from likeness_trainer.training.crops import CropStore, open_crops, prepare_crops
from likeness_trainer.training.device import Compute, choose_device, choose_precision
from likeness_trainer.training.observation import Observation
from likeness_trainer.training.peers import Peers, gathered, processes_for
from likeness_trainer.training.pieces import Threads
from likeness_trainer.training.presets import INSTANT_SPEECH_STEPS, Recipe, recipe_for
from likeness_trainer.training.run import Run
from likeness_trainer.training.selection import evenly, informative_frames
from likeness_trainer.training.spans import stage_costs
from likeness_trainer.training.step_costs import step_costs, training_seconds
from likeness_trainer.training.sway import tracked_sway

BEFORE = ("prepare", "instant")  # what an instant avatar is made of, too
STAGES = (*BEFORE, "volume", "refine", "adversarial", "fast", "export")
MIN_TRAINING_FRAMES = 20
HULL_FRAMES, INSTANT_HULL_FRAMES = 400, 60  # nothing of an instant avatar is marched through the hull
# Beside speech to motion, which takes 1.2 GB of a clip of ten minutes, the closed form's .6 GB would be too much.
MOST_FRAMES_AT_ONCE = 6000
_CUT = 0.5  # of all work of `prepare`: where cutting the crops ends


@dataclass(frozen=True)
class Material:
    """What is trained on."""

    track: Track
    frames: np.ndarray  # source frames to train on
    held_out: np.ndarray  # and to look at
    crops: CropStore
    rig: Rig


@dataclass(frozen=True)
class Person(Material):
    """And what needs no training of the renderer: its closed form, speech to motion, and where something is trained the
    sway of all frames."""

    closed: Beside[AppearanceFile]
    spoken: Spoken
    sway: Beside[np.ndarray | None] | None


def train(job: TrainJob, reporter: Reporter) -> dict[str, Any]:
    """Trains and writes `job.avatar_path`; returns {avatar, seconds, metrics}.

    Where no avatar is yet, the instant one is written there before anything is trained. Raises TrainerError
    ('too-short', 'not-found', 'no-device', 'bad-checkpoint', 'bad-request') and Cancelled; a checkpoint is saved before
    Cancelled leaves.
    """
    started = time.monotonic()
    device = choose_device(job.device)
    recipe = _recipe(job)
    job.run_dir.mkdir(parents=True, exist_ok=True)
    stages = STAGES if recipe.trains else BEFORE
    ends_at = started + 60 * recipe.minutes if recipe.timed else None
    person = _person(job, recipe, stages, ends_at, reporter)
    measured: dict[str, float] = {}
    if not recipe.trains:
        report = _write(job, person, reporter, None, INSTANT_SPEECH_STEPS)
        shutil.rmtree(job.run_dir / "crops", ignore_errors=True)  # nothing goes on from here
    else:
        if not job.avatar_path.exists():
            _write(job, replace(person, sway=None), reporter, None, INSTANT_SPEECH_STEPS)  # which is not waited for
            reporter.artifact("instant", job.avatar_path)
        compute = Compute(device, choose_precision(device))
        if recipe.timed:
            recipe = _in_time(job, recipe, person, compute, started, reporter.part(1, 1))
        run = _trained(job, recipe, person, compute, reporter)
        measured = run.measured
        reporter.stage(stages[-1], len(stages) - 1, len(stages), stage_costs(recipe))
        report = _write(job, person, reporter, Trained(run.std.average, run.fast.average), recipe.speech_steps)
    reporter.artifact("avatar", job.avatar_path)
    return {
        "avatar": str(job.avatar_path),
        "seconds": time.monotonic() - started,
        "metrics": measured | _figures(report),
    }


def training_frames(track: Track, limit: int) -> tuple[np.ndarray, np.ndarray]:
    """Source frames to train on (at most `limit`) and to look at, which are never trained on."""
    train_frames, held_out = track.split()
    if len(train_frames) < MIN_TRAINING_FRAMES:
        raise TrainerError(
            "too-short",
            f"Only {len(train_frames)} frames of this video show the face well enough to train on.",
            "Use a video of at least a few seconds in which the face is well visible.",
        )
    return informative_frames(track, train_frames, limit), evenly(held_out if len(held_out) else train_frames, 100)


def _recipe(job: TrainJob) -> Recipe:
    """A training that is gone on with keeps its own, whatever became of the preset since."""
    checkpoint = job.run_dir / CHECKPOINT
    if job.resume and checkpoint.exists():
        return recipe_in(read_checkpoint(checkpoint, torch.device("cpu")))
    return recipe_for(job.preset, job.minutes)


def _person(
    job: TrainJob, recipe: Recipe, stages: tuple[str, ...], ends_at: float | None, reporter: Reporter
) -> Person:
    """Opens the stages `prepare` and `instant`, and leaves the second one open."""
    reporter.stage(stages[0], 0, len(stages), stage_costs(recipe), ends_at=ends_at)
    track = Track.load(job.track_path)
    frames, held_out = training_frames(track, recipe.frames)
    in_closed = informative_frames(track, frames, MOST_FRAMES)  # as the instant avatar's, whatever else is trained on
    heads = None if job.resume and (job.run_dir / APPEARANCE).exists() else heads_for(track, in_closed)
    cutting = reporter.part(0, _CUT)
    crops = prepare_crops(job, track, _wanted(track, frames, held_out), job.run_dir / "crops", cutting, heads)
    path = job.run_dir / "rig.safetensors"
    kept = Rig.load(path) if job.resume and path.exists() else None
    whole = kept or fit_rig(track, frames)
    fit = partial(
        fitted_closed, job.run_dir, whole, track, crops, in_closed, seed=job.seed, cores=job.cores, reuse=job.resume
    )
    at_once = len(track) <= MOST_FRAMES_AT_ONCE  # while speech to motion is fitted
    closed = Beside(fit, at_once=at_once)  # which asks nothing of the hull
    hull = evenly(frames, HULL_FRAMES if recipe.trains else INSTANT_HULL_FRAMES)
    rig = kept or _carved(path, whole, track, hull, crops, reporter.part(_CUT, 1))
    reporter.stage(stages[1], 1, len(stages), stage_costs(recipe), ends_at=ends_at)
    reporter.progress(0, 100, "%")

    def tracked() -> np.ndarray | None:
        form = closed.result(reporter)
        return tracked_sway(job.run_dir, job, rig, track, form, reporter, reuse=job.resume)

    sway = Beside(tracked, at_once=at_once) if recipe.trains else None
    return Person(track, frames, held_out, crops, rig, closed, Spoken(track, job.seed, job.hubert), sway)


def _wanted(track: Track, frames: np.ndarray, held_out: np.ndarray) -> np.ndarray:
    """All frames that anything is made of, looked at or measured on, so that the video is decoded once."""
    return np.union1d(np.union1d(frames, held_out), measured_frames(*track.split()))


def _carved(path: Path, whole: Rig, track: Track, hull: np.ndarray, crops: CropStore, reporter: Reporter) -> Rig:
    """The rig inside the hull of these frames, kept at `path`."""

    def masks() -> Iterator[tuple[int, np.ndarray]]:
        for done, frame in enumerate(hull.tolist()):
            reporter.check_cancelled()
            yield frame, crops.mask(frame)
            reporter.progress(done + 1, len(hull), "frames")

    rig = whole.with_hull(carve_hull(whole, track, masks()))
    rig.save(path)
    return rig


def _write(
    job: TrainJob, person: Person, reporter: Reporter, trained: Trained | None, speech_steps: int
) -> dict[str, Any]:
    """The avatar of what there is by now, and its held-out report."""
    _, report = export_bundle(
        job=job,
        track=person.track,
        rig=person.rig,
        seed=job.seed,
        reporter=reporter,
        measure=lambda bundle, part: measure_bundle(bundle, job, part, person.crops, person.spoken.heard_by_hubert),
        trained=trained,
        appearance=lambda: person.closed.result(reporter).content(),
        spoken=person.spoken,
        sway=person.sway and partial(person.sway.result, reporter),
        speech_steps=speech_steps,
    )
    return report


def _in_time(
    job: TrainJob, recipe: Recipe, person: Person, compute: Compute, started: float, reporter: Reporter
) -> Recipe:
    """The recipe with as many steps as this computer takes in what is left of its minutes."""
    if person.sway:
        person.sway.result(reporter)  # nothing runs beside the steps that are timed
    threads = Threads(compute.device, job.cores, recipe.batch)
    batches = _batches(job, recipe, person, compute, threads)
    try:
        costs = step_costs(recipe, compute, threads, batches, reporter)
    except torch.OutOfMemoryError:  # the run has an answer to that, but no time that could be foretold
        torch.cuda.empty_cache()
        return replace(recipe, timed=False)
    finally:
        threads.close()
    needed = training_seconds(recipe, costs) / processes_for(compute.device, recipe.batch)
    return recipe.on_this_computer(needed, time.monotonic() - started)


def _batches(job: TrainJob, recipe: Recipe, person: Material, compute: Compute, threads: Threads) -> Batches:
    rig, track, crops, frames = person.rig, person.track, person.crops, person.frames
    pieces = threads.pieces
    return Batches(rig, track, crops, frames, recipe.batch, pieces, job.seed, compute.device, compute.peers)


def _trained(job: TrainJob, recipe: Recipe, person: Person, alone: Compute, reporter: Reporter) -> Run:
    """The run, with every step of it done; on several GPUs by as many processes."""
    accompany = partial(_accompany, job, recipe, person.frames, person.held_out, alone.precision)
    with (
        gathered(processes_for(alone.device, recipe.batch), accompany) as peers,
        _run(job, recipe, person, replace(alone, peers=peers), reporter) as run,
    ):
        run.compare_with(person.closed.result(reporter))
        if person.sway:
            person.sway.result(reporter)  # a checkpoint's avatar has it too
        run.finish(STAGES)
    return run


def _accompany(
    job: TrainJob,
    recipe: Recipe,
    frames: np.ndarray,
    held_out: np.ndarray,
    precision: torch.dtype | None,
    peers: Peers,
) -> None:
    """A further process's part of a training, of what the leader has put into the run's folder."""
    reporter = Reporter.silent()
    kind = choose_device(job.device).type
    device = torch.device(kind, peers.rank) if kind == "cuda" else torch.device(kind)
    track, rig = Track.load(job.track_path), Rig.load(job.run_dir / "rig.safetensors")
    crops = open_crops(job, track, job.run_dir / "crops")
    person = Material(track, frames, held_out, crops, rig)
    with suppress(Cancelled), _run(job, recipe, person, Compute(device, precision, peers), reporter) as run:
        run.finish(STAGES)


@contextmanager
def _run(job: TrainJob, recipe: Recipe, person: Material, compute: Compute, reporter: Reporter) -> Iterator[Run]:
    """A run with its threads, at where the job says that it goes on."""
    threads = Threads(compute.device, job.cores, recipe.batch // compute.peers.count)
    batches = _batches(job, recipe, person, compute, threads)
    observation = Observation(person.rig, person.track, batches, person.held_out)
    belongs = {"recipe": asdict(recipe), "seed": job.seed, "frames": [int(frame) for frame in person.frames]}
    run = Run(job.run_dir, recipe, belongs, compute, threads, batches, observation, reporter)
    if job.resume:
        run.resume()
    compute.peers.any(False)  # all have read the checkpoint before the leader writes another
    for minutes in job.further[len(run.further) :]:
        run.go_on(minutes)
    try:
        yield run
    finally:
        threads.close()


def _figures(report: dict[str, Any]) -> dict[str, float]:
    """The held-out report's numbers, flat: psnr.face and so on; of each form too, where there are two."""
    flat: dict[str, float] = {}
    rows = {"": report} | {f"{form}.": report.get(form) or {} for form in ("std", "closed", "sway")}
    for prefix, row in rows.items():
        for name in ("psnr", "ssim", "sharpness"):
            for part, value in (row.get(name) or {}).items():
                if isinstance(value, (int, float)):
                    flat[f"{prefix}{name}.{part}"] = float(value)
    return flat
