"""A file of a format that has no place for a manifest has it in a file beside it, bound to all of its bytes."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest
from signed_files import MANIFEST, job_at, read

from likeness_trainer.credentials.sign import sign
from likeness_trainer.protocol import Reporter
from likeness_trainer.protocol.jobs import SignJob


@pytest.mark.parametrize(("name", "format"), [("film.webm", "video/webm"), ("frames.zip", "application/zip")])
def test_what_has_no_place_for_a_manifest_has_it_beside(tmp_path: Path, name: str, format: str) -> None:
    file = tmp_path / name
    content = b"\x1aE\xdf\xa3" + bytes(range(256)) * 40  # what is in it is not looked at
    file.write_bytes(content)
    beside = tmp_path / f"{name}.c2pa"
    told = {"file": file, "format": format, "beside": beside, "manifest": json.dumps(MANIFEST)}
    sign(SignJob(**job_at(tmp_path, **told)), Reporter.silent())
    assert file.read_bytes() == content
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([name, beside.name, "keys"])
    found = read(tmp_path, file)
    assert (found["kind"], found["certificate"], found["generated"]) == ("valid", "local", True)
    for at in (0, len(content) // 2, len(content) - 1):
        file.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        assert read(tmp_path, file)["problems"] == ["assertion.dataHash.mismatch"]
    file.write_bytes(content)
    for word in (b"Ada", b"Likeness"):
        manifest = beside.read_bytes()
        beside.write_bytes(manifest.replace(word, word[:-1] + b"x"))
        assert read(tmp_path, file)["kind"] == "changed"
        beside.write_bytes(manifest)
    for strange in (b"", b"no manifest", beside.read_bytes()[:-100]):
        other = tmp_path / "other.webm"
        other.write_bytes(content)
        (tmp_path / "other.webm.c2pa").write_bytes(strange)
        assert read(tmp_path, other)["kind"] in ("none", "invalid", "changed")


def test_a_manifest_beside_a_file_counts_by_others_name_for_it_where_it_is_of_that_file(tmp_path: Path) -> None:
    file = tmp_path / "film.webm"
    file.write_bytes(b"a film")
    told = {"file": file, "format": "video/webm", "beside": tmp_path / "film.c2pa", "manifest": json.dumps(MANIFEST)}
    sign(SignJob(**job_at(tmp_path, **told)), Reporter.silent())
    assert read(tmp_path, file)["kind"] == "valid"
    (tmp_path / "film.zip").write_bytes(b"another film")
    assert read(tmp_path, tmp_path / "film.zip") == {"kind": "none"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_what_is_no_file_beside_a_film_is_not_waited_for(tmp_path: Path) -> None:
    for name in ("film.webm.c2pa", "film.c2pa"):
        os.mkfifo(tmp_path / name)
    (tmp_path / "film.webm").write_bytes(b"a film")
    assert read(tmp_path, tmp_path / "film.webm") == {"kind": "none"}
