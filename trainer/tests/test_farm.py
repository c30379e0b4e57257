"""What a computer of a farm does with an order, without Ray; the farm itself is in `npm run counts -- farm`."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

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
