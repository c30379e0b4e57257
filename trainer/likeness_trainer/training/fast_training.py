"""Trains the fast renderer in a short last stage: from the finished std renderer's planes and texture, against its
discriminators."""

from __future__ import annotations

from copy import deepcopy

import torch
from torch import Tensor

from likeness_trainer.renderer.fast import FEATURES, FastRenderer
from likeness_trainer.renderer.std import StdRenderer
from likeness_trainer.training import losses
from likeness_trainer.training.batches import Batch
from likeness_trainer.training.device import Compute
from likeness_trainer.training.fast_start import start_from
from likeness_trainer.training.game import Drawn, Game, mean_parts
from likeness_trainer.training.pieces import Threads
from likeness_trainer.training.presets import Recipe
from likeness_trainer.training.std_training import AVERAGE_EVERY, RAMP_STEPS, follow, image_losses, volume_losses

WARMUP = 0.3  # of the stage: Adam's first steps are all of full size and would undo the start that std gives
INHERITED = 0.3  # planes and texture come trained: they move at this share of their rates
# Of the stage; before, the discriminators would only see how raw it still is. On a news reader the game takes the live
# face from
# .60 to .82 of the true sharpness, for .3 dB of the face and none of the mouth.
PLAYS_FROM = 0.4


class FastTraining:
    """Model, optimiser and step of the fast stage."""

    def __init__(self, recipe: Recipe, compute: Compute, threads: Threads, game: Game) -> None:
        self.recipe, self.compute, self.threads, self.game = recipe, compute, threads, game
        self.rate = 1.0  # of the recipe's rates
        self.length = recipe.fast_steps  # over which the rates decay
        self.model = FastRenderer().to(compute.device)
        self.average = deepcopy(self.model).eval().requires_grad_(False)
        network = [p for name, p in self.model.field.named_parameters() if name != "planes"]
        rates = (
            (self.model.field.planes, recipe.planes_rate * INHERITED),
            (network, recipe.field_rate * 2),
            (list(self.model.trunk.parameters()), recipe.image_rate * 3),
            (self.model.atlas, recipe.texture_rate * INHERITED),
        )
        self.optimizer = torch.optim.Adam(
            [{"params": params, "lr": rate, "base": rate} for params, rate in rates], betas=(0.9, 0.99), fused=True
        )

    def start_from(self, std: StdRenderer, pieces: list[Batch]) -> None:
        """Begins from what the trained std renderer draws of those pieces."""
        start_from(self.model, std, pieces)
        self.average.load_state_dict(self.model.state_dict())

    def step(self, step: int, pieces: list[Batch]) -> dict[str, Tensor]:
        """One optimiser step, `step` counted from the stage's first; returns the loss parts, whose sums over all
        processes are the batch's means."""
        decay = 0.05 ** (step / self.length)
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate * group["base"] * decay * min(1.0, (step + 1) / (WARMUP * self.length))
        self.optimizer.zero_grad(set_to_none=True)
        share = 1 / (len(pieces) * self.compute.peers.count)
        drawn = self.threads.map(self._draw, pieces)
        playing = step / self.length - PLAYS_FROM
        if playing >= 0:
            self.game.play(drawn, min(1.0, playing * self.length / min(RAMP_STEPS, 0.2 * self.length)), share)
        else:
            self.threads.map(lambda one: one.learn(share), drawn)
        self.compute.peers.add_up(self.model.parameters())
        self.optimizer.step()
        if step % AVERAGE_EVERY == 0:
            # A young average spans the last fifth of the stage so far: a longer memory would hold its raw start.
            toward = max(1 - self.recipe.average**AVERAGE_EVERY, 5 / (5 + step / AVERAGE_EVERY))
            follow(self.average, self.model, toward)
        return mean_parts(drawn, share)

    def _draw(self, batch: Batch) -> Drawn:
        """A piece's picture and its losses without the discriminators."""
        rays = self.model.march(batch.points, batch.directions, batch.half_width, batch.condition)
        parts = volume_losses(rays[:, FEATURES:], batch)
        rgba = self.model.refine(rays, batch.texels, self.compute.precision)
        picture = losses.over(rgba, batch.plate) * batch.inside
        return Drawn(batch, picture, parts | image_losses(rgba, picture, batch))

    def state(self) -> dict:
        """All that the next step depends on."""
        return {
            "model": self.model.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
        }

    def restore(self, state: dict) -> None:
        """Goes back to what `state` gave."""
        self.model.load_state_dict(state["model"])
        self.average.load_state_dict(state["average"])
        self.optimizer.load_state_dict(state["optimizer"])
