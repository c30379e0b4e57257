"""Pages that need nothing but themselves: how they look, tables, pictures inside them."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from html import escape

import cv2
import numpy as np

STYLE = """
:root { color-scheme: light dark; --line: light-dark(#ddd, #444); --rule: light-dark(#888, #999);
  --quiet: light-dark(#595959, #aaa) }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 76rem; padding: 0 1rem;
  color: light-dark(#222, #ddd); background: light-dark(#fff, #1c1c1c) }
p { max-width: 48rem }
.wide { overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
th, td { padding: .3rem .6rem; text-align: left; border-bottom: 1px solid var(--line); vertical-align: top }
thead th { font-weight: 600; border-bottom: 2px solid var(--rule) }
tbody th { font-weight: 400 }
tr.group th { font-weight: 600; padding-top: 1.2rem }
tr.whole { background: light-dark(#eef5ee, #23352a) }
.bar { background: light-dark(#e8e8e8, #3a3a3a); height: .45rem; width: 7rem; margin-top: .2rem }
.bar i { display: block; height: 100%; background: light-dark(#3a7d5d, #5db389) }
td { white-space: nowrap }
small { color: var(--quiet) }
.parts tbody th { min-width: 17rem }
img, video { max-width: 100%; height: auto }
"""
_QUALITY = 90  # of a JPEG
_BAR, _INK, _PAPER = 28, (235, 235, 235), (24, 24, 27)


def page(title: str, body: Iterable[str]) -> str:
    """A whole page; `body` is HTML, piece by piece."""
    return f"""<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{escape(title)}</title><style>{STYLE}</style></head>
<body>
<h1>{escape(title)}</h1>
{chr(10).join(body)}
</body>
</html>
"""


def table(headings: Sequence[str], body: Iterable[Sequence[str]]) -> str:
    """A table; the first cell of each row is its heading. Headings are text, cells are HTML."""
    head = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in headings)
    lines = (
        f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in rest)}</tr>' for first, *rest in body
    )
    return (
        f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>\n{chr(10).join(lines)}\n</tbody></table></div>'
    )


def inline_picture(picture: np.ndarray, alternative: str) -> str:
    """A picture [H,W,3] u8 RGB inside the page."""
    content = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1]
    encoded = base64.b64encode(content.tobytes()).decode("ascii")
    return f'<img alt="{escape(alternative)}" src="data:image/jpeg;base64,{encoded}">'


def sheet(columns: Sequence[tuple[str, Sequence[np.ndarray]]]) -> np.ndarray:
    """Pictures [S,S,3] u8 of one side, a column each under its name, [H,W,3] u8."""
    return np.concatenate(
        [np.concatenate([_heading(name, pictures[0].shape[1]), *pictures]) for name, pictures in columns], 1
    )


def _heading(text: str, width: int) -> np.ndarray:
    bar = np.full((_BAR, width, 3), _PAPER, np.uint8)
    cv2.putText(bar, text, (8, 19), cv2.FONT_HERSHEY_SIMPLEX, 0.5, _INK, 1, cv2.LINE_AA)
    return bar
