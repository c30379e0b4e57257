"""Static 8-bit quantisation of the fast graph from its trunk on (Jacob et al. 2018), as QuantizeLinear/DequantizeLinear
pairs."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static

from likeness_trainer.bundle.fast_graph import TEXTURE_ZERO

CALIBRATION_FRAMES = 24
_SCOPES = ("/trunk/", "/enlarge/", "/rows/")
_OPERATIONS = ("Gather", "Conv", "Add", "Relu", "Reshape", "Transpose")


class _Frames(CalibrationDataReader):
    def __init__(self, frames: Sequence[dict[str, np.ndarray]]) -> None:
        self._frames = iter(frames)

    def get_next(self) -> dict[str, np.ndarray] | None:  # type: ignore[override]
        return next(self._frames, None)


def quantise(model: onnx.ModelProto, frames: Sequence[dict[str, np.ndarray]], texture_scale: float) -> bytes:
    """The graph with its trunk in 8 bits: activations u8 by the calibration frames' extremes, weights s8 by channel.

    Weights use all 8 bits: 7 (`reduce_range`) are three times as far from the single-precision picture. A processor
    without VNNI would overflow on them in its fastest kernel, so sessions are opened with `session.x64quantprecision`,
    which takes the exact kernel there and changes nothing elsewhere.
    """
    quantised = [
        node.name
        for node in model.graph.node
        if node.op_type in _OPERATIONS and any(scope in node.name for scope in _SCOPES)
    ]
    log = logging.getLogger()
    level = log.level
    log.setLevel(logging.ERROR)  # it advises a pre-processing step that this graph does not need
    try:
        with tempfile.TemporaryDirectory() as folder:
            single, written = Path(folder) / "single.onnx", Path(folder) / "quantised.onnx"
            onnx.save_model(
                model, single
            )  # given the model itself, the quantiser would move its tensors out into files
            quantize_static(
                single,
                written,
                _Frames(frames),
                quant_format=QuantFormat.QDQ,
                activation_type=QuantType.QUInt8,
                weight_type=QuantType.QInt8,
                per_channel=True,
                reduce_range=False,
                nodes_to_quantize=quantised,
                op_types_to_quantize=list(_OPERATIONS),
                calibrate_method=CalibrationMethod.MinMax,
                extra_options={"TensorQuantOverrides": _texture_override(model, texture_scale)},
            )
            return written.read_bytes()
    finally:
        log.setLevel(level)


def _texture_override(model: onnx.ModelProto, scale: float) -> dict[str, list[dict[str, np.ndarray]]]:
    """The folded texture is 8-bit already: the same scale on its way into the trunk makes the conversions cancel
    out."""
    producer = {output: node for node in model.graph.node for output in node.output}
    for node in model.graph.node:
        turned = producer.get(node.input[0]) if node.op_type == "Conv" else None
        if turned is not None and turned.op_type == "Transpose":
            stored = producer.get(turned.input[0])
            if stored is not None and stored.op_type == "DequantizeLinear":
                values = {"scale": np.array(scale, np.float32), "zero_point": np.array(TEXTURE_ZERO, np.uint8)}
                return {node.input[0]: [values]}
    raise ValueError("the graph has no 8-bit texture")
