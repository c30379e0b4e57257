"""A very large picture is scanned smaller, and what was seen is told in its own pixels."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from likeness_trainer.matting.plate import PlateBuilder
from likeness_trainer.media import Planes, Source
from likeness_trainer.media.probe import Colours
from likeness_trainer.tracking.measure import _save_plate
from likeness_trainer.tracking.observations import GreyFaces, Observations
from likeness_trainer.tracking.people import People, PersonTrack, Sighting
from likeness_trainer.tracking.reduced import MOST_PIXELS, at_full_size, people_at_full_size, reduced


def video(width: int, height: int) -> Source:
    return Source(width, height, 25.0, 4.0, 100, 0, False, "h264", False)


@pytest.mark.parametrize(("width", "height"), [(512, 512), (1080, 1920), (3840, 2160), (2160, 3840)])
def test_usual_sizes_are_scanned_as_they_are(width: int, height: int) -> None:
    source = video(width, height)
    assert reduced(source) is source


@pytest.mark.parametrize(("width", "height"), [(16384, 1024), (7680, 4320), (16384, 16384)])
def test_what_is_scanned_is_bounded(width: int, height: int) -> None:
    small = reduced(video(width, height))
    assert small.width * small.height <= MOST_PIXELS * 1.001
    assert small.width / small.height == pytest.approx(width / height, rel=0.002)


def test_what_was_seen_is_in_the_videos_own_pixels() -> None:
    source, scanned = video(16384, 4096), reduced(video(16384, 4096))
    times = source.width / scanned.width
    assert times == pytest.approx(2.845, abs=0.01)
    seen = Observations(
        landmarks=np.full((3, 2, 478, 3), 100, np.float32),
        faces=GreyFaces(np.zeros((3, 224, 224), np.uint8), np.full((3, 3), 50, np.float32)),
        sharpness=np.ones(3, np.float32),
        brightness=np.ones(3, np.float32),
        clipped=np.zeros(3, np.float32),
        cuts=np.zeros(3, bool),
        torso=np.tile(np.array([[1, 0, 10], [0, 1, 20]], np.float32), (3, 1, 1)),
        people=People(),
        plate=PlateBuilder(scanned.width, scanned.height, 3),
        camera_motion=0.25,
    )
    large = at_full_size(seen, source, scanned)
    assert large.landmarks == pytest.approx(100 * times, rel=1e-3)
    assert large.faces.squares == pytest.approx(50 * times, rel=1e-3)
    assert large.torso[0] == pytest.approx(np.array([[1, 0, 10 * times], [0, 1, 20 * times]]), rel=1e-3)
    assert large.camera_motion == 0.25
    person = PersonTrack([Sighting(7, np.array([10.0, 20.0, 30.0, 40.0]))])
    (moved,) = people_at_full_size([person], source, scanned)
    assert moved.best().frame == 7
    assert moved.best().box == pytest.approx(np.array([10, 20, 30, 40]) * times, rel=1e-3)


def test_the_plate_is_written_in_the_videos_own_size(tmp_path: Path) -> None:
    source, black = video(160, 40), np.zeros((10, 40), np.uint8)
    builder = PlateBuilder(80, 20, 3)  # what was scanned
    builder.add(Planes(np.full((20, 80), 77, np.uint8), black + 128, black + 128, Colours(full_range=True)), black)
    _save_plate(builder, source, tmp_path, 1)
    written = cv2.imread(str(tmp_path / "plate.png"))
    assert written is not None and written.shape == (40, 160, 3) and (written == 77).all()
