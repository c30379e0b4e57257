"""Phones, visemes and what the lips do for them: the labels that the speech encoder is pretrained on.

Lip targets follow the dominance model of coarticulation (Cohen & Massaro 1993): every phone pulls the lips towards its
own target with a strength that decays exponentially outside it; bilabials close the lips whatever stands beside them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

VISEMES = (
    "silence",
    "bilabial",
    "labiodental",
    "dental",
    "alveolar",
    "lateral",
    "sibilant",
    "postalveolar",
    "velar",
    "rhotic",
    "labiovelar",
    "front-close",
    "mid",
    "open",
    "back-rounded",
    "close-rounded",
)
LIP_PARAMETERS = ("opening", "width", "rounding", "tuck", "closure")

# The CMU Flite phone set (ARPAbet with schwas) by viseme.
FLITE_PHONES: dict[str, str] = {
    phone: viseme
    for viseme, phones in {
        "silence": "pau ssil sil h#",
        "bilabial": "p b m em",
        "labiodental": "f v",
        "dental": "th dh",
        "alveolar": "t d n dx en nx",
        "lateral": "l el",
        "sibilant": "s z",
        "postalveolar": "sh zh ch jh",
        "velar": "k g ng hh",
        "rhotic": "r er axr",
        "labiovelar": "w",
        "front-close": "iy ih ix y",
        "mid": "ey eh ah ax",
        "open": "ae aa ay aw",
        "back-rounded": "ao ow oy",
        "close-rounded": "uh uw",
    }.items()
    for phone in phones.split()
}


@dataclass(frozen=True)
class LipTarget:
    """Where a viseme pulls the lips (0..1, width -1..1), how strongly, and how fast its pull fades (1/s)."""

    opening: float
    width: float
    rounding: float
    tuck: float
    closure: float
    strength: float
    decay: float = 14.0

    @property
    def pose(self) -> np.ndarray:
        """The five lip parameters [5], in the order of `LIP_PARAMETERS`."""
        return np.array([self.opening, self.width, self.rounding, self.tuck, self.closure])


LIP_TARGETS: dict[str, LipTarget] = {
    "silence": LipTarget(0.06, 0.0, 0.0, 0.0, 0.3, strength=0.6),
    "bilabial": LipTarget(0.0, 0.0, 0.05, 0.0, 1.0, strength=4.0, decay=18.0),
    "labiodental": LipTarget(0.1, 0.1, 0.0, 1.0, 0.2, strength=3.0, decay=18.0),
    "dental": LipTarget(0.2, 0.1, 0.0, 0.0, 0.0, strength=0.6),
    "alveolar": LipTarget(0.2, 0.1, 0.0, 0.0, 0.0, strength=0.4),
    "lateral": LipTarget(0.28, 0.1, 0.0, 0.0, 0.0, strength=0.5),
    "sibilant": LipTarget(0.14, 0.25, 0.0, 0.0, 0.0, strength=0.7),
    "postalveolar": LipTarget(0.2, -0.2, 0.55, 0.0, 0.0, strength=1.5, decay=10.0),
    "velar": LipTarget(0.3, 0.0, 0.0, 0.0, 0.0, strength=0.25),
    "rhotic": LipTarget(0.25, -0.1, 0.35, 0.0, 0.0, strength=0.7),
    "labiovelar": LipTarget(0.1, -0.4, 1.0, 0.0, 0.0, strength=2.0, decay=10.0),
    "front-close": LipTarget(0.28, 0.7, 0.0, 0.0, 0.0, strength=1.0),
    "mid": LipTarget(0.5, 0.3, 0.0, 0.0, 0.0, strength=1.0),
    "open": LipTarget(0.9, 0.1, 0.0, 0.0, 0.0, strength=1.2),
    "back-rounded": LipTarget(0.6, -0.3, 0.7, 0.0, 0.0, strength=1.2, decay=10.0),
    "close-rounded": LipTarget(0.25, -0.4, 0.9, 0.0, 0.0, strength=1.5, decay=10.0),
}


@dataclass(frozen=True)
class Phone:
    """A spoken phone: start and end in seconds, and its viseme."""

    start: float
    end: float
    viseme: str


def viseme_track(phones: Sequence[Phone], frames: int) -> np.ndarray:
    """Viseme number of each 10 ms frame, [frames] int64; frames outside every phone are silence."""
    track = np.zeros(frames, np.int64)
    for phone in phones:
        track[round(phone.start * 100) : round(phone.end * 100)] = VISEMES.index(phone.viseme)
    return track


def lip_track(phones: Sequence[Phone], frames: int, rng: np.random.Generator | None = None) -> np.ndarray:
    """Lip parameters [frames, 5] f32 at 100 Hz. With `rng`, every phone's strength varies by up to 30 %, as speakers
    do."""
    time = np.arange(frames) * 0.01
    pull = np.zeros((frames, len(LIP_PARAMETERS)))
    weight = np.full((frames, 1), 1e-6)
    for phone in phones:
        target = LIP_TARGETS[phone.viseme]
        strength = target.strength * (1.0 if rng is None else rng.uniform(0.7, 1.3))
        centre, half = (phone.start + phone.end) / 2, (phone.end - phone.start) / 2
        distance = np.maximum(np.abs(time - centre) - half / 2, 0.0)  # full strength over the middle half
        dominance = strength * np.exp(-target.decay * distance)[:, None]
        pull += dominance * target.pose
        weight += dominance
    lips = pull / weight
    for phone in phones:
        if phone.viseme == "bilabial":  # the lips touch for most of the closure, whatever the neighbours are
            first, last = int(phone.start * 100), int((phone.start + 0.8 * (phone.end - phone.start)) * 100) + 1
            lips[max(first, 0) : last, 0] *= 0.15
    return lips.astype(np.float32)
