"""The packages of the trainer stand on each other in one order; none imports upward, so none can form a circle."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "likeness_trainer"

# From the ground up: each may import itself and what stands before it.
LAYERS = (
    "protocol",
    "media",
    "morphable",
    "matting",
    "speech",
    "tracking",
    "sample",
    "motion",
    "variational",
    "renderer",
    "bundle",
    "metrics",
    "training",
)


def imported_rooms(source: str, room: str, depth: int) -> set[str]:
    """Rooms of the package that a module imports; `depth` is how many folders below the package it lies."""
    rooms: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            module = (node.module or "").split(".") if node.module else []
            if node.level == 0:
                path = module[1:] if module[:1] == [PACKAGE.name] else []
            else:
                here = [room] * depth  # only the length matters: what is left is cut from the front
                path = here[: depth - (node.level - 1)] + module
            names = path[:1] or ([alias.name for alias in node.names] if node.level > depth else [])
            rooms.update(names)
        elif isinstance(node, ast.Import):
            parts = [alias.name.split(".") for alias in node.names]
            rooms.update(part[1] for part in parts if part[0] == PACKAGE.name and len(part) > 1)
    return rooms


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("from ..protocol import TrainerError", {"protocol"}),
        ("from likeness_trainer.media.probe import probe", {"media"}),
        ("import likeness_trainer.training.train", {"training"}),
        ("from .mesh import project", {"tracking"}),
        ("from .. import renderer", {"renderer"}),
        ("import numpy as np\nfrom torch import nn", set()),
    ],
)
def test_imports_are_read(source: str, expected: set[str]) -> None:
    assert imported_rooms(source, "tracking", 1) == expected


def test_every_room_has_its_layer() -> None:
    rooms = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    assert rooms == set(LAYERS)


@pytest.mark.parametrize("room", LAYERS)
def test_imports_go_downward_only(room: str) -> None:
    allowed = set(LAYERS[: LAYERS.index(room) + 1])
    upward = {}
    for path in sorted((PACKAGE / room).rglob("*.py")):
        depth = len(path.relative_to(PACKAGE).parts) - 1
        above = imported_rooms(path.read_text(encoding="utf-8"), room, depth) & set(LAYERS) - allowed
        if above:
            upward[path.name] = sorted(above)
    assert not upward, f"{room} may import {sorted(allowed)}"
