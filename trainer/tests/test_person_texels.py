"""Which texels show the person: what passes behind them must not choose how they are regressed."""

from __future__ import annotations

import numpy as np
import pytest

from likeness_trainer.appearance.kernel_choice import kernel_for
from likeness_trainer.appearance.person_texels import person_texels, surely_person
from likeness_trainer.appearance.regression import fit_kernel

SIDE = 128
BORDER = 4  # of so many pixels: 9/256 of the side, rounded to even: 4.5 -> 4


def opaque(left: int, right: int) -> np.ndarray:
    picture = np.zeros((SIDE, SIDE, 4), np.float32)
    picture[:, left:right, 3] = 255
    return picture


def test_a_person_lies_within_the_border_of_the_alpha():
    found = surely_person(opaque(40, 90))
    assert found.all(0).tolist() == found.any(0).tolist()
    assert np.flatnonzero(found.all(0)).tolist() == list(range(40 + BORDER, 90 - BORDER))


def test_texels_are_the_persons_which_nine_of_ten_frames_show():
    layouts = [opaque(40, 90)] * 9 + [opaque(40, 60)]
    assert np.flatnonzero(person_texels(layouts).all(0)).tolist() == list(range(40 + BORDER, 90 - BORDER))
    layouts = [opaque(40, 90)] * 8 + [opaque(40, 60)] * 2
    assert np.flatnonzero(person_texels(layouts).all(0)).tolist() == list(range(40 + BORDER, 60 - BORDER))


def test_where_nothing_tells_a_person_from_what_is_behind_all_texels_count():
    assert person_texels([np.zeros((SIDE, SIDE, 3))] * 3).all() and surely_person(np.zeros((SIDE, SIDE, 3))).all()
    assert person_texels([opaque(0, 0)] * 3).all()
    with pytest.raises(ValueError):
        person_texels([])


def test_a_background_that_moves_does_not_choose_how_its_person_is_regressed():
    random = np.random.default_rng(5)
    traits = np.column_stack([np.linspace(-3, 3, 120), random.uniform(-2, 2, 120)])
    person = np.sin(traits[:, 1:] + np.linspace(0, 3, 40)) + np.sin(traits[:, 1:])
    behind = 40 * random.normal(size=(20, 40)).repeat(6, 0)  # other things every few frames
    seen = np.concatenate([person, behind - behind.mean(0)], 1)
    seen -= seen.mean(0)
    of_person = np.arange(80) < 40
    alone, _ = fit_kernel(traits, seen[:, :40])
    together, error = fit_kernel(traits, seen)
    assert together != alone and error > (seen**2).mean()
    kernel, chosen = kernel_for(traits, seen, np.arange(80), of_person, random)
    assert kernel == alone and of_person[chosen].all()
    # one that stands still has a say: all values are as they were
    still = np.concatenate([person - person.mean(0), 0.1 * seen[:, :40]], 1)
    assert kernel_for(traits, still, np.arange(80), of_person, random)[0] == fit_kernel(traits, still)[0]
