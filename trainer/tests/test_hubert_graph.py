"""HuBERT's graphs say what the module says, in whatever length of sound, and lie in a folder whole or not at all."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from test_hubert import SHAPE, checkpoint, waveform

from likeness_trainer.protocol import Reporter, TrainerError
from likeness_trainer.protocol.jobs import HubertGraphsJob
from likeness_trainer.speech.hubert import halved, hubert_rows, load_hubert, standardised
from likeness_trainer.speech.hubert_graph import are_there, graph_name, hubert_graphs


def job(folder: Path) -> HubertGraphsJob:
    torch.save(checkpoint(), folder / "hubert.bin")
    return HubertGraphsJob(
        producer="test", ffmpeg="", ffprobe="", weights=folder / "hubert.bin", out_dir=folder / "graphs"
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[HubertGraphsJob, dict]:
    """The graphs of the small checkpoint and what was answered; nobody writes to them."""
    asked = job(tmp_path_factory.mktemp("hubert"))
    return asked, hubert_graphs(asked, Reporter.silent())


def test_each_layer_is_the_modules_in_any_length(made: tuple[HubertGraphsJob, dict]) -> None:
    asked, summary = made
    assert summary["layers"] == SHAPE.layers and summary["size"] == SHAPE.hidden and are_there(asked.out_dir)
    hubert = load_hubert(asked.weights)
    for layer in range(SHAPE.layers + 1):
        session = onnxruntime.InferenceSession(str(asked.out_dir / graph_name(layer)))
        assert [port.name for port in session.get_inputs()] == ["waveform"]
        for samples in (16000, 15683, 20480, 720):
            sound = np.tile(waveform(), 2)[:samples]
            (rows,) = session.run(["rows"], {"waveform": standardised(sound)[None]})
            expected = halved(hubert_rows(hubert, sound, [layer])[layer])
            np.testing.assert_allclose(np.asarray(rows), expected[None], atol=2e-4)


def test_the_weights_lie_once_beside_small_graphs(made: tuple[HubertGraphsJob, dict]) -> None:
    asked, _ = made
    weights = (asked.out_dir / "weights.safetensors").stat().st_size
    graphs = [(asked.out_dir / graph_name(layer)).stat().st_size for layer in range(SHAPE.layers + 1)]
    assert max(graphs) < 100_000 < weights
    assert sorted(path.name for path in asked.out_dir.parent.iterdir()) == ["graphs", "hubert.bin"]


@pytest.mark.parametrize("damage", ["none", "short", "version", "contents"])
def test_what_is_not_whole_is_not_there(made: tuple[HubertGraphsJob, dict], tmp_path: Path, damage: str) -> None:
    asked = replace(made[0], out_dir=tmp_path / "graphs")
    shutil.copytree(made[0].out_dir, asked.out_dir)
    contents = asked.out_dir / "graphs.json"
    if damage == "short":
        with (asked.out_dir / "weights.safetensors").open("r+b") as file:
            file.truncate(1000)
    elif damage == "version":
        contents.write_text(json.dumps(json.loads(contents.read_text()) | {"version": 0}))
    elif damage == "contents":
        contents.write_text("{")
    assert are_there(asked.out_dir) == (damage == "none")
    hubert_graphs(asked, Reporter.silent())
    assert are_there(asked.out_dir)


def test_another_file_leaves_nothing(tmp_path: Path) -> None:
    asked = job(tmp_path)
    torch.save({"weight": torch.zeros(3)}, asked.weights)
    with pytest.raises(TrainerError):
        hubert_graphs(asked, Reporter.silent())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["hubert.bin"]
