"""`ablate`: what each part of speech to motion, or of the renderer, is worth for one person."""

from __future__ import annotations

import hashlib
import json
import time
from typing import Any

from likeness_research.ablation.browser import BrowserVisemes
from likeness_research.ablation.figures import Figures, MouthSpace
from likeness_research.ablation.hearing import Hearing
from likeness_research.ablation.page import page
from likeness_research.ablation.renderer import ablate_renderer
from likeness_research.ablation.rows import STAGES, WHOLE, Row, rows
from likeness_research.ablation.subject import FOLDS, Subject
from likeness_research.ablation.trials import across, on_hard_sounds, on_voices
from likeness_trainer.motion.finetune import STEPS
from likeness_trainer.motion.ridge import PURGE_SECONDS
from likeness_trainer.protocol import Reporter, TrainerError
from likeness_trainer.protocol.jobs import AblateJob
from likeness_trainer.speech.sizes import ENCODER_PATH
from likeness_trainer.variational.fit import VariationalPlan

FORMAT, VERSION = "likeness.ablation", 1
SEED = 0


def ablate(
    job: AblateJob, reporter: Reporter, steps: int = STEPS, plan: VariationalPlan | None = None
) -> dict[str, Any]:
    """The `ablate` command: contract schema `AblateResult`.

    Writes `ablation-speech.json` and `ablation-speech.html`, or those of the renderer, into `job.out_dir`. `steps` is
    the length of each fine-tuning, `plan` that of the variational parts. Raises TrainerError ('not-found', 'no-audio',
    'bad-audio', 'too-short'; of the renderer 'bad-video') and Cancelled.
    """
    if job.subject == "renderer":
        return ablate_renderer(job, reporter)
    started = time.monotonic()
    subject = Subject.load(job.analysis_dir, job.ffmpeg, job.hubert)
    other = of_other(job)
    browser = BrowserVisemes.load(job.visemes, len(subject.features)) if job.visemes else None
    report = {
        "format": FORMAT,
        "version": VERSION,
        "subject": "speech",
        "frames": len(subject.frames),
        "folds": FOLDS,
        "purgeSeconds": PURGE_SECONDS,
        "lagSeconds": subject.lag_seconds,
        "fineTuningSteps": steps,
        "encoder": hashlib.sha256(ENCODER_PATH.read_bytes()).hexdigest(),
        "browserLibrary": browser.library if browser else None,
        "parts": parts(subject, rows(subject, SEED, steps, plan or VariationalPlan(seed=SEED), reporter, browser)),
        **trials(subject, other, steps, reporter),
    }
    report["seconds"] = time.monotonic() - started
    out = job.out_dir
    out.mkdir(parents=True, exist_ok=True)
    text, html = out / "ablation-speech.json", out / "ablation-speech.html"
    text.write_text(json.dumps(report, indent=2, allow_nan=False), encoding="utf-8")
    html.write_text(page(report), encoding="utf-8")
    for path in (text, html):
        reporter.artifact("ablation", path)
    told = {name: report[name] for name in ("subject", "parts", "trials", "hears")}
    return {"report": str(text), "html": str(html), **told}


def of_other(job: AblateJob) -> tuple[str, Subject] | None:
    """Whose sound is to be heard too, if anybody's: a name and what is known of them. Raises TrainerError, naming
    them."""
    other = job.hears
    if other is None:
        return None
    try:
        return other.name, Subject.load(other.analysis_dir, job.ffmpeg)
    except TrainerError as error:
        raise TrainerError(error.code, f"{other.name}: {error.message}", error.hint, error.detail) from error


def trials(subject: Subject, other: tuple[str, Subject] | None, steps: int, reporter: Reporter) -> dict[str, Any]:
    """What the finished chain does with other sounds, voices and people. Raises Cancelled."""
    reporter.stage(STAGES[3], 3, len(STAGES))
    hearing = Hearing.of(subject, SEED, steps, reporter)  # says how many of its fits are done
    found = {
        **on_hard_sounds(hearing, subject, reporter),
        **on_voices(hearing, reporter),
        "adapted": hearing.graphs.share > 0,
    }
    return {"trials": found, "hears": None if other is None else across(hearing, other[1], other[0])}


def parts(subject: Subject, measured: list[Row]) -> list[dict[str, Any]]:
    """What the report says of every row: its figures, and by how much the whole chain is ahead of it."""
    mouth = MouthSpace.of(subject.track, subject.frames)
    tests = [test for _, test in subject.folds]
    figures = {row.id: Figures.of(subject.truth, row.mouths, tests, mouth) for row in measured}
    return [
        {
            "id": row.id,
            "group": row.group,
            "label": row.label,
            **figures[row.id].summary(),
            "chainAhead": figures[WHOLE].ahead_of(figures[row.id]),
        }
        for row in measured
    ]
