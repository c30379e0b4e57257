"""What of a face looks like something else: a hand or a microphone before it, and not light or its own hair."""

from __future__ import annotations

import numpy as np
from scipy.stats import norm

_CHANGE = 22.0  # grey levels: more than light or wrinkles do
_DEVIATIONS = 3.0  # and, where strands of hair or gloss come and go, that many of what is usual there
_USUAL = 0.3  # of the frames are this near to their template: what covers a face does so in fewer than the others
_FACING = 0.4  # cosine to the camera: skin turned further away shows hair and background at the slightest error


def change_of(
    texture: np.ndarray, template: np.ndarray, normals: np.ndarray, rotation: np.ndarray, translation: np.ndarray
) -> np.ndarray:
    """By how many grey levels [M] a frame's texture [M] is lighter than the face on average, `template` [M], less by
    how many all of it is; nan for what of the surface, `normals` [M, 3], its pose does not turn to the camera."""
    towards = -translation @ rotation
    facing = normals @ (towards / np.linalg.norm(towards)) > _FACING
    change = np.where(facing, texture - template, np.nan)
    return change - np.median(change[facing]) if facing.any() else change


def most_changes(changes: np.ndarray) -> np.ndarray:
    """The most [M] that the face itself changes, by the changes [n, M] of frames over all of the video."""
    ordered = np.sort(np.nan_to_num(np.abs(changes), nan=np.inf), 0)
    count = np.isfinite(changes).sum(0)
    usual = np.take_along_axis(ordered, (_USUAL * np.maximum(count - 1, 0)).astype(int)[None], 0)[0]
    deviation = np.where(count > 0, usual, 0) / norm.ppf(0.5 + _USUAL / 2)
    return np.maximum(_CHANGE, _DEVIATIONS * deviation)


def covered_share(change: np.ndarray, most: np.ndarray) -> float:
    """0..1: the share of what faces the camera that changed by more than the face itself does."""
    seen = np.isfinite(change)
    return float((np.abs(change[seen]) > most[seen]).mean()) if seen.any() else 0.0
