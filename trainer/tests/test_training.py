"""A short training on a small synthetic clip: it learns, can be stopped at any step, and goes on without a seam."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from tiny_training import TINY, CancelAt, job_in

from likeness_trainer.bundle.export import Trained
from likeness_trainer.protocol import Cancelled, Reporter, TrainerError
from likeness_trainer.protocol.jobs import TrainJob
from likeness_trainer.training import run
from likeness_trainer.training import train as training
from likeness_trainer.training.checkpoint import (
    CHECKPOINT,
    load_checkpoint,
    read_checkpoint,
    recipe_in,
    save_checkpoint,
)
from likeness_trainer.training.presets import EXPORT_SHARE, Recipe
from likeness_trainer.training.selection import evenly, informative_frames


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tiny recipe in float32, and an export that only keeps the trained models (the bundle has its own tests)."""
    monkeypatch.setattr(training, "recipe_for", lambda preset, minutes: TINY)
    monkeypatch.setattr(training, "choose_precision", lambda device: None)

    def export(*, job: TrainJob, trained: Trained | None, **_: object) -> tuple[Path, dict]:
        models = {"std": trained.std.state_dict(), "fast": trained.fast.state_dict()} if trained else {}
        torch.save(models, job.avatar_path)
        return job.avatar_path, {}

    monkeypatch.setattr(training, "export_bundle", export)


@pytest.fixture(scope="module")
def uninterrupted(clip: dict, tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("uninterrupted")
    with pytest.MonkeyPatch.context() as patch:
        short.__wrapped__(patch)  # type: ignore[attr-defined]
        training.train(job_in(clip, directory), Reporter.silent())
    return directory


def losses(directory: Path) -> list[dict]:
    return [json.loads(line) for line in (directory / "run" / "log.ndjson").read_text().splitlines()]


def test_training_lowers_the_loss_and_leaves_pictures(uninterrupted: Path) -> None:
    logged = losses(uninterrupted)
    assert [entry["step"] for entry in logged] == [10, 13, 15, 18]
    assert logged[-1]["volume"] < 0.9 * logged[0]["volume"]
    stages = [entry["stage"] for entry in logged]
    assert stages == ["volume", "refine", "adversarial", "fast"]
    assert "discriminator" in logged[2]
    assert len(list((uninterrupted / "run").glob("proof-*.jpg"))) == 4


def test_a_cancelled_training_resumes_bit_for_bit(clip: dict, uninterrupted: Path, tmp_path: Path) -> None:
    for steps in (12, 5):  # stops in stage B, then goes on and stops in the fast stage
        with pytest.raises(Cancelled):
            training.train(job_in(clip, tmp_path, resume=steps == 5), CancelAt(steps))
        log = tmp_path / "run" / "log.ndjson"
        log.write_text(
            log.read_text() + '{"step": 999, "stage": "refine", "loss": 0}\n'
        )  # written after the checkpoint
    training.train(job_in(clip, tmp_path, resume=True), Reporter.silent())
    assert losses(tmp_path) == losses(uninterrupted)
    ours, theirs = (torch.load(directory / "avatar.pt", weights_only=True) for directory in (tmp_path, uninterrupted))
    for model in ("std", "fast"):
        for name, tensor in theirs[model].items():
            assert torch.equal(ours[model][name], tensor), name


def test_a_finished_training_goes_on_and_a_stop_on_the_way_leaves_no_seam(
    clip: dict, uninterrupted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "LEAST_FURTHER_STEPS", 3)
    whole, stopped = tmp_path / "whole", tmp_path / "stopped"
    for directory in (whole, stopped):
        shutil.copytree(uninterrupted / "run", directory / "run")
    further = (0.01,)
    training.train(job_in(clip, whole, resume=True, further=further), Reporter.silent())
    with pytest.raises(Cancelled):
        training.train(job_in(clip, stopped, resume=True, further=further), CancelAt(2))
    training.train(job_in(clip, stopped, resume=True, further=further), Reporter.silent())
    assert losses(whole) == losses(stopped)
    assert losses(whole)[:4] == losses(uninterrupted)
    assert [(entry["step"], entry["stage"]) for entry in losses(whole)[4:]] == [
        (20, "adversarial"),
        (21, "adversarial"),
        (24, "fast"),
    ]
    checkpoint = torch.load(whole / "run" / "checkpoint.pt", weights_only=True)
    assert (checkpoint["step"], checkpoint["further"]) == (24, [[3, 3]])
    ours, theirs = (torch.load(directory / "avatar.pt", weights_only=True) for directory in (stopped, whole))
    assert all(torch.equal(ours["fast"][name], tensor) for name, tensor in theirs["fast"].items())


def test_going_on_plans_as_many_steps_as_took_that_long() -> None:
    plan = run.Run.__new__(run.Run)  # the arithmetic alone
    plan.recipe, plan.further, plan._seconds_per_step = TINY, [], {"adversarial": 2.0, "fast": 1.0}
    export = EXPORT_SHARE * TINY.fixed_minutes
    plan.go_on(10.01 + export)  # 480 s at 2 s a step, 120 s at 1 s
    assert plan.further == [(240, 120)]
    plan.go_on(5.01 + export)
    spans = plan.spans()
    assert [(span.name, span.first, span.stop) for span in spans[3:]] == [
        ("fast", 15, 18),
        ("adversarial", 18, 258),
        ("fast", 258, 378),
        ("adversarial", 378, 498),
        ("fast", 498, 558),
    ]
    assert [span.place(span.first) for span in spans] == [
        0,
        10,
        13,
        0,
        15,
        3,
        255,
        123,
    ]  # each model counts its own steps
    assert [span.length for span in spans] == [15, 15, 15, 3, 255, 123, 375, 183]


def test_a_checkpoint_of_another_training_is_refused(clip: dict, uninterrupted: Path, tmp_path: Path) -> None:
    shutil.copytree(uninterrupted / "run", tmp_path / "run")
    with pytest.raises(TrainerError) as error:
        training.train(job_in(clip, tmp_path, resume=True, seed=4), Reporter.silent())
    assert error.value.code == "bad-checkpoint"


def test_resuming_without_a_checkpoint_starts_anew(clip: dict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training.Run, "finish", lambda self, stages: None)
    assert training.train(job_in(clip, tmp_path, resume=True), Reporter.silent())["avatar"] == str(
        tmp_path / "avatar.pt"
    )


def test_a_gpu_asked_for_and_absent_is_said(clip: dict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(TrainerError) as error:
        training.train(job_in(clip, tmp_path, device="cuda"), Reporter.silent())
    assert error.value.code == "no-device"


def test_a_clip_with_too_few_good_frames_is_refused(
    clip: dict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "MIN_TRAINING_FRAMES", 1000)
    with pytest.raises(TrainerError) as error:
        training.train(job_in(clip, tmp_path), Reporter.silent())
    assert error.value.code == "too-short"


def test_long_clips_keep_their_rare_frames() -> None:
    class Clip:
        rotation = np.tile(np.eye(3), (1000, 1, 1))
        aperture = np.zeros(1000)
        expression = np.zeros((1000, 64))

    Clip.aperture[437] = 1.0  # the only open mouth
    chosen = informative_frames(Clip, np.arange(1000), 50)  # type: ignore[arg-type]
    assert 437 in chosen and len(chosen) <= 50 and (np.diff(chosen) > 0).all()
    assert evenly(np.arange(10), 2).tolist() == [2, 7]


def test_a_checkpoint_from_before_proofs_were_called_so_is_gone_on_with(tmp_path: Path) -> None:
    recipe = asdict(TINY)
    older = {"preview_steps" if name == "proof_steps" else name: value for name, value in recipe.items()}
    save_checkpoint(tmp_path / "checkpoint.pt", {"belongs": {"recipe": older, "seed": 3}, "step": 5})
    found = load_checkpoint(tmp_path / "checkpoint.pt", {"recipe": recipe, "seed": 3}, torch.device("cpu"))
    assert found["step"] == 5 and Recipe(**found["belongs"]["recipe"]) == TINY


def test_a_computer_that_is_too_slow_for_all_steps_takes_fewer_and_keeps_to_them(
    clip: dict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = replace(TINY, minutes=60, refine_steps=100, volume_steps=100, adversarial_steps=100, timed=True)
    monkeypatch.setattr(training, "recipe_for", lambda preset, minutes: many)
    hour = {"volume": 3600.0, "refine": 0.0, "adversarial": 0.0, "fast": 0.0, "picture": 0.0}
    monkeypatch.setattr(training, "step_costs", lambda *_: hour)  # 100 hours in all: there is one
    with pytest.raises(Cancelled):
        training.train(job_in(clip, tmp_path), CancelAt(2))
    kept = read_checkpoint(tmp_path / "run" / CHECKPOINT, torch.device("cpu"))
    recipe = recipe_in(kept)
    assert (recipe.volume_steps, recipe.refine_steps, recipe.adversarial_steps, recipe.timed) == (10, 10, 10, False)
    monkeypatch.setattr(training, "step_costs", lambda *_: pytest.fail("a training that goes on keeps its steps"))
    with pytest.raises(Cancelled):
        training.train(job_in(clip, tmp_path, resume=True), CancelAt(2))
    again = read_checkpoint(tmp_path / "run" / CHECKPOINT, torch.device("cpu"))
    assert again["step"] == kept["step"] + 2 and recipe_in(again) == recipe
