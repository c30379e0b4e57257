"""A small analysed clip with known truth, rendered from the generic face: enough for the training to learn from."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from likeness_trainer.media import FrameWriter
from likeness_trainer.morphable import topology
from likeness_trainer.morphable.generic_face import mean_shape
from likeness_trainer.morphable.mesh import Camera, Face, Pose
from likeness_trainer.morphable.rasterize import rasterize
from likeness_trainer.tracking.track_file import Track

FPS = 25.0
DISTANCE = 45.0  # cm


def turned(yaw: float, pitch: float) -> np.ndarray:
    """Rotation [3,3] for degrees of yaw and pitch."""
    vector = np.radians([pitch, yaw, 0.0])
    return cv2.Rodrigues(vector)[0]


def synthetic_track(frames: int, side: int, seed: int = 0) -> Track:
    """A head that turns a little and opens its mouth now and then, in a square picture."""
    random = np.random.default_rng(seed)
    neutral = mean_shape().astype(np.float32)
    basis = np.zeros((64, 468, 3), np.float32)
    below = neutral[:, 1] < neutral[topology.UPPER_LIP_CENTRE, 1] - 0.05
    jaw = np.exp(-np.square(neutral - neutral[topology.LOWER_LIP_CENTRE]).sum(1) / 12) * below
    basis[0, :, 1] = -jaw  # opens the mouth by about a centimetre
    for k in range(1, 64):
        centre = neutral[random.integers(468)]
        basis[k] = np.exp(-np.square(neutral - centre).sum(1, keepdims=True) / 8) * random.normal(size=3) * 0.1 / k
    phase = np.arange(frames) / FPS * 2 * np.pi
    expression = random.normal(size=(frames, 64)).astype(np.float32) * 0.3
    expression[:, 0] = 1 - np.cos(phase * 1.5)
    rotation = np.stack([turned(8 * np.sin(p * 0.7), 3 * np.cos(p)) for p in phase]).astype(np.float32)
    translation = np.tile(np.array([[0, -1.0, -DISTANCE]], np.float32), (frames, 1))
    focal, principal = np.array([1.1 * side], np.float32), np.array([side / 2, side / 2], np.float32)
    pose = Pose(rotation, translation)
    pixels, depth = Camera(float(focal[0]), principal).project(Face(neutral, basis).posed(expression), pose)
    landmarks = np.zeros((frames, 478, 3), np.float32)
    landmarks[:, :468] = np.concatenate([pixels, depth[..., None]], -1)
    low, high = pixels.min(1), pixels.max(1)
    return Track(
        time=np.arange(frames) / FPS,
        state=np.zeros(frames, np.uint8),
        landmarks=landmarks,
        neutral=neutral,
        mean_shape=neutral,
        identity_basis=np.zeros((80, 468, 3), np.float32),
        identity=np.zeros(80, np.float32),
        expression_basis=basis,
        expression=expression,
        rotation=rotation,
        translation=translation,
        focal=focal,
        principal=principal,
        gaze=(random.normal(size=(frames, 4)) * 0.05).astype(np.float32),
        iris_neutral=np.tile(neutral[topology.EYE_RIGHT[0]], (10, 1)).astype(np.float32),
        aperture=(expression[:, 0] * 0.1).astype(np.float32),
        crop=np.tile(np.array([[0, 0, side]], np.float32), (frames, 1)),
        torso=np.tile(np.eye(2, 3, dtype=np.float32), (frames, 1, 1)),
        torso_pose=np.concatenate([np.eye(3), translation[:1]]).astype(np.float32),
        face_box=np.concatenate([low, high - low], 1).astype(np.float32),
        triangles=topology.triangles().astype(np.int32),
        mouth_triangles=topology.mouth_triangles(),
        inner_lip=np.array(topology.INNER_LIP, np.int32),
        uv=topology.uv().astype(np.float32),
        fps=FPS,
        width=side,
        height=side,
    )


def paint(track: Track, frame: int) -> tuple[np.ndarray, np.ndarray]:
    """(picture [H,W,3], person mask [H,W]) u8: a spotted face with a dark mouth, a round head, shoulders, a striped
    wall."""
    side = track.width
    picture, mask = wall(side), np.zeros((side, side), np.uint8)
    pixels, depth = track.camera.project(track.face.posed(track.expression[frame]), track.motion.pose[frame])
    centre = pixels.mean(0)
    radius = np.ptp(pixels, axis=0) * [0.58, 0.62]
    for canvas, colour in ((picture, (70, 45, 30)), (mask, (255,))):
        cv2.ellipse(canvas, (centre.round(), (radius * 2).round(), 0.0), colour, -1)
    for canvas, colour in ((picture, (40, 60, 120)), (mask, (255,))):
        cv2.rectangle(canvas, (side // 5, int(side * 0.85)), (side - side // 5, side), colour, -1)
    colours = 150 + 60 * np.sin(track.neutral * [1.7, 1.3, 0.9] + [0.0, 1.0, 2.0])
    is_mouth = np.zeros(898, bool)
    is_mouth[track.mouth_triangles] = True
    for chosen, tint in ((~is_mouth, colours), (is_mouth, np.full((468, 3), [60.0, 20.0, 20.0]))):
        corners = np.column_stack([pixels, depth])
        image, nearest = rasterize(corners, tint.astype(np.float32), track.triangles[chosen], side, side)
        covered = np.isfinite(nearest)
        picture[covered] = image[covered].clip(0, 255)
        mask[covered] = 255
    return picture, mask


def wall(side: int) -> np.ndarray:
    """The background [side,side,3] u8."""
    x = np.arange(side)
    stripe = (170 + 40 * np.sin(x / side * 25)).astype(np.uint8)
    return np.repeat(np.stack([stripe, stripe // 2 + 60, 255 - stripe], -1)[None], side, 0).copy()


def write_clip(directory: Path, ffmpeg: str, frames: int = 44, side: int = 160) -> tuple[str, str]:
    """(source video, analysis folder) under `directory`."""
    analysis = directory / "analysis"
    analysis.mkdir(parents=True)
    track = synthetic_track(frames, side)
    track.save(analysis / "track.safetensors")
    source = directory / "source.mp4"
    lossless = ["-c:v", "ffv1"]
    with (
        FrameWriter(
            ffmpeg, str(source), side, side, FPS, ["-c:v", "libx264", "-crf", "10", "-pix_fmt", "yuv420p"]
        ) as video,
        FrameWriter(ffmpeg, str(analysis / "person.mkv"), side, side, FPS, lossless, gray=True) as person,
    ):
        for frame in range(frames):
            picture, mask = paint(track, frame)
            video.write(picture)
            person.write(mask)
    cv2.imwrite(str(analysis / "plate.png"), wall(side)[..., ::-1])
    return str(source), str(analysis)
