"""The files that a face model comes as: in a folder, in a ZIP archive, or one alone; read within bounds."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from likeness_trainer.bases.refusal import refuse

MOST_MEMBERS = 20_000
LARGEST = 2**30  # bytes of one file; BFM 2009 is a quarter of it


class Members:
    """Files by their path in the folder or archive; nothing is written anywhere."""

    def __init__(self, names: list[str], archive: zipfile.ZipFile | None, folder: Path) -> None:
        self.names = names
        self._archive, self._folder = archive, folder

    def named(self, name: str) -> str | None:
        """The path of the file that is called so, the one nearest to the top of several; upper case is as lower."""
        found = [path for path in self.names if PurePosixPath(path).name.lower() == name.lower()]
        return min(found, key=lambda path: (path.count("/"), path), default=None)

    def beside(self, path: str, name: str) -> str | None:
        """The path of `name` in the same folder as another file."""
        wanted = str(PurePosixPath(path).with_name(name))
        return wanted if wanted in self.names else None

    def read(self, path: str, most: int = LARGEST) -> bytes:
        """The bytes of one. Raises TrainerError('bad-request') where they are more than `most`, or damaged."""
        if self._archive is None:
            with open(self._folder / path, "rb") as file:
                content = file.read(most + 1)
        else:
            content = self._unpacked(self._archive, path, most)
        if len(content) > most:
            raise refuse(f"{PurePosixPath(path).name} in it is larger than such a file can be.", str(len(content)))
        return content

    def start(self, path: str, bytes_: int) -> bytes:
        """The first bytes of one."""
        if self._archive is None:
            with open(self._folder / path, "rb") as file:
                return file.read(bytes_)
        return self._unpacked(self._archive, path, bytes_)[:bytes_]

    def _unpacked(self, archive: zipfile.ZipFile, path: str, most: int) -> bytes:
        try:
            with archive.open(path) as file:
                return file.read(most + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            raise refuse(
                "The archive is damaged, encrypted or packed in an unusual way.", f"{path}: {error}"
            ) from error


@contextmanager
def opened(path: Path) -> Iterator[Members]:
    """The files of a folder (subfolders too), of a ZIP archive, or the one file that `path` is.

    Raises TrainerError('not-found' or 'bad-request').
    """
    if path.is_dir():
        yield Members(_files_of(path), None, path)
    elif not path.is_file():
        raise refuse("The file is not there any more.", str(path), code="not-found", hint="Add it again.")
    elif zipfile.is_zipfile(path):
        try:
            archive = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError) as error:
            raise refuse("The archive is damaged.", str(error)) from error
        with archive:
            if len(archive.filelist) > MOST_MEMBERS:
                raise refuse("The archive holds too many files.", str(len(archive.filelist)))
            yield Members([entry.filename for entry in archive.filelist if not entry.is_dir()], archive, path.parent)
    else:
        yield Members([path.name], None, path.parent)


def _files_of(folder: Path) -> list[str]:
    found: list[str] = []
    for file in folder.rglob("*"):
        if file.is_file():  # no pipes, no devices
            found.append(file.relative_to(folder).as_posix())
        if len(found) > MOST_MEMBERS:
            raise refuse("The folder holds too many files.", "Choose the face model's own folder.")
    return sorted(found)
