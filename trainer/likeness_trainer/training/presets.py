"""Recipes: what a preset trains, for how long, on what.

A preset is what somebody waits. Steps are those of two cores like the ones the recipes were timed on (64-channel 3x3
convolutions at 64x64 with bfloat16: about 8 ms forward and backward on one core); slower ones take fewer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from likeness_trainer.protocol import TrainerError

INSTANT_SPEECH_STEPS = 40  # each fine-tuning of speech to motion of an avatar that is wanted at once
AVERAGED_SHARE = 0.05  # of its steps: further back the average of a training that was made shorter does not reach
EXPORT_SHARE = 0.65  # of a recipe's fixed minutes: what comes after the last step
_LEAST_SHARE = 0.02  # of a preset's steps
_STEPS = ("volume_steps", "refine_steps", "adversarial_steps", "fast_steps")


@dataclass(frozen=True)
class Recipe:
    """One preset. Steps are optimiser steps of `batch` frames each; one without steps is the closed form alone."""

    minutes: float  # length of the whole training on the machine the recipe is for, set-up and export included
    fixed_minutes: float  # the part of `minutes` that does not shrink with fewer steps: instant avatar, speech, export
    volume_steps: int  # stage A: the 64x64 volume alone, so that its shape settles before anything hides its faults
    refine_steps: int  # stage B: volume and image module on image distances
    adversarial_steps: int  # stage C: stage B and both discriminators, for sharpness
    fast_steps: int  # the fast renderer, from the finished one's planes and texture
    speech_steps: int = 150  # each fine-tuning of speech to motion
    batch: int = 2  # frames a step; a processor takes one in each of two threads
    frames: int = 1500  # training frames kept at most; a long clip gives its most different ones
    average: float = 0.995  # decay of the moving average of the weights, which is what is exported
    checkpoint_seconds: float = 45.0  # time between checkpoints
    measure_steps: int = 400  # steps between held-out measurements
    proof_steps: int = 200  # steps between proofs
    planes_rate: float = 1e-2  # Adam step size of the tri-planes, before decay
    field_rate: float = 2e-3  # of the volume's small network
    image_rate: float = 7e-4  # of the convolutions
    texture_rate: float = 5e-3  # of the texture atlas
    discriminator_rate: float = 2e-4  # of both discriminators
    timed: bool = False  # fewer steps where `minutes` would not do for all of them

    def __post_init__(self) -> None:
        steps = [getattr(self, name) for name in _STEPS]
        timed = min(steps) > 0 and self.minutes > self.fixed_minutes
        if not (timed or (max(steps) == 0 and self.minutes == self.fixed_minutes)):
            raise ValueError(f"a recipe needs steps of every stage and time for them, or none: {self}")
        if min(self.batch, self.frames) < 1 or not 0 < self.average < 1:
            raise ValueError(f"a recipe needs frames and an average: {self}")

    @property
    def steps(self) -> int:
        return sum(getattr(self, name) for name in _STEPS)

    @property
    def trains(self) -> bool:
        return self.steps > 0

    def lasting(self, minutes: float) -> Recipe:
        """The same recipe with its steps scaled so that the whole takes `minutes`.

        Raises TrainerError('bad-request') for one without steps.
        """
        if not self.trains:
            raise TrainerError(
                "bad-request",
                "An instant avatar is not trained, so it has no length that could be chosen.",
                "Leave the minutes out, or choose another preset.",
            )
        share = max(_LEAST_SHARE, (minutes - self.fixed_minutes) / (self.minutes - self.fixed_minutes))
        return replace(
            self._scaled(share),
            minutes=max(minutes, self.fixed_minutes + 0.1),
            timed=self.timed and minutes > self.fixed_minutes,  # else there is nothing to leave out
            speech_steps=min(self.speech_steps, max(INSTANT_SPEECH_STEPS, round(self.speech_steps * share))),
        )

    def on_this_computer(self, needed: float, elapsed: float) -> Recipe:
        """The same with as many steps as there is time for.

        `needed`: seconds of all its steps here; `elapsed`: seconds from the beginning to the first of them, which tell
        how long what comes after the last one takes.
        """
        slower = max(1.0, elapsed / (60 * (1 - EXPORT_SHARE) * self.fixed_minutes))
        fixed = min(slower * self.fixed_minutes, 0.9 * self.minutes)
        left = 60 * (self.minutes - EXPORT_SHARE * fixed) - elapsed
        share = min(1.0, max(_LEAST_SHARE, left / needed))
        return replace(self._scaled(share) if share < 1 else self, fixed_minutes=fixed, timed=False)

    def _scaled(self, share: float) -> Recipe:
        steps = {name: max(10, round(getattr(self, name) * share)) for name in _STEPS}
        # one that reaches back to the beginning shows little else
        average = min(self.average, max(0.5, 1 - 1 / (AVERAGED_SHARE * sum(steps.values()))))
        return replace(self, **steps, average=average)


PRESETS: dict[str, Recipe] = {
    # No training: the person's own frames in closed form. Every other preset begins with the same.
    "instant": Recipe(
        minutes=0.8,
        fixed_minutes=0.8,
        volume_steps=0,
        refine_steps=0,
        adversarial_steps=0,
        fast_steps=0,
        speech_steps=INSTANT_SPEECH_STEPS,
        frames=400,
    ),
    # Good enough to use.
    "draft": Recipe(
        minutes=10,
        fixed_minutes=2.5,
        timed=True,
        volume_steps=220,
        refine_steps=690,
        adversarial_steps=560,
        fast_steps=440,
        average=0.99,
    ),
    # What two cores give in half an hour.
    "standard": Recipe(
        minutes=30,
        fixed_minutes=2.5,
        timed=True,
        volume_steps=360,
        refine_steps=2900,
        adversarial_steps=1800,
        fast_steps=1300,
        frames=3000,
        average=0.998,
        measure_steps=1000,
        proof_steps=400,
    ),
    # A GPU with 8 GB or more.
    "full": Recipe(
        minutes=60,
        fixed_minutes=2.5,
        timed=True,
        volume_steps=2000,
        refine_steps=20000,
        adversarial_steps=30000,
        fast_steps=10000,
        batch=8,
        frames=6000,
        average=0.999,
        measure_steps=2000,
        proof_steps=500,
    ),
}


def recipe_for(preset: str, minutes: float | None) -> Recipe:
    """Raises TrainerError('bad-request') for a preset there is not."""
    if preset not in PRESETS:
        raise TrainerError("bad-request", f"There is no preset {preset!r}.", f"Use one of {', '.join(PRESETS)}.")
    recipe = PRESETS[preset]
    return recipe if minutes is None else recipe.lasting(minutes)
