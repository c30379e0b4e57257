"""Checkpoints survive a kill, a full disk and a damaged file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import torch

from likeness_trainer.protocol import TrainerError
from likeness_trainer.training.checkpoint import load_checkpoint, save_checkpoint
from likeness_trainer.training.loss_log import LossLog

CPU = torch.device("cpu")


def test_round_trip(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.pt"
    save_checkpoint(path, {"belongs": {"seed": 1}, "step": 7, "weights": torch.arange(5.0)})
    content = load_checkpoint(path, {"seed": 1}, CPU)
    assert content["step"] == 7 and torch.equal(content["weights"], torch.arange(5.0))
    assert [entry.name for entry in tmp_path.iterdir()] == ["checkpoint.pt"]


def test_a_full_disk_leaves_the_old_checkpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "checkpoint.pt"
    save_checkpoint(path, {"belongs": {}, "step": 1})

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError):
        save_checkpoint(path, {"belongs": {}, "step": 2})
    assert load_checkpoint(path, {}, CPU)["step"] == 1
    assert [entry.name for entry in tmp_path.iterdir()] == ["checkpoint.pt"]


@pytest.mark.parametrize("damage", [b"", b"not a checkpoint", None])
def test_damage_is_said(tmp_path: Path, damage: bytes | None) -> None:
    path = tmp_path / "checkpoint.pt"
    save_checkpoint(path, {"belongs": {}, "step": 1, "weights": torch.zeros(1000)})
    path.write_bytes(path.read_bytes()[:2000] if damage is None else damage)
    with pytest.raises(TrainerError) as error:
        load_checkpoint(path, {}, CPU)
    assert error.value.code == "bad-checkpoint"


def test_the_log_is_cut_back_to_the_checkpoint(tmp_path: Path) -> None:
    path = tmp_path / "log.ndjson"
    log = LossLog(path)
    log.append(10, "volume", {"loss": 1.0})
    kept = log.size()
    log.append(20, "volume", {"loss": 0.5})
    log.close()
    log = LossLog(path, kept)
    log.append(20, "volume", {"loss": 0.4})
    log.close()
    assert [line[:11] for line in path.read_text().splitlines()] == ['{"step": 10', '{"step": 20']
    assert '"loss": 0.4' in path.read_text()
