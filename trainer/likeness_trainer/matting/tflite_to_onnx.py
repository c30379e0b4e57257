"""MediaPipe's TFLite networks as ONNX, for the few operations that the person mask's network is made of.

ONNX Runtime takes two thirds of the time: TFLite computes this network's last layer, an operation of MediaPipe's own,
without vector instructions. The values are the same to the last digits.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from likeness_trainer.media.mediapipe_networks import mediapipe_module

_TYPES = {0: np.float32, 1: np.float16, 2: np.int32}
_PLAIN = {"HARD_SWISH": "HardSwish", "RELU": "Relu", "LOGISTIC": "Sigmoid"}
_RELU, _RELU6 = 1, 3


class UnknownOperation(NotImplementedError):
    """The network has an operation that is not known here."""


def tflite_to_onnx(path: Path) -> onnx.ModelProto:
    """A network that answers a picture [1, H, W, 3] u8 RGB with shares [1, 1, H, W] u8, a whole one being 255. Raises
    UnknownOperation."""
    return _Conversion(path).model()


class _Conversion:
    """Pictures lie channels first in ONNX and channels last in TFLite."""

    def __init__(self, path: Path) -> None:
        self._schema: Any = mediapipe_module("tasks.metadata.schema_py_generated")
        self._file = self._schema.Model.GetRootAsModel(path.read_bytes(), 0)
        self._graph = self._file.Subgraphs(0)
        self._constants: dict[int, np.ndarray] = {}
        self._nodes: list[onnx.NodeProto] = []
        self._weights: list[onnx.TensorProto] = []
        self._enlarged: dict[
            int, tuple[int, Any]
        ] = {}  # tensors that wait to be mixed: of what, and by which operation
        self._names = {code: name for name, code in vars(self._schema.BuiltinOperator).items() if isinstance(code, int)}

    def model(self) -> onnx.ModelProto:
        seen, said = self._graph.Inputs(0), self._graph.Outputs(0)
        # Bytes on both sides: numbers of the network's own are four times as large, and made no faster outside.
        self._node("Cast", ["picture"], "numbers", to=TensorProto.FLOAT)
        self._node("Mul", ["numbers", self._weight(np.float32(1 / 255))], "shares")
        self._node("Transpose", ["shares"], f"t{seen}", perm=[0, 3, 1, 2])
        for k in range(self._graph.OperatorsLength()):
            self._operation(self._graph.Operators(k))
        self._node("Mul", [f"t{said}", self._weight(np.float32(255))], "levels")
        self._node("Cast", ["levels"], "mask", to=TensorProto.UINT8)
        _, height, width, channels = self._shape(said)
        picture = helper.make_tensor_value_info("picture", TensorProto.UINT8, self._shape(seen))
        mask = helper.make_tensor_value_info("mask", TensorProto.UINT8, [1, channels, height, width])
        graph = helper.make_graph(self._nodes, "network", [picture], [mask], self._weights)
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)

    def _name(self, operation: Any) -> str:
        code = self._file.OperatorCodes(operation.OpcodeIndex())
        name = self._names[max(code.BuiltinCode(), code.DeprecatedBuiltinCode())]
        return code.CustomCode().decode() if name == "CUSTOM" else name

    def _operation(self, operation: Any) -> None:
        name = self._name(operation)
        inputs, result = [int(k) for k in operation.InputsAsNumpy()], int(operation.Outputs(0))
        out = f"t{result}"
        if name == "DEQUANTIZE":
            self._constants[result] = self._constant(inputs[0]).astype(np.float32)
        elif name in ("CONV_2D", "DEPTHWISE_CONV_2D"):
            self._convolution(operation, inputs, out, depthwise=name != "CONV_2D")
        elif name == "Convolution2DTransposeBias":
            kernel = self._constant(inputs[1]).transpose(3, 0, 1, 2)
            if self._shape(result)[1] != 2 * self._shape(inputs[0])[1] or kernel.shape[2:] != (2, 2):
                raise UnknownOperation(f"{name} {kernel.shape}")
            self._node(
                "ConvTranspose",
                [f"t{inputs[0]}", self._weight(kernel), self._weight(self._constant(inputs[2]))],
                out,
                strides=[2, 2],
            )
        elif name in _PLAIN:
            self._node(_PLAIN[name], [f"t{inputs[0]}"], out)
        elif name in ("ADD", "MUL"):
            options = self._options(operation, self._schema.AddOptions if name == "ADD" else self._schema.MulOptions)
            operands = [self._spread(k, result) for k in inputs]
            self._activated(options, out, lambda to: self._node(name.title(), operands, to))
        elif name == "AVERAGE_POOL_2D":
            options = self._options(operation, self._schema.Pool2DOptions)
            if (options.FilterHeight(), options.FilterWidth()) != tuple(self._shape(inputs[0])[1:3]):
                raise UnknownOperation("a mean of a part")
            self._node("GlobalAveragePool", [f"t{inputs[0]}"], out)
        elif name == "RESIZE_BILINEAR":
            if self._only_mixed(result):
                self._enlarged[result] = (inputs[0], operation)
            else:
                self._enlarge(operation, f"t{inputs[0]}", out, self._shape(result)[3])
        else:
            raise UnknownOperation(name)

    def _only_mixed(self, tensor: int) -> bool:
        """Whether all that is done with a tensor is one convolution of 1x1."""
        users = [
            user
            for user in (self._graph.Operators(k) for k in range(self._graph.OperatorsLength()))
            if tensor in user.InputsAsNumpy()
        ]
        return len(users) == 1 and self._name(users[0]) == "CONV_2D" and self._shape(users[0].Inputs(1))[1:3] == [1, 1]

    def _enlarge(self, operation: Any, tensor: str, out: str, channels: int) -> None:
        options = self._options(operation, self._schema.ResizeBilinearOptions)
        mode = (
            "align_corners" if options.AlignCorners() else "half_pixel" if options.HalfPixelCenters() else "asymmetric"
        )
        _, height, width, _ = self._shape(int(operation.Outputs(0)))
        size = self._weight(np.array([1, channels, height, width], np.int64))
        self._node("Resize", [tensor, "", "", size], out, mode="linear", coordinate_transformation_mode=mode)

    def _convolution(self, operation: Any, inputs: list[int], out: str, *, depthwise: bool) -> None:
        options = self._options(
            operation, self._schema.DepthwiseConv2DOptions if depthwise else self._schema.Conv2DOptions
        )
        kernel = self._constant(inputs[1]).transpose((3, 0, 1, 2) if depthwise else (0, 3, 1, 2))
        enlarged = self._enlarged.get(inputs[0])
        source = inputs[0] if enlarged is None else enlarged[0]
        operands = [f"t{source}", self._weight(kernel), self._weight(self._constant(inputs[2]))]

        def convolve(to: str) -> None:
            # Mixing channels and enlarging are the same in either order; small pictures are mixed with less work.
            self._node(
                "Conv",
                operands,
                to if enlarged is None else f"{to}_small",
                kernel_shape=list(kernel.shape[2:]),
                strides=[options.StrideH(), options.StrideW()],
                group=kernel.shape[0] if depthwise else 1,
                auto_pad="VALID" if options.Padding() else "SAME_UPPER",
            )
            if enlarged is not None:
                self._enlarge(enlarged[1], f"{to}_small", to, kernel.shape[0])

        self._activated(options, out, convolve)

    def _activated(self, options: Any, out: str, make: Callable[[str], None]) -> None:
        kind = options.FusedActivationFunction()
        make(out if kind == 0 else f"{out}_before")
        if kind == _RELU:
            self._node("Relu", [f"{out}_before"], out)
        elif kind == _RELU6:
            self._node("Clip", [f"{out}_before", self._weight(np.float32(0)), self._weight(np.float32(6))], out)
        elif kind != 0:
            raise UnknownOperation(f"activation {kind}")

    def _node(self, kind: str, inputs: list[str], output: str, **attributes: Any) -> None:
        self._nodes.append(helper.make_node(kind, inputs, [output], **attributes))

    def _operand(self, tensor: int) -> str:
        if self._computed(tensor):
            return f"t{tensor}"
        value = self._constant(tensor)
        return self._weight(value.transpose(0, 3, 1, 2) if value.ndim == 4 else value.reshape(1, -1, 1, 1))

    def _spread(self, tensor: int, over: int) -> str:
        """An operand, as large as the result `over`: where one value a channel was only said to count for all of a
        picture, ONNX Runtime would leave its own order of numbers for that, and come back to it afterwards."""
        operand, shape = self._operand(tensor), self._shape(over)
        if self._computed(tensor) and len(shape) == 4 and self._shape(tensor)[1:3] == [1, 1] != shape[1:3]:
            size = self._weight(np.array([1, shape[3], *shape[1:3]], np.int64))
            spread, where = f"{operand}_for_{over}", {"coordinate_transformation_mode": "asymmetric"}
            self._node("Resize", [operand, "", "", size], spread, mode="nearest", nearest_mode="floor", **where)
            return spread
        return operand

    def _weight(self, value: Any) -> str:
        name = f"w{len(self._weights)}"
        self._weights.append(numpy_helper.from_array(np.array(value, order="C"), name))
        return name

    def _constant(self, tensor: int) -> np.ndarray:
        if tensor in self._constants:
            return self._constants[tensor]
        if not self._length(tensor):
            raise UnknownOperation("weights that are computed")
        described = self._graph.Tensors(tensor)
        stored = self._file.Buffers(described.Buffer()).DataAsNumpy().tobytes()
        return np.frombuffer(stored, _TYPES[described.Type()]).reshape(self._shape(tensor))

    def _computed(self, tensor: int) -> bool:
        return tensor not in self._constants and not self._length(tensor)

    def _length(self, tensor: int) -> int:
        return self._file.Buffers(self._graph.Tensors(tensor).Buffer()).DataLength()

    def _shape(self, tensor: int) -> list[int]:
        described = self._graph.Tensors(tensor)
        return [described.Shape(k) for k in range(described.ShapeLength())]

    def _options(self, operation: Any, kind: Any) -> Any:
        options, table = kind(), operation.BuiltinOptions()
        options.Init(table.Bytes, table.Pos)
        return options
