"""The evaluation as a page to look at, a film beside it, and its figures as JSON: `evaluate` with `report_dir`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from likeness_trainer.media import FrameWriter, mp4
from likeness_trainer.metrics.beside import whole_file
from likeness_trainer.metrics.clip import Clip
from likeness_trainer.metrics.judge import Shown
from likeness_trainer.metrics.page import inline_picture, page, sheet
from likeness_trainer.metrics.quality import Pictures
from likeness_trainer.metrics.report_figures import explanation, tables, turns_table
from likeness_trainer.protocol import Reporter
from likeness_trainer.protocol.jobs import AnalysedJob

COLUMNS = {
    "truth": "filmed",
    "nearest": "nearest frame",
    "warp": "warped",
    "mean": "mean of 8 warps",
    "instant": "closed form",
    "sway": "with its sway",
    "trained": "trained",
}
PAGE, FILM, FIGURES = "report.html", "film.mp4", "report.json"
_KEPT = 100  # frames of each column in memory and in the film
_TURNS_OF_AN_AXIS = 4
_EVENLY, _LARGE = 4, 2  # moments on a sheet beside widest and shut mouth; of them at the source's own resolution


class Report:
    """Keeps what `measure` shows, and writes it down."""

    def __init__(self, clip: Clip, job: AnalysedJob, name: str) -> None:
        self._clip, self._job, self._name = clip, job, name
        self._frames = clip.split()[1][:_KEPT]
        aperture = clip.idle.aperture[self._frames]
        spread = np.linspace(0, len(aperture) - 1, min(_EVENLY, len(aperture))).round().astype(int).tolist()
        self._moments = sorted({*spread, int(aperture.argmax()), int(aperture.argmin())})
        self._shown: dict[str, Shown] = {}

    def show(self, shown: Shown) -> None:
        """One more column."""
        spoken = None if shown.spoken is None else shown.spoken[:_KEPT]
        large = [shown.native[moment] for moment in self._large(shown.native)]
        self._shown[shown.name] = Shown(shown.name, shown.tracked[:_KEPT], spoken, large)

    def write(self, folder: Path, result: dict[str, Any], reporter: Reporter) -> dict[str, str]:
        """Page, film and figures, each whole or not at all; where they lie (contract schema `EvaluateReport`).

        Raises TrainerError('not-found') when nothing can be written there.
        """
        paths = {name: folder / file for name, file in (("html", PAGE), ("film", FILM), ("figures", FIGURES))}
        with whole_file(paths["figures"]) as figures, whole_file(paths["html"]) as html:
            with whole_file(paths["film"]) as film:
                self._write_film(film, reporter)
            html.write_text(page(f"{self._name}: held-out frames", self._body(result)), encoding="utf-8")
            figures.write_text(json.dumps(result, indent=1, allow_nan=False), encoding="utf-8")
        return {name: str(path) for name, path in paths.items()}

    def _large(self, native: Pictures) -> list[int]:
        return [moment for moment in self._moments if moment < len(native)][:_LARGE]

    def _columns(self) -> list[tuple[str, Shown]]:
        return [(label, self._shown[name]) for name, label in COLUMNS.items() if name in self._shown]

    def _body(self, result: dict[str, Any]) -> Iterator[str]:
        yield f"<p>{escape(_about(result))}</p>"
        yield from tables(result)
        numbers = ", ".join(str(int(self._frames[moment])) for moment in self._moments)
        yield "<h2>Driven by the track</h2>"
        yield self._sheet([(label, shown.tracked) for label, shown in self._columns()], f"frames {numbers}")
        spoken = [(label, shown.spoken) for label, shown in self._columns() if shown.spoken is not None]
        if len(spoken) > 1:
            yield "<h2>Driven by the clip's own sound</h2>"
            yield self._sheet(spoken, f"frames {numbers}, head and eyes as tracked")
        yield "<h2>At the source's own resolution</h2>"
        large = [(label, shown.native) for label, shown in self._columns()]
        if all(len(pictures) for _, pictures in large):
            yield inline_picture(sheet(large), "the same at the source's own resolution")
        if "turns" in self._shown:
            yield "<h2>Turned</h2>"
            yield turns_table(result["turns"])
            yield inline_picture(turned_strip(self._shown["turns"].tracked), "the usual pose, then each turn")
        yield f"""<h2>Moving</h2>
<p>Above driven by the track, below by the sound.</p>
<video controls loop src="{FILM}"></video>"""
        yield explanation()

    def _sheet(self, columns: list[tuple[str, Pictures]], alternative: str) -> str:
        chosen = [(label, [pictures[moment] for moment in self._moments]) for label, pictures in columns]
        return inline_picture(sheet(chosen), alternative)

    def _write_film(self, path: Path, reporter: Reporter) -> None:
        columns = self._columns()
        drives = [[shown.tracked for _, shown in columns]]
        if all(shown.spoken is not None for _, shown in columns):
            drives.append([shown.spoken or () for _, shown in columns])

        def picture(row: int) -> np.ndarray:
            labels = [label for label, _ in columns]
            return sheet([(label, [drive[at][row] for drive in drives]) for at, label in enumerate(labels)])

        first = picture(0)
        height, width = first.shape[0], first.shape[1]
        codec, audio = self._sound()
        fps = self._clip.source.fps
        with FrameWriter(self._job.ffmpeg, str(path), width, height, fps, codec, audio=audio) as writer:
            for row in range(len(self._frames)):
                reporter.check_cancelled()
                writer.write(picture(row))

    def _sound(self) -> tuple[list[str], str | None]:
        """The codec's arguments and the sound of these frames, where they follow each other without a gap."""
        form = [*mp4(crf=17), "-f", "mp4"]
        steady = bool((np.diff(self._frames) == 1).all())
        if not steady or not self._job.sound_path.is_file():
            return form, None
        start = float(self._clip.idle.time[self._frames[0]])
        length = len(self._frames) / self._clip.source.fps
        cut = f"atrim=start={start:.6f},asetpts=PTS-STARTPTS,apad=whole_dur={length:.6f},atrim=duration={length:.6f}"
        return [*form[:-2], "-af", cut, *form[-2:]], str(self._job.sound_path)


def turned_strip(pictures: Pictures) -> np.ndarray:
    """The usual pose over and over, and beside it the turns about each axis."""
    usual, *turned = pictures
    rows = [turned[first : first + _TURNS_OF_AN_AXIS] for first in range(0, len(turned), _TURNS_OF_AN_AXIS)]
    return np.concatenate([np.concatenate([usual, *row], 1) for row in rows])


def _about(result: dict[str, Any]) -> str:
    native = result["truth"]["native"]
    return (
        f"{result['frames']} frames at the end of the video that nothing was made of, beside what needs no training. "
        f"Head crops of 256 x 256 pixels, and of {native['side']} x {native['side']}, the source's own resolution, "
        f"on {native['frames']} of them: what is drawn in 256 x 256 only is enlarged there as an export does it."
    )
