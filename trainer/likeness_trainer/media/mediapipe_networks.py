"""MediaPipe's networks without the Python that it comes in: its `solutions` and `tasks`, with matplotlib among them,
take half a second to load."""

from __future__ import annotations

import importlib
import importlib.util
import sys
import threading
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

_LOADING = threading.RLock()  # its packages load each other in a circle: two threads would meet half of one
_MESSAGES = "detection", "landmark", "rect"
_APART = 33_333  # microseconds between two pictures, as MediaPipe's own `solutions` count them


class Graph:
    """One of MediaPipe's graphs, which looks at one picture after the other."""

    def __init__(self, name: str, output: str, **given: bool | int) -> None:
        """`modules/<name>.binarypb` of MediaPipe, whose stream `output` holds a list of messages; `given` are its side
        packets."""
        file = mediapipe_folder() / "modules" / f"{name}.binarypb"
        self._begin({"binary_graph_path": str(file)}, output, given)

    def _begin(self, graph: dict[str, str], output: str, given: dict[str, bool | int]) -> None:
        module = mediapipe_module
        for kind in _MESSAGES:
            module(f"framework.formats.{kind}_pb2")
        framework, self._packets, self._getter = (
            module(name) for name in ("python", "python.packet_creator", "python.packet_getter")
        )
        framework.resource_util.set_resource_dir(str(mediapipe_folder().parent))
        self._format = framework.ImageFormat.SRGB
        self._graph = framework.CalculatorGraph(**graph)
        self._now, self._answer = 0, None
        self._graph.observe_output_stream(output, self._keep, False)
        make = {bool: self._packets.create_bool, int: self._packets.create_int}
        self._graph.start_run({key: make[type(value)](value) for key, value in given.items()})

    def _keep(self, _stream: str, packet: Any) -> None:
        self._answer = packet

    def look(self, picture: np.ndarray) -> list[Any]:
        """What it says of a picture [H, W, 3] u8 RGB; nothing when it finds nothing."""
        answer = self._ask(picture)
        return [] if answer is None else self._getter.get_proto_list(answer)

    def _ask(self, picture: np.ndarray, **beside: Any) -> Any:
        """Its answer as a packet, or None; `beside` are packets for other streams than the picture's."""
        self._now, self._answer = self._now + _APART, None
        lent = np.ascontiguousarray(picture).view()
        lent.flags.writeable = False  # else it is copied, which takes a quarter of a millisecond
        packet = self._packets.create_image_frame(image_format=self._format, data=lent)
        for stream, content in {"image": packet, **beside}.items():
            self._graph.add_packet_to_input_stream(stream, content.at(self._now))
        self._graph.wait_until_idle()
        return self._answer


class FaceMesh(Graph):
    """MediaPipe's face mesh without a search: it looks where it is told to."""

    def __init__(self) -> None:
        self._begin({"graph_config": _FACE_MESH}, "landmarks", {"with_attention": True})
        self._rect = mediapipe_module("framework.formats.rect_pb2").NormalizedRect

    def look_at(self, picture: np.ndarray, centre: np.ndarray, side: float, turn: float) -> list[Any]:
        """The landmarks of the face in a square of a picture [S, S, 3] u8 RGB, in shares of its side; nothing where
        there is no face. The square's `centre` [2] and `side` likewise; `turn` in radians, clockwise."""
        x, y = (float(value) for value in centre)
        square = self._rect(x_center=x, y_center=y, width=side, height=side, rotation=turn)
        answer = self._ask(picture, square=self._packets.create_proto(square))
        return [] if answer is None else [self._getter.get_proto(answer)]


_FACE_MESH = """
input_stream: "image"
input_stream: "square"
input_side_packet: "with_attention"
output_stream: "landmarks"
node {
  calculator: "FaceLandmarkCpu"
  input_stream: "IMAGE:image"
  input_stream: "ROI:square"
  input_side_packet: "WITH_ATTENTION:with_attention"
  output_stream: "LANDMARKS:landmarks"
}
"""


def solution(name: str) -> ModuleType:
    """`mediapipe.python.solutions.<name>`."""
    return mediapipe_module(f"python.solutions.{name}")


def mediapipe_module(name: str) -> ModuleType:
    """`mediapipe.<name>`. Empty modules stand in for matplotlib, which it loads for drawings that nobody here asks for,
    and for the package's own beginning, which loads everything."""
    with _LOADING:
        if "mediapipe" not in sys.modules:
            package = ModuleType("mediapipe")
            package.__path__ = [str(mediapipe_folder())]
            sys.modules["mediapipe"] = package
        kept_out = [] if "matplotlib" in sys.modules else ["matplotlib", "matplotlib.pyplot"]
        for module in kept_out:
            sys.modules[module] = ModuleType(module)
        try:
            return importlib.import_module(f"mediapipe.{name}")
        finally:
            for module in kept_out:
                sys.modules.pop(module, None)


@lru_cache
def mediapipe_folder() -> Path:
    """Where MediaPipe's files are. Raises ModuleNotFoundError."""
    found = importlib.util.find_spec("mediapipe")
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError("No module named 'mediapipe'", name="mediapipe")
    return Path(found.submodule_search_locations[0])
