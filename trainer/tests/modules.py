"""The trainer's own modules and what they import, read from their source; late imports too."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("likeness_trainer", "likeness_research")


def modules() -> dict[str, Path]:
    """Every module by its name."""
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported_names(source: str) -> Iterator[tuple[str, int]]:
    """Each name that a module's source imports, wherever in it (`from a.b import c` is a.b.c), and its line."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0 and node.module, "imports are absolute"
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)


def module_of(name: str, known: dict[str, Path]) -> str | None:
    """The module of the trainer that an imported name is or comes from."""
    while name and name not in known:
        name = name.rpartition(".")[0]
    return name or None


def graph(known: dict[str, Path]) -> dict[str, set[str]]:
    """For every module the others that it imports."""
    return {
        name: {
            target
            for imported, _ in imported_names(path.read_text(encoding="utf-8"))
            if (target := module_of(imported, known)) is not None and target != name
        }
        for name, path in known.items()
    }
