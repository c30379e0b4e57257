"""`ablate`: what each part of speech to motion is worth for one person."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

from ..motion.finetune import STEPS
from ..motion.ridge import PURGE_SECONDS
from ..protocol import Reporter, TrainerError
from ..variational.fit import Recipe as Variational
from .figures import Figures, MouthSpace
from .page import page
from .rows import WHOLE, Row, rows
from .subject import FOLDS, Subject

FORMAT, VERSION = "likeness.ablation", 1
SEED = 0


def ablate(job: dict[str, Any], reporter: Reporter, steps: int = STEPS, recipe: Variational | None = None) -> dict[str, Any]:
    """The `ablate` command: contract schema `AblateResult`.

    Writes `ablation-speech.json` and `ablation-speech.html` into `job["outDir"]`. `steps` is the length of each
    fine-tuning, `recipe` that of the variational parts. Raises TrainerError ('bad-request', 'not-found', 'no-audio', 'bad-audio', 'too-short') and Cancelled.
    """
    started = time.monotonic()
    if job["subject"] != "speech":
        raise TrainerError("bad-request", f"There is no ablation of {job['subject']!r}.", 'Only "speech" exists so far.')
    subject = Subject.load(job)
    report = {
        "format": FORMAT,
        "version": VERSION,
        "subject": "speech",
        "frames": len(subject.frames),
        "folds": FOLDS,
        "purgeSeconds": PURGE_SECONDS,
        "lagSeconds": subject.lag_seconds,
        "fineTuningSteps": steps,
        "parts": parts(subject, rows(subject, SEED, steps, recipe or Variational(seed=SEED), reporter)),
    }
    report["seconds"] = time.monotonic() - started
    out = Path(job["outDir"])
    out.mkdir(parents=True, exist_ok=True)
    text, html = out / "ablation-speech.json", out / "ablation-speech.html"
    text.write_text(json.dumps(report, indent=2, allow_nan=False), encoding="utf-8")
    html.write_text(page(report), encoding="utf-8")
    for path in (text, html):
        reporter.artifact("ablation", path)
    return {"report": str(text), "html": str(html), "parts": report["parts"]}


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
