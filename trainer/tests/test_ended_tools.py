"""A tool that somebody ended says nothing about the file; fewer frames never pass for all of them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from likeness_trainer.media import FrameWriter, mp4, probe, read_audio
from likeness_trainer.media.ended import require_own_end
from likeness_trainer.media.looks import decoded_times
from likeness_trainer.media.probe import Source
from likeness_trainer.media.raw_pictures import raw_pictures
from likeness_trainer.media.timing import frame_times
from likeness_trainer.protocol import TrainerError

FILM = Source(16, 9, 25, 1.0, 25, 0, False, "h264", False)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")


@pytest.fixture(params=["KILL", "TERM", "255"])
def ended(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A tool that writes 300 bytes and is then ended: by a signal, or as ffmpeg answers one."""
    end = f"kill -{request.param} $$" if request.param != "255" else "exit 255"
    path = tmp_path / "tool"
    path.write_text(f"#!/bin/sh\nhead -c 300 /dev/zero\n{end}\n")
    path.chmod(0o755)
    return str(path)


def test_reading_says_who_ended_it(ended: str) -> None:
    pictures = raw_pictures(ended, "film.mp4", FILM, "null", 100)
    assert [len(next(pictures)) for _ in range(3)] == [100, 100, 100]
    with pytest.raises(TrainerError) as error:
        next(pictures)
    assert error.value.code == "interrupted"
    for read in (
        lambda: probe(ended, "film.mp4"),
        lambda: read_audio(ended, "film.mp4"),
        lambda: frame_times(ended, "film.mp4", 0),
        lambda: decoded_times(ended, "film.mp4", 0),
        lambda: next(raw_pictures(ended, "film.mp4", FILM, "null", 1000)),
    ):
        with pytest.raises(TrainerError) as error:
            read()
        assert error.value.code == "interrupted"


def test_writing_says_who_ended_it(ended: str, tmp_path: Path) -> None:
    frame = np.zeros((512, 512, 3), np.uint8)
    with (
        pytest.raises(TrainerError) as error,
        FrameWriter(ended, str(tmp_path / "film.mp4"), 512, 512, 25, mp4(18)) as writer,
    ):
        for _ in range(50):
            writer.write(frame)
    assert error.value.code == "interrupted"


def test_its_own_failure_is_not_taken_for_one() -> None:
    for code, said in [(0, ""), (1, ""), (255, "Invalid data found")]:
        require_own_end(code, said)


@pytest.mark.parametrize("code", [-11, -6, 0xC0000005])
def test_a_crash_says_nothing_about_the_file(code: int) -> None:
    with pytest.raises(TrainerError) as error:
        require_own_end(code, "")
    assert error.value.code == "missing-tool"


def test_a_filter_that_is_not_there_says_nothing_about_the_file(ffmpeg: str) -> None:
    command = [ffmpeg, "-v", "error", "-f", "lavfi", "-i", "color", "-vf", "nosuch", "-f", "null", "-"]
    done = subprocess.run(command, capture_output=True)
    with pytest.raises(TrainerError) as error:
        require_own_end(done.returncode, done.stderr)
    assert error.value.code == "missing-tool"


def test_leaving_early_is_nobodys_end(tmp_path: Path) -> None:
    assert shutil.which("yes")
    endless = tmp_path / "tool"
    endless.write_text("#!/bin/sh\nexec yes\n")
    endless.chmod(0o755)
    pictures = raw_pictures(str(endless), "film.mp4", FILM, "null", 100)
    assert len(next(pictures)) == 100
    pictures.close()  # type: ignore[attr-defined]
