"""A person whose mouth follows the sample voice by its phone timings: a track with known truth, without pictures."""

import numpy as np

from likeness_trainer.morphable import topology
from likeness_trainer.morphable.generic_face import mean_shape
from likeness_trainer.morphable.rotations import rodrigues
from likeness_trainer.sample.voice import load_voice
from likeness_trainer.speech.analyse import sample_at
from likeness_trainer.speech.articulation import FLITE_PHONES, Phone, lip_track
from likeness_trainer.tracking.lips import CORNERS, LOWER, UPPER
from likeness_trainer.tracking.track_file import TENSORS, Track

FPS = 25.0
LAG_SECONDS = 0.06


def spoken(name: str = "voice") -> tuple[np.ndarray, np.ndarray]:
    """A sample voice [N] and its lip parameters [T, 5] at 100 Hz."""
    voice = load_voice(name)
    phones = [Phone(p.start, p.end, FLITE_PHONES[p.name]) for p in voice.phones]
    return voice.samples, lip_track(phones, len(voice.samples) // 160 + 1)


def speaking_track(lips: np.ndarray, still: bool = False) -> Track:
    """A track whose opening and width are `lips` [T, 5], `LAG_SECONDS` ahead of the sound, plus noise and head
    turns."""
    rng = np.random.default_rng(5)
    frames = int(len(lips) / 100 * FPS)
    time = np.arange(frames) / FPS
    rest = mean_shape().astype(np.float64)
    basis = 0.02 * rng.normal(size=(64, 468, 3))
    basis[0, :, 1] = -0.4 / (1 + np.exp(4 * (rest[:, 1] - rest[list(UPPER + LOWER), 1].mean())))  # the lower face falls
    basis[0, list(UPPER), 1] = 0
    basis[0, list(LOWER), 1] = -0.4
    basis[1, list(CORNERS), 0] = np.array([-0.2, 0.2])
    expression = rng.normal(size=(frames, 64))
    followed = sample_at(lips, time + LAG_SECONDS)
    truth = np.stack([followed[:, 0], followed[:, 1] - 0.5 * followed[:, 2]], axis=1)
    expression[:, :2] = (truth - truth.mean(axis=0)) / truth.std(axis=0) + 0.2 * expression[:, :2]
    if still:
        expression[:, :2] = 0
    angles = np.cumsum(rng.normal(size=(frames, 3)), axis=0) * 0.01
    gap = 0.0 if still else 0.4 * np.clip(expression[:, 0] - expression[:, 0].min(), 0, None)
    tensors = {
        name: np.zeros([frames if n == "T" else n for n in shape], kind) for name, (shape, kind) in TENSORS.items()
    }
    tensors |= {
        "time": time,
        "neutral": rest,
        "mean_shape": rest,
        "expression_basis": basis,
        "expression": expression,
        "rotation": rodrigues(angles),
        "aperture": np.zeros(frames) + gap / 6.3,
        "focal": np.ones(1),
        "crop": np.tile([0, 0, 512], (frames, 1)),
        "triangles": topology.triangles(),
        "uv": topology.uv(),
    }
    tensors = {name: np.ascontiguousarray(array, TENSORS[name][1]) for name, array in tensors.items()}
    track = Track(**tensors, fps=FPS, width=512, height=512)
    track.validate()
    return track
