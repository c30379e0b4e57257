"""CPBD against cases worked out by hand, and on blurs that grow."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
import pytest

from likeness_trainer.metrics.blur import blur_seen, cpbd, upright_edges


def ramps(widths: list[int], low: int = 60, high: int = 180) -> np.ndarray:
    """A picture [64 * n, 64, 3] of bands of 64 rows, in each an upright edge of that many pixels."""
    columns = np.arange(64)
    rows = [np.interp(columns, [32 - width / 2, 32 + width / 2], [low, high]) for width in widths]
    return np.repeat(np.repeat(np.array(rows), 64, 0)[..., None], 3, 2).round().astype(np.uint8)


def test_an_edge_is_as_wide_as_its_grey_levels_rise_or_fall():
    rise, fall = [10, 40, 70, 100, 130], [130, 60, 10]  # over 4 pixels and over 2
    row = np.array([10] * 30 + rise + [130] * 20 + fall + [10] * 30, np.float64)
    on_edge, widths = upright_edges(np.repeat(row[None], 8, 0))
    places = np.flatnonzero(on_edge[4])
    assert set(widths[4][places[places < 45]].tolist()) == {4}
    assert set(widths[4][places[places >= 45]].tolist()) == {2}


def test_blur_is_seen_with_the_papers_probability():
    assert blur_seen(np.array([3.0]), 51)[0] == pytest.approx(1 - np.exp(-1))
    assert blur_seen(np.array([5.0]), 50)[0] == pytest.approx(1 - np.exp(-1))
    assert blur_seen(np.array([4.0]), 120)[0] == pytest.approx(1 - np.exp(-((4 / 3) ** 3.6)))  # .940


def test_the_measure_is_the_share_of_edges_nobody_takes_for_blurred():
    assert cpbd(ramps([2, 2])) == 1
    assert cpbd(ramps([8, 8])) == 0
    # low contrast: 5 pixels are not yet noticed, 8 are; either way the edges weigh by their number of crest pixels
    assert cpbd(ramps([4], 100, 140)) == 1 and cpbd(ramps([4], 60, 180)) == 0
    mixed = cpbd(ramps([2, 8]))
    on_edge, widths = upright_edges(ramps([2, 8])[..., 0].astype(np.float64))
    assert mixed == pytest.approx((widths[on_edge] <= 3).mean()) and 0 < mixed < 1


def test_more_blur_is_less_sharp():
    squares = np.kron(np.random.default_rng(0).integers(40, 216, (16, 16)), np.ones((16, 16))).astype(np.uint8)
    picture = np.repeat(squares[..., None], 3, 2)
    blurred = [cpbd(cv2.GaussianBlur(picture, (0, 0), sigma)) for sigma in (0.3, 0.5, 0.6, 0.8, 2.0)]
    assert cpbd(picture) == 1
    assert all(a >= b for a, b in pairwise(blurred)) and blurred[0] > blurred[2] > blurred[4]
    assert blurred[-1] < 0.2


def test_a_picture_without_edges_has_none():
    assert cpbd(np.full((80, 80, 3), 90, np.uint8)) is None
