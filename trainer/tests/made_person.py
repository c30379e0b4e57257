"""A painted mesh that turns and opens its mouth before a wall: a whole analysed project in a second, with known
motion."""

from __future__ import annotations

import wave
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from likeness_trainer.media import FrameWriter
from likeness_trainer.morphable.generic_face import mean_shape
from likeness_trainer.morphable.mesh import Camera, Face, Pose
from likeness_trainer.morphable.rasterize import rasterize
from likeness_trainer.morphable.rotations import rodrigues
from likeness_trainer.morphable.topology import INNER_LIP, mouth_triangles, triangles, uv
from likeness_trainer.tracking.track_file import Track

SIDE, FPS, FRAMES = 320, 25.0, 44
CROP = (30.0, 20.0, 260.0)
VOICE = Path(__file__).resolve().parents[2] / "resources" / "sample" / "voice.wav"


@dataclass(frozen=True)
class MadePerson:
    """`job` is the JSON that the jobs evaluate, render and train have in common."""

    track: Track
    job: dict
    frames: list[np.ndarray]
    plate: np.ndarray


def made_track() -> Track:
    """Yaw sweeps twice, the jaw opens six times; the last coefficients carry nothing."""
    t = np.arange(FRAMES)
    shape = mean_shape().astype(np.float64)
    basis = np.zeros((64, 468, 3))
    below = np.clip((shape[13, 1] - shape[:, 1]) / 2, 0, 1)
    basis[0, :, 1] = -0.6 * below  # the jaw, cm a unit
    basis[1, :, 0] = 0.2 * np.sign(shape[:, 0]) * np.exp(-(((shape - shape[13]) / 2.5) ** 2).sum(1))  # a wide mouth
    expression = np.zeros((FRAMES, 64))
    expression[:, 0] = 1 + np.sin(2 * np.pi * t / 7.3)
    expression[:, 1] = np.cos(2 * np.pi * t / 11)
    rotation = rodrigues(np.stack([0.03 * np.sin(t / 5), 0.12 * np.sin(2 * np.pi * t / 22), 0 * t], 1))
    translation = np.tile([0.0, 0.0, -60.0], (FRAMES, 1))
    translation[:, 0] = 0.3 * np.sin(t / 6)
    camera = Camera(560.0, np.array([160.0, 150.0]))
    posed = Face(shape, basis).posed(expression)
    pixels, depth = camera.project(posed, Pose(rotation, translation))
    landmarks = np.zeros((FRAMES, 478, 3))
    landmarks[:, :468] = np.concatenate([pixels, depth[..., None] * 0], -1)
    eyes = np.linalg.norm(posed[:, [33, 133]].mean(1) - posed[:, [362, 263]].mean(1), axis=1)
    low, high = pixels.min(1), pixels.max(1)
    torso = np.tile(np.array([[1.0, 0, 0], [0, 1, 0]]), (FRAMES, 1, 1))
    single = {
        "time": (t / FPS).astype(np.float64),
        "state": np.zeros(FRAMES, np.uint8),
        "triangles": triangles(),
        "mouth_triangles": mouth_triangles(),
        "inner_lip": np.array(INNER_LIP, np.int32),
    }
    floats = {
        "landmarks": landmarks,
        "neutral": shape,
        "mean_shape": shape,
        "identity_basis": np.zeros((80, 468, 3)),
        "identity": np.zeros(80),
        "expression_basis": basis,
        "expression": expression,
        "rotation": rotation,
        "translation": translation,
        "focal": np.array([camera.focal]),
        "principal": camera.principal,
        "gaze": np.zeros((FRAMES, 4)),
        "iris_neutral": np.zeros((10, 3)),
        "aperture": np.linalg.norm(posed[:, 13] - posed[:, 14], axis=1) / eyes,
        "crop": np.tile(CROP, (FRAMES, 1)),
        "torso": torso,
        "torso_pose": np.concatenate([np.eye(3), translation[:1]]),
        "face_box": np.concatenate([low, high - low], 1),
        "uv": uv(),
    }
    single |= {name: np.ascontiguousarray(value, np.float32) for name, value in floats.items()}
    return Track(**single, fps=FPS, width=SIDE, height=SIDE)


def paint(track: Track, frame: int, plate: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Picture [S,S,3] and mask [S,S] u8 of one frame: skin painted by the neutral shape, a jumper that stays."""
    posed = track.face.posed(track.expression[frame]).astype(np.float64)
    pixels, depth = track.camera.project(posed, track.motion.pose[frame])
    carried, far = rasterize(np.column_stack([pixels, depth]), track.neutral, track.triangles, SIDE, SIDE)
    on_face = np.isfinite(far)
    stripes = 128 + 60 * np.sin(carried * [2.1, 1.7, 0.9]) + 30 * np.sin(carried[..., [1, 2, 0]] * 1.3)
    rows, columns = np.mgrid[:SIDE, :SIDE]
    jumper = (np.abs(columns - 160) < 110) & (rows > 250)
    picture = np.where(jumper[..., None], [70, 80, 120], plate)
    picture = np.where(on_face[..., None], stripes, picture)
    return picture.round().clip(0, 255).astype(np.uint8), ((on_face | jumper) * 255).astype(np.uint8)


def make_person(folder: Path, ffmpeg: str, ffprobe: str) -> MadePerson:
    analysis = folder / "analysis"
    analysis.mkdir(parents=True)
    track = made_track()
    track.save(analysis / "track.safetensors")
    rows, columns = np.mgrid[:SIDE, :SIDE] / SIDE
    plate = np.stack([90 + 60 * rows, 120 + 40 * columns, 150 - 30 * rows], -1).astype(np.uint8)
    cv2.imwrite(str(analysis / "plate.png"), cv2.cvtColor(plate, cv2.COLOR_RGB2BGR))
    painted = [paint(track, frame, plate) for frame in range(FRAMES)]
    lossless = ["-c:v", "ffv1", "-pix_fmt"]
    with FrameWriter(ffmpeg, str(folder / "source.mkv"), SIDE, SIDE, FPS, [*lossless, "bgr0"]) as writer:
        for picture, _ in painted:
            writer.write(picture)
    with FrameWriter(ffmpeg, str(analysis / "person.mkv"), SIDE, SIDE, FPS, [*lossless, "gray"], gray=True) as writer:
        for _, mask in painted:
            writer.write(mask)
    job = {
        "v": 1,
        "producer": "Likeness tested",
        "ffmpeg": ffmpeg,
        "ffprobe": ffprobe,
        "threads": 2,
        "source": str(folder / "source.mkv"),
        "analysisDir": str(analysis),
        "avatarPath": str(folder / "avatar.likeness"),
        "name": "Made",
        "preset": "draft",
        "seed": 0,
        "runDir": str(folder / "run"),
        "device": "cpu",
        "resume": False,
        "consent": {"basis": "synthetic", "id": "c1", "recordedAt": "2026-01-01T00:00:00Z"},
    }
    return MadePerson(track, job, [picture for picture, _ in painted], plate)


def give_voice(person: MadePerson) -> None:
    """Two seconds of the sample's voice as the clip's sound."""
    with (
        wave.open(str(VOICE)) as voice,
        wave.open(str(Path(person.job["analysisDir"]) / "audio16k.wav"), "wb") as written,
    ):
        assert (voice.getframerate(), voice.getnchannels()) == (16000, 1)
        written.setparams(voice.getparams())
        written.writeframes(voice.readframes(32000))
