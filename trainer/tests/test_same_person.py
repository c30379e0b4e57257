"""Whether another video shows the same person: what is looked at, and what is said of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from made_person import make_person
from synthetic_clip import write_clip
from test_networks import faces  # noqa: F401  a fixture: made weights

from likeness_trainer.metrics import same_person as comparing
from likeness_trainer.protocol import Cancelled, Reporter
from likeness_trainer.protocol.job_fields import read
from likeness_trainer.protocol.jobs import SamePersonJob

KEPT = ("producer", "ffmpeg", "ffprobe", "source", "analysisDir")


@pytest.mark.parametrize(
    ("distance", "said"), [(0.2, "same"), (0.449, "same"), (0.45, "unsure"), (0.599, "unsure"), (0.6, "other")]
)
def test_between_one_person_and_two_nothing_is_said(distance: float, said: str) -> None:
    assert comparing.verdict(distance) == said


def test_a_video_without_faces_says_nothing(
    tmp_path: Path,
    ffmpeg: str,
    ffprobe: str,
    faces: tuple[Path, Path],  # noqa: F811
) -> None:
    made = make_person(tmp_path / "made", ffmpeg, ffprobe)
    other, _ = write_clip(tmp_path / "other", ffmpeg, frames=12, side=128)
    asked = {"other": other, "recognition": {"weights": str(faces[0]), "manifest": str(faces[1])}}
    job = read(SamePersonJob, {key: made.job[key] for key in KEPT} | asked)
    found = comparing.same_person(job, Reporter.silent())
    assert found == {"verdict": "unsure", "distance": None, "faces": found["faces"], "looked": 12}
    assert found["faces"] < comparing.LEAST_FACES
    stopped = Reporter.silent()
    stopped.cancel()
    with pytest.raises(Cancelled):
        comparing.same_person(job, stopped)


def test_the_nearest_of_several_people_counts(
    tmp_path: Path,
    ffmpeg: str,
    ffprobe: str,
    faces: tuple[Path, Path],  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = make_person(tmp_path / "made", ffmpeg, ffprobe)
    person, witness = np.zeros(128), np.full(128, 0.1)  # 1.13 apart
    monkeypatch.setattr(comparing, "_known", lambda *_: person)
    monkeypatch.setattr(comparing, "_faces", lambda *_: iter([[witness, person + 0.02]] * 7 + [[], [witness]]))
    asked = {"other": made.job["source"], "recognition": {"weights": str(faces[0]), "manifest": str(faces[1])}}
    job = read(SamePersonJob, {key: made.job[key] for key in KEPT} | asked)
    found = comparing.same_person(job, Reporter.silent())
    assert found["verdict"] == "same" and found["faces"] == 8
    assert found["distance"] == pytest.approx(0.02 * np.sqrt(128))
