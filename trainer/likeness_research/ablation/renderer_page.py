"""The renderer's ablation as a page that needs nothing but itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

import cv2
import numpy as np

from likeness_trainer.metrics.page import inline_picture, page

GROUPS = {
    "baseline": "Baselines",
    "whole": "The closed form",
    "without": "With a part left out",
    "size": "With more or less of a part",
    "network": "With a network on its picture",
}
HEADINGS = ("PSNR head, dB", "face", "mouth", "Ahead: head", "face", "mouth", "Sharpness", "")
_TILE = 128  # pixels of a picture in a row


def renderer_page(report: dict[str, Any], truths: Sequence[np.ndarray], shown: dict[str, list[np.ndarray]]) -> str:
    """HTML of a report; `truths` and `shown` (by row) are head crops [256,256,3] u8 of the same moments."""
    return page("Renderer: what each part is worth", _body(report, truths, shown))


def _body(report: dict[str, Any], truths: Sequence[np.ndarray], shown: dict[str, list[np.ndarray]]) -> Iterator[str]:
    yield f"""<p>{report["frames"]} good frames in {report["folds"]} contiguous folds, each drawn by what was made of at
most {report["trainedOn"]} frames of the others; {report["purgeSeconds"]} s on both sides of a fold belong to neither.
{report["lookedAt"]} frames were looked at. Mean over the folds &plusmn; their standard deviation. Ahead is by how many
dB the closed form as it is shipped is above the row, fold by fold: less than its deviation says nothing.</p>
<p>Pictures: of each fold the widest mouth.</p>"""
    headings = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in ("", *HEADINGS))
    yield f'<div class="wide"><table><thead><tr>{headings}</tr></thead><tbody>'
    yield f'<tr><th scope="row">Filmed</th><td colspan="7"></td><td>{_strip(truths, "filmed")}</td></tr>'
    group = None
    for part in sorted(report["parts"], key=lambda part: list(GROUPS).index(part["group"])):
        if part["group"] != group:
            group = part["group"]
            yield f'<tr class="group"><th colspan="{len(HEADINGS) + 1}">{GROUPS[group]}</th></tr>'
        yield _row(part, shown[part["id"]])
    yield "</tbody></table></div>"


def _row(part: dict[str, Any], pictures: Sequence[np.ndarray]) -> str:
    cells = [_spread(part["psnr"][name]) for name in ("head", "face", "mouth")]
    whole = part["group"] == "whole"
    cells += ["" if whole else _spread(part["wholeAhead"][name], sign="+") for name in ("head", "face", "mouth")]
    cells += [_spread(part["sharpness"]), _strip(pictures, part["label"])]
    kind = ' class="whole"' if whole else ""
    return f'<tr{kind}><th scope="row">{escape(part["label"])}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'


def _spread(figure: dict[str, float], sign: str = "") -> str:
    return f"{figure['mean']:{sign}.2f} &plusmn; {figure['sd']:.2f}"


def _strip(pictures: Sequence[np.ndarray], alternative: str) -> str:
    small = [cv2.resize(picture, (_TILE, _TILE), interpolation=cv2.INTER_AREA) for picture in pictures]
    return inline_picture(np.concatenate(small, 1), alternative)
