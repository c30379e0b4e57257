"""An avatar of a checkpoint: as far as its training has come, made beside it, without a trace in it."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from tiny_training import TINY, CancelAt, job_in

from likeness_trainer.bundle.inputs import std_inputs
from likeness_trainer.bundle.load import APPEARANCE, Bundle
from likeness_trainer.protocol import Cancelled, Reporter, TrainerError
from likeness_trainer.protocol.jobs import AvatarJob, CheckpointJob
from likeness_trainer.renderer.proxies import control_of
from likeness_trainer.renderer.std import StdRenderer
from likeness_trainer.tracking.track_file import Track
from likeness_trainer.training import train as training
from likeness_trainer.training.checkpoint_avatar import checkpoint_avatar


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "recipe_for", lambda preset, minutes: TINY)
    monkeypatch.setattr(training, "choose_precision", lambda device: None)


def job_of(clip: dict, directory: Path) -> CheckpointJob:
    training_job = replace(job_in(clip, directory), avatar_path=directory / "run" / "checkpoint.likeness")
    return CheckpointJob(**{field.name: getattr(training_job, field.name) for field in fields(AvatarJob)})


@pytest.fixture(scope="module")
def stopped(clip: dict, tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Folders of one training, by after how many steps it was stopped; there was an avatar before."""
    directory, folders, taken = tmp_path_factory.mktemp("stopped"), {}, 0
    directory.joinpath("avatar.pt").write_text("the old one")
    with pytest.MonkeyPatch.context() as patch:
        short.__wrapped__(patch)  # type: ignore[attr-defined]
        for steps in (3, 12, 16):
            with pytest.raises(Cancelled):
                training.train(job_in(clip, directory, resume=taken > 0), CancelAt(steps - taken))
            taken = steps
            folders[steps] = shutil.copytree(directory, tmp_path_factory.mktemp("stopped") / "copy")
    return folders


def job_on(clip: dict, stopped: Path, directory: Path) -> CheckpointJob:
    """The checkpoint job of such a training, in a folder of its own."""
    shutil.copytree(stopped, directory, dirs_exist_ok=True)
    return job_of(clip, directory)


def test_before_the_fast_stage_it_has_the_std_graph_alone_and_shows_what_the_checkpoint_draws(
    clip: dict, stopped: dict[int, Path], tmp_path: Path
) -> None:
    job = job_on(clip, stopped[12], tmp_path)
    before = _run_files(tmp_path)
    assert checkpoint_avatar(job, Reporter.silent()) == {"avatar": str(job.avatar_path)}
    assert _run_files(tmp_path) == before  # the run was only read
    assert (tmp_path / "avatar.pt").read_text() == "the old one"

    bundle = Bundle.load(job.avatar_path)
    assert not bundle.has_fast and "rgba_fast" not in bundle.probe
    assert bundle.has_sway
    assert bundle.closed is not None and bundle.draws == "closed"  # twelve steps are not better than the frames
    checkpoint = bundle.manifest["checkpoint"]
    assert (checkpoint["step"], checkpoint["steps"], checkpoint["stage"]) == (12, TINY.steps, "refine")
    assert checkpoint["savedAt"].endswith("Z") and not bundle.manifest["speech"]["adapted"]

    std = StdRenderer()
    std.load_state_dict(torch.load(tmp_path / "run" / "checkpoint.pt", weights_only=True)["std"]["average"])
    proxies = bundle.proxies(control_of(Track.load(Path(clip["analysisDir"]) / "track.safetensors"), 4))
    with torch.no_grad():
        expected = std.eval()(*(torch.from_numpy(value) for value in std_inputs(proxies).values()))[0]
    np.testing.assert_allclose(bundle.render(proxies), expected.permute(1, 2, 0).numpy(), atol=1e-3)


def test_in_the_fast_stage_it_has_the_fast_graph_too_and_the_run_is_still_only_read(
    clip: dict, stopped: dict[int, Path], tmp_path: Path
) -> None:
    job = job_on(clip, stopped[16], tmp_path)
    (tmp_path / "run" / APPEARANCE).unlink()  # as of a training that an earlier version began
    before = _run_files(tmp_path)
    checkpoint_avatar(job, Reporter.silent())
    assert _run_files(tmp_path) == before
    bundle = Bundle.load(job.avatar_path)
    assert bundle.has_fast and bundle.manifest["checkpoint"]["stage"] == "fast"
    assert bundle.closed is None and bundle.draws == "std"


def test_what_cannot_be_shown_is_refused_and_leaves_nothing(
    clip: dict, stopped: dict[int, Path], tmp_path: Path
) -> None:
    _refused(job_of(clip, tmp_path), "not-found", "not saved a checkpoint yet")
    job = job_on(clip, stopped[3], tmp_path)
    checkpoint = tmp_path / "run" / "checkpoint.pt"
    whole, content = checkpoint.read_bytes(), torch.load(checkpoint, weights_only=True)
    checkpoint.write_bytes(whole[: len(whole) // 2])
    _refused(job, "bad-checkpoint", "damaged")
    for change in ({"std": {}}, {"step": "x"}, {"belongs": {"recipe": {"minutes": 1}}}):
        torch.save(content | change, checkpoint)
        _refused(job, "bad-checkpoint", "damaged")
    torch.save(content | {"belongs": content["belongs"] | {"frames": [1, 2, 3]}}, checkpoint)
    _refused(job, "bad-checkpoint", "analysed anew")
    cancelled = Reporter.silent()
    checkpoint.write_bytes(whole)
    cancelled.cancel()
    with pytest.raises(Cancelled):
        checkpoint_avatar(job, cancelled)
    assert not list((tmp_path / "run").glob("checkpoint.likeness*"))


def _refused(job: CheckpointJob, code: str, message: str) -> None:
    with pytest.raises(TrainerError, match=message) as raised:
        checkpoint_avatar(job, Reporter.silent())
    assert raised.value.code == code
    assert not job.avatar_path.exists()


def _run_files(directory: Path) -> dict[str, str]:
    files = sorted(path for path in (directory / "run").rglob("*") if path.is_file() and path.suffix != ".likeness")
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
