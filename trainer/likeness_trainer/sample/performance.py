"""What the sample person does while speaking: head, gaze, blinks, brows and the mouth, all from one seed."""

from __future__ import annotations

import numpy as np

from likeness_trainer.morphable.mesh import Pose
from likeness_trainer.sample.articulation import articulate
from likeness_trainer.sample.face_rig import CONTROLS
from likeness_trainer.sample.person import CAMERA, MEAN_POSE, SIZE, Moment, turned
from likeness_trainer.sample.voice import Voice

YAW, PITCH, ROLL = 10.0, 5.0, 2.5  # degrees, to either side
NECK_PIVOT = np.array([0.0, -6.5, -8.0])


def _wander(generator: np.random.Generator, times: np.ndarray, low: float, high: float, terms: int = 5) -> np.ndarray:
    """Smooth movement [T] within -1..1: sines between two frequencies in hertz."""
    frequency = np.exp(generator.uniform(np.log(low), np.log(high), terms))
    phase = generator.uniform(0, 2 * np.pi, terms)
    strength = generator.uniform(0.5, 1, terms) / frequency**0.5
    span = np.arange(
        0, max(10.0, times[-1] + 0.1), 0.02
    )  # the range is that of the whole take, however short the sample

    def wave(t: np.ndarray) -> np.ndarray:
        return (strength * np.sin(2 * np.pi * frequency * t[:, None] + phase)).sum(1)

    return wave(times) / np.abs(wave(span)).max()


def loudness_of(voice: Voice, times: np.ndarray) -> np.ndarray:
    """[T] 0..1: the sound's level around each time, against its loudest parts."""
    window = np.hanning(round(0.08 * voice.rate))
    level = np.sqrt(np.convolve(voice.samples**2, window / window.sum(), "same"))
    sampled = np.interp(times, np.arange(len(level)) / voice.rate, level)
    return np.clip(sampled / max(np.quantile(level, 0.95), 1e-6), 0, 1)


def blinks(generator: np.random.Generator, times: np.ndarray) -> np.ndarray:
    """[T] 0..1: eyelids shut every two to four seconds; 90 ms down, 40 ms shut, 170 ms up (Doane 1980)."""
    shut = np.zeros(len(times))
    moment = generator.uniform(0.7, 1.2)
    while moment < times[-1] + 0.5:
        since = times - moment
        down = np.clip((since + 0.09) / 0.09, 0, 1)
        up = np.clip((since - 0.04) / 0.17, 0, 1)
        shut = np.maximum(shut, np.where(since < 0.04, down**1.6, (1 - up) ** 1.6))
        moment += generator.uniform(2.0, 3.8)
    return shut


def _fixations(generator: np.random.Generator, times: np.ndarray) -> np.ndarray:
    """[T, 2]: where the eyes rest, in eye widths; saccades between rests take one or two frames."""
    gaze = np.zeros((len(times), 2))
    moment, target = 0.0, np.zeros(2)
    while moment < times[-1]:
        gaze[times >= moment] = target
        moment += generator.uniform(0.5, 1.9)
        target = np.zeros(2) if generator.uniform() < 0.4 else generator.normal(0, [0.050, 0.022])
    kernel = np.array([0.25, 0.5, 0.25])
    padded = np.pad(gaze, ((1, 1), (0, 0)), "edge")
    return np.stack([np.convolve(padded[:, k], kernel, "valid") for k in range(2)], 1) + generator.normal(
        0, 0.0015, gaze.shape
    )


def perform(voice: Voice, frames: int, fps: float, seed: int) -> list[Moment]:
    """One moment a frame; frame k shows time k / fps."""
    times = np.arange(frames) / fps
    generator = np.random.default_rng(seed)
    loud = loudness_of(voice, times)
    stress = np.convolve(loud, np.hanning(15) / np.hanning(15).sum(), "same")[: len(times)] if frames > 15 else loud
    controls = {name: np.zeros(frames) for name in CONTROLS}
    mouth = articulate(voice.phones, times, loud)
    tongue = mouth.pop("tongue")
    controls |= mouth

    yaw = YAW * _wander(generator, times, 0.07, 0.35)
    pitch = 0.8 * PITCH * _wander(generator, times, 0.10, 0.55) - 0.2 * PITCH * (stress - stress.mean())
    roll = ROLL * _wander(generator, times, 0.06, 0.30)
    sway = np.stack(
        [3.0 * _wander(generator, times, 0.05, 0.2), 1.2 * _wander(generator, times, 0.05, 0.2)], 1
    )  # source pixels
    lean = np.radians(0.5) * _wander(generator, times, 0.05, 0.2)
    breath = 0.5 + 0.5 * np.sin(2 * np.pi * 0.27 * times + generator.uniform(0, 6))

    smile = 0.10 + 0.10 * (1 + _wander(generator, times, 0.05, 0.25))
    lean_smile = 0.08 * _wander(generator, times, 0.05, 0.2)
    raised = np.clip(0.25 * _wander(generator, times, 0.1, 0.5) + 0.75 * (stress - stress.mean()), -0.3, 1)
    controls["smile_right"], controls["smile_left"] = smile + lean_smile, smile - lean_smile
    controls["cheek_right"], controls["cheek_left"] = 0.4 * smile, 0.4 * smile
    controls["brow_right"] = 0.30 * raised + 0.08 * _wander(generator, times, 0.1, 0.4)
    controls["brow_left"] = 0.30 * raised + 0.08 * _wander(generator, times, 0.1, 0.4)
    controls["brow_inner"] = 0.22 * _wander(generator, times, 0.07, 0.3)
    controls["brow_lower"] = 0.15 * (1 + _wander(generator, times, 0.07, 0.3))
    controls["squint"] = 0.25 + 0.25 * _wander(generator, times, 0.07, 0.3)
    for name, size, low, high in (
        ("frown", 0.12, 0.1, 0.6),
        ("dimple", 0.2, 0.1, 0.6),
        ("sneer", 0.12, 0.1, 0.6),
        ("mouth_sideways", 0.10, 0.1, 0.5),
        ("throat", 0.15, 0.1, 0.5),
    ):
        controls[name] = controls[name] + size * _wander(generator, times, low, high)
    controls["chin_raise"] = 0.9 * mouth["press"] + 0.5 * mouth["round"]

    # The eyes hold on to the viewer while the head turns; lids follow the eyes up and down.
    fixed = _fixations(generator, times)
    gaze_x = fixed[:, 0] - 0.0085 * yaw
    gaze_y = fixed[:, 1] - 0.0075 * pitch
    shut = blinks(generator, times)
    controls["look_up"] = np.clip(6.0 * gaze_y, -0.7, 0.7) * (1 - shut)
    controls["blink_right"] = shut * 1.0
    controls["blink_left"] = shut * 0.985

    moments = []
    stacked = np.stack([controls[name] for name in CONTROLS], 1)
    for k in range(frames):
        rotation = turned(yaw[k], pitch[k], roll[k])
        scale = 1 + 0.004 * (breath[k] - 0.5)
        cosine, sine = scale * np.cos(lean[k]), scale * np.sin(lean[k])
        pivot = np.array([SIZE / 2, SIZE * 1.1])
        linear = np.array([[cosine, -sine], [sine, cosine]])
        torso = np.concatenate([linear, (pivot + sway[k] - linear @ pivot)[:, None]], 1)
        # the neck's foot goes where the torso goes
        foot = np.array([SIZE / 2, SIZE * 0.78])
        shift = (linear @ foot + torso[:, 2] - foot) * -MEAN_POSE.translation[2] / CAMERA.focal
        translation = MEAN_POSE.translation + NECK_PIVOT - rotation @ NECK_PIVOT + [shift[0], -shift[1], 0.0]
        gaze = np.array([gaze_x[k], gaze_y[k], gaze_x[k], gaze_y[k]])
        moments.append(Moment(stacked[k], gaze, float(tongue[k]), Pose(rotation, translation), torso))
    return moments
