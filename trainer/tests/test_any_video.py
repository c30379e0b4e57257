"""A film of what makes videos hard, analysed; the table of docs/any-video.md has every film by itself."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from likeness_research.any_video.cases import Case, everything
from likeness_research.any_video.figures import Figures, figures_of
from likeness_research.any_video.film import UNJUDGED, Truth
from likeness_research.any_video.measure import BEGIN, END, into_page, measure, row
from likeness_research.any_video.shoulders import Slopes, shoulders_yaw
from likeness_trainer.tracking.track_file import FrameState


@pytest.fixture(scope="module")
def analysed(tmp_path_factory: pytest.TempPathFactory, ffmpeg: str, ffprobe: str) -> tuple[Path, Figures]:
    out = tmp_path_factory.mktemp("film")
    return out, measure(Case("everything", everything, 2.4), out, ffmpeg, ffprobe)


def test_the_face_lies_where_it_is_through_all_of_it(analysed: tuple[Path, Figures]) -> None:
    _, found = analysed
    assert found.landmarks < 0.05 and found.landmarks_95 < 0.07  # of the eyes' distance
    assert found.pose < 2.5 and found.pose_95 < 5  # degrees
    assert found.mask > 0.9


def test_good_frames_are_kept_and_others_are_not(analysed: tuple[Path, Figures]) -> None:
    out, found = analysed
    assert found.kept > 0.9
    assert found.caught is not None and found.caught > 0.8
    report = json.loads((out / "analysis" / "report.json").read_text())
    assert len(report["people"]) == 2


def test_the_truth_knows_what_each_frame_is(analysed: tuple[Path, Figures]) -> None:
    truth = Truth.load(analysed[0])
    kinds = {int(kind) for kind in np.unique(truth.state)}
    assert kinds - {UNJUDGED} == {FrameState.GOOD, FrameState.OCCLUDED, FrameState.MISSING, FrameState.OTHER}
    absent = truth.state == FrameState.MISSING
    assert truth.masks[absent].max() == 0 and (truth.masks[~absent] > 127).mean() > 0.05


def test_the_truth_compared_with_itself_is_without_error(analysed: tuple[Path, Figures]) -> None:
    truth = Truth.load(analysed[0])
    judged = truth.state != UNJUDGED
    truth.track.state[judged] = truth.state[judged]
    truth.track.principal[:] = 0  # the mesh lies in the picture by its landmarks, not by a camera of its own
    same = figures_of(truth, truth.track, truth.masks)
    assert same.kept == 1 and same.caught == 1 and same.mask == 1 and same.confused == {}
    assert same.pose < 1e-3


def test_the_table_is_put_between_its_marks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n")
    found = Figures(0.034, 0.041, 0.7, 1.2, 0.98, 1.0, None, {("good", "missing"): 3})
    into_page(page, [row("a film", found)])
    text = page.read_text()
    assert "| a film | 3.4 | 4.1 | 0.7 | 1.2 | 0.980 | 100% |  | good as missing 3 |" in text
    assert text.startswith("before\n") and text.endswith("after\n") and "old" not in text


def test_a_measure_of_the_shoulders_turn_is_told_from_one_of_the_heads() -> None:
    body, head = (turns.ravel() for turns in np.meshgrid([-20.0, 0.0, 20.0], [-10.0, 0.0, 10.0]))
    slopes = Slopes.of(body, head, 0.9 * body + 0.1 * head + 5)
    assert (slopes.body, slopes.head, slopes.rest) == pytest.approx((0.9, 0.1, 0.0), abs=1e-9)
    points = np.zeros((33, 3))
    points[11], points[12] = [0.2, 0, 0.1], [-0.2, 0, -0.1]
    assert shoulders_yaw(points) == pytest.approx(np.degrees(np.arctan2(0.2, 0.4)))
