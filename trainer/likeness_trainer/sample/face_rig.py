"""What the sample's face can do: 26 linear shapes over the neutral face, each one a muscle's or the jaw's work.

The rig is linear on purpose: the same shapes, scaled, are the true expression basis of `truth.safetensors`.
"Right" and "left" are the person's; the person's right is at negative x (the picture's left).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from likeness_trainer.morphable.topology import EYE_LEFT, EYE_RIGHT
from likeness_trainer.sample.face_shape import LIP_COLUMNS

CONTROLS = (
    "jaw",
    "upper_lip",
    "lower_lip",
    "wide",
    "round",
    "funnel",
    "press",
    "tuck",
    "smile_right",
    "smile_left",
    "frown",
    "dimple",
    "chin_raise",
    "sneer",
    "cheek_right",
    "cheek_left",
    "blink_right",
    "blink_left",
    "look_up",
    "squint",
    "brow_inner",
    "brow_right",
    "brow_left",
    "brow_lower",
    "mouth_sideways",
    "throat",
)
JAW_HINGE = np.array([0.0, 0.8, -6.0])  # before the ears


def smoothstep(low: float, high: float, x: npt.ArrayLike) -> np.ndarray:
    """0 at `low`, 1 at `high` (which may be the smaller), smooth between."""
    t = np.clip((np.asarray(x) - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


class _Mouth:
    """Where every vertex stands to the closed mouth."""

    def __init__(self, neutral: np.ndarray) -> None:
        columns = np.array([upper for upper, _ in LIP_COLUMNS])
        line_x, line_y = neutral[columns, 0], neutral[columns, 1]
        self.half_width = float(np.abs(line_x).max())
        self.x = neutral[:, 0]
        self.across = np.abs(self.x) / self.half_width
        self.above = neutral[:, 1] - np.interp(self.x, line_x, line_y)
        self.centre = neutral[columns[5]]
        # How much of the mouth is slit here: 1 at its centre, 0 from the corners outwards. Every shape that opens the
        # lips opens them by this profile, so shapes that cancel in the middle cancel along the whole mouth.
        self.slit = 1 - smoothstep(0.35, 1.0, self.across)
        lower = np.zeros(len(neutral), bool)
        lower[self.above < -1e-6] = True
        lower[[low for _, low in LIP_COLUMNS[1:-1]]] = True
        self.is_lower = lower


def jaw_weight(neutral: np.ndarray) -> np.ndarray:
    """[V], 0..1: how far a vertex goes with the jaw."""
    mouth = _Mouth(neutral)
    soft = smoothstep(1.6, -2.6, mouth.above) * smoothstep(-7.2, -3.2, neutral[:, 2])
    return mouth.slit * mouth.is_lower + (1 - mouth.slit) * soft


def jaw_motion(points: np.ndarray) -> np.ndarray:
    """Displacement [P, 3] of points fixed to the jaw when the lips' middle opens by 1 cm (first order of the
    rotation)."""
    arm = points - JAW_HINGE
    angle = 1 / 8.2  # the lips are about 8.2 cm before the hinge
    return np.stack([np.zeros(len(arm)), -angle * arm[:, 2], angle * arm[:, 1]], 1)


def face_shapes(neutral: np.ndarray) -> np.ndarray:
    """Displacements [26, 468, 3], cm at control 1, in the order of CONTROLS."""
    mouth = _Mouth(neutral)
    x, y = neutral[:, 0], neutral[:, 1]
    side = np.sign(x) * np.minimum(1, np.abs(x) / 0.2)
    beyond = np.maximum(0, mouth.across - 1)
    vertical = np.exp(-((mouth.above / 1.7) ** 2))
    around = vertical * np.exp(-((beyond * mouth.half_width / 1.7) ** 2))
    upper_part = mouth.slit * ~mouth.is_lower * np.exp(-((mouth.above / 1.25) ** 2))
    lower_part = mouth.slit * mouth.is_lower * np.exp(-((mouth.above / 1.35) ** 2))
    corner = np.exp(-(((np.abs(x) - mouth.half_width) / 1.5) ** 2) - (mouth.above / 1.5) ** 2)
    lip = np.exp(-((mouth.above / 0.9) ** 2)) * (1 - smoothstep(0.85, 1.25, mouth.across))
    zero = np.zeros_like(x)
    shapes: dict[str, np.ndarray] = {name: np.zeros_like(neutral) for name in CONTROLS}

    swing = jaw_motion(neutral)
    swing /= -swing[14, 1]
    at_lips = np.exp(-((mouth.above / 0.8) ** 2))[:, None] * mouth.is_lower[:, None]
    level = (
        at_lips * swing[14] + (1 - at_lips) * swing
    )  # the lip's edge goes straight down, whatever its distance to the hinge
    weight, slit = jaw_weight(neutral)[:, None], (mouth.slit * mouth.is_lower)[:, None]
    shapes["jaw"] = slit * level + (weight - slit) * swing
    shapes["upper_lip"] = np.stack([zero, upper_part, 0.20 * upper_part], 1)
    shapes["lower_lip"] = np.stack([zero, -lower_part, 0.12 * lower_part], 1)
    pull = side * np.minimum(1, mouth.across) * around
    shapes["wide"] = np.stack([0.75 * pull, 0.10 * corner, -0.35 * corner], 1)
    shapes["round"] = np.stack(
        [-1.05 * pull, 0 * corner, 0.75 * lip * np.exp(-((mouth.across / 0.9) ** 2)) + 0.15 * around], 1
    )
    roll = np.sign(mouth.above) * np.exp(-(((np.abs(mouth.above) - 0.75) / 0.5) ** 2)) * lip
    shapes["funnel"] = np.stack([-0.45 * pull, 0.28 * roll, 0.55 * lip], 1)
    shapes["press"] = np.stack([0.10 * pull, -0.30 * roll, -0.22 * lip], 1)
    shapes["tuck"] = np.stack([zero, 0.20 * lower_part, -0.85 * lower_part], 1)
    for name, sign in (("right", -1), ("left", 1)):
        half = smoothstep(-0.9, 0.9, sign * x)
        lift = half * corner
        cheek = half * np.exp(-(((np.abs(x) - 4.3) / 1.8) ** 2) - ((y - 0.3) / 2.0) ** 2)
        shapes[f"smile_{name}"] = np.stack(
            [
                0.55 * side * half * around * np.minimum(1, mouth.across),
                0.70 * lift + 0.25 * cheek,
                -0.30 * lift + 0.22 * cheek,
            ],
            1,
        )
        shapes[f"cheek_{name}"] = np.stack([zero, 0.40 * cheek, 0.25 * cheek], 1)
        brow = half * np.exp(-(((np.abs(x) - 3.8) / 2.0) ** 2) - ((y - 6.1) / 1.6) ** 2)
        shapes[f"brow_{name}"] = np.stack([zero, 0.75 * brow, 0.05 * brow], 1)
    shapes["frown"] = np.stack([0.1 * side * corner, -0.55 * corner, zero], 1)
    shapes["dimple"] = np.stack([0.25 * side * corner, zero, -0.30 * corner], 1)
    chin = np.exp(-((x / 1.8) ** 2) - ((y + 7.0) / 1.4) ** 2)
    shapes["chin_raise"] = np.stack([zero, 0.40 * chin + 0.0 * lower_part, 0.18 * chin], 1)
    wing = np.exp(-(((np.abs(x) - 1.6) / 0.9) ** 2) - ((y - 0.1) / 1.0) ** 2)
    shapes["sneer"] = np.stack([0.10 * side * wing, 0.30 * wing, zero], 1)
    for name, loop in (("right", EYE_RIGHT), ("left", EYE_LEFT)):
        shapes[f"blink_{name}"] = _blink(neutral, loop)
    lids = _upper_lid(neutral, EYE_RIGHT) + _upper_lid(neutral, EYE_LEFT)
    shapes["look_up"] = lids[:, None] * np.array([0.0, 0.22, -0.04])
    for loop in (EYE_RIGHT, EYE_LEFT):
        below = neutral[list(loop)][:, :2].mean(0)
        bag = np.exp(-(((x - below[0]) / 1.7) ** 2) - ((y - below[1] + 0.75) / 0.6) ** 2)
        shapes["squint"] += bag[:, None] * np.array([0.0, 0.22, 0.06])
    inner = np.exp(-(((np.abs(x) - 1.7) / 1.3) ** 2) - ((y - 6.0) / 1.5) ** 2)
    shapes["brow_inner"] = np.stack([zero, 0.65 * inner, 0.05 * inner], 1)
    knit = np.exp(-(((np.abs(x) - 2.2) / 2.0) ** 2) - ((y - 5.8) / 1.3) ** 2)
    shapes["brow_lower"] = np.stack([-0.22 * side * knit, -0.45 * knit, 0.08 * knit], 1)
    shapes["mouth_sideways"] = np.stack([0.5 * around, zero, zero], 1)
    throat = smoothstep(-7.0, -8.5, y)
    shapes["throat"] = np.stack([zero, -0.25 * throat, zero], 1)
    return np.stack([shapes[name] for name in CONTROLS])


def _lid_chains(loop: tuple[int, ...]) -> tuple[list[int], list[int]]:
    """The upper and the lower margin between the corners, in the same direction."""
    return list(loop[1:8]), list(loop[:8:-1])


def _upper_lid(neutral: np.ndarray, loop: tuple[int, ...]) -> np.ndarray:
    """[V], 0..1: 1 on the upper lid's margin, fading towards the brow, 0 on the lower lid and in the corners."""
    upper, lower = _lid_chains(loop)
    margin, corners = neutral[upper], neutral[[loop[0], loop[8]]]
    low, high = sorted(corners[:, 0])
    x, y = neutral[:, 0], neutral[:, 1]
    order = np.argsort(margin[:, 0])
    along = np.interp(x, [low, *margin[order, 0], high], [0, 0.75, 1, 1, 1, 1, 1, 0.75, 0])
    edge = np.interp(x, [low, *margin[order, 0], high], [corners[:, 1].mean(), *margin[order, 1], corners[:, 1].mean()])
    weight = along * np.exp(-((np.maximum(0, y - edge) / 0.62) ** 2)) * (y > edge - 0.25)
    weight[lower] = 0
    weight[[loop[0], loop[8]]] = 0
    weight[upper] = np.maximum(weight[upper], 0.8)
    return weight


def _blink(neutral: np.ndarray, loop: tuple[int, ...]) -> np.ndarray:
    """The upper lid down to the lower one, which rises a little; they meet exactly."""
    upper, lower = _lid_chains(loop)
    order = np.argsort(neutral[upper, 0])
    meet = 0.15 * neutral[upper] + 0.85 * neutral[lower]
    weight = _upper_lid(neutral, loop)
    travel = np.stack(
        [np.interp(neutral[:, 0], neutral[upper, 0][order], (meet - neutral[upper])[order, axis]) for axis in range(3)],
        1,
    )
    shape = weight[:, None] * travel
    shape[upper] = meet - neutral[upper]
    shape[lower] = meet - neutral[lower]
    for vertex in lower:
        away = neutral[:, :2] - neutral[vertex, :2]
        near = np.exp(-((away**2).sum(1) / 0.35**2)) * (away[:, 1] < -1e-6)
        shape += 0.4 * near[:, None] * (meet - neutral[lower])[lower.index(vertex)]
    return shape
