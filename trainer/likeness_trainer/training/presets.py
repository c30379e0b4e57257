"""Recipes: what a preset trains, for how long, on what.

Minutes are those of two cores like the ones the recipes were timed on (64-channel 3x3 convolutions at 64x64 with
bfloat16: about 8 ms forward and backward on one core); a slower machine takes longer for the same steps.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from likeness_trainer.protocol import TrainerError


@dataclass(frozen=True)
class Recipe:
    """One preset. Steps are optimiser steps of `batch` frames each."""

    minutes: float  # length of the whole training on the machine the recipe is for, set-up and export included
    fixed_minutes: float  # the part of `minutes` that does not shrink with fewer steps: crops, speech, export
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

    def __post_init__(self) -> None:
        steps = (self.volume_steps, self.refine_steps, self.adversarial_steps, self.fast_steps)
        if min(*steps, self.batch, self.frames) < 1 or self.minutes <= self.fixed_minutes or not 0 < self.average < 1:
            raise ValueError(f"a recipe needs steps, frames and time: {self}")

    @property
    def steps(self) -> int:
        return self.volume_steps + self.refine_steps + self.adversarial_steps + self.fast_steps

    def lasting(self, minutes: float) -> Recipe:
        """The same recipe with its steps scaled so that the whole takes `minutes`."""
        share = max(0.02, (minutes - self.fixed_minutes) / (self.minutes - self.fixed_minutes))

        def scaled(steps: int) -> int:
            return max(10, round(steps * share))

        return replace(
            self,
            minutes=max(minutes, self.fixed_minutes + 0.1),
            volume_steps=scaled(self.volume_steps),
            refine_steps=scaled(self.refine_steps),
            adversarial_steps=scaled(self.adversarial_steps),
            fast_steps=scaled(self.fast_steps),
        )


PRESETS: dict[str, Recipe] = {
    # A first look: the face is there, hair and outlines are soft.
    "demo": Recipe(
        minutes=2.5,
        fixed_minutes=0.9,
        volume_steps=120,
        refine_steps=200,
        adversarial_steps=50,
        fast_steps=220,
        speech_steps=40,
        frames=400,
        average=0.97,
        measure_steps=200,
        proof_steps=100,
    ),
    # Good enough to use.
    "draft": Recipe(
        minutes=15,
        fixed_minutes=2,
        volume_steps=400,
        refine_steps=1250,
        adversarial_steps=1000,
        fast_steps=800,
        average=0.99,
    ),
    # What two cores give in an hour.
    "standard": Recipe(
        minutes=60,
        fixed_minutes=2,
        volume_steps=800,
        refine_steps=6500,
        adversarial_steps=4000,
        fast_steps=3000,
        frames=3000,
        average=0.998,
        measure_steps=1000,
        proof_steps=400,
    ),
    # A GPU with 8 GB or more.
    "full": Recipe(
        minutes=60,
        fixed_minutes=2,
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
