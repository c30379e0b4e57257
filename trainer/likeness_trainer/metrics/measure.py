"""Measures every form an avatar has, and what needs no training, on the same held-out frames."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, get_args

import numpy as np

from likeness_trainer.bundle.load import Bundle, Draws
from likeness_trainer.metrics.clip import Clip, CutFrames
from likeness_trainer.metrics.crops import boxes
from likeness_trainer.metrics.forms import Forms
from likeness_trainer.metrics.heard import HubertRows, encoders
from likeness_trainer.metrics.judge import Judge, Progress, Shown
from likeness_trainer.metrics.mouth import FaceMesh, aperture
from likeness_trainer.metrics.native import native_view
from likeness_trainer.metrics.networks import Networks
from likeness_trainer.metrics.quality import HeldOut, psnr_by_box
from likeness_trainer.metrics.temporal import Jitter
from likeness_trainer.metrics.turns import measure_turns
from likeness_trainer.metrics.untrained import Baseline, Untrained, View, looked_up
from likeness_trainer.protocol import Reporter, TrainerError
from likeness_trainer.protocol.jobs import AnalysedJob
from likeness_trainer.renderer.proxies import SIDE

MAX_FRAMES = 300  # 12 s at 25 frames a second: more held-out frames cost minutes and change no figure
# Over the held-out frames; with a sway, more.
_PASSES, _PASSES_WHEN_THOROUGH = 16, 24
_SWAY_PASSES, _SWAY_PASSES_WHEN_THOROUGH = 4, 5
NAMES: dict[Draws, str] = {"std": "trained", "closed": "instant"}  # of the forms, as columns


def measured_frames(train: np.ndarray, test: np.ndarray) -> np.ndarray:
    """All frames whose 256 x 256 crops `measure` may look at, of those to train on and those held out."""
    return np.union1d(looked_up(train), test[:MAX_FRAMES])


def measure(
    bundle: Bundle,
    job: AnalysedJob,
    reporter: Reporter,
    *,
    thorough: bool = False,
    show: Callable[[Shown], None] = lambda _: None,
    networks: Networks | None = None,
    cut: CutFrames | None = None,
    hubert: HubertRows | None = None,
) -> dict[str, Any]:
    """Held-out figures (contract schema `EvaluateResult`).

    Pictures are driven by the track; the figures that say so also by the clip's own sound through the bundle's speech
    graphs (the embedded encoder's), and are None where it has none of this person: the opening of the rendered mouth is
    measured with MediaPipe, for the baselines on what they show for the same driven mesh. `thorough` adds the same at
    the source's own resolution, all figures of the form that does not draw, and turned heads, and hands every rendering
    to `show`; `networks` add theirs, and `hubert` a second row of what hears. Progress is in frames, all passes
    together. Raises TrainerError('too-short') without held-out frames.
    """
    clip = Clip(bundle, job, cut)
    train, test = clip.split()
    test = test[:MAX_FRAMES]
    if len(test) == 0:
        raise TrainerError("too-short", "There are too few good frames to hold some out.", "Use a longer video.")
    passes = _PASSES_WHEN_THOROUGH if thorough else _PASSES
    if bundle.has_sway:
        passes += _SWAY_PASSES_WHEN_THOROUGH if thorough else _SWAY_PASSES
    progress = Progress(reporter, passes * len(test))
    spoken = clip.spoken(test) if clip.has_speech() else None
    untrained = Untrained(clip, train, test, spoken)
    pictures = clip.pictures(set(test.tolist()) | untrained.needed, reporter)
    masks = clip.masks(set(test.tolist()) | untrained.masked(), reporter)
    view = View(SIDE, pictures, masks, [clip.plate(int(frame)) for frame in test])
    parts = boxes(clip.meshes(test), clip.idle.crop[test], clip.source.width, clip.source.height)
    native = native_view(clip, test, parts, untrained, reporter) if thorough else None
    progress.advance(len(test))

    with FaceMesh(clip.cores) as face_mesh:
        truths = [pictures[int(frame)] for frame in test]
        held_out = HeldOut(
            test,
            truths,
            parts,
            [masks[int(frame)] for frame in test],
            Jitter(truths, test.tolist(), [part.face for part in parts]),
            face_mesh.landmarks_of(truths),
            clip.idle.aperture[test],
            aperture(clip.posed(clip.idle.expression[test])),
            None if spoken is None else aperture(clip.posed(spoken)),
            cores=clip.cores,
        )
        progress.advance(len(test))
        judge = Judge(face_mesh, held_out, view, native, progress, show, networks)
        result = {"frames": len(test), **_of_avatar(Forms(bundle, clip, test, spoken, progress), judge, thorough)}
        if spoken is not None:
            result["encoders"] = encoders(bundle, clip, test, spoken, hubert)
        for name in get_args(Baseline):
            if name not in result["baselines"]:
                result["baselines"][name] = judge.row(name, partial(untrained.draw, name))
        if thorough:
            result["truth"] = judge.truth()
            recognition = networks.recognition if networks else None
            result["turns"], turned = measure_turns(bundle, clip, held_out, face_mesh, recognition)
            show(Shown("turns", turned, None, ()))
    progress.finish()
    return result


def _of_avatar(forms: Forms, judge: Judge, thorough: bool) -> dict[str, Any]:
    """What is measured of the avatar itself: the form that draws it in whole, and figures of the others."""
    bundle = forms.bundle
    held: dict[Draws, dict[str, float]] = {
        form: psnr_by_box(forms.draw(form)(judge.view, False), judge.held_out) for form in bundle.forms
    }
    # By what controls alone say: the other form has no sway, which was tracked in these very frames.
    draws: Draws = bundle.manifest.get("draws") or max(bundle.forms, key=lambda form: sum(held[form].values()))
    rows: dict[Draws, dict[str, Any]] = {
        form: judge.row(NAMES[form], forms.draw(form), partial(forms.fps, form))
        if thorough or form in (draws, "closed")
        else {"psnr": psnr, "fps": forms.fps(form)}
        for form, psnr in held.items()
    }
    found: dict[str, Any] = {**rows[draws], "baselines": {}}
    if "closed" in rows:
        found["baselines"]["instant"] = rows["closed"]
        found |= {"draws": draws, "closed": _brief(rows["closed"])}
        if bundle.has_sway:
            found["sway"] = judge.row("sway", forms.draw("sway"), partial(forms.fps, "sway"))
        if "std" in rows:
            found["std"] = rows["std"] if thorough else _brief(rows["std"])
    if bundle.has_fast:
        psnr = psnr_by_box(forms.draw("fast")(judge.view, False), judge.held_out)
        found["fast"] = {"psnr": psnr, "fps": forms.fps("fast")}
    return found


def _brief(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("psnr", "fps")}
