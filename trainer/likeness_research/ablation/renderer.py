"""`ablate renderer`: what each part of the closed form is worth for one person, by leaving it out in five folds, and
what a network on its picture is worth."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from likeness_research.ablation.renderer_page import renderer_page
from likeness_research.ablation.renderer_parts import BASELINES, PARTS, WHOLE, Fold, Part
from likeness_research.ablation.residual import Plan
from likeness_research.ablation.residual_parts import network_parts
from likeness_trainer.metrics.crops import Boxes, boxes
from likeness_trainer.metrics.image import psnr, sharpness
from likeness_trainer.motion.ridge import PURGE_SECONDS, contiguous_folds
from likeness_trainer.protocol import Reporter, TrainerError
from likeness_trainer.protocol.jobs import AblateJob
from likeness_trainer.renderer.proxies import control_of
from likeness_trainer.renderer.rig_fit import fit_rig
from likeness_trainer.tracking.track_file import Track
from likeness_trainer.training.crops import CropStore, prepare_crops
from likeness_trainer.training.selection import evenly

FORMAT, VERSION = "likeness.ablation", 1
FOLDS = 5
LEAST_FRAMES = 40
BOXES = ("head", "face", "mouth")


@dataclass(frozen=True)
class Extent:
    """How much is measured."""

    trained_on: int = 200  # frames of a fold; more of either change the differences little and cost minutes
    looked_at: int = 20
    parts: Sequence[Part] = (*BASELINES, *PARTS, *network_parts(Plan()))


@dataclass
class Measured:
    """One part left out: its figures fold by fold, and pictures of some moments."""

    psnr: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in BOXES})
    sharpness: list[float] = field(default_factory=list)
    shown: list[np.ndarray] = field(default_factory=list)  # [256,256,3] u8, one a fold

    def add(self, pictures: Sequence[np.ndarray], truths: Sequence[np.ndarray], parts: Sequence[Boxes]) -> None:
        """A fold's frames, in the order of time."""
        for name in BOXES:
            cut = [getattr(part, name) for part in parts]
            values = [psnr(box.cut(picture), box.cut(truth)) for box, picture, truth in zip(cut, pictures, truths)]
            self.psnr[name].append(float(np.mean(values)))
        faces = [part.face for part in parts]
        pairs = ([box.cut(picture) for box, picture in zip(faces, some)] for some in (pictures, truths))
        self.sharpness.append(sharpness(*pairs))


def ablate_renderer(job: AblateJob, reporter: Reporter, extent: Extent = Extent()) -> dict[str, Any]:
    """Contract schema `RendererAblation`; writes `ablation-renderer.json` and `.html` into `job.out_dir`.

    Every row is made of the other folds' frames, as an avatar is of its training's. Raises TrainerError ('not-found',
    'bad-video', 'too-short') and Cancelled.
    """
    started = time.monotonic()
    reporter.stage("prepare", 0, 2)
    track = Track.load(job.track_path)
    if len(track.good) < LEAST_FRAMES:
        raise TrainerError("too-short", "There are too few good frames for five folds.", "Use a longer video.")
    chosen = [(evenly(train, extent.trained_on), evenly(test, extent.looked_at)) for train, test in _folds(track)]
    with tempfile.TemporaryDirectory() as folder:
        wanted = np.unique(np.concatenate([np.concatenate(fold) for fold in chosen]))
        crops = prepare_crops(job, track, wanted, Path(folder), reporter)
        measured, truths = _measured(track, crops, chosen, extent.parts, reporter)
    report = {
        "format": FORMAT,
        "version": VERSION,
        "subject": "renderer",
        "frames": len(track.good),
        "folds": FOLDS,
        "purgeSeconds": PURGE_SECONDS,
        "trainedOn": max(len(train) for train, _ in chosen),
        "lookedAt": sum(len(test) for _, test in chosen),
        "parts": [_told(part, measured) for part in extent.parts],
        "seconds": time.monotonic() - started,
    }
    out = job.out_dir
    out.mkdir(parents=True, exist_ok=True)
    text, html = out / "ablation-renderer.json", out / "ablation-renderer.html"
    text.write_text(json.dumps(report, indent=2, allow_nan=False), encoding="utf-8")
    html.write_text(renderer_page(report, truths, {name: row.shown for name, row in measured.items()}), "utf-8")
    for path in (text, html):
        reporter.artifact("ablation", path)
    return {"report": str(text), "html": str(html), "subject": "renderer", "parts": report["parts"]}


def _folds(track: Track) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    for train, test in contiguous_folds(track.time[track.good], FOLDS):
        yield track.good[train], track.good[test]


def _measured(
    track: Track,
    crops: CropStore,
    chosen: Sequence[tuple[np.ndarray, np.ndarray]],
    parts: Sequence[Part],
    reporter: Reporter,
) -> tuple[dict[str, Measured], list[np.ndarray]]:
    """Every row by its id, and the filmed pictures beside those that rows show: of each fold the widest mouth."""
    rows = {part.id: Measured() for part in parts}
    truths_shown = []
    reporter.stage("renderer", 1, 2)
    for number, (train, test) in enumerate(chosen):
        rig = fit_rig(track, train)
        fold = Fold(rig, track, crops, train, test)
        truths = [crops.picture(int(frame)) for frame in test]
        meshes = np.stack([fold.mesh(control_of(track, int(frame))) for frame in test])
        judged = boxes(meshes, track.crop[test], track.width, track.height)
        widest = int(track.aperture[test].argmax())
        truths_shown.append(np.array(truths[widest]))
        for done, part in enumerate(parts):
            reporter.check_cancelled()
            reporter.progress(number * len(rows) + done, len(chosen) * len(rows), "rows")
            pictures = part.draw(fold)
            rows[part.id].add(pictures, truths, judged)
            rows[part.id].shown.append(pictures[widest])
    reporter.progress(len(chosen) * len(rows), len(chosen) * len(rows), "rows")
    return rows, truths_shown


def _told(part: Part, measured: dict[str, Measured]) -> dict[str, Any]:
    """What the report says of a row: its figures, and by how much the whole is ahead of it, fold by fold."""
    row, whole = measured[part.id], measured[WHOLE]
    ahead = {name: np.subtract(whole.psnr[name], row.psnr[name]) for name in BOXES}
    return {
        "id": part.id,
        "group": part.group,
        "label": part.label,
        "psnr": {name: {**_over_folds(row.psnr[name]), "folds": row.psnr[name]} for name in BOXES},
        "sharpness": _over_folds(row.sharpness),
        "wholeAhead": {name: _over_folds(values) for name, values in ahead.items()},
    }


def _over_folds(values: Sequence[float] | np.ndarray) -> dict[str, float]:
    return {"mean": float(np.mean(values)), "sd": float(np.std(values))}
