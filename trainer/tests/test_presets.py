"""Every shipped recipe loads, and its length can be set."""

from __future__ import annotations

import pytest

from likeness_trainer.protocol import TrainerError
from likeness_trainer.training.presets import PRESETS, Recipe, recipe_for


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_is_a_valid_recipe(name: str) -> None:
    recipe = recipe_for(name, None)
    assert recipe.steps == recipe.volume_steps + recipe.refine_steps + recipe.adversarial_steps + recipe.fast_steps
    assert recipe.batch % 2 == 0  # two threads of a processor share it


def test_presets_grow() -> None:
    assert [PRESETS[name].minutes for name in ("demo", "draft", "standard")] == sorted(
        PRESETS[name].minutes for name in ("demo", "draft", "standard")
    )
    assert PRESETS["draft"].minutes <= 20


def test_minutes_scale_the_steps_but_not_the_set_up() -> None:
    draft = PRESETS["draft"]
    half = recipe_for("draft", draft.fixed_minutes + (draft.minutes - draft.fixed_minutes) / 2)
    assert half.refine_steps == draft.refine_steps // 2
    assert half.minutes == draft.fixed_minutes + (draft.minutes - draft.fixed_minutes) / 2
    assert recipe_for("draft", 0.1).steps > 0


def test_unknown_preset_and_impossible_recipe_are_refused() -> None:
    with pytest.raises(TrainerError) as error:
        recipe_for("best", None)
    assert error.value.code == "bad-request"
    with pytest.raises(ValueError):
        Recipe(minutes=1, fixed_minutes=2, volume_steps=1, refine_steps=1, adversarial_steps=1, fast_steps=1)
