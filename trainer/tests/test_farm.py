"""What a computer of a farm does with an order, without Ray; the farm itself is in `npm run counts -- farm`."""

from __future__ import annotations

import hashlib
import importlib
import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from likeness_farm.making import PROGRAM, STORE, Order, kept, make_film

# A program that makes a film of what it is sent, and says what its order was.
MAKES = """
import json, pathlib, sys
order = json.loads(sys.stdin.readline())
if order["name"] == "refused":
    print(json.dumps({"error": {"code": "bad-bundle", "message": "No.", "hint": ""}}))
    sys.exit(2)
if order["name"] == "broken":
    sys.exit("out of wits")
made = pathlib.Path(order["folder"])
(made / order["name"]).write_bytes(pathlib.Path(order["files"]["sound"]).read_bytes() * 2)
(made / "record.json").write_text(json.dumps(sorted(order)))
print(json.dumps({"frames": 3, "seconds": 0.12}))
"""


@pytest.fixture(autouse=True)
def _computer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(PROGRAM, json.dumps([sys.executable, "-c", MAKES]))
    monkeypatch.setenv(STORE, str(tmp_path / "store"))


def _order(name: str, sound: bytes) -> Order:
    files = {"sound": {"path": "/elsewhere/a.wav", "sha256": hashlib.sha256(sound).hexdigest()}}
    return {"row": 4, "order": {"name": name}, "files": files}


def test_a_film_and_what_lies_beside_it_come_back(tmp_path: Path) -> None:
    made = make_film(_order("a.mp4", b"tone"), b"tone")
    assert made["error"] is None
    assert made["facts"] == {"frames": 3, "seconds": 0.12}
    assert made["files"]["a.mp4"] == b"tonetone"
    assert json.loads(made["files"]["record.json"]) == ["files", "folder", "name"]
    # What it is made of stays, the film does not.
    assert [path.suffix for path in (tmp_path / "store" / "files").iterdir()] == [".wav"]
    assert not list((tmp_path / "store").glob("film-*"))


def test_what_the_program_refuses_is_an_answer() -> None:
    made = make_film(_order("refused", b"tone"), b"tone")
    assert made["error"] == {"code": "bad-bundle", "message": "No.", "hint": ""}
    assert made["files"] == {}


def test_a_program_that_breaks_off_says_its_last_words() -> None:
    with pytest.raises(RuntimeError, match="out of wits"):
        make_film(_order("broken", b"tone"), b"tone")


def test_content_is_kept_once_and_must_be_what_its_hash_says(tmp_path: Path) -> None:
    sha256 = hashlib.sha256(b"face").hexdigest()
    path = kept(tmp_path, b"face", sha256, ".likeness")
    written = path.stat().st_mtime_ns
    assert (path.name, path.read_bytes()) == (f"{sha256}.likeness", b"face")
    assert kept(tmp_path, b"face", sha256, ".likeness").stat().st_mtime_ns == written
    path.write_bytes(b"fa")  # cut short by a full disk
    assert kept(tmp_path, b"face", sha256, ".likeness").read_bytes() == b"face"
    with pytest.raises(ValueError, match="hash"):
        kept(tmp_path, b"mask", sha256, ".likeness")


def _ray(made: dict[str, object]) -> SimpleNamespace:
    """A stand-in that makes every film at once, as `made`."""
    remote = SimpleNamespace(remote=lambda order, *blobs: order["row"])
    return SimpleNamespace(
        init=lambda **_: None,
        put=lambda content: content,
        remote=lambda **_: lambda make: remote,
        wait=lambda running, timeout: (running, []),
        get=lambda row: made,
        exceptions=SimpleNamespace(RayTaskError=ZeroDivisionError, RayError=ZeroDivisionError),
    )


def _answers(orders: list[Order], folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, object]]:
    made = {"where": "here", "facts": {"frames": 3, "seconds": 0.12}, "files": {"a.mp4": b"film"}, "error": None}
    monkeypatch.setitem(sys.modules, "ray", _ray(made))
    monkeypatch.delitem(sys.modules, "likeness_farm.hand_out", raising=False)
    answers: list[dict[str, object]] = []
    lines = io.StringIO("".join(f"{json.dumps(order)}\n" for order in orders))
    importlib.import_module("likeness_farm.hand_out").hand_out("here:1", folder, lines, answers.append)
    monkeypatch.delitem(sys.modules, "likeness_farm.hand_out")
    return answers


def test_a_file_that_is_gone_fails_its_film_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.wav").write_bytes(b"tone")
    there: Order = {**_order("a.mp4", b"tone"), "files": {"sound": {"path": str(tmp_path / "a.wav"), "sha256": "a"}}}
    gone: Order = {**there, "row": 5, "files": {"sound": {"path": str(tmp_path / "b.wav"), "sha256": "b"}}}
    failed, made = _answers([gone, there], tmp_path, monkeypatch)
    assert (failed["type"], failed["row"]) == ("failed", 5)
    assert (made["type"], made["row"], made["frames"]) == ("made", 4, 3)
    assert (tmp_path / "4" / "a.mp4").read_bytes() == b"film"


def test_a_film_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "4").write_bytes(b"no folder")
    there: Order = {**_order("a.mp4", b"tone"), "files": {}}
    (failed,) = _answers([there], tmp_path, monkeypatch)
    assert (failed["type"], failed["row"]) == ("failed", 4)
    assert isinstance(failed["error"], dict) and failed["error"]["code"] == "bad-request"
