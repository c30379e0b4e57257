"""The report as a page that needs nothing but itself."""

from __future__ import annotations

from html import escape
from typing import Any

from likeness_research.ablation.page_trials import trials_html
from likeness_trainer.metrics.page import page as whole_page

GROUPS = {
    "baseline": "Baselines",
    "branch": "Branches, without what follows them",
    "whole": "The whole chain",
    "without": "The whole chain with a part left out",
    "with": "The whole chain with a part added that is off",
}
HEADINGS = (
    "Opening r",
    "Width r",
    "Mouth-PCA r",
    "Closures: precision / recall",
    "Spread of the opening",
    "Opening r: whole chain ahead by",
)


def page(report: dict[str, Any]) -> str:
    """HTML of a report."""
    body, group = [], None
    for part in report["parts"]:
        if part["group"] != group:
            group = part["group"]
            body.append(f'<tr class="group"><th colspan="{len(HEADINGS) + 1}">{GROUPS[group]}</th></tr>')
        body.append(row(part))
    headings = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in ("", *HEADINGS))
    return whole_page(
        "Speech to motion: what each part is worth",
        [
            explanation(report),
            f'<div class="wide"><table class="parts"><thead><tr>{headings}</tr></thead><tbody>',
            *body,
            "</tbody></table></div>",
            trials_html(report),
        ],
    )


def explanation(report: dict[str, Any]) -> str:
    """How the figures came about and how to read them."""
    return f"""<p>{report["frames"]} good frames in {report["folds"]} contiguous folds, each predicted from the sound
by models that were fitted on the other folds; {report["purgeSeconds"]} s on both sides of a fold belong to neither.
The sound is heard {1000 * report["lagSeconds"]:.0f} ms after the lips. Fine-tuning takes {report["fineTuningSteps"]}
steps. The maps that restore the person's distribution come from the other folds' predictions.</p>
<p>Each figure is the mean over the folds &plusmn; their standard deviation, and in small print that of all frames
together. The truth is the tracked mouth as it is, with what head rotation adds to it; the whole chain adds what it
learnt of that for the rotation of each frame, as the studio does, baselines and branches do not. Mouth-PCA r is the
mean over 24 components of the mouth, weighted by their variance. A closure is a frame among the tenth with the
smallest opening, found when one is predicted at most one frame away (chance is about .14); precision comes first,
recall second. The spread is a share of the person's own. The last column compares fold by fold: a difference smaller
than its deviation says nothing about the part.</p>
<p>{browser(report)} The speech encoder has the SHA-256 <code>{report["encoder"][:16]}</code>&hellip;</p>"""


def browser(report: dict[str, Any]) -> str:
    """Where the rows of a browser's library come from, or why there are none."""
    library = report["browserLibrary"]
    if library is None:
        return "There are no rows of a browser's library: it is a development dependency and is not installed here."
    return (
        f"The browser's library is {escape(library)}: it learns nothing, its visemes are mapped to the person's range."
    )


def row(part: dict[str, Any]) -> str:
    """One table row."""
    ahead = part["chainAhead"]["opening"]
    cells = [figure(part[name], bar=True) for name in ("opening", "width", "mouthPca")]
    closure = part["closure"]
    cells.append(
        " / ".join("-" if value is None else f"{value:.2f}" for value in (closure["precision"], closure["recall"]))
    )
    cells.append(figure(part["spread"]))
    cells.append("" if part["group"] == "whole" else f"{ahead['mean']:+.2f} &plusmn; {ahead['sd']:.2f}")
    kind = ' class="whole"' if part["group"] == "whole" else ""
    return f'<tr{kind}><th scope="row">{escape(part["label"])}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'


def figure(value: dict[str, float], bar: bool = False) -> str:
    """Mean, deviation and pooled value; a bar from 0 to 1 on request."""
    width = 100 * min(max(value["mean"], 0.0), 1.0)
    drawn = f'<div class="bar"><i style="width:{width:.0f}%"></i></div>' if bar else ""
    return f"{value['mean']:.2f} &plusmn; {value['sd']:.2f} <small>{value['pooled']:.2f}</small>{drawn}"
