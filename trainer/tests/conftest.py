"""Tools the trainer's tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from media_tools import FFMPEG, FFPROBE
from synthetic_clip import write_clip

import likeness_trainer  # noqa: F401  # before ONNX Runtime: it is told to keep to itself

ROOT = Path(__file__).resolve().parents[2]
# Those that train, fit and export most: where one of them begins last, the other processes wait for it.
LONG = (
    "training_goes_on",
    "training",
    "evaluate",
    "instant",
    "checkpoint_avatar",
    "trained_with_hubert",
    "ablation",
    "bundle",
    "motion",
    "variational",
    "beside",
    "analyze",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files come first."""
    places = {f"test_{name}": place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: places.get(item.path.stem, len(places)))


@pytest.fixture(scope="session")
def ffmpeg() -> str:
    return FFMPEG


@pytest.fixture(scope="session")
def ffprobe() -> str:
    return FFPROBE


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory, ffmpeg: str, ffprobe: str) -> dict:
    """The part of a job that names a small analysed clip; nobody writes to it."""
    source, analysis = write_clip(tmp_path_factory.mktemp("clip"), ffmpeg, frames=33, side=128)
    return {
        "producer": "Likeness tested",
        "ffmpeg": ffmpeg,
        "ffprobe": ffprobe,
        "source": source,
        "analysisDir": analysis,
    }


@pytest.fixture(autouse=True)
def usual_arithmetic() -> Iterator[None]:
    """ONNX Runtime's first session with `set_denormal_as_zero` makes its thread flush denormal numbers for good, and
    SciPy's k-d tree then recurses without end over points that differ by less. In the product a process that opens an
    avatar builds no such tree; here one process does everything."""
    yield
    torch.set_flush_denormal(False)
