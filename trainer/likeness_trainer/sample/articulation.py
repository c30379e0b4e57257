"""Phones to mouth movements: articulatory targets blended by dominance, lips closed hard where speech closes them.

Cohen and Massaro (1993), "Modeling coarticulation in synthetic visual speech": every phone pulls every articulator
towards its target with a strength that falls off exponentially before and after it; the movement is the weighted mean.
"""

from __future__ import annotations

import numpy as np

from likeness_trainer.sample.voice import Phone

ARTICULATORS = ("jaw", "upper_lip", "lower_lip", "wide", "round", "funnel", "tuck", "tongue")
BILABIAL, LABIODENTAL = frozenset("bmp"), frozenset("fv")
# Targets in the order of ARTICULATORS; openings in cm, the rest as the rig's controls.
TARGETS: dict[str, tuple[float, ...]] = {
    "pau": (0.02, 0.00, 0.00, 0.05, 0.00, 0.00, 0.0, 0.1),
    "aa": (1.05, 0.06, 0.16, 0.10, 0.00, 0.00, 0.0, 0.0),
    "ae": (0.90, 0.14, 0.22, 0.50, 0.00, 0.00, 0.0, 0.1),
    "ah": (0.70, 0.06, 0.16, 0.12, 0.00, 0.05, 0.0, 0.1),
    "ao": (0.82, 0.02, 0.12, 0.00, 0.50, 0.35, 0.0, 0.0),
    "ax": (0.42, 0.06, 0.13, 0.10, 0.00, 0.00, 0.0, 0.2),
    "eh": (0.66, 0.10, 0.20, 0.40, 0.00, 0.00, 0.0, 0.2),
    "er": (0.38, 0.08, 0.15, 0.00, 0.38, 0.40, 0.0, 0.3),
    "ih": (0.42, 0.10, 0.20, 0.42, 0.00, 0.00, 0.0, 0.3),
    "iy": (0.30, 0.12, 0.24, 0.80, 0.00, 0.00, 0.0, 0.4),
    "uh": (0.42, 0.04, 0.12, 0.00, 0.50, 0.25, 0.0, 0.0),
    "uw": (0.24, 0.05, 0.08, 0.00, 0.95, 0.30, 0.0, 0.0),
    "w": (0.18, 0.05, 0.05, 0.00, 1.05, 0.25, 0.0, 0.0),
    "y": (0.26, 0.10, 0.20, 0.60, 0.00, 0.00, 0.0, 0.4),
    "r": (0.30, 0.06, 0.12, 0.00, 0.50, 0.45, 0.0, 0.2),
    "l": (0.38, 0.06, 0.14, 0.15, 0.00, 0.00, 0.0, 1.0),
    "d": (0.26, 0.07, 0.15, 0.22, 0.00, 0.00, 0.0, 0.9),
    "th": (0.30, 0.07, 0.16, 0.18, 0.00, 0.00, 0.0, 1.0),
    "s": (0.13, 0.13, 0.25, 0.40, 0.00, 0.05, 0.0, 0.6),
    "sh": (0.16, 0.16, 0.24, 0.00, 0.40, 0.70, 0.0, 0.3),
    "k": (0.38, 0.06, 0.13, 0.15, 0.00, 0.00, 0.0, 0.0),
    "hh": (0.45, 0.06, 0.12, 0.10, 0.00, 0.00, 0.0, 0.1),
    "b": (0.16, 0.00, 0.00, 0.08, 0.00, 0.00, 0.0, 0.1),
    "f": (0.22, 0.22, 0.00, 0.15, 0.00, 0.00, 1.0, 0.1),
}
ALIKE = {
    "t": "d",
    "n": "d",
    "dx": "d",
    "el": "l",
    "en": "d",
    "dh": "th",
    "z": "s",
    "zh": "sh",
    "ch": "sh",
    "jh": "sh",
    "g": "k",
    "ng": "k",
    "p": "b",
    "m": "b",
    "v": "f",
    "axr": "er",
    "ix": "ih",
}
DIPHTHONGS = {"ay": ("aa", "ih"), "aw": ("aa", "uw"), "ey": ("eh", "iy"), "ow": ("ao", "uw"), "oy": ("ao", "ih")}
VOWELS = frozenset(("aa", "ae", "ah", "ao", "ax", "eh", "er", "ih", "iy", "uh", "uw"))
# How strongly each phone class holds its targets (order of ARTICULATORS); a consonant leaves what it does not need to
# its neighbours.
HOLD = {
    "vowel": (1.0, 0.8, 0.8, 0.9, 0.9, 0.7, 0.4, 0.5),
    "silence": (0.6, 0.5, 0.5, 0.35, 0.4, 0.4, 0.5, 0.5),
    "tongue": (0.75, 0.35, 0.35, 0.25, 0.15, 0.15, 0.4, 1.4),
    "lips": (0.7, 1.2, 1.2, 0.3, 0.25, 0.4, 1.5, 0.2),
    "rounded": (0.7, 0.8, 0.8, 1.0, 1.6, 1.2, 0.5, 0.5),
    "breath": (0.10, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1),
}
FALL_PER_SECOND = np.array([17.0, 20.0, 20.0, 14.0, 12.0, 14.0, 26.0, 24.0])  # rounding starts early and lingers


def _hold(phone: str) -> tuple[float, ...]:
    if phone in VOWELS and phone not in ("uw",):
        return HOLD["vowel"]
    if phone in ("uw", "w", "r", "sh"):
        return HOLD["rounded"]
    if phone in ("b", "f"):
        return HOLD["lips"]
    return HOLD["silence" if phone == "pau" else "breath" if phone == "hh" else "tongue"]


def _segments(phones: tuple[Phone, ...]) -> list[tuple[str, float, float]]:
    segments = []
    for phone in phones:
        halves = DIPHTHONGS.get(phone.name)
        if halves:
            turn = 0.55 * phone.start + 0.45 * phone.end
            segments += [(halves[0], phone.start, turn), (halves[1], turn, phone.end)]
        else:
            name = ALIKE.get(phone.name, phone.name)
            segments.append((name if name in TARGETS else "ax", phone.start, phone.end))
    return segments


def _plateau(times: np.ndarray, phones: tuple[Phone, ...], names: frozenset[str], frame: float) -> np.ndarray:
    """[T] 0..1: 1 through the heart of each named phone, at least one frame long, with 45 ms flanks."""
    level = np.zeros(len(times))
    for phone in phones:
        if phone.name in names:
            middle = (phone.start + phone.end) / 2
            half = max((phone.end - phone.start) / 2 - 0.015, 0.55 * frame)
            t = np.clip(1 - (np.abs(times - middle) - half) / 0.045, 0, 1)
            level = np.maximum(level, t * t * (3 - 2 * t))
    return level


def articulate(phones: tuple[Phone, ...], times: np.ndarray, loudness: np.ndarray) -> dict[str, np.ndarray]:
    """Controls [T] by name at `times` (seconds, even steps): the articulators, and "press" for lips pressed together.

    loudness [T], about 0..1, widens and narrows the jaw's opening a little.
    """
    weighted = np.zeros((len(times), len(ARTICULATORS)))
    weight = np.full_like(weighted, 1e-9)
    for name, start, end in _segments(phones):
        distance = np.maximum(0, np.abs(times - (start + end) / 2) - 0.25 * (end - start))[:, None]
        dominance = np.array(_hold(name)) * np.exp(-FALL_PER_SECOND * distance)
        weighted += dominance * np.array(TARGETS[name])
        weight += dominance
    moved: dict[str, np.ndarray] = dict(zip(ARTICULATORS, (weighted / weight).T))
    moved["jaw"] = moved["jaw"] * (0.86 + 0.28 * np.clip(loudness, 0, 1))

    frame = times[1] - times[0] if len(times) > 1 else 0.04
    seal = _plateau(times, phones, BILABIAL, frame)
    bite = _plateau(times, phones, LABIODENTAL, frame) * (1 - seal)
    gap = moved["jaw"] + moved["upper_lip"] + moved["lower_lip"]
    # Closing: the lower lip goes most of the way. Biting: it stops where the upper teeth stand.
    for level, left, lower_share in ((seal, 0.0, 0.72), (bite, 0.26, 1.0)):
        missing = level * (gap - left)
        moved["lower_lip"] = moved["lower_lip"] - lower_share * missing
        moved["upper_lip"] = moved["upper_lip"] - (1 - lower_share) * missing
        gap = gap - missing
    moved["press"] = 0.8 * seal
    moved["tuck"] = moved["tuck"] * (1 - seal)
    return moved
