"""Each check says what is wrong, with a number where one says more, and only when it is."""

from dataclasses import replace

import numpy as np
import pytest

from likeness_trainer.media import Source
from likeness_trainer.media.probe import Colours
from likeness_trainer.morphable.mesh import Camera, Pose
from likeness_trainer.tracking.checks import all_checks, in_order
from likeness_trainer.tracking.eyes_and_mouth import aperture, gaze, inter_ocular
from likeness_trainer.tracking.file_checks import file_checks
from likeness_trainer.tracking.frame_states import first_states, mark_occluded, spans
from likeness_trainer.tracking.head_crop import head_crops
from likeness_trainer.tracking.measured import Measured
from likeness_trainer.tracking.people import People
from likeness_trainer.tracking.sound import Heard
from likeness_trainer.tracking.track_file import FrameState

FINE = Measured(
    state=np.zeros(500, np.uint8),
    fps=25.0,
    face_height=250,
    sharpness=0.3,
    brightness=130,
    brightness_change=4,
    clipped=0.01,
    yaw_range=25,
    pitch_range=12,
    aperture=0.05 + 0.04 * np.sin(np.arange(500)),
    people=1,
    camera_motion=0.0,
    focal_estimated=True,
    has_sound=True,
    sound_belongs="yes",
    sound_probability=0.999,
    sound_lag_seconds=0.05,
    heard=Heard(15, 1.0, None),
)


def levels(measured):
    return {row["code"]: row["level"] for row in all_checks(measured)}


def test_a_good_clip_has_nothing_to_complain_of():
    assert set(levels(FINE).values()) == {"ok"}


def test_what_is_said_holds_no_figure_that_nobody_can_judge():
    said = " ".join(row["message"] for row in all_checks(FINE))
    for unit in ("edge strength", "grey level", "eye distances", "(0 frames)"):
        assert unit not in said
    one = replace(FINE, state=some_state(FrameState.OCCLUDED, 1))
    assert "Little covers the face: in one frame." in [row["message"] for row in all_checks(one)]


def some_state(kind, count):
    state = np.zeros(500, np.uint8)
    state[60 : 60 + count] = kind
    return state


@pytest.mark.parametrize(
    ("change", "code", "level", "words"),
    [
        ({"face_height": 84}, "face-size", "warning", "84 px tall; 128 or more gives a sharper mouth"),
        ({"face_height": 40}, "face-size", "problem", "40 px"),
        ({"state": some_state(FrameState.MISSING, 100)}, "good-frames", "warning", "400 of 500 frames are good (80%)"),
        ({"state": some_state(FrameState.MISSING, 300)}, "good-frames", "problem", "40%"),
        ({"state": some_state(FrameState.MISSING, 420)}, "duration", "problem", "3.2 s"),
        ({"state": some_state(FrameState.OCCLUDED, 50)}, "occlusion", "warning", "50 frames (10%)"),
        ({"state": some_state(FrameState.BLURRED, 60)}, "sharpness", "warning", "12%"),
        ({"brightness": 30}, "light", "warning", "is dark"),
        ({"sharpness": 0.08}, "sharpness", "warning", "a little soft"),
        ({"yaw_range": 3}, "pose-range", "warning", "3 degrees"),
        ({"aperture": np.full(500, 0.02)}, "mouth-motion", "problem", "never opens"),
        ({"has_sound": False, "heard": None, "sound_belongs": "unknown"}, "speech", "warning", "no sound"),
        ({"heard": Heard(0.5, 1.0, None)}, "speech", "warning", "0.5 s"),
        ({"sound_belongs": "no", "sound_lag_seconds": 0}, "sync", "warning", "does not belong to these lips"),
        ({"sound_belongs": "no", "sound_lag_seconds": 2.1}, "sync", "warning", "out of step: it comes 2100 ms after"),
        ({"sound_belongs": "unknown"}, "sync", "warning", "cannot be told yet"),
        ({"sound_lag_seconds": -0.24}, "sync", "warning", "240 ms before"),
        ({"people": 3}, "people", "warning", "3 people"),
        ({"camera_motion": 0.1}, "camera", "warning", "10%"),
    ],
)
def test_a_fault_is_told_with_its_number(change, code, level, words):
    row = next(row for row in all_checks(replace(FINE, **change)) if row["code"] == code)
    assert row["level"] == level and words in row["message"] and len(row["hint"]) > 10


FILE = Source(1080, 1920, 30.0, 20.0, 600, 0, True, "hevc", False, Colours("bt709"))


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ({"hdr": "HLG"}, "colours", "HDR (HLG). It is read, shown and dubbed in SDR (BT.709)"),
        ({"interlaced": True}, "fields", "interlaced or telecined"),
        ({"variable_frame_rate": True}, "rate", "usually it is 30 frames a second"),
        ({"missing_seconds": 1.84, "damaged": True}, "whole", "1.8 s are missing"),
        ({"damaged": True}, "whole", "600 frames of it can be read"),
    ],
)
def test_a_fault_of_the_file_is_told(change, code, words):
    assert {row["level"] for row in file_checks(FILE)} == {"ok"}
    row = next(row for row in file_checks(replace(FILE, **change)) if row["code"] == code)
    assert row["level"] == "warning" and words in row["message"] and len(row["hint"]) > 10


@pytest.mark.parametrize(
    ("share", "more", "words"),
    [
        (0.44, 6.2, "The mouth learns from it by 44%. About 10 s more of clear speech"),
        (0.0, 170, "Speech is driven by the general model. About 3 minutes more of clear speech"),
        (0.0, None, "Speech is driven by the general model. More clear speech with"),
    ],
)
def test_what_cannot_be_told_yet_says_what_becomes_of_it_and_how_much_is_missing(share, more, words):
    rows = all_checks(replace(FINE, sound_belongs="unknown", heard=Heard(5, share, more)))
    assert words in next(row for row in rows if row["code"] == "sync")["hint"]


def test_of_a_sound_that_is_not_there_nothing_is_asked():
    rows = all_checks(replace(FINE, has_sound=False, heard=None, sound_belongs="unknown"))
    assert "sync" not in {row["code"] for row in rows}


def test_problems_come_first_and_name_the_frames():
    rows = in_order(all_checks(replace(FINE, state=some_state(FrameState.MISSING, 300))))
    assert [row["level"] for row in rows] == sorted(
        (row["level"] for row in rows), key=["problem", "warning", "ok"].index
    )
    assert next(row for row in rows if row["code"] == "good-frames")["frames"] == [[60, 359]]


def test_runs_of_frames():
    assert spans(np.array([3, 4, 5, 9, 11, 12])) == [[3, 5], [9, 9], [11, 12]]
    assert spans(np.array([], int)) == []


def test_states_from_what_the_scan_saw():
    found, cuts = np.ones(10, bool), np.zeros(10, bool)
    found[3], cuts[5] = False, True
    sharpness = np.full(10, 0.3)
    sharpness[7], sharpness[3] = 0.1, 0.0
    state = first_states(found, cuts, sharpness)
    assert state.tolist() == [0, 0, 0, 2, 0, 3, 0, 4, 0, 0]
    strange = np.array([0.01, 0.02, 0.4, 0.01])
    assert mark_occluded(state, np.array([0, 1, 2, 4]), strange, 25.0).tolist() == [0, 0, 1, 2, 0, 3, 0, 4, 0, 0]


def test_what_comes_before_the_face_is_seen_on_its_way():
    strange = np.zeros(40)
    strange[:14] = [0.08, 0.08, 0.08, 0.08, 0.03, 0.09, 0.12, 0.12, 0.08, 0.08, 0.08, 0.08, 0.08, 0.0]
    covered = mark_occluded(np.zeros(40, np.uint8), np.arange(40), strange, 25.0) == FrameState.OCCLUDED
    # A face that only looks a little odd stays good, and what comes is on its way for two frames at most.
    assert np.flatnonzero(covered).tolist() == [5, 6, 7, 8, 9]


def test_a_head_that_stays_has_a_constant_crop_inside_the_frame():
    box = np.tile([400.0, 200.0, 150.0, 200.0], (50, 1)) + np.random.default_rng(0).normal(0, 3, (50, 4))
    crops = head_crops(box, 25.0, 1280, 720)
    assert (crops == crops[0]).all()
    assert crops[0, 2] == pytest.approx(2.2 * 200, rel=0.03)
    x0, y0, size = crops[0]
    assert x0 >= 0 and y0 >= 0 and x0 + size <= 1280 and y0 + size <= 720
    assert x0 < 400 - 40 and y0 < 200 - 60 and x0 + size > 550 + 40 and y0 + size > 400 + 40


def test_a_crop_follows_a_walking_head_smoothly():
    box = np.tile([0.0, 200.0, 150.0, 200.0], (100, 1))
    box[:, 0] = np.linspace(100, 900, 100)
    crops = head_crops(box, 25.0, 1280, 720)
    middle = crops[:, 0] + crops[:, 2] / 2
    assert np.abs(middle[20:80] - box[20:80, 0] - 75).max() < 20
    assert (np.diff(middle) > -1e-3).all() and np.diff(middle, 2)[10:-10].max() < 2
    assert (crops[:, 0] >= 0).all() and (crops[:, 0] + crops[:, 2] <= 1280.01).all()


def test_a_frame_smaller_than_the_head_gives_the_whole_shorter_side():
    crops = head_crops(np.tile([130.0, 100.0, 250.0, 330.0], (5, 1)), 25.0, 512, 512)
    np.testing.assert_allclose(crops, np.tile([0, 0, 512], (5, 1)))


def test_people_are_linked_by_place_and_ranked_by_presence():
    people = People()
    for second in range(8):
        near = np.array([100.0 + 20 * second, 80, 90, 120])
        far = np.array([500.0, 100, 40, 55])
        people.look(second * 25, [far, near] if second % 2 == 0 else [near])
    people.look(200, [np.array([900.0, 600, 20, 22])])  # a poster, once
    ranked = people.ranked()
    assert [len(person.sightings) for person in ranked] == [8, 4, 1]
    assert ranked[0].best().box[3] == 120
    assert len(people.prominent()) == 2


def test_opening_and_gaze_by_hand():
    neutral = np.zeros((468, 3))
    neutral[33], neutral[133], neutral[362], neutral[263] = [-5, 3, 0], [-2, 3, 0], [2, 3, 0], [5, 3, 0]
    for loop, x in (((160, 144), -3.5), ((387, 373), 3.5)):  # not used by the loop's middle below
        neutral[loop[0]], neutral[loop[1]] = [x, 3.5, 0], [x, 2.5, 0]
    for index in (160, 159, 158, 161):
        neutral[index] = [-3.5, 3.6, 0]
    for index in (387, 386, 385, 388):
        neutral[index] = [3.5, 3.6, 0]
    for index in (144, 145, 153, 154, 373, 374, 380, 381):
        neutral[index] = [-3.5 if index < 200 else 3.5, 2.4, 0]
    assert inter_ocular(neutral) == pytest.approx(7)
    shapes = np.repeat(neutral[None], 3, 0)
    shapes[1, 13] += [0, 0.7, 0]
    np.testing.assert_allclose(aperture(shapes, neutral), [0, 0.1, 0])

    # Focal 100 at 50 cm: 2 px a cm. The right eye looks 0.6 cm to the picture's right in the last frame.
    pose = Pose(np.repeat(np.eye(3)[None], 3, 0), np.repeat([[0, 0, -50.0]], 3, 0))
    irises = np.zeros((3, 10, 2))
    irises[:, :5], irises[:, 5:] = [100 + 2 * -3.5, 100 - 2 * 3], [100 + 2 * 3.5, 100 - 2 * 3]
    irises[2, :5, 0] += 2 * 0.6
    looks, rest = gaze(irises, shapes, neutral, pose, Camera(100.0, np.array([100.0, 100.0])))
    np.testing.assert_allclose(looks[:, 0], [0, 0, 0.2], atol=1e-9)  # of an eye's width of 3 cm
    np.testing.assert_allclose(looks[:, 1:], 0, atol=1e-9)
    np.testing.assert_allclose(rest[0], [-3.5, 3, 0], atol=1e-9)
