"""Measure the analysis of every film: `python -m likeness_research.any_video.measure OUT` (some ten minutes).

Films and analyses stay in OUT; `--only WORD` takes the films whose names have it; `--table docs/any-video.md` puts the
table into the page.
"""

import argparse
import shutil
import time
from pathlib import Path

from likeness_research.any_video.cases import CASES, Case
from likeness_research.any_video.figures import Figures, figures_of, read_masks
from likeness_research.any_video.film import Truth, shoot
from likeness_trainer.protocol import Reporter
from likeness_trainer.protocol.jobs import AnalyzeJob
from likeness_trainer.tracking.analyze import analyze
from likeness_trainer.tracking.track_file import Track

BEGIN, END = "<!-- measured -->", "<!-- /measured -->"
HEAD = (
    "| film | landmarks, % | 95 % | pose, degrees | 95 % | mask IoU | good kept | others caught | states confused |",
    "|---|---|---|---|---|---|---|---|---|",
)


def measure(case: Case, out: Path, ffmpeg: str, ffprobe: str, seconds: float | None = None) -> Figures:
    """Film a case into the folder where that is not done yet, analyse it, and compare."""
    out.mkdir(parents=True, exist_ok=True)
    film, analysis = out / "film.mp4", out / "analysis"
    if not (out / "truth.npz").exists():
        shoot(case.make(seconds or case.seconds), film, ffmpeg).save(out)
    truth = Truth.load(out)
    job = AnalyzeJob(
        producer="", ffmpeg=ffmpeg, ffprobe=ffprobe, source=str(film), analysis_dir=analysis, person=case.person
    )
    analyze(job, Reporter.silent())
    return figures_of(truth, Track.load(job.track_path), read_masks(ffmpeg, ffprobe, analysis / "person.mkv"))


def row(name: str, found: Figures) -> str:
    """A line of the table."""
    confused = ", ".join(f"{true} as {called} {count}" for (true, called), count in found.confused.items())
    caught = "" if found.caught is None else f"{found.caught:.0%}"
    cells = [
        name,
        *(f"{100 * value:.1f}" for value in (found.landmarks, found.landmarks_95)),
        *(f"{value:.1f}" for value in (found.pose, found.pose_95)),
        f"{found.mask:.3f}",
        f"{found.kept:.0%}",
        caught,
        confused,
    ]
    return f"| {' | '.join(cells)} |"


def into_page(page: Path, rows: list[str], marks: tuple[str, str] = (BEGIN, END), head: tuple[str, ...] = HEAD) -> None:
    """Put a table between its two marks in a page."""
    text = page.read_text(encoding="utf-8")
    before, after = text.split(marks[0])[0], text.split(marks[1])[1]
    page.write_text("\n".join([before + marks[0], "", *head, *rows, "", marks[1]]) + after, encoding="utf-8")


def main() -> None:
    """Film, analyse, compare, and print the table."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("out", type=Path)
    options.add_argument("--only", default="")
    options.add_argument("--table", type=Path)
    options.add_argument("--ffmpeg", default=shutil.which("ffmpeg"))
    options.add_argument("--ffprobe", default=shutil.which("ffprobe"))
    asked = options.parse_args()
    rows = []
    print(*HEAD, sep="\n", flush=True)
    for number, case in enumerate(CASES):
        if asked.only not in case.name:
            continue
        begun = time.monotonic()
        rows.append(row(case.name, measure(case, asked.out / f"{number:02}", asked.ffmpeg, asked.ffprobe)))
        print(rows[-1], f"{time.monotonic() - begun:.0f} s", flush=True)
    if asked.table:
        into_page(asked.table, rows)


if __name__ == "__main__":
    main()
