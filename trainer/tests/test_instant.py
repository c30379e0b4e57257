"""Every training begins with the instant avatar, which stays usable whatever becomes of the training."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from made_person import MadePerson, give_voice, make_person
from tiny_training import TINY, CancelAt, job_in

from likeness_trainer.bundle.archive import read_archive
from likeness_trainer.bundle.export import Trained
from likeness_trainer.bundle.load import APPEARANCE, Bundle
from likeness_trainer.bundle.spoken import Spoken
from likeness_trainer.media import frames
from likeness_trainer.media.raw_pictures import raw_pictures
from likeness_trainer.metrics.evaluate import evaluate
from likeness_trainer.protocol import Cancelled, Reporter, TrainerError
from likeness_trainer.protocol.job_fields import read
from likeness_trainer.protocol.jobs import EvaluateJob, TrainJob
from likeness_trainer.renderer.proxies import control_of
from likeness_trainer.tracking.track_file import Track
from likeness_trainer.training import closed
from likeness_trainer.training import train as training
from likeness_trainer.training.beside import Beside
from likeness_trainer.training.closed import better_form

FEW = replace(TINY, volume_steps=3, refine_steps=1, adversarial_steps=1, fast_steps=1)


@pytest.fixture
def spoke() -> list[Spoken]:
    """By whom speech to motion was to be fitted, each time an avatar was written."""
    return []


@pytest.fixture
def exports(monkeypatch: pytest.MonkeyPatch, spoke: list[Spoken]) -> list[Trained | None]:
    """A training of a few steps, and what was written of it each time (the bundle has its own tests)."""
    written: list[Trained | None] = []

    def export(*, job: TrainJob, trained: Trained | None, spoken: Spoken, **_: object) -> tuple[Path, dict]:
        written.append(trained)
        spoke.append(spoken)
        job.avatar_path.write_text(f"avatar {len(written)}")
        return job.avatar_path, {}

    monkeypatch.setattr(training, "export_bundle", export)
    monkeypatch.setattr(training, "recipe_for", lambda preset, minutes: FEW)
    monkeypatch.setattr(training, "choose_precision", lambda device: None)
    return written


def told(job: TrainJob) -> list[dict]:
    """What the training tells, in order."""
    lines = io.StringIO()
    training.train(job, Reporter(lines))
    return [json.loads(line) for line in lines.getvalue().splitlines()]


def test_the_instant_avatar_comes_first_and_the_trained_one_takes_its_place(
    clip: dict, tmp_path: Path, exports: list[Trained | None], spoke: list[Spoken]
) -> None:
    events = told(job_in(clip, tmp_path))
    assert [trained is None for trained in exports] == [True, False]
    assert spoke[0] is spoke[1]  # what was fitted for the first is there for the second
    assert (tmp_path / "avatar.pt").read_text() == "avatar 2"
    stages = [event["name"] for event in events if event["type"] == "stage"]
    assert stages == list(training.STAGES)
    kinds = [event.get("kind", event.get("name")) for event in events if event["type"] in ("artifact", "stage")]
    assert kinds.index("instant") < kinds.index("instant", kinds.index("instant") + 1) < kinds.index("volume")
    assert kinds[-1] == "avatar"
    first = next(event for event in events if event["type"] == "metric")
    assert (first["step"], first["split"], first["name"]) == (0, "test", "closed_psnr_head")  # what it is held against
    for stage in stages:  # and no bar goes back
        shares = [
            event["done"] / event["total"]
            for event in events
            if event["type"] == "progress" and event["stage"] == stage
        ]
        assert shares == sorted(shares), stage
    ends = {tuple(event["ends"]) for event in events if event["type"] == "stage"}
    assert len(ends) == 1 and next(iter(ends))[-1] == 1  # every stage knows the whole


def test_whatever_is_trained_its_closed_form_is_of_the_frames_that_an_instant_avatar_takes(
    clip: dict, tmp_path: Path, exports: list[Trained | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Enough(Exception):
        pass

    def stopped(*of: Any, **_: Any) -> None:
        taken.append(of[4])
        raise Enough

    taken: list[np.ndarray] = []
    monkeypatch.setattr(training, "MOST_FRAMES", 24)
    monkeypatch.setattr(training, "fitted_closed", stopped)
    job = job_in(clip, tmp_path)
    with pytest.raises(Enough):
        training.train(job, Reporter.silent())
    instant, _ = training.training_frames(Track.load(job.track_path), 24)
    assert len(instant) == 24
    np.testing.assert_array_equal(taken[0], instant)


def test_a_training_that_is_stopped_leaves_the_instant_avatar_and_goes_on_from_there(
    clip: dict, tmp_path: Path, exports: list[Trained | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Cancelled):
        training.train(job_in(clip, tmp_path), CancelAt(4))
    assert (tmp_path / "avatar.pt").read_text() == "avatar 1"
    kept = (tmp_path / "run" / APPEARANCE).read_bytes()
    monkeypatch.setattr(closed, "appearance_of", lambda *_: pytest.fail("it was laid out already"))
    # and by its own recipe, whatever became of the preset meanwhile
    monkeypatch.setattr(training, "recipe_for", lambda preset, minutes: replace(FEW, refine_steps=500))
    training.train(job_in(clip, tmp_path, resume=True), Reporter.silent())
    assert [trained is None for trained in exports] == [True, False]
    assert (tmp_path / "run" / APPEARANCE).read_bytes() == kept
    assert torch.load(tmp_path / "run" / "checkpoint.pt", weights_only=True)["step"] == FEW.steps


def test_an_avatar_that_is_there_stays_until_the_new_one_is_trained(
    clip: dict, tmp_path: Path, exports: list[Trained | None]
) -> None:
    (tmp_path / "avatar.pt").write_text("the old one")
    with pytest.raises(Cancelled):
        training.train(job_in(clip, tmp_path), CancelAt(1))
    assert (tmp_path / "avatar.pt").read_text() == "the old one" and exports == []


def test_what_shows_held_out_frames_better_is_shown() -> None:
    closed_form = {"closed_psnr_head": 33.0, "closed_psnr_face": 32.0, "closed_psnr_mouth": 31.0}
    assert better_form(closed_form) == "closed"  # until something is trained
    worse = {"psnr_head": 31.0, "psnr_face": 29.0, "psnr_mouth": 32.0}
    assert better_form(closed_form | worse) == "closed"
    assert better_form(closed_form | {name: value + 2 for name, value in worse.items()}) == "std"
    assert better_form(worse) == "std"  # begun by a version without a closed form


@pytest.fixture(scope="module")
def person(tmp_path_factory: pytest.TempPathFactory, ffmpeg: str, ffprobe: str) -> MadePerson:
    """A made person with the avatar of the preset `instant`, whole."""
    made = make_person(tmp_path_factory.mktemp("instant"), ffmpeg, ffprobe)
    give_voice(made)
    decoded = []

    def counted(ffmpeg: str, path: str, *rest: Any, **named: Any) -> Iterator[np.ndarray]:
        decoded.append(path)
        return raw_pictures(ffmpeg, path, *rest, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(frames, "raw_pictures", counted)
        training.train(read(TrainJob, made.job | {"preset": "instant"}), Reporter.silent())
    assert decoded.count(made.job["source"]) == 1  # for crops, detail and figures together
    return made


def test_an_instant_avatar_holds_the_closed_form_alone_and_can_do_everything(person: MadePerson) -> None:
    manifest, files = read_archive(person.job["avatarPath"])
    assert manifest["draws"] == "closed" and manifest["preset"] == "instant" and "checkpoint" not in manifest
    assert not {"render.onnx", "render-fast.onnx"} & files.keys()
    assert {APPEARANCE, "speech.onnx", "motion.onnx", "live.onnx", "probe.safetensors"} <= files.keys()
    bundle = Bundle.load(person.job["avatarPath"])
    assert bundle.closed is not None and bundle.draws == "closed" and not bundle.has_std and not bundle.has_fast
    assert "rgba" not in bundle.probe
    control = control_of(person.track, 41)
    np.testing.assert_allclose(bundle.closed.multiplied(bundle.rig, control)[..., 3], bundle.draw(control)[..., 3])
    run = Path(person.job["runDir"])
    assert not (run / "crops").exists() and not (run / "checkpoint.pt").exists()


def test_an_instant_avatar_is_measured_beside_what_needs_no_training_either(person: MadePerson) -> None:
    report = Bundle.load(person.job["avatarPath"]).report
    result = evaluate(read(EvaluateJob, person.job), Reporter.silent())
    for figures in (report, result):
        assert figures["draws"] == "closed" and "std" not in figures and "fast" not in figures
        assert figures["psnr"] == figures["closed"]["psnr"] == figures["baselines"]["instant"]["psnr"]
    assert result["psnr"] == pytest.approx(report["psnr"])
    assert result["psnr"]["face"] > result["baselines"]["nearest"]["psnr"]["face"] + 2


def test_minutes_are_refused_where_nothing_is_trained(person: MadePerson, tmp_path: Path) -> None:
    job = person.job | {"preset": "instant", "minutes": 5, "runDir": str(tmp_path), "avatarPath": str(tmp_path / "a")}
    with pytest.raises(TrainerError, match="not trained") as error:
        training.train(read(TrainJob, job), Reporter.silent())
    assert error.value.code == "bad-request" and not list(tmp_path.iterdir())


def test_work_beside_begins_at_once_or_when_it_is_asked_for() -> None:
    begun: list[str] = []

    def work(name: str) -> str:
        begun.append(name)
        return name

    at_once, later = Beside(partial(work, "at once")), Beside(partial(work, "later"), at_once=False)
    assert at_once.result(Reporter.silent()) == "at once" and begun == ["at once"]
    assert [later.result(Reporter.silent()) for _ in range(2)] == ["later", "later"]
    assert begun == ["at once", "later"]
