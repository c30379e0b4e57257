"""What is written down once for both languages, in `format/` beside the trainer's folder (docs/formats.md)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

FOLDER = Path(__file__).resolve().parents[2] / "format"
_TYPES = {"F64": np.float64, "F32": np.float32, "I32": np.int32, "U8": np.uint8}


def _read(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


GEOMETRY, SOUND, NAMES, BUNDLE = (_read(f"{name}.json") for name in ("geometry", "sound", "names", "bundle"))
READING, MEDIA = _read("reading.json"), _read("media.json")
TRACKER: int = NAMES["tracker"]  # raised whenever tracking answers otherwise than before for the same video


@dataclass(frozen=True)
class Tensor:
    """One row of a tensor table."""

    shape: tuple[int | str, ...]  # a string names a size that the file itself says
    dtype: type
    optional: bool


@dataclass(frozen=True)
class Table:
    """One tensor file: what its metadata says, and its tensors in order."""

    format: str
    version: str
    tensors: dict[str, Tensor]

    @property
    def metadata(self) -> dict[str, str]:
        return {"format": self.format, "version": self.version}

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(name for name, tensor in self.tensors.items() if not tensor.optional)

    @property
    def optional(self) -> tuple[str, ...]:
        return tuple(name for name, tensor in self.tensors.items() if tensor.optional)


def _table(content: dict[str, Any]) -> Table:
    tensors = {
        name: Tensor(tuple(row["shape"]), _TYPES[row["dtype"]], row.get("optional", False))
        for name, row in content["tensors"].items()
    }
    return Table(content["format"], content["version"], tensors)


TABLES = {name: _table(content) for name, content in _read("tensors.json").items()}


def inputs_of(graph: str) -> tuple[set[str], set[str]]:
    """Inputs that a bundle's graph file must have, and those it may have beside them."""
    ports = BUNDLE["graphs"][graph]["inputs"]
    optional = {name for name, port in ports.items() if port.get("optional", False)}
    return set(ports) - optional, optional


def required_files(draws: str, is_checkpoint: bool) -> list[str]:
    """Files that a bundle must have.

    What it is drawn by must be there, and the other form need not; a checkpoint is not measured, and has no fast graph
    before that stage of its training.
    """
    true = {draws, "checkpoint"} if is_checkpoint else {draws}
    return [
        name
        for name, file in BUNDLE["files"].items()
        if not file.get("optional", False) and not true & set(file.get("unless", ()))
    ]
