"""A disk that fills under an analysis ends it with a word."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from likeness_trainer.protocol import from_exception
from likeness_trainer.tracking.finish import Rows


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """One megabyte. Needs the right to mount."""
    if sys.platform != "linux":
        pytest.skip("mounts a tmpfs")
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(tmp_path)]
    if subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("needs the right to mount a file system")
    yield tmp_path
    subprocess.run(["umount", "-l", str(tmp_path)], check=True)


def test_the_faces_of_a_scan_have_their_room_or_are_refused(small_disk: Path) -> None:
    with pytest.raises(OSError) as error:
        Rows(100, small_disk / "faces.npy")  # 5 MB
    assert from_exception(error.value, "").code == "disk-full"
    Rows(10, small_disk / "few.npy").faces[:] = 255


def test_tensors_and_arrays_say_it_in_their_own_ways(small_disk: Path) -> None:
    with pytest.raises(Exception, match="No space left") as error:
        save_file({"a": np.zeros(2_000_000, np.uint8)}, small_disk / "a.safetensors")
    assert from_exception(error.value, "").code == "disk-full"
    with pytest.raises(OSError, match="requested") as error:
        np.save(small_disk / "a.npy", np.zeros(2_000_000, np.uint8))
    assert from_exception(error.value, "").code == "disk-full"
