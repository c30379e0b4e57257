"""Every shipped recipe loads, and its length can be set."""

from __future__ import annotations

import pytest

from likeness_trainer.protocol import TrainerError
from likeness_trainer.training.presets import EXPORT_SHARE, PRESETS, Recipe, recipe_for
from likeness_trainer.training.spans import stage_costs


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_a_valid_recipe(name: str) -> None:
    recipe = recipe_for(name, None)
    assert recipe.steps == recipe.volume_steps + recipe.refine_steps + recipe.adversarial_steps + recipe.fast_steps
    assert recipe.batch % 2 == 0  # two threads of a processor share it


def test_presets_grow_and_are_as_long_as_they_say() -> None:
    assert PRESETS["instant"].minutes <= 1 and not PRESETS["instant"].trains
    assert [PRESETS[name].minutes for name in ("draft", "standard")] == [10, 30]
    assert all(recipe.trains for name, recipe in PRESETS.items() if name != "instant")


@pytest.mark.parametrize("name", PRESETS)
def test_its_stages_last_as_long_as_the_whole(name: str) -> None:
    recipe = PRESETS[name]
    costs = stage_costs(recipe)
    assert len(costs) == (7 if recipe.trains else 2) and min(costs) > 0
    assert sum(costs) == pytest.approx(recipe.minutes)


def test_what_trains_nothing_has_no_length_to_choose() -> None:
    with pytest.raises(TrainerError, match="not trained") as error:
        recipe_for("instant", 5)
    assert error.value.code == "bad-request"


def test_minutes_scale_the_steps_but_not_the_set_up() -> None:
    draft = PRESETS["draft"]
    half = recipe_for("draft", draft.fixed_minutes + (draft.minutes - draft.fixed_minutes) / 2)
    assert half.refine_steps == draft.refine_steps // 2
    assert half.minutes == draft.fixed_minutes + (draft.minutes - draft.fixed_minutes) / 2
    shortest = recipe_for("draft", 0.1)
    assert shortest.steps > 0 and shortest.speech_steps == PRESETS["instant"].speech_steps
    assert shortest.average < 0.6  # or it would show the weights that it began with
    longer = recipe_for("draft", 100)
    assert (longer.speech_steps, longer.average) == (draft.speech_steps, draft.average)


def test_a_slow_computer_takes_fewer_steps_and_no_more_time() -> None:
    draft = PRESETS["draft"]
    begun = 60 * (1 - EXPORT_SHARE) * draft.fixed_minutes  # seconds to the first step, as the recipe has it
    usual = 60 * (draft.minutes - draft.fixed_minutes)

    there = draft.on_this_computer(0.8 * usual, begun)
    assert (there.steps, there.average, there.timed) == (draft.steps, draft.average, False)

    half = draft.on_this_computer(2 * usual, begun)
    assert half.refine_steps == pytest.approx(draft.refine_steps / 2, abs=1)
    assert (half.minutes, half.speech_steps) == (draft.minutes, draft.speech_steps)

    # twice as long to the first step, so twice as long after the last
    slow = draft.on_this_computer(4 * usual, 2 * begun)
    left = 60 * draft.minutes - 2 * begun - 60 * EXPORT_SHARE * slow.fixed_minutes
    assert slow.fixed_minutes == pytest.approx(2 * draft.fixed_minutes)
    assert slow.refine_steps == pytest.approx(draft.refine_steps * left / (4 * usual), abs=1)

    late = draft.on_this_computer(usual, 60 * draft.minutes + 100)
    assert 40 <= late.steps < 0.05 * draft.steps and late.average < 0.6


def test_only_what_has_steps_to_leave_out_is_timed() -> None:
    assert {name: recipe.timed for name, recipe in PRESETS.items()} == {
        "instant": False,
        "draft": True,
        "standard": True,
        "full": True,
    }
    assert recipe_for("draft", 5).timed and not recipe_for("draft", 0.3).timed


def test_unknown_preset_and_impossible_recipe_are_refused() -> None:
    with pytest.raises(TrainerError) as error:
        recipe_for("best", None)
    assert error.value.code == "bad-request"
    with pytest.raises(ValueError):
        Recipe(minutes=1, fixed_minutes=2, volume_steps=1, refine_steps=1, adversarial_steps=1, fast_steps=1)
    with pytest.raises(ValueError):  # of every stage, or of none
        Recipe(minutes=2, fixed_minutes=1, volume_steps=1, refine_steps=0, adversarial_steps=0, fast_steps=0)
