"""The tables of the evaluation's page, and what their figures mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from html import escape
from typing import Any

from likeness_trainer.metrics.page import table


@dataclass(frozen=True)
class Figure:
    """A line of a table. `best` picks the best of some values, where one can be."""

    label: str
    path: str  # in a row of the report, with dots
    digits: int
    best: Callable[[Sequence[float]], float] | None


def _nearest_to_one(values: Sequence[float]) -> float:
    return min(values, key=lambda value: abs(value - 1))


PICTURE = (
    Figure("PSNR head, dB", "psnr.head", 2, max),
    Figure("PSNR face, dB", "psnr.face", 2, max),
    Figure("PSNR mouth, dB", "psnr.mouth", 2, max),
    Figure("PSNR person, dB", "person", 2, max),
    Figure("SSIM head", "ssim.head", 3, max),
    Figure("SSIM face", "ssim.face", 3, max),
    Figure("sharpness face", "sharpness.face", 2, _nearest_to_one),
    Figure("sharpness mouth", "sharpness.mouth", 2, _nearest_to_one),
    Figure("CPBD face", "cpbd", 3, None),
    Figure("change, grey levels", "change", 2, min),
    Figure("flicker", "flicker", 2, _nearest_to_one),
)
TRACKED = (
    *PICTURE,
    Figure("jitter, grey levels", "jitter", 2, min),
    Figure("lip landmark distance", "lmd", 4, min),
    Figure("follows the track, r", "follows.track.r", 2, max),
    Figure("perceptual distance", "perceptual", 3, min),
    Figure("identity distance", "identity", 3, min),
    Figure("frames a second here", "fps", 1, None),
)
SPOKEN = (
    Figure("PSNR head, dB", "spoken.psnr.head", 2, max),
    Figure("PSNR face, dB", "spoken.psnr.face", 2, max),
    Figure("PSNR mouth, dB", "spoken.psnr.mouth", 2, max),
    Figure("lip landmark distance", "spoken.lmd", 4, min),
    Figure("opening as filmed, r", "apertureR", 2, max),
    Figure("closures: precision", "closure.precision", 2, max),
    Figure("closures: recall", "closure.recall", 2, max),
    Figure("follows the sound's motion, r", "follows.sound.r", 2, max),
    Figure("its closures: precision", "follows.sound.precision", 2, max),
    Figure("its closures: recall", "follows.sound.recall", 2, max),
)
NATIVE = tuple(Figure(figure.label, f"native.{figure.path}", figure.digits, figure.best) for figure in PICTURE)


def tables(result: dict[str, Any]) -> Iterator[str]:
    """HTML of the figures at both resolutions, and of what the sound drives."""
    rows = columns_of(result)
    yield "<h2>Figures at 256 x 256, driven by the track</h2>"
    yield figures_table(TRACKED, rows)
    native = result["truth"]["native"]
    yield f"<h2>At the source's own resolution, {native['side']} x {native['side']}</h2>"
    yield figures_table(NATIVE, rows)
    if result["spoken"] is not None:
        yield "<h2>Driven by the clip's own sound</h2>"
        yield figures_table(SPOKEN, rows)
        yield encoders_table(result["encoders"])
    else:
        yield "<p>Nothing was driven by sound: the video has none of this person.</p>"


def encoders_table(encoders: dict[str, Any]) -> str:
    """HTML of the mesh that the sound drives by each speech encoder that is here."""
    labels = {"embedded": "the embedded encoder, as above", "hubert": "HuBERT"}
    body = [
        [labels[name], *(_cell(figures[figure], 2, False) for figure in ("r", "precision", "recall"))]
        for name, figures in encoders.items()
    ]
    return "<p>The driven mesh itself, before it is drawn, by what hears the sound:</p>" + table(
        ["", "opening as tracked, r", "closures: precision", "closures: recall"], body
    )


def turns_table(turns: dict[str, Any]) -> str:
    """HTML of what was drawn of turned heads and tracked again."""

    def of(value: float | None, digits: int) -> str:
        return "" if value is None else f"{value:.{digits}f}"

    body = [
        [label, "", of(turns[name]["poseError"], 1), of(turns[name]["identity"], 2)]
        for label, name in (("filmed frames", "filmed"), ("the usual pose, drawn", "usual"))
    ]
    for turn in turns["turns"]:
        where = "beyond the training" if turn["beyond"] else "end of the training's range"
        degrees = f"{turn['degrees']:+.1f}&deg;"
        body.append([f"{turn['axis']} {degrees}", where, of(turn["poseError"], 1), of(turn["identity"], 2)])
    return (
        "<p>The usual pose with one angle at the ends of what was trained on, and five degrees beyond, drawn and "
        "tracked again by landmarks alone: by how many degrees the head is off, and how far its face is from the mean "
        "of the filmed ones (where the weights for that were added).</p>"
        + table(["", "", "pose off by, degrees", "identity distance"], body)
    )


def columns_of(result: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What each column of the tables is read from; the filmed frames first, of which little is measured."""
    names = {"nearest": "nearest frame", "warp": "warped", "mean": "mean of 8 warps", "instant": "closed form"}
    baselines = result["baselines"]
    trained = result.get("std") or (result if result.get("draws") != "closed" else None)
    return {
        "filmed": result["truth"],
        **{label: baselines[name] for name, label in names.items()},
        **({"with its sway": result["sway"]} if "sway" in result else {}),
        **({"trained": trained} if trained else {}),
    }


def figures_table(figures: Sequence[Figure], rows: dict[str, dict[str, Any]]) -> str:
    """A line for each figure that anything has; the best is printed bold."""

    def line(figure: Figure) -> list[str] | None:
        values = [_at(row, figure.path) for row in rows.values()]
        known = [value for value in values[1:] if value is not None]
        if not known:
            return None
        best = figure.best(known) if figure.best else None
        return [escape(figure.label), *(_cell(value, figure.digits, value == best) for value in values)]

    return table(["", *rows], [cells for cells in map(line, figures) if cells])


def _at(row: dict[str, Any], path: str) -> float | None:
    return reduce(lambda found, name: None if found is None else found.get(name), path.split("."), row)  # type: ignore


def _cell(value: float | None, digits: int, best: bool) -> str:
    if value is None:
        return ""
    text = f"{value:.{digits}f}"
    return f"<b>{text}</b>" if best else text


def explanation() -> str:
    """What the figures mean."""
    meanings = (
        ("PSNR, SSIM", "closeness to the filmed picture: of the head, the face, the mouth. More is better."),
        ("PSNR person", "of the head's box where the person is: a background that moves by itself doesn't count."),
        (
            "With its sway",
            "the closed form as the avatar plays its own motion: what hair, neck, collar and shoulders do was tracked "
            "in these frames too, as pose and expression were. The other columns know what the controls say alone.",
        ),
        ("Sharpness", "amplitude of fine detail as a share of the filmed one's. 1 is as sharp; more may be noise."),
        (
            "CPBD",
            "share of edges that nobody takes for blurred (Narvekar and Karam 2011), without a look at the truth: to "
            "be read beside the filmed one's.",
        ),
        ("Change", "how far the change from a frame to the next is off the filmed change. Less is better."),
        ("Flicker", "what goes to and fro from frame to frame, as a share of the filmed. Less than 1 is smoother."),
        ("Jitter", "how the error changes where the filmed picture does not (moved along with it). Less is better."),
        (
            "Follows",
            "Pearson's r of the opening seen in the drawn mouth and the opening that the motion asked for; a closure "
            "is a frame among the tenth with the smallest opening, met by one at most one frame away.",
        ),
        ("Opening as filmed", "the same against the mouth that was filmed."),
        ("Perceptual distance", "of the faces as EfficientNet-Lite0 sees them; where its weights were added."),
        (
            "Identity distance",
            "of drawn and filmed face as dlib's network sees them, where its weights were added: it tells people apart "
            "at .6.",
        ),
    )
    lines = "".join(f"<dt>{escape(term)}</dt><dd>{escape(text)}</dd>" for term, text in meanings)
    return f"<h2>What the figures mean</h2><dl>{lines}</dl>"
