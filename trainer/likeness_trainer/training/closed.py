"""The closed form in a training: fitted once at its beginning, kept in the run, compared with what is trained."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from likeness_trainer.appearance.detail import Footage
from likeness_trainer.appearance.likeness_file import AppearanceFile
from likeness_trainer.appearance.reduction import appearance_of, filmed_rows
from likeness_trainer.bundle.load import APPEARANCE, Draws
from likeness_trainer.renderer.proxies import control_of
from likeness_trainer.renderer.rig import Rig
from likeness_trainer.tracking.track_file import Track
from likeness_trainer.training.crops import CropStore, FilmedHeads

PARTS = ("head", "face", "mouth")
CLOSED = "closed_"  # before the names of its figures


def fitted_closed(
    run: Path,
    rig: Rig,
    track: Track,
    crops: CropStore,
    frames: Sequence[int] | np.ndarray,
    *,
    seed: int,
    cores: int,
    reuse: bool,
) -> AppearanceFile:
    """Of the training frames, cut with their `heads_for`; the run's own where that is to be gone on with."""
    path = run / APPEARANCE
    if reuse and path.exists():
        return AppearanceFile.read(path.read_bytes())
    form = appearance_of(
        rig,
        [control_of(track, int(frame)) for frame in frames],
        lambda row: (crops.picture(int(frames[row])), crops.mask(int(frames[row]))),
        seed,
        _footage(track, crops, frames),
        cores,
    )
    partial = path.with_name(path.name + ".part")
    partial.write_bytes(form.content())
    partial.replace(path)
    crops.forget_heads()
    return form


def heads_for(track: Track, frames: Sequence[int] | np.ndarray) -> FilmedHeads | None:
    """What `fitted_closed` needs of the training frames beside their crops."""
    controls = [control_of(track, int(frame)) for frame in frames]
    asked = filmed_rows(controls, track.width, track.height)
    return None if asked is None else FilmedHeads([int(frames[row]) for row in asked[0]], asked[1])


def _footage(track: Track, crops: CropStore, frames: Sequence[int] | np.ndarray) -> Footage:
    """Rows are those of `frames`."""

    def read(rows: Sequence[int], size: tuple[int, int]) -> Iterator[np.ndarray]:
        return (crops.filmed(int(frames[row]), size) for row in rows)

    return Footage(track.width, track.height, read)


def closed_in(run: Path) -> bytes | None:
    """The closed form that a run keeps; trainings begun by earlier versions have none."""
    path = run / APPEARANCE
    return path.read_bytes() if path.exists() else None


def better_form(measured: dict[str, float]) -> Draws:
    """What shows held-out frames better, by the newest figures of both; the closed form until something is trained."""

    def total(prefix: str) -> float:
        return sum(measured.get(f"{prefix}psnr_{part}", 0.0) for part in PARTS)

    return "std" if total("") > total(CLOSED) else "closed"
