"""What a computer of the farm does for one film: it keeps what the film is made of, and asks its own program for it."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any, TypedDict

# The words that start this computer's program, as JSON, and the folder where it keeps what it was sent.
PROGRAM = "LIKENESS_FARM_PROGRAM"
STORE = "LIKENESS_FARM_STORE"
_LAST_WORDS = 2000


class Order(TypedDict):
    """One film. `order` is for the program alone; `files` are what it is made of, by what they are to it."""

    row: int
    order: dict[str, Any]
    files: dict[str, dict[str, str]]


class Made(TypedDict):
    """What became of it: an error of the program's, or the film and what lies beside it."""

    where: str
    facts: dict[str, float]
    files: dict[str, bytes]
    error: dict[str, Any] | None


def make_film(order: Order, *blobs: bytes) -> Made:
    """Runs the program on an order. What it refuses is an answer; a program that breaks off raises RuntimeError.

    Args:
        order: names its files in the order of `blobs`.
        blobs: what is in them; each is kept by its SHA-256, which is checked.
    """
    store = Path(os.environ[STORE])
    parts = zip(order["files"].items(), blobs, strict=True)
    files = {name: kept(store, blob, file["sha256"], Path(file["path"]).suffix) for (name, file), blob in parts}
    store.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="film-", dir=store))
    try:
        wanted = {**order["order"], "files": {name: str(path) for name, path in files.items()}, "folder": str(folder)}
        answer = _answer_of([*json.loads(os.environ[PROGRAM]), "--json", "farm", "film"], wanted)
        made = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    error = answer.get("error")
    facts = {} if error else {name: answer[name] for name in ("frames", "seconds")}
    return {"where": platform.node(), "facts": facts, "files": {} if error else made, "error": error}


def kept(store: Path, content: bytes, sha256: str, suffix: str) -> Path:
    """The file with this content, written once. Raises ValueError when it is not what its hash says."""
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ValueError("what was sent is not what its hash says")
    path = store / "files" / f"{sha256}{suffix}"
    if path.exists() and path.stat().st_size == len(content):
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, partial = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    os.replace(partial, path)
    return path


def _answer_of(command: list[str], document: dict[str, Any]) -> dict[str, Any]:
    """Its standard input stays open while it is wanted: a program that sees its end stops."""
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as log:
        child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, encoding="utf-8"
        )
        assert child.stdin is not None and child.stdout is not None
        with child:
            child.stdin.write(json.dumps(document) + "\n")
            child.stdin.flush()
            said = child.stdout.read()
        try:
            answer = json.loads(said)
        except json.JSONDecodeError:
            log.seek(0)
            raise RuntimeError(f"the program ended with {child.returncode}: {log.read()[-_LAST_WORDS:]}") from None
    return answer
