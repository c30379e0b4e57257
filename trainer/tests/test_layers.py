"""The trainer's packages stand on each other in one order, no module imports in a circle, and the product does without
research."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter

import pytest
from modules import ROOT, graph, imported_names, module_of, modules

from likeness_trainer.protocol.dispatch import COMMANDS

# From the ground up: each may import itself and what stands before it.
LAYERS = (
    "protocol",
    "credentials",
    "media",
    "morphable",
    "bases",
    "matting",
    "speech",
    "tracking",
    "sample",
    "motion",
    "variational",
    "renderer",
    "appearance",
    "bundle",
    "metrics",
    "training",
)
RESEARCH_LAYERS = ("encoder", "gate", "ablation", "any_video", "face_basis", "unseen_faces")
MODULES = modules()
GRAPH = graph(MODULES)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("from likeness_trainer.protocol import TrainerError", {"likeness_trainer.protocol"}),
        ("from likeness_trainer.media.probe import probe", {"likeness_trainer.media.probe"}),
        ("import likeness_trainer.training.train", {"likeness_trainer.training.train"}),
        ("from likeness_trainer.morphable import topology", {"likeness_trainer.morphable.topology"}),
        ("def f():\n    from likeness_research.encoder import pretrain", {"likeness_research.encoder.pretrain"}),
        ("import numpy as np\nfrom torch import nn", set()),
    ],
)
def test_imports_are_read(source: str, expected: set[str]) -> None:
    assert {module_of(name, MODULES) for name, _ in imported_names(source)} - {None} == expected


def test_no_module_imports_itself_by_way_of_others() -> None:
    try:
        TopologicalSorter(GRAPH).prepare()
    except CycleError as error:
        pytest.fail("a circle of imports: " + " -> ".join(reversed(error.args[1])))


@pytest.mark.parametrize(("package", "layers"), [("likeness_trainer", LAYERS), ("likeness_research", RESEARCH_LAYERS)])
def test_every_room_has_its_layer(package: str, layers: tuple[str, ...]) -> None:
    rooms = {path.name for path in (ROOT / package).iterdir() if (path / "__init__.py").exists()}
    assert rooms == set(layers)


@pytest.mark.parametrize(
    ("package", "room"),
    [("likeness_trainer", room) for room in LAYERS] + [("likeness_research", room) for room in RESEARCH_LAYERS],
)
def test_imports_go_downward_only(package: str, room: str) -> None:
    layers = LAYERS if package == "likeness_trainer" else RESEARCH_LAYERS
    above = [f"{package}.{name}" for name in layers[layers.index(room) + 1 :]]
    upward = [
        f"{name} -> {target}"
        for name, targets in GRAPH.items()
        if name == f"{package}.{room}" or name.startswith(f"{package}.{room}.")
        for target in sorted(targets)
        if any(target == one or target.startswith(one + ".") for one in above)
    ]
    assert not upward


def test_the_product_never_imports_research() -> None:
    product = {name: targets for name, targets in GRAPH.items() if name.startswith("likeness_trainer")}
    assert not [name for name, targets in product.items() if any(t.startswith("likeness_research") for t in targets)]
    # Its one command is named where commands are listed, and found only when asked for.
    named = [name for name, command in COMMANDS.items() if command.function.startswith("likeness_research.")]
    assert named == ["ablate"]


def test_what_commands_are_made_of_is_found_by_name() -> None:
    for command in COMMANDS.values():
        module, function = command.function.split(":")
        tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
        assert function in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
