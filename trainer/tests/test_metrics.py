"""Held-out measures against numbers worked out by hand."""

from threading import Barrier, Lock
from types import SimpleNamespace

import numpy as np
import pytest
from mediapipe.python.solutions import face_mesh

from likeness_trainer.metrics import mouth
from likeness_trainer.metrics.crops import Box, boxes, filmed_part
from likeness_trainer.metrics.image import MAX_DB, fine_detail_energy, psnr, psnr_where, sharpness, ssim
from likeness_trainer.metrics.temporal import Jitter, change_error, flicker


def picture(seed: int, size: int = 64) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (size, size, 3)).astype(np.uint8)


def test_what_lies_behind_a_person_does_not_count_where_the_person_is_measured():
    truth = np.zeros((4, 4, 3), np.uint8)
    picture, mask = truth.copy(), np.zeros((4, 4), np.uint8)
    picture[:, :2], picture[:, 2:] = 10, 200  # a person who is off by 10, and a background by 200
    mask[:, :2] = 255
    assert psnr_where(picture, truth, mask) == pytest.approx(28.1308, abs=1e-4)
    mask[:, 2] = 51  # a fifth of 255: (2 * 10^2 + .2 * 200^2) / 2.2 = 3727.27
    assert psnr_where(picture, truth, mask) == pytest.approx(10 * np.log10(255**2 / 3727.2727), abs=1e-4)
    assert psnr_where(truth, truth, mask) == MAX_DB and psnr_where(picture, truth, mask * 0) is None


def test_psnr_of_a_known_difference():
    truth = np.full((8, 8, 3), 100, np.uint8)
    # every value off by 10: MSE 100, 10 log10(65025 / 100) = 28.13 dB
    assert psnr(truth + 10, truth) == pytest.approx(28.1308, abs=1e-4)
    # one value in four off by 20: MSE 100 as well
    spotted = truth.copy()
    spotted[::2, ::2] += 20
    assert psnr(spotted, truth) == pytest.approx(28.1308, abs=1e-4)
    assert psnr(truth, truth) == MAX_DB


def test_ssim_is_one_only_for_the_same_picture():
    truth = picture(1)
    assert ssim(truth, truth) == pytest.approx(1)
    assert ssim(picture(2), truth) < 0.1


def test_fine_detail_of_a_single_bright_pixel():
    spot = np.zeros((15, 15, 3), np.float32)
    spot[7, 7, 0] = 1
    # binomial kernel k: sum k^2 = 70/256, centre 6/16; |delta - k k^T|^2 = 1 - 2 (6/16)^2 + (70/256)^2
    assert fine_detail_energy(spot) == pytest.approx(1 - 2 * (6 / 16) ** 2 + (70 / 256) ** 2, rel=1e-5)


def test_sharpness_is_the_amplitude_of_detail():
    truth = picture(3).astype(np.float32)
    assert sharpness([truth, truth], [truth, truth]) == pytest.approx(1)
    assert sharpness([truth * 0.5], [truth]) == pytest.approx(0.5)
    # energies 1 and 1/4 average to 5/8
    assert sharpness([truth, truth * 0.5], [truth, truth]) == pytest.approx(np.sqrt(0.625))


def landmarks(gap: float, eyes: float = 60.0) -> np.ndarray:
    points = np.zeros((478, 2))
    points[33], points[133] = (0, 0), (20, 0)  # centre (10, 0)
    points[362], points[263] = (eyes, 0), (eyes + 20, 0)  # centre (eyes + 10, 0)
    points[13], points[14] = (40, 50), (40, 50 + gap)
    return points


def test_aperture_is_the_gap_over_the_inter_ocular_distance():
    assert mouth.inter_ocular(landmarks(6)) == pytest.approx(60)
    np.testing.assert_allclose(mouth.aperture(np.stack([landmarks(6), landmarks(0), landmarks(3, 30)])), [0.1, 0, 0.1])


def test_correlation_knows_when_there_is_none():
    a = np.array([0, 1, 2, 3.0])
    assert mouth.correlation(a, 2 * a + 5) == pytest.approx(1)
    assert mouth.correlation(a, -a) == pytest.approx(-1)
    assert mouth.correlation(a, np.ones(4)) is None
    # the pair with the unknown value does not count: (0,0), (1,1), (3,2) -> r = 3 / sqrt(14 / 3 * 2)
    assert mouth.correlation(a, np.array([0, 1, np.nan, 2])) == pytest.approx(0.98198, abs=1e-5)
    assert mouth.correlation(a[:2], a[:2]) is None


def test_closures_are_met_within_one_frame():
    tracked = np.full(30, 0.2)
    tracked[[5, 15, 25]] = 0.0  # the tenth: three frames
    driven = np.full(30, 0.9)
    driven[[6, 15, 20]] = 0.3  # one frame late, on time, false
    precision, recall = mouth.closure(driven, tracked)
    assert precision == pytest.approx(2 / 3)
    assert recall == pytest.approx(2 / 3)
    assert mouth.closure(tracked * 7, tracked) == (1, 1)
    assert mouth.closure(np.full(30, 0.5), tracked) == (None, None)


def test_closures_do_not_wrap_from_the_end_to_the_start():
    tracked, driven = np.ones(10), np.ones(10)
    tracked[0], driven[9] = 0, 0
    assert mouth.closure(driven, tracked) == (0, 0)


def test_landmark_distance_ignores_where_the_mouth_is():
    truth = np.random.default_rng(0).normal(size=(3, 478, 2)) * 5 + landmarks(6)
    moved = truth + 7
    np.testing.assert_allclose(mouth.landmark_distance(moved, truth), 0, atol=1e-12)
    pulled = truth.copy()
    pulled[:, 61, 0] += 20  # one of 20 points: its mean moves by 1, so 19 points are off by 1 and one by 19
    expected = (19 * 1 + 19) / 20 / mouth.inter_ocular(truth)
    np.testing.assert_allclose(mouth.landmark_distance(pulled, truth), expected)


def test_boxes_follow_the_face_and_stay_inside():
    mesh = np.full((2, 468, 2), 128.0)
    mesh[:, 10], mesh[:, 152] = (128, 78), (128, 178)  # face height 100
    mesh[1] += (100, 0)
    crop = np.array([[40, 20, 256.0]] * 2)
    first, second = boxes(mesh, crop, 640, 480)
    assert first.head == Box(18, 18, 238, 238)
    assert first.face == Box(73, 73, 183, 183)
    assert first.mouth == Box(100, 100, 156, 156)
    assert second.face == Box(146, 73, 256, 183)
    assert first.face.cut(np.zeros((256, 256, 3))).shape == (110, 110, 3)


def test_only_filmed_pixels_count():
    # a crop of 512 source pixels, 100 of them left of and 60 above a picture 300 high
    assert filmed_part(np.array([-100, -60, 512.0]), 640, 300) == Box(50, 30, 256, 180)
    mesh = np.full((1, 468, 2), 128.0)
    mesh[:, 10], mesh[:, 152] = (128, 78), (128, 178)
    [head] = [b.head for b in boxes(mesh, np.array([[-100, -60, 512.0]]), 640, 300)]
    assert head == Box(50, 30, 256, 180)


def test_jitter_is_the_change_of_the_error():
    truth = [np.full((32, 32, 3), 120, np.uint8)] * 3
    jitter = Jitter(truth, [7, 8, 9], [Box(4, 4, 28, 28)] * 3)
    steady = [frame + 9 for frame in truth]
    assert jitter.measure(steady) == pytest.approx(0, abs=1e-6)
    blinking = [truth[0], truth[1] + 6, truth[2]]  # the error changes by 6, twice
    assert jitter.measure(blinking) == pytest.approx(6)
    # frames 7 and 9 are not neighbours: only the second change counts
    gap = Jitter(truth, [7, 9, 10], [Box(4, 4, 28, 28)] * 3)
    assert gap.measure([truth[0], truth[1] + 6, truth[2] + 2]) == pytest.approx(4)


def test_change_is_compared_where_frames_are_neighbours():
    truth = [np.full((32, 32, 3), value, np.uint8) for value in (100, 104, 150)]
    boxes = [Box(0, 0, 32, 32)] * 3
    shown = [truth[0], truth[1] + 3, truth[2]]  # changes by 7 instead of 4, then by 43 instead of 46
    assert change_error(shown, truth, [7, 8, 9], boxes) == pytest.approx(3)
    assert change_error(shown, truth, [7, 8, 10], boxes) == pytest.approx(3)  # the first alone
    assert change_error(shown, truth, [7, 9, 11], boxes) is None


def test_flicker_is_the_to_and_fro_as_a_share_of_the_truths():
    truth = [np.full((8, 8, 3), value, np.uint8) for value in (100, 104, 100)]  # second difference -8
    shown = [np.full((8, 8, 3), value, np.uint8) for value in (90, 92, 90)]  # -4
    boxes = [Box(0, 0, 8, 8)] * 3
    assert flicker(shown, truth, [1, 2, 3], boxes) == pytest.approx(0.5)
    assert flicker(truth, truth, [1, 2, 3], boxes) == pytest.approx(1)
    assert flicker(shown, truth, [1, 2, 4], boxes) is None
    steady = [truth[0]] * 3
    assert flicker(shown, steady, [1, 2, 3], boxes) is None


def test_two_pictures_are_looked_at_beside_each_other_each_by_a_network_of_its_own(monkeypatch):
    both = Barrier(2)

    class Network:
        def __init__(self, **_):
            self.looks = Lock()

        def process(self, shown):
            assert self.looks.acquire(blocking=False)
            both.wait(60)  # nothing comes of one at a time
            self.looks.release()
            point = SimpleNamespace(x=shown[0, 0, 0] / 255, y=0.5)
            return SimpleNamespace(multi_face_landmarks=[SimpleNamespace(landmark=[point])])

        def close(self):
            assert not self.looks.locked()

    monkeypatch.setattr(face_mesh, "FaceMesh", Network)
    with mouth.FaceMesh(cores=2) as seen:
        found = seen.landmarks_of([np.full((64, 64, 3), level, np.uint8) for level in (0, 51, 102, 204)])
    assert found[:, 0] == pytest.approx(np.array([[0, 32], [12.8, 32], [25.6, 32], [51.2, 32]]))
