"""The rows of the report: baselines, the chain's branches, and the whole chain with a part left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from likeness_research.ablation.browser import BrowserVisemes
from likeness_research.ablation.chain import Chain, zero_shot_mouths
from likeness_research.ablation.regressions import (
    ENERGY,
    LOUDNESS_REACH_SECONDS,
    MEL_REACH_SECONDS,
    PITCH,
    TARGETS,
    Folds,
    around,
    by_closing_ridge,
    by_fine_tuning,
    by_generating,
    by_retrieval,
    by_ridge,
    heard_by_hubert,
    hubert_layers,
    random_hidden,
    without,
)
from likeness_research.ablation.subject import Subject
from likeness_research.ablation.visemes import in_range, lips_of, mfcc_visemes
from likeness_trainer.motion.examples import closing_inputs, heard_closure, ridge_inputs
from likeness_trainer.protocol import Reporter
from likeness_trainer.speech import Layout
from likeness_trainer.speech.articulation import VISEMES
from likeness_trainer.variational.fit import VariationalPlan, fit_postnet, fit_variational

STAGES = ("regressions", "fine-tuning", "chain", "trials")
WHOLE = "whole"


@dataclass(frozen=True)
class Row:
    """One way of predicting and the mouths [n, 66] it predicts."""

    id: str
    group: Literal["baseline", "branch", "whole", "without", "with"]
    label: str
    mouths: np.ndarray


def rows(
    subject: Subject,
    seed: int,
    steps: int,
    plan: VariationalPlan,
    reporter: Reporter,
    browser: BrowserVisemes | None = None,
) -> list[Row]:
    """Measure everything. `steps` is the length of each fine-tuning, `plan` that of the variational parts. Raises
    Cancelled."""
    folds = Folds(subject, reporter)
    features, heard = subject.features, subject.heard

    reporter.stage(STAGES[0], 0, len(STAGES))
    layers = hubert_layers(subject)
    folds.expect(10 + len(layers) + (0 if browser is None else 2))
    loudness = folds.fit(by_ridge(around(features[:, Layout.level, None], heard, LOUDNESS_REACH_SECONDS)))
    mel = folds.fit(by_ridge(around(subject.mel.T.numpy(), heard, MEL_REACH_SECONDS)))
    visemes = folds.fit(in_range(subject, lips_of(mfcc_visemes(subject), VISEMES)))
    heard_by_browser = [] if browser is None else browser_rows(subject, folds, browser)
    random = folds.fit(by_ridge(ridge_inputs(random_hidden(subject.mel), heard)))
    nearest = folds.fit(by_retrieval(ridge_inputs(features[:, Layout.hidden], heard)))
    inputs, closing, closure = (
        ridge_inputs(features, heard),
        closing_inputs(subject.closing, heard),
        heard_closure(features, heard),
    )
    ridge = folds.fit(by_closing_ridge(inputs, closing, closure))
    ridge_rotated = folds.fit(by_closing_ridge(inputs, closing, closure), rotated=True)
    no_towers = folds.fit(by_closing_ridge(inputs, closing_inputs(features, heard), closure, Layout.general))
    no_pitch = folds.fit(by_closing_ridge(ridge_inputs(without(features, PITCH), heard), closing, closure))
    hubert = {layer: folds.fit(by_ridge(heard)) for layer, heard in heard_by_hubert(subject, layers).items()}
    no_pitch_energy = folds.fit(
        by_closing_ridge(ridge_inputs(without(features, PITCH + ENERGY), heard), closing, closure)
    )

    reporter.stage(STAGES[1], 1, len(STAGES))
    folds.expect(4)
    tuning = by_fine_tuning(subject, seed, steps, reporter)
    tuned = folds.fit(tuning)
    tuned_rotated = folds.fit(tuning, rotated=True)
    generated = folds.fit(by_generating(subject, reporter, fit_variational, plan))
    adapted = folds.fit(by_generating(subject, reporter, fit_postnet, plan))

    reporter.stage(STAGES[2], 2, len(STAGES))
    averaged = (ridge.targets[:, :TARGETS] + tuned.targets) / 2
    general = zero_shot_mouths(subject, folds.measured)
    chains = (
        (WHOLE, "Whole chain, as shipped", Chain(folds.measured, ridge, tuned)),
        ("without-pitch", "without pitch as input", Chain(folds.measured, no_pitch, tuned)),
        ("without-pitch-energy", "without pitch and energy as inputs", Chain(folds.measured, no_pitch_energy, tuned)),
        (
            "without-rotation",
            "without head-rotation regression",
            Chain(folds.rotated, ridge_rotated, tuned_rotated, turns=False),
        ),
        ("not-put-back", "head rotation regressed out, not put back", Chain(folds.measured, ridge, tuned, turns=False)),
        ("without-restoration", "without quantile restoration", Chain(folds.measured, ridge, tuned, restores=False)),
        ("without-closing", "without the branch for closures", Chain(folds.measured, ridge, tuned, closes=False)),
        ("without-closing-towers", "closures by the general towers", Chain(folds.measured, no_towers, tuned)),
        (
            "with-variational",
            "with the variational branch as a third",
            Chain(folds.measured, ridge, tuned, third=generated),
        ),
    )
    found = [
        Row("loudness", "baseline", "Loudness within 0.4 s, ridge", loudness.targets),
        Row("log-mel", "baseline", "Log-mel spectrum within 0.2 s, ridge", mel.targets),
        Row("mfcc-visemes", "baseline", "MFCCs to the nearest viseme, in the person's range", visemes.targets),
        *heard_by_browser,
        Row("random-encoder", "baseline", "Untrained encoder, ridge", random.targets),
        Row("nearest", "baseline", "Mouth of the nearest-sounding frame", nearest.targets),
        Row("zero-shot", "branch", "Zero-shot: the general lip head", general),
        *(Row(f"hubert-{k}", "branch", f"Ridge on HuBERT, layer {k}", fit.targets) for k, fit in hubert.items()),
        Row("ridge", "branch", "Ridge on the pretrained encoder", ridge.targets[:, :TARGETS]),
        Row("fine-tuned", "branch", "Fine-tuned encoder", tuned.targets),
        Row("averaged", "branch", "Ridge and fine-tuned, averaged", averaged),
        Row("variational", "branch", "VariationalPlan autoencoder with flow prior", generated.targets),
        Row(
            "averaged-variational",
            "branch",
            "Ridge, fine-tuned and variational, averaged",
            (2 * averaged + generated.targets) / 3,
        ),
        Row("postnet", "branch", "Adversarial post-net on the general lips", adapted.targets),
    ]
    for done, (id, label, chain) in enumerate(chains):
        reporter.progress(done, len(chains), "rows")
        group = "whole" if id == WHOLE else "with" if chain.third is not None else "without"
        found.append(Row(id, group, label, chain.mouths(subject, reporter)))
    reporter.progress(len(chains), len(chains), "rows")
    return found


def browser_rows(subject: Subject, folds: Folds, browser: BrowserVisemes) -> list[Row]:
    """A browser's library as it comes, and what a ridge makes of what it hears."""
    shown = folds.fit(in_range(subject, browser.lips))
    learnt = folds.fit(by_ridge(around(browser.weights.astype(np.float32), subject.heard, MEL_REACH_SECONDS)))
    return [
        Row("browser", "baseline", "A browser library's visemes, in the person's range", shown.targets),
        Row("browser-ridge", "baseline", "A browser library's visemes within 0.2 s, ridge", learnt.targets),
    ]
