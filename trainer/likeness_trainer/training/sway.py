"""The sway of every frame, tracked once the closed form is there, and kept in the run."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

import numpy as np

from likeness_trainer.appearance.likeness_file import AppearanceFile
from likeness_trainer.appearance.reduction import with_alpha
from likeness_trainer.appearance.sway import KNOTS
from likeness_trainer.appearance.sway_tracking import track_sway
from likeness_trainer.protocol import Reporter
from likeness_trainer.protocol.jobs import AnalysedJob
from likeness_trainer.renderer.proxies import control_of
from likeness_trainer.renderer.rig import Rig
from likeness_trainer.tracking.track_file import Track
from likeness_trainer.training.crops import frame_crops
from likeness_trainer.training.selection import evenly

SWAY = "sway.npy"
# Four minutes of video. With every third frame tracked .2 to .4 dB of the head's 2 to 3.5 are lost.
MOST_TRACKED = 6000
SECONDS_A_FRAME = 0.023  # of one core like those that the recipes were timed on, cropping included
_AT_ONCE = 32  # frames in memory


def tracked_sway(
    run: Path, job: AnalysedJob, rig: Rig, track: Track, form: AppearanceFile, reporter: Reporter, *, reuse: bool
) -> np.ndarray | None:
    """[T,8,8,2] f32 of all frames, held-out ones too, as pose and torso are: tracked in at most MOST_TRACKED good ones,
    as evenly as they lie, and interpolated between them.

    The run's own where that is to be gone on with; None where the form, of a training that an earlier version began,
    cannot sway. Raises TrainerError('bad-video') and Cancelled.
    """
    if form.loose is None:
        return None
    path = run / SWAY
    if reuse and (kept := sway_in(run)) is not None:
        return kept
    good = evenly(track.good, MOST_TRACKED)
    found = np.zeros((len(good), KNOTS * KNOTS * 2), np.float32)

    def of(frame: int, crop: np.ndarray) -> np.ndarray:
        mask = crop[..., 3]
        return track_sway(form, rig, control_of(track, frame), with_alpha(crop[..., :3], mask), mask).ravel()

    crops = frame_crops(job, track, good.tolist(), reporter)
    with ThreadPoolExecutor(job.cores) as threads:
        done = 0
        while some := list(islice(crops, _AT_ONCE)):
            found[done : done + len(some)] = list(threads.map(of, *zip(*some)))
            done += len(some)
    frames = np.arange(len(track))
    sway = np.stack([np.interp(frames, good, column) for column in found.T], 1).astype(np.float32)
    sway = sway.reshape(-1, KNOTS, KNOTS, 2)
    partial = path.with_name(path.name + ".part")
    with open(partial, "wb") as file:
        np.save(file, sway)
    partial.replace(path)
    return sway


def sway_in(run: Path) -> np.ndarray | None:
    """The sway that a run keeps; None until it is tracked."""
    path = run / SWAY
    return np.load(path) if path.exists() else None
