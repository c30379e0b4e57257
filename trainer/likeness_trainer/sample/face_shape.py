"""The sample person's neutral face: the generic mean face made symmetric, given features of its own, mouth closed."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

from likeness_trainer.morphable.generic_face import mean_shape
from likeness_trainer.morphable.topology import INNER_LIP

# The inner lip's columns from corner to corner: (upper, lower) vertices; the corners are both.
LIP_COLUMNS = tuple((INNER_LIP[k], INNER_LIP[-k % len(INNER_LIP)]) for k in range(11))

LIP_GAP = 0.02  # cm between closed lips

# Where (cm, head space), how far it reaches (cm), and how it moves (cm; x is outwards): what tells this face from the
# mean.
FEATURES: tuple[tuple[tuple[float, float, float], float, tuple[float, float, float]], ...] = (
    ((6.4, -4.6, -5.0), 2.6, (-0.55, 0.10, 0.10)),  # narrower jaw angle
    ((4.0, -7.5, -1.5), 2.2, (-0.25, 0.10, 0.10)),
    ((0.0, -8.2, 0.3), 1.5, (0.0, 0.15, 0.30)),  # a firmer chin
    ((4.6, 0.6, 0.6), 1.8, (0.12, 0.15, 0.28)),  # cheekbones
    ((1.4, 0.0, 2.0), 1.1, (-0.22, 0.06, 0.0)),  # slimmer wings of the nose
    ((0.0, 0.4, 3.4), 1.2, (0.0, 0.10, -0.15)),
    ((3.3, 4.6, 0.2), 1.6, (0.0, 0.16, 0.0)),  # larger eyes, higher brows
    ((4.3, 6.0, 0.2), 1.7, (0.0, 0.18, 0.0)),
    ((0.0, 3.6, 1.2), 1.0, (0.0, 0.0, -0.10)),
    ((0.0, -5.2, 1.5), 1.0, (0.0, -0.10, 0.10)),  # a fuller lower lip
    ((0.0, -3.0, 1.6), 0.9, (0.0, 0.10, 0.10)),
)


def mirror_pairs(shape: np.ndarray) -> np.ndarray:
    """For every vertex of shape [V, 3] the one that is its mirror image across x = 0, [V]."""
    return linear_sum_assignment(cdist(shape * [-1, 1, 1], shape))[1]


def neutral_face() -> np.ndarray:
    """[468, 3] f64, cm, head space: symmetric, lips touching along the whole mouth."""
    shape = mean_shape().astype(np.float64)
    pairs = mirror_pairs(shape)
    mirrored = shape[pairs] * [-1, 1, 1]
    shape = (shape + mirrored) / 2
    side = np.sign(shape[:, :1]) * np.minimum(1, np.abs(shape[:, :1]) / 0.3)
    moved = np.zeros_like(shape)
    for place, reach, step in FEATURES:
        distance = np.linalg.norm((shape - place) / reach, axis=1)
        distance = np.minimum(distance, np.linalg.norm((shape * [-1, 1, 1] - place) / reach, axis=1))
        moved += (
            np.exp(-(distance**2))[:, None] * np.concatenate([side, np.ones_like(side), np.ones_like(side)], 1) * step
        )
    return close_mouth(shape + moved)


def close_mouth(shape: np.ndarray) -> np.ndarray:
    """Bring the lips together on a line two fifths up from the lower lip, the flesh around them following."""
    closed = shape.copy()
    for upper, lower in LIP_COLUMNS[1:-1]:
        gap = shape[upper] - shape[lower]
        for vertex, step, side in ((upper, -0.35 * gap, 1.0), (lower, 0.65 * gap, -1.0)):
            away = shape - shape[vertex]
            near = np.exp(-((away[:, 0] / 0.42) ** 2)) * np.exp(-((away[:, 1] / (0.7 if side > 0 else 1.2)) ** 2))
            near *= side * away[:, 1] > -1e-9
            # the columns stand about 0.5 cm apart, so their windows add up to roughly 1.5 at a vertex
            closed += (near / 1.5)[:, None] * step
    for upper, lower in LIP_COLUMNS[1:-1]:
        meeting = 0.4 * closed[upper] + 0.6 * closed[lower]
        apart = np.array([0, LIP_GAP / 2, 0])  # not quite one point: triangles must keep an area
        closed[upper], closed[lower] = meeting + apart, meeting - apart
    return closed
