"""How close a picture is to the truth: signal to noise, structure, sharpness. Pictures are [H, W, 3] in grey levels
0..255."""

from __future__ import annotations

import cv2
import numpy as np
from skimage.metrics import structural_similarity

_BINOMIAL = np.array([1, 4, 6, 4, 1], np.float32) / 16
PEAK = 255.0
MAX_DB = 100.0  # of equal pictures, so that a mean over frames stays a number


def psnr(picture: np.ndarray, truth: np.ndarray) -> float:
    """Peak signal-to-noise ratio in dB, `10 log10(255^2 / MSE)`, at most 100."""
    return _decibels(float(np.mean((picture.astype(np.float64) - truth.astype(np.float64)) ** 2)))


def psnr_where(picture: np.ndarray, truth: np.ndarray, mask: np.ndarray) -> float | None:
    """`psnr` of what a mask [H, W] u8 shows, by how much of it; None where it shows nothing."""
    shown = float(mask.sum(dtype=np.float64))
    if shown == 0:
        return None
    errors = ((picture.astype(np.float64) - truth.astype(np.float64)) ** 2).mean(-1)
    return _decibels(float((errors * mask).sum()) / shown)


def _decibels(error: float) -> float:
    return MAX_DB if error == 0 else min(MAX_DB, 10 * float(np.log10(PEAK**2 / error)))


def ssim(picture: np.ndarray, truth: np.ndarray) -> float:
    """Structural similarity (Wang et al. 2004), 7x7 windows, mean over the colour channels; 1 when equal."""
    a, b = picture.astype(np.float32), truth.astype(np.float32)
    return float(np.asarray(structural_similarity(a, b, channel_axis=2, data_range=PEAK)))


def fine_detail_energy(picture: np.ndarray) -> float:
    """Energy of what a 5-tap binomial blur removes, in squared grey levels."""
    picture = picture.astype(np.float32)
    return float(np.sum((picture - cv2.sepFilter2D(picture, -1, _BINOMIAL, _BINOMIAL)) ** 2, dtype=np.float64))


def sharpness(pictures: list[np.ndarray], truths: list[np.ndarray]) -> float:
    """Amplitude of fine detail relative to the truth's: root of the mean energy ratio over frames; 1 = as sharp."""
    ratios = [
        fine_detail_energy(picture) / max(fine_detail_energy(truth), 1e-9) for picture, truth in zip(pictures, truths)
    ]
    return float(np.sqrt(np.mean(ratios)))
