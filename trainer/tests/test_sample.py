"""The synthetic sample: its truth is true, and it is what the format says."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from media_tools import FFMPEG, FFPROBE

from likeness_trainer.media import probe, read_audio, read_frames
from likeness_trainer.protocol import Cancelled, Reporter, TrainerError
from likeness_trainer.protocol.jobs import DemoSampleJob
from likeness_trainer.sample import demo_sample
from likeness_trainer.sample.face_rig import face_shapes
from likeness_trainer.sample.performance import perform
from likeness_trainer.sample.voice import load_voice
from likeness_trainer.tracking.landmarks import CLOSE, Landmarker
from likeness_trainer.tracking.track_file import TENSORS, Track


def film(folder: Path, seconds: float) -> Path:
    job = DemoSampleJob(producer="", ffmpeg=FFMPEG, ffprobe=FFPROBE, out_dir=folder, seconds=seconds, seed=3)
    demo_sample(job, Reporter.silent())
    return folder


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return film(tmp_path_factory.mktemp("sample"), 2)


def frames_of(folder: Path, name: str = "sample.mp4", gray: bool = False) -> np.ndarray:
    path = str(folder / name)
    return np.stack(list(read_frames(FFMPEG, path, probe(FFPROBE, path), gray=gray)))


def test_the_film_has_the_agreed_size_rate_length_and_sound(sample: Path) -> None:
    source = probe(FFPROBE, str(sample / "sample.mp4"))
    assert (source.width, source.height, source.fps, source.codec, source.has_audio) == (512, 512, 25.0, "h264", True)
    assert len(frames_of(sample)) == 50
    sound = read_audio(FFMPEG, str(sample / "sample.mp4"))
    assert abs(len(sound) / 16000 - 2) < 0.08
    assert np.abs(sound).max() > 0.1
    assert sorted(path.name for path in sample.iterdir()) == [
        "plate.png",
        "sample.mp4",
        "truth-person.mkv",
        "truth.safetensors",
    ]


def test_landmarks_are_the_posed_mesh_through_the_camera(sample: Path) -> None:
    track = Track.load(sample / "truth.safetensors")
    pixels, _ = track.camera.project(track.face.posed(track.expression), track.motion.pose)
    assert np.abs(pixels - track.landmarks[:, :468, :2]).max() < 0.01
    assert np.allclose(track.rotation @ track.rotation.transpose(0, 2, 1), np.eye(3), atol=1e-5)
    shape = track.mean_shape + np.tensordot(track.identity, track.identity_basis, 1)
    assert np.abs(shape - track.neutral).max() < 1e-4


def test_mediapipe_sees_the_face_where_the_truth_says(sample: Path) -> None:
    track = Track.load(sample / "truth.safetensors")
    errors = []
    with Landmarker() as mesh:
        for number, frame in enumerate(frames_of(sample)):
            if number % 2 == 0:
                mesh.submit(frame, True)
                seen = mesh.result()[CLOSE, :, :2] * 512
                errors.append(np.linalg.norm(seen - track.landmarks[number, :, :2], axis=1))
    assert np.isfinite(errors).all()  # a face in each
    between_eyes = np.linalg.norm(track.landmarks[0, 468, :2] - track.landmarks[0, 473, :2])
    mean = np.mean(errors, 0)
    assert mean[:468].mean() < 0.06 * between_eyes
    assert mean[468:].mean() < 0.04 * between_eyes  # the irises, so the gaze too


def test_lips_close_in_every_bilabial(sample: Path) -> None:
    voice = load_voice()
    moments = perform(voice, 290, 25.0, 3)
    track = Track.load(sample / "truth.safetensors")
    shapes = face_shapes(track.neutral.astype(np.float64))
    controls = np.stack([moment.controls for moment in moments])
    lips = track.neutral[[13, 14]] + np.tensordot(controls, shapes[:, [13, 14]], 1)
    gap = lips[:, 0, 1] - lips[:, 1, 1]
    bilabials = [phone for phone in voice.phones if phone.name in "bmp" and phone.end < 11.5]
    assert len(bilabials) >= 8
    for phone in bilabials:
        assert gap[round((phone.start + phone.end) / 2 * 25)] < 0.08, f"{phone} leaves the lips open"  # cm
    assert gap.max() > 0.9
    assert gap.min() > -0.1, "lips pass through each other"


def test_mask_and_plate_agree_with_the_film(sample: Path) -> None:
    film_frames, masks = frames_of(sample), frames_of(sample, "truth-person.mkv", gray=True)
    assert masks.shape == (50, 512, 512)
    plate = cv2.imread(str(sample / "plate.png"))[..., ::-1].astype(float)
    outside = masks[10] == 0
    assert 0.3 < outside.mean() < 0.8
    assert np.abs(film_frames[10].astype(float) - plate)[outside].mean() < 2.5  # what H.264 changes
    assert np.abs(film_frames[10].astype(float) - plate)[masks[10] == 255].mean() > 20
    face = Track.load(sample / "truth.safetensors").landmarks[10, 1, :2].astype(int)
    assert masks[10][face[1], face[0]] == 255


def test_the_same_seed_gives_the_same_pictures(tmp_path: Path) -> None:
    first, second = film(tmp_path / "first", 0.12), film(tmp_path / "second", 0.12)
    assert np.array_equal(frames_of(first), frames_of(second))
    truths = [Track.load(folder / "truth.safetensors") for folder in (first, second)]
    assert all(np.array_equal(getattr(truths[0], name), getattr(truths[1], name)) for name in TENSORS)


@pytest.mark.parametrize("seconds", [-1, 0.001, 4000])
def test_an_impossible_length_is_refused(tmp_path: Path, seconds: float) -> None:
    with pytest.raises(TrainerError) as refused:
        film(tmp_path / "none", seconds)
    assert refused.value.code == "bad-request"
    assert not (tmp_path / "none").exists()


def test_cancelling_leaves_no_half_written_files(tmp_path: Path) -> None:
    reporter = Reporter.silent()
    reporter.cancel()
    with pytest.raises(Cancelled):
        demo_sample(DemoSampleJob(producer="", ffmpeg=FFMPEG, ffprobe=FFPROBE, out_dir=tmp_path, seconds=1), reporter)
    assert not list(tmp_path.glob("*.part*"))
    assert not (tmp_path / "sample.mp4").exists()
