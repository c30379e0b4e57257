"""Made-up people: how their faces differ is known, so a model of them is the best that there can be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from likeness_trainer.morphable.generic_face import mean_shape
from likeness_trainer.morphable.harmonics import axis_basis
from likeness_trainer.morphable.topology import VERTICES
from likeness_trainer.sample.face_rig import face_shapes
from likeness_trainer.sample.face_shape import FEATURES, close_mouth, mirror_pairs

_WIDEST = 0.22  # cm a vertex: how far faces differ at the lowest harmonics
_WAVES = 10
_FEATURE_SPREAD = 1.2  # of the sample person's features, one deviation


@dataclass(frozen=True)
class Population:
    """Faces are `mean + sum_k a_k rows_k` with a_k of unit variance; expressions likewise. cm, head space."""

    mean: np.ndarray  # [468, 3]
    identity: np.ndarray  # [K, 468, 3]
    expression: np.ndarray  # [E, 468, 3]

    def face(self, seed: int) -> np.ndarray:
        """Somebody [468, 3], mouth closed."""
        drawn = np.random.default_rng(seed).normal(size=len(self.identity))
        return close_mouth(self.mean + np.tensordot(drawn, self.identity, 1))


def kin() -> Population:
    """People who differ as the sample person does from the mean: features of her kind, and broad proportions."""
    mean = close_mouth(_symmetric(mean_shape().astype(np.float64)))
    rows = [_FEATURE_SPREAD * _feature(mean, *feature) for feature in FEATURES]
    return Population(mean, np.concatenate([np.stack(rows), _proportions(0)]), 0.3 * face_shapes(mean))


def strangers() -> Population:
    """People of another kind: another mean, and differences that have nothing to do with the others'."""
    mean = kin().mean
    generator = np.random.default_rng(17)
    away = np.tensordot(generator.normal(0, 0.6, 3 * (_WAVES - 1)), _proportions(5), 1)
    return Population(close_mouth(mean + away), _proportions(9), 0.3 * face_shapes(mean))


def _symmetric(shape: np.ndarray) -> np.ndarray:
    return (shape + shape[mirror_pairs(shape)] * [-1, 1, 1]) / 2


def _feature(shape: np.ndarray, place: tuple, reach: float, step: tuple) -> np.ndarray:
    """One feature's move [468, 3] on both sides of the face."""
    side = np.sign(shape[:, :1]) * np.minimum(1, np.abs(shape[:, :1]) / 0.3)
    away = np.minimum(*(np.linalg.norm((shape * [sign, 1, 1] - place) / reach, axis=1) for sign in (1, -1)))
    return np.exp(-(away**2))[:, None] * np.concatenate([side, np.ones((VERTICES, 2))], 1) * step


def _proportions(seed: int) -> np.ndarray:
    """Broad differences [27, 468, 3], falling with the harmonics' fineness; mixed, so that no axis is special."""
    waves = axis_basis(1, _WAVES)
    strength = _WIDEST * np.sqrt(VERTICES) / np.tile(np.arange(1, _WAVES), 3) ** 1.2
    mixed = np.linalg.qr(np.random.default_rng(seed).normal(size=(len(waves), len(waves))))[0]
    return np.tensordot(mixed, waves * strength[:, None, None] / np.sqrt(3), 1)
