"""What a training does about losses that are no numbers, a GPU that is too small, and further processes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import torch
from tiny_training import TINY, CancelAt, job_in

from likeness_trainer.protocol import Cancelled, Reporter
from likeness_trainer.protocol.jobs import TrainJob
from likeness_trainer.renderer.rig_fit import fit_rig
from likeness_trainer.tracking.track_file import Track
from likeness_trainer.training import observation, run
from likeness_trainer.training import train as training
from likeness_trainer.training.batches import Batch
from likeness_trainer.training.crops import prepare_crops
from likeness_trainer.training.device import Compute
from likeness_trainer.training.peers import ALONE, Peers, gathered, processes_for
from likeness_trainer.training.presets import Recipe
from likeness_trainer.training.run import MOST_CAUTION, Run
from likeness_trainer.training.std_training import StdTraining
from likeness_trainer.training.train import STAGES, Material

CPU = torch.device("cpu")
SHORT = replace(TINY, volume_steps=4, refine_steps=1, adversarial_steps=1, fast_steps=1)


class Listening(Reporter):
    """Keeps what a person is told."""

    def __init__(self) -> None:
        super().__init__(None)
        self.told: list[str] = []

    def warning(self, code: str, message: str, hint: str) -> None:
        self.told.append(f"{code}: {message} {hint}")


@pytest.fixture(scope="module")
def prepared(clip: dict, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Material]:
    """A folder of a training, with its crops and rig."""
    directory = tmp_path_factory.mktemp("prepared")
    job = job_in(clip, directory)
    job.run_dir.mkdir()
    track = Track.load(job.track_path)
    frames, held_out = training.training_frames(track, TINY.frames)
    wanted = np.union1d(frames, held_out)
    crops = prepare_crops(job, track, wanted, job.run_dir / "crops", Reporter.silent())
    rig = fit_rig(track, frames)
    rig.save(job.run_dir / "rig.safetensors")
    return directory, Material(track, frames, held_out, crops, rig)


@pytest.fixture
def few_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a run starts from and is measured on, as few frames as it takes."""
    monkeypatch.setattr(run, "DETAIL_START_BATCHES", 1)
    monkeypatch.setattr(run, "FAST_START_BATCHES", 1)
    monkeypatch.setattr(observation, "MEASURED_FRAMES", 2)
    monkeypatch.setattr(observation, "SHOWN_FRAMES", 1)


@pytest.fixture
def log_of(prepared: tuple[Path, Material]) -> Iterator[Path]:
    """The log of the trainings in that folder, each of which begins anew."""
    folder = prepared[0] / "run"
    for name in ("checkpoint.pt", "log.ndjson"):
        (folder / name).unlink(missing_ok=True)
    yield folder / "log.ndjson"


def steps_logged(log: Path) -> list[int]:
    return [json.loads(line)["step"] for line in log.read_text().splitlines()]


def losses(log: Path) -> list[float]:
    """What the discriminators lost included."""
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    return [value for line in lines for name, value in line.items() if name not in ("step", "stage")]


def trained(job: TrainJob, material: Material, reporter: Reporter, peers: Peers = ALONE, recipe: Recipe = TINY) -> Run:
    with training._run(job, recipe, material, Compute(CPU, None, peers), reporter) as made:
        made.finish(STAGES)
    return made


def is_finite(made: Run) -> bool:
    return all(bool(torch.isfinite(weights).all()) for weights in made.fast.average.parameters())


def poisoned(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """Weights that are no numbers after step 5."""
    left = [times]
    whole = training.Run._record

    def record(made: Run, name: str, parts: dict[str, torch.Tensor]) -> None:
        if made.step == 5 and left[0] > 0:
            left[0] -= 1
            made.std.model.field.planes.data.fill_(float("nan"))
        whole(made, name, parts)

    monkeypatch.setattr(training.Run, "_record", record)


@pytest.mark.usefixtures("few_frames")
def test_weights_that_are_no_numbers_send_it_back_to_its_checkpoint(
    clip: dict, prepared: tuple[Path, Material], log_of: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory, material = prepared
    reporter = Listening()
    poisoned(monkeypatch, 1)
    made = trained(job_in(clip, directory), material, reporter, recipe=SHORT)
    assert (made.step, made.caution, made.std.rate) == (7, 1, 0.5)
    assert is_finite(made)
    assert steps_logged(log_of) == [4, 5, 6, 7]  # no step is told twice
    assert reporter.told == [
        "diverged: The training lost its way at step 5: it is back at step 4. "
        "It goes on from there by itself, more carefully."
    ]
    assert torch.load(directory / "run" / "checkpoint.pt", weights_only=True)["caution"] == 1


@pytest.mark.usefixtures("few_frames")
def test_one_that_never_finds_its_way_ends_with_what_it_had(
    clip: dict, prepared: tuple[Path, Material], log_of: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory, material = prepared
    reporter = Listening()
    poisoned(monkeypatch, 1000)
    made = trained(job_in(clip, directory), material, reporter, recipe=SHORT)
    assert (made.step, made.caution) == (4, MOST_CAUTION + 1)
    assert is_finite(made)
    assert len(reporter.told) == MOST_CAUTION + 1
    assert reporter.told[-1].endswith("It ends there, and the avatar is made of what it had.")


def poisoned_from(monkeypatch: pytest.MonkeyPatch, place: int) -> None:
    """Weights that are no numbers after a step between two looks at the losses, the first time it is taken."""
    taken: list[int] = []
    step = StdTraining.step

    def poisoning(model: StdTraining, at: int, pieces: list[Batch]) -> dict[str, torch.Tensor]:
        parts = step(model, at, pieces)
        if at == place and not taken:
            taken.append(at)
            model.model.field.planes.data.fill_(float("nan"))
        return parts

    monkeypatch.setattr(StdTraining, "step", poisoning)


@pytest.mark.usefixtures("few_frames")
def test_no_checkpoint_on_the_way_is_of_weights_that_are_no_numbers(
    clip: dict, prepared: tuple[Path, Material], log_of: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory, material = prepared
    poisoned_from(monkeypatch, 2)  # losses are looked at after step 4
    kept: list[bool] = []
    whole = run.save_checkpoint

    def save(path: Path, content: dict) -> None:
        kept.append(all(bool(torch.isfinite(weights).all()) for weights in content["std"]["model"].values()))
        if content["step"] == 2:  # each has 160 MB, and only this one is gone back to
            whole(path, content)

    monkeypatch.setattr(run, "save_checkpoint", save)
    often = replace(SHORT, checkpoint_seconds=0)
    made = trained(job_in(clip, directory), material, Reporter.silent(), recipe=often)
    assert (made.step, made.caution) == (7, 1) and is_finite(made)
    assert len(kept) > 7 and all(kept)


@pytest.mark.usefixtures("few_frames")
def test_a_stop_keeps_the_last_checkpoint_where_the_weights_are_no_numbers(
    clip: dict, prepared: tuple[Path, Material], log_of: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory, material = prepared
    poisoned_from(monkeypatch, 2)
    with pytest.raises(Cancelled):
        trained(job_in(clip, directory), material, CancelAt(3), recipe=SHORT)
    kept = torch.load(directory / "run" / "checkpoint.pt", weights_only=True)
    assert kept["step"] == 0
    assert all(bool(torch.isfinite(weights).all()) for weights in kept["std"]["model"].values())


@pytest.mark.usefixtures("few_frames")
def test_a_gpu_that_is_too_small_gets_smaller_pieces_and_the_training_says_so(
    clip: dict, prepared: tuple[Path, Material], log_of: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory, material = prepared
    reporter = Listening()
    step = StdTraining.step
    sizes: list[int] = []

    def checked(model: StdTraining, place: int, pieces: list[Batch]) -> dict[str, torch.Tensor]:
        if len(pieces[0].face) > 1:
            raise torch.OutOfMemoryError
        sizes.append(len(pieces))
        return step(model, place, pieces)

    monkeypatch.setattr(StdTraining, "step", checked)
    made = trained(job_in(clip, directory, threads=1), material, reporter, recipe=SHORT)
    assert made.step == 7 and set(sizes) == {2}
    assert [told.split(":")[0] for told in reporter.told] == ["out-of-memory"]


@pytest.mark.usefixtures("few_frames")
def test_single_frames_that_do_not_fit_end_it(
    clip: dict, prepared: tuple[Path, Material], log_of: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory, material = prepared

    def never(*_: object) -> None:
        raise torch.OutOfMemoryError

    monkeypatch.setattr(StdTraining, "step", never)
    with pytest.raises(torch.OutOfMemoryError):
        trained(job_in(clip, directory), material, Reporter.silent(), recipe=SHORT)


def test_two_processes_train_what_one_does_with_the_same_batch(
    clip: dict, prepared: tuple[Path, Material], log_of: Path
) -> None:
    directory, material = prepared
    recipe = replace(TINY, volume_steps=2, refine_steps=2, adversarial_steps=2, fast_steps=2)
    one = trained(job_in(clip, directory), material, Reporter.silent(), recipe=recipe)  # two pieces in two threads
    alone = losses(log_of)
    (directory / "run" / "checkpoint.pt").unlink()
    log_of.unlink()
    job = job_in(clip, directory, threads=1)
    accompany = partial(training._accompany, job, recipe, material.frames, material.held_out, None)
    with gathered(2, accompany) as peers:
        assert (peers.rank, peers.count) == (0, 2)
        both = trained(job, material, Reporter.silent(), peers, recipe)
    assert losses(log_of) == pytest.approx(alone, rel=1e-3)
    for ours, theirs in ((both.std, one.std), (both.fast, one.fast)):
        for (name, mine), alones in zip(ours.average.named_parameters(), theirs.average.parameters()):
            # Adam's first steps are all of full size: where a gradient is nearly nothing, its sign is chance.
            assert float(((mine - alones).abs() > 1e-4).float().mean()) < 0.02, name


def test_one_process_for_each_gpu_that_divides_the_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 3)
    assert [processes_for(torch.device("cuda"), batch) for batch in (1, 2, 3, 4, 8)] == [1, 2, 3, 2, 2]
    assert processes_for(CPU, 8) == 1
