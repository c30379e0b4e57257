"""The ZIP of a bundle: written whole or not at all, and read only when every hash fits the manifest."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import tempfile
import zipfile
import zlib
from pathlib import Path
from typing import Any

from likeness_trainer.format import BUNDLE, required_files
from likeness_trainer.protocol import TrainerError

FORMAT, VERSION, MANIFEST = BUNDLE["format"], BUNDLE["version"], BUNDLE["manifest"]
_FILE_NAME = re.compile(r"[a-z0-9][a-z0-9.-]*")
_MAX_BYTES = 512 << 20  # unpacked, all files: a bundle is about 42 MB, and more is not a bundle
_LEVEL = 4  # of deflate: 1 % larger than at 6, in half the time
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)  # the same files give the same ZIP


def required(manifest: dict[str, Any]) -> list[str]:
    """Files that a bundle with this manifest must have."""
    draws = "closed" if manifest.get("draws") == "closed" else "std"
    return required_files(draws, "checkpoint" in manifest)


def file_entry(content: bytes) -> dict[str, Any]:
    """What the manifest says of one file."""
    return {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}


def write_archive(path: str | Path, manifest: dict[str, Any], files: dict[str, bytes]) -> None:
    """Write manifest (its `files` are filled in here) and files to `path` by a temporary file, fsync and rename.

    Raises TrainerError('disk-full') when there is no room; `path` is then as it was before.
    """
    missing = [name for name in required(manifest) if name not in files]
    if missing:
        raise ValueError(f"a bundle lacks {', '.join(missing)}")
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    document = {**manifest, "files": {name: file_entry(content) for name, content in sorted(files.items())}}
    handle, temporary = tempfile.mkstemp(prefix=path.name + ".", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            with zipfile.ZipFile(file, "w") as archive:
                _add(archive, MANIFEST, json.dumps(document, indent=1, ensure_ascii=False).encode())
                for name, content in sorted(files.items()):
                    _add(archive, name, content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise TrainerError(
                "disk-full",
                "The disk is full: the avatar was not written.",
                "Free some space and resume the training.",
                str(error),
            ) from error
        raise
    finally:
        Path(temporary).unlink(missing_ok=True)


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, _FIXED_TIME)
    entry.external_attr = 0o644 << 16
    entry.compress_type = zipfile.ZIP_STORED if name.endswith(".jpg") else zipfile.ZIP_DEFLATED
    archive.writestr(entry, content, compresslevel=_LEVEL)


def read_archive(path: str | Path) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Manifest and files of a bundle. Raises TrainerError('not-found' or 'bad-bundle')."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _read(archive)
    except FileNotFoundError as error:
        raise TrainerError(
            "not-found", "There is no avatar here yet.", "Train the project first.", str(path)
        ) from error
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OSError,
        ValueError,
    ) as error:
        raise bad_bundle("The avatar file is damaged.", str(error)) from error


def _read(archive: zipfile.ZipFile) -> tuple[dict[str, Any], dict[str, bytes]]:
    names = archive.namelist()
    if len(set(names)) != len(names):
        raise bad_bundle("The avatar file lists a file twice.")
    if sum(entry.file_size for entry in archive.infolist()) > _MAX_BYTES:
        raise bad_bundle("The avatar file is far too large.")
    if MANIFEST not in names:
        raise bad_bundle("This is not an avatar: it has no manifest.")
    manifest = json.loads(archive.read(MANIFEST))
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise bad_bundle("This is not an avatar.")
    version = manifest.get("version")
    if version != VERSION:
        newer = isinstance(version, int) and version > VERSION
        raise TrainerError(
            "bad-bundle",
            f"This avatar was made by {'a newer' if newer else 'an older'} Likeness (format {version}).",
            "Update Likeness." if newer else "Train the avatar again.",
        )
    listed = manifest.get("files")
    if not isinstance(listed, dict) or set(listed) != set(names) - {MANIFEST}:
        raise bad_bundle("The avatar's files are not the ones its manifest lists.")
    missing = [name for name in required(manifest) if name not in listed]
    if missing:
        raise bad_bundle(f"The avatar lacks {', '.join(missing)}.")
    files: dict[str, bytes] = {}
    for name, expected in listed.items():
        if not _FILE_NAME.fullmatch(name) or not isinstance(expected, dict):
            raise bad_bundle(f"The avatar's manifest names a file {name!r}.")
        content = archive.read(name)
        if file_entry(content) != {"sha256": expected.get("sha256"), "bytes": expected.get("bytes")}:
            raise bad_bundle(f"{name} in the avatar was changed or damaged.")
        files[name] = content
    return manifest, files


def bad_bundle(message: str, detail: str | None = None) -> TrainerError:
    """The error for an avatar that cannot be used."""
    return TrainerError(
        "bad-bundle", message, "Train the avatar again, or copy the file once more from where it came.", detail
    )
