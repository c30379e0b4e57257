"""`render.onnx`: the std renderer as it was trained, in single precision."""

from __future__ import annotations

import copy
import tempfile
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from likeness_trainer.renderer.proxies import ATLAS_COLUMNS, ATLAS_ROWS
from likeness_trainer.renderer.std import TEXTURE_CHANNELS

OPSET = 17


def trace(
    model: nn.Module, inputs: dict[str, Tensor], *, dynamic: dict[str, dict[int, str]] | None = None
) -> onnx.ModelProto:
    """The ONNX graph of `model(*inputs.values())`, whose output is named `rgba`."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings(), torch.no_grad():
        written = str(Path(folder) / "graph.onnx")
        # The tracer warns of every size it freezes; sizes are fixed here on purpose.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model,
            tuple(inputs.values()),
            written,
            opset_version=OPSET,
            input_names=list(inputs),
            output_names=["rgba"],
            dynamic_axes=dynamic,
            dynamo=False,
        )
        return onnx.load_model(written)


def std_graph(std: nn.Module, inputs: dict[str, np.ndarray]) -> bytes:
    """`render.onnx` of a trained std renderer; `inputs` are one frame's, as `inputs.std_inputs` gives them."""
    model = copy.deepcopy(std).cpu().float().eval()
    graph = trace(model, {name: torch.from_numpy(value) for name, value in inputs.items()})
    store_in_half(graph, (1, TEXTURE_CHANNELS, ATLAS_ROWS, ATLAS_COLUMNS))
    return graph.SerializeToString()


def store_in_half(model: onnx.ModelProto, shape: tuple[int, ...]) -> None:
    """Keep the one initializer of this shape in 16 bits, with a Cast in front of its readers.

    The atlas is half of the bundle. Its values are around 0.1, where half precision is off by 3e-5; the runtime folds
    the Cast away at load.
    """
    [large] = [tensor for tensor in model.graph.initializer if tuple(tensor.dims) == shape]
    half = numpy_helper.from_array(numpy_helper.to_array(large).astype(np.float16), f"{large.name}_half")
    cast = helper.make_node("Cast", [half.name], [large.name], name=f"{large.name}_single", to=TensorProto.FLOAT)
    model.graph.initializer.remove(large)
    model.graph.initializer.append(half)
    model.graph.node.insert(0, cast)
