"""HuBERT as ONNX, for the avatar engine: a graph for each layer, all on one file of weights.

The weights are the user's and stay theirs: the graphs are made once on each computer, in a folder named by the
weights' SHA-256, and are no part of any avatar.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import onnx
import torch
from jaxtyping import Float
from onnx import TensorProto, ValueInfoProto
from onnx.external_data_helper import set_external_data
from onnx.utils import Extractor
from safetensors.torch import save_file
from torch import Tensor, nn

from likeness_trainer.protocol import Reporter
from likeness_trainer.protocol.jobs import HubertGraphsJob
from likeness_trainer.speech.graph import export_graph
from likeness_trainer.speech.hubert import Hubert, load_hubert
from likeness_trainer.speech.sizes import SAMPLE_RATE

WEIGHTS, CONTENTS = "weights.safetensors", "graphs.json"
VERSION = 1  # of the graphs: another one is made again


class HalvedLayers(nn.Module):
    """Waveform [1, N] of mean 0 and deviation 1 -> rows [1, R // 2, hidden] of every layer, 25 a second."""

    def __init__(self, hubert: Hubert) -> None:
        super().__init__()
        self.hubert = hubert

    def forward(self, waveform: Float[Tensor, "1 samples"]) -> tuple[Tensor, ...]:
        layers = self.hubert(waveform, self.hubert.shape.layers)
        return tuple((rows[:, 0:-1:2] + rows[:, 1::2]) / 2 for rows in layers)


def graph_name(layer: int) -> str:
    """The file of a layer's graph."""
    return f"layer-{layer}.onnx"


def hubert_graphs(job: HubertGraphsJob, reporter: Reporter) -> dict[str, Any]:
    """The `hubert-graphs` command: answers the folder and how many layers there are. Raises TrainerError
    'bad-checkpoint'."""
    reporter.stage("hubert-graphs", 0, 1)
    contents = write_graphs(load_hubert(job.weights), job.out_dir)
    return {"path": str(job.out_dir), **contents}


def are_there(folder: Path) -> bool:
    """Whether a folder holds whole graphs of this version."""
    try:
        contents = json.loads((folder / CONTENTS).read_text())
        return contents["version"] == VERSION and (folder / WEIGHTS).stat().st_size == contents["bytes"]
    except (OSError, ValueError, KeyError, TypeError):
        return False


def write_graphs(hubert: Hubert, folder: Path) -> dict[str, int]:
    """Write `layer-0.onnx` and so on, their weights, and last what they are (`graphs.json`) into a folder, whole or not
    at all."""
    partial = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        contents = _write(hubert, partial)
        shutil.rmtree(folder, ignore_errors=True)
        partial.rename(folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return contents


def _write(hubert: Hubert, folder: Path) -> dict[str, int]:
    shape = hubert.shape
    weights = {name: value.contiguous() for name, value in HalvedLayers(hubert).state_dict().items()}
    save_file(weights, folder / WEIGHTS)
    whole = _traced(hubert, folder / "whole.onnx")
    _refer(whole, folder / WEIGHTS)
    extractor = Extractor(whole)
    for layer in range(shape.layers + 1):
        graph = extractor.extract_model(["waveform"], [f"rows-{layer}"])
        _rename_output(graph, "rows")
        (folder / graph_name(layer)).write_bytes(graph.SerializeToString())
    contents = {
        "version": VERSION,
        "layers": shape.layers,
        "size": shape.hidden,
        "bytes": (folder / WEIGHTS).stat().st_size,
    }
    (folder / CONTENTS).write_text(json.dumps(contents))
    return contents


def _traced(hubert: Hubert, path: Path) -> onnx.ModelProto:
    """All layers as one graph whose weights are inputs: they would be 1.3 GB in it."""
    names = [f"rows-{layer}" for layer in range(hubert.shape.layers + 1)]
    axes = {"waveform": {1: "samples"}, **{name: {1: "rows"} for name in names}}
    export_graph(HalvedLayers(hubert), {"waveform": torch.randn(1, SAMPLE_RATE)}, names, path, axes, weighted=False)
    model = onnx.load(path)
    path.unlink()
    return model


def _refer(model: onnx.ModelProto, weights: Path) -> None:
    """Make initializers of the inputs that are weights, each where it lies in the file beside the graphs."""
    with weights.open("rb") as file:
        header_length = int.from_bytes(file.read(8), "little")
        places = json.loads(file.read(header_length))
    inputs: list[ValueInfoProto] = list(model.graph.input)
    del model.graph.input[:]
    for entry in inputs:
        place = places.get(entry.name)
        if place is None:
            model.graph.input.append(entry)
            continue
        first, last = place["data_offsets"]
        tensor = TensorProto(name=entry.name, data_type=TensorProto.FLOAT, dims=place["shape"])
        tensor.data_location = TensorProto.EXTERNAL
        tensor.raw_data = b""  # `set_external_data` wants the field, which then names the file instead
        set_external_data(tensor, weights.name, offset=8 + header_length + first, length=last - first)
        tensor.ClearField("raw_data")
        model.graph.initializer.append(tensor)


def _rename_output(model: onnx.ModelProto, name: str) -> None:
    (output,) = model.graph.output
    for node in model.graph.node:
        for place, made in enumerate(node.output):
            if made == output.name:
                node.output[place] = name
    output.name = name
