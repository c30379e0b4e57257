"""Crops at the source's own resolution: enlarged as the avatar engine enlarges them."""

from __future__ import annotations

import numpy as np
import pytest

from likeness_trainer.metrics.crops import Box
from likeness_trainer.metrics.native import enlarged, laid_over


def opaque(values: np.ndarray) -> np.ndarray:
    """[S,S,4] of grey values [S] across."""
    grey = np.repeat(values[None, :, None], len(values), 0)
    return np.concatenate([np.repeat(grey, 3, 2), np.ones_like(grey)], 2).astype(np.float32)


def test_a_bright_column_is_enlarged_by_catmull_rom():
    row = enlarged(opaque(np.array([0, 0, 0.5, 0, 0])), 10)[5, :, 0]
    # pixel 4 lies a quarter before the old pixel 2, pixel 3 three quarters: 1 - 2.5 x^2 + 1.5 x^3 of them
    near, far = 1 - 2.5 / 16 + 1.5 / 64, 1 - 2.5 * 9 / 16 + 1.5 * 27 / 64
    np.testing.assert_allclose(row[[3, 4, 5, 6]], 0.5 * np.array([far, near, near, far]), atol=1e-6)
    assert row[[0, 1, 2]].max() == 0  # what would be less than black is black


def test_a_ramp_stays_one_and_what_is_clear_stays_clear():
    ramp = np.linspace(0.1, 0.9, 8)
    large = enlarged(opaque(ramp), 24)[12, :, 0]
    np.testing.assert_allclose(np.diff(large[6:18]), (ramp[1] - ramp[0]) / 3, atol=1e-6)
    half = opaque(np.full(8, 0.6))
    half[:, 4:, 3] = 0
    half[:, 4:, :3] = 0.9  # colours of what cannot be seen
    plate = np.full((24, 24, 3), 50, np.uint8)
    shown = laid_over(half, plate)
    assert (shown[:, :6] == 153).all() and (shown[:, 18:] == 50).all()
    assert shown[:, :12].max() <= 153 + 12  # no rim in the hidden colour, which is brighter


def test_a_crop_of_the_backgrounds_size_is_laid_over_as_it_is():
    rgba = opaque(np.linspace(0, 1, 16))
    rgba[..., 3] = 0.5
    plate = np.full((16, 16, 3), 100, np.uint8)
    expected = np.round(np.linspace(0, 1, 16) * 127.5 + 50)
    np.testing.assert_allclose(laid_over(rgba, plate)[3, :, 0], expected, atol=1)


def test_a_box_keeps_its_place_in_a_larger_picture():
    assert Box(10, 20, 30, 41).scaled(2.5) == Box(25, 50, 75, pytest.approx(102, abs=1))
