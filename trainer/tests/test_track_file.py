"""A track file keeps every number and refuses what breaks its format."""

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

from likeness_trainer.format import TRACKER
from likeness_trainer.protocol import TrainerError
from likeness_trainer.tracking.track_file import TENSORS, FrameState, Track


def any_track(frames: int = 22) -> Track:
    rng = np.random.default_rng(0)
    tensors = {}
    for name, (shape, kind) in TENSORS.items():
        sizes = tuple(frames if axis == "T" else int(axis) for axis in shape)
        tensors[name] = (
            rng.integers(0, 4, sizes).astype(kind)
            if np.issubdtype(kind, np.integer)
            else rng.random(sizes).astype(kind)
        )
    tensors["state"][:] = FrameState.GOOD
    tensors["crop"] += 1
    return Track(
        **tensors, fps=29.97, width=640, height=360, sound_lag_seconds=0.04, sound_belongs="yes", sound_probability=0.97
    )


def test_what_is_saved_is_loaded(tmp_path):
    track = any_track()
    track.save(tmp_path / "track.safetensors")
    again = Track.load(tmp_path / "track.safetensors")
    for name in TENSORS:
        np.testing.assert_array_equal(getattr(again, name), getattr(track, name))
    assert (again.fps, again.width, again.height) == (29.97, 640, 360)
    assert (again.sound_lag_seconds, again.sound_belongs, again.sound_probability) == (0.04, "yes", 0.97)
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize(("said", "taken"), [("no", "unknown"), ("yes", "yes")])
def test_a_no_of_before_there_were_probabilities_is_not_believed(tmp_path, said, taken):
    path = tmp_path / "track.safetensors"
    any_track().save(path)
    with safe_open(path, "numpy") as stored:
        metadata = stored.metadata() | {"sound_belongs": said, "sound_score": "2.9", "tracker": "1"}
    del metadata["sound_probability"]
    save_file(load_file(path), path, metadata)
    track = Track.load(path)
    assert (track.sound_belongs, track.sound_probability) == (taken, 0.5)


def test_the_last_eleventh_of_the_good_frames_is_held_out():
    track = any_track(25)
    track.state[[3, 7, 24]] = [FrameState.MISSING, FrameState.BLURRED, FrameState.OCCLUDED]
    train, test = track.split()
    assert len(track.good) == 22 and len(test) == 2
    np.testing.assert_array_equal(test, [22, 23])
    np.testing.assert_array_equal(np.concatenate([train, test]), track.good)


@pytest.mark.parametrize(
    ("name", "wrong", "message"),
    [
        ("expression", np.zeros((22, 63), np.float32), "expression is"),
        ("rotation", np.full((22, 3, 3), np.nan, np.float32), "not finite"),
        ("state", np.full(22, 9, np.uint8), "state 9"),
        ("triangles", np.full((898, 3), 468, np.int32), "vertices"),
        ("focal", np.zeros(1, np.float32), "positive"),
    ],
)
def test_broken_tensors_are_refused(tmp_path, name, wrong, message):
    track = any_track()
    setattr(track, name, wrong)
    with pytest.raises(ValueError, match=message):
        track.save(tmp_path / "track.safetensors")
    assert not (tmp_path / "track.safetensors").exists()


@pytest.mark.parametrize(
    ("name", "at", "value"),
    [
        ("crop", (3, 2), 1e30),  # one bit of the size: a picture for every pixel of 1e30
        ("crop", (3, 2), 0),
        ("crop", (0, 0), -1e9),
        ("rotation", (1, 0, 0), 8),
        ("translation", (1, 2), 1e12),
        ("expression", (21, 63), -1e6),
        ("expression_basis", (63, 467, 2), 1e20),
        ("neutral", (0, 0), 1e7),
        ("focal", (0,), 1e30),
        ("time", (21,), 1e15),
        ("landmarks", (2, 477, 0), 1e25),
    ],
)
def test_numbers_that_nobody_can_have_been_filmed_with_are_refused(tmp_path, name, at, value):
    path = tmp_path / "track.safetensors"
    any_track().save(path)
    with safe_open(path, "numpy") as stored:
        metadata = stored.metadata()
    tensors = load_file(path)
    tensors[name][at] = value
    save_file(tensors, path, metadata)
    with pytest.raises(TrainerError) as refused:
        Track.load(path)
    assert (refused.value.code, refused.value.hint) == ("bad-request", "Analyse the video again.")


@pytest.mark.parametrize("said", [{"fps": "1e9"}, {"width": "300000000"}, {"height": "0"}])
def test_a_source_that_there_cannot_be_is_refused(tmp_path, said):
    path = tmp_path / "track.safetensors"
    any_track().save(path)
    with safe_open(path, "numpy") as stored:
        metadata = stored.metadata()
    save_file(load_file(path), path, metadata | said)
    with pytest.raises(TrainerError, match="damaged"):
        Track.load(path)


def test_missing_foreign_and_damaged_files_are_explained(tmp_path):
    path = tmp_path / "track.safetensors"
    with pytest.raises(TrainerError) as missing:
        Track.load(path)
    assert missing.value.code == "not-found"
    path.write_bytes(b"not a tensor file")
    with pytest.raises(TrainerError) as damaged:
        Track.load(path)
    assert damaged.value.code == "bad-request"
    any_track().save(path)
    save_file(load_file(path), path, {"format": "something.else", "version": "1"})
    with pytest.raises(TrainerError) as foreign:
        Track.load(path)
    assert "something.else" in str(foreign.value.detail)


@pytest.mark.parametrize(
    ("version", "message", "hint"),
    [("0", "older Likeness", "Analyse the video again"), ("2", "newer Likeness", "Update Likeness")],
)
def test_a_track_of_another_version_is_refused_with_what_to_do(tmp_path, version, message, hint):
    path = tmp_path / "track.safetensors"
    any_track().save(path)
    save_file(load_file(path), path, {"format": "likeness.track", "version": version})
    with pytest.raises(TrainerError, match=message) as refused:
        Track.load(path)
    assert hint in refused.value.hint


def test_a_track_says_what_made_it_and_one_of_before_that_is_older(tmp_path):
    path = tmp_path / "track.safetensors"
    track = any_track()
    track.producer = "Likeness tested"
    track.save(path)
    again = Track.load(path)
    assert (again.producer, again.tracker) == ("Likeness tested", TRACKER)
    with safe_open(path, "np") as stored:
        metadata = stored.metadata()
    save_file(load_file(path), path, {k: v for k, v in metadata.items() if k not in ("producer", "tracker")})
    older = Track.load(path)
    assert (older.producer, older.tracker) == ("", 0)
