"""Scales of traits: what tells nothing of a region is let go, what does weighs more, and few frames tell neither."""

from __future__ import annotations

import numpy as np
import pytest

from likeness_trainer.appearance.metric import learnt_scales
from likeness_trainer.appearance.regression import Kernel, fit_kernel, left_out

FRAMES = 240


@pytest.fixture(scope="module")
def told() -> tuple[np.ndarray, np.ndarray]:
    """Slow traits, of which the second alone says what is seen, in small steps; the first is loud."""
    random = np.random.default_rng(5)
    slow = np.cumsum(random.normal(size=(FRAMES, 3)), 0)
    traits = (slow - slow.mean(0)) / slow.std(0) * [1, 0.2, 1]
    values = np.sin(10 * traits[:, 1:2] + np.arange(12)) + 0.1 * random.normal(size=(FRAMES, 12))
    return traits, values


def test_a_quiet_trait_that_tells_all_is_made_more_of(told):
    traits, values = told
    kernel, error = fit_kernel(traits, values)
    scales, learnt = learnt_scales(traits, values, kernel)
    assert scales[1] > 3 * scales[0] and scales[1] > 3 * scales[2]
    assert ((left_out(learnt, traits * scales, values) - values) ** 2).mean() < error / 2
    again, _ = learnt_scales(traits, values, kernel)
    np.testing.assert_array_equal(again, scales)


def test_few_frames_tell_nothing_of_traits(told):
    kernel = Kernel(2.2, 0.2)
    scales, kept = learnt_scales(told[0][:50], told[1][:50], kernel)
    assert scales.tolist() == [1, 1, 1] and kept == kernel


def test_what_is_minimised_is_the_error_of_pieces_left_out(told):
    # No trait tells anything of noise that frames beside each other share: nothing is won by any scale.
    noise = np.repeat(np.random.default_rng(6).normal(size=(FRAMES // 6, 4)), 6, 0)
    kernel, error = fit_kernel(told[0], noise)
    scales, learnt = learnt_scales(told[0], noise, kernel)
    after = ((left_out(learnt, told[0] * scales, noise) - noise) ** 2).mean()
    assert error * 0.9 < after < error * 1.1
