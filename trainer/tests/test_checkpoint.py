"""Checkpoints survive a kill, a full disk and a damaged file."""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

import pytest
import torch

from likeness_trainer.protocol import Cancelled, TrainerError
from likeness_trainer.training.checkpoint import damage_named, load_checkpoint, save_checkpoint
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


def test_random_bytes_are_damage_whatever_they_raise(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.pt"
    save_checkpoint(path, {"belongs": {"recipe": {}}, "step": 1, "weights": torch.zeros(20)})
    whole = path.read_bytes()
    random = Random(1)
    damages = [random.randbytes(random.randrange(1, 200)) for _ in range(100)]
    damages += [b"\x80\x02" + random.randbytes(random.randrange(1, 60)) for _ in range(100)]  # a pickle, it says
    for _ in range(100):
        flipped = bytearray(whole)
        for _ in range(8):
            flipped[random.randrange(len(flipped))] = random.randrange(256)
        damages.append(bytes(flipped))
    refused = 0
    for damage in damages:
        path.write_bytes(damage)
        try:
            load_checkpoint(path, {"recipe": {}}, CPU)  # where only a weight was hit, nobody can tell
        except TrainerError as error:
            assert error.code == "bad-checkpoint"
            refused += 1
    assert refused >= 200


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"belongs": None},
        {"belongs": [1]},
        {"belongs": {"recipe": 7}},
        {"belongs": {"seed": torch.tensor([1, 1])}},  # which compares with 1 element by element
        {"version": torch.tensor([1, 1])},
    ],
)
def test_a_checkpoint_that_lacks_what_it_belongs_to_is_refused(tmp_path: Path, content: dict) -> None:
    path = tmp_path / "checkpoint.pt"
    save_checkpoint(path, content)
    with pytest.raises(TrainerError) as error:
        load_checkpoint(path, {"seed": 1}, CPU)
    assert error.value.code == "bad-checkpoint"


def test_what_a_damaged_content_raises_is_named_and_the_machines_troubles_keep_their_names() -> None:
    for cause in (KeyError("step"), IndexError(), AttributeError(), RecursionError(), RuntimeError("size mismatch")):
        with pytest.raises(TrainerError) as error, damage_named():
            raise cause
        assert error.value.code == "bad-checkpoint"
    for kept in (MemoryError(), Cancelled(), RuntimeError("can't allocate memory"), OSError(28, "full")):
        with pytest.raises(type(kept)), damage_named():
            raise kept


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
