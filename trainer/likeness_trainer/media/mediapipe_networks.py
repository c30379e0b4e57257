"""MediaPipe's networks without its drawing."""

from __future__ import annotations

import importlib
import sys
import threading
from types import ModuleType

_LOADING = threading.Lock()  # its packages load each other in a circle: two threads would meet half of one


def solution(name: str) -> ModuleType:
    """`mediapipe.python.solutions.<name>`."""
    return mediapipe_module(f"python.solutions.{name}")


def mediapipe_module(name: str) -> ModuleType:
    """`mediapipe.<name>`. MediaPipe loads matplotlib for drawings that nobody here asks for: 0.4 of
    the 0.5 seconds that each process would take to load it. An empty module stands in for it meanwhile."""
    with _LOADING:
        kept_out = (
            [] if "matplotlib" in sys.modules or "mediapipe" in sys.modules else ["matplotlib", "matplotlib.pyplot"]
        )
        for module in kept_out:
            sys.modules[module] = ModuleType(module)
        try:
            return importlib.import_module(f"mediapipe.{name}")
        finally:
            for module in kept_out:
                sys.modules.pop(module, None)
