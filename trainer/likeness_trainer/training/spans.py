"""The stages of a training as steps of its run: which step belongs to which stage of which model."""

from __future__ import annotations

from dataclasses import dataclass

from likeness_trainer.training.presets import EXPORT_SHARE, Recipe

# Seconds of one step relative to a refining one, until they are measured: for the first estimates of the time left.
RELATIVE_COST = {"volume": 0.35, "refine": 1.0, "adversarial": 1.4, "fast": 0.75}
_CUT_SHARE = 0.1  # of what comes before the first step, or of all where there is none: cutting the frames


@dataclass(frozen=True)
class Span:
    """Some steps of one stage."""

    name: str
    first: int  # step of the run
    stop: int  # step of the run after the last
    before: int  # steps of the same model (std or fast) before it
    length: int  # steps of that model with it, over which its rates decay

    def place(self, step: int) -> int:
        """A step of the run as the model counts."""
        return self.before + step - self.first


def spans_of(recipe: Recipe, further: list[tuple[int, int]]) -> list[Span]:
    """Every stage in order; `further` are the (adversarial, fast) steps of each time the training went on after its
    end."""
    lengths = [recipe.volume_steps, recipe.refine_steps, recipe.adversarial_steps, recipe.fast_steps]
    names = list(RELATIVE_COST)
    for adversarial, fast in further:
        lengths += [adversarial, fast]
        names += ["adversarial", "fast"]
    spans: list[Span] = []
    first, done = 0, {"std": 0, "fast": 0}
    # the rates decay once over the recipe, and anew when going on
    whole = {"std": sum(lengths[:3]), "fast": recipe.fast_steps}
    for name, length in zip(names, lengths):
        model = "fast" if name == "fast" else "std"
        spans.append(Span(name, first, first + length, done[model], max(whole[model], done[model] + length)))
        done[model] += length
        first += length
    return spans


def stage_costs(recipe: Recipe) -> list[float]:
    """Minutes of every stage on the recipe's machine: [2] `prepare` and `instant`, and where it trains [7] those four
    that are trained and the export."""
    fixed = recipe.fixed_minutes
    before = (1 - EXPORT_SHARE) * fixed if recipe.trains else fixed
    begun = [_CUT_SHARE * before, (1 - _CUT_SHARE) * before]
    if not recipe.trains:
        return begun
    work = [share * getattr(recipe, f"{name}_steps") for name, share in RELATIVE_COST.items()]
    unit = (recipe.minutes - fixed) / sum(work)
    return [*begun, *(unit * part for part in work), EXPORT_SHARE * fixed]
