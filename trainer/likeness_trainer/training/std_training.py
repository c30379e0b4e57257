"""Trains the std renderer: volume alone, then with its image module, then against the discriminators."""

from __future__ import annotations

from copy import deepcopy

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from likeness_trainer.renderer.std import StdRenderer
from likeness_trainer.training import losses
from likeness_trainer.training.batches import Batch
from likeness_trainer.training.detail_start import start_with_detail
from likeness_trainer.training.device import Compute
from likeness_trainer.training.game import Drawn, Game, mean_parts
from likeness_trainer.training.pieces import Threads
from likeness_trainer.training.presets import Recipe

RAMP_STEPS = 150  # the discriminators' say grows while they learn
# What the expression changes is learned slower than what it changes: Adam's first steps are all of full size, and a
# short training would tint the whole picture by the expression.
CONDITION_WARMUP_STEPS = 1000
AVERAGE_EVERY = 4  # steps; the decay is raised to this power


class StdTraining:
    """Models, optimisers and the step of stages A, B and C. `average` is the moving average of the weights."""

    def __init__(self, recipe: Recipe, compute: Compute, threads: Threads) -> None:
        self.recipe, self.compute, self.threads = recipe, compute, threads
        self.rate = 1.0  # of the recipe's rates
        self.length = recipe.volume_steps + recipe.refine_steps + recipe.adversarial_steps  # over which the rates decay
        self.model = StdRenderer().to(compute.device)
        self.average = deepcopy(self.model).eval().requires_grad_(False)
        self.game = Game(recipe.discriminator_rate, compute, threads)
        field, image = self.model.field, self.model.image
        conditioned = [*field.bias.parameters(), *field.gain.parameters()]
        network = [p for layer in (field.first, field.second, field.density, field.head) for p in layer.parameters()]
        film = list(image.film.parameters())
        rates = (
            (field.planes, recipe.planes_rate),
            (network, recipe.field_rate),
            (conditioned, recipe.field_rate),
            ([p for name, p in image.named_parameters() if not name.startswith("film.")], recipe.image_rate),
            (film, recipe.image_rate),
            (self.model.atlas, recipe.texture_rate),
        )
        self.optimizer = torch.optim.Adam(
            [{"params": params, "lr": rate, "base": rate} for params, rate in rates], betas=(0.9, 0.99), fused=True
        )

    def start_from(self, pieces: list[Batch]) -> None:
        """Gives the untrained model a detail branch fitted to those pieces."""
        start_with_detail(self.model, pieces)

    def step(self, step: int, pieces: list[Batch]) -> dict[str, Tensor]:
        """One optimiser step over a batch in pieces; returns the loss parts, whose sums over all processes are the
        batch's means."""
        recipe = self.recipe
        refining = step >= recipe.volume_steps
        playing = step - recipe.volume_steps - recipe.refine_steps + 1  # >= 1 in stage C
        decay = 0.1 ** (step / self.length)
        for index, group in enumerate(self.optimizer.param_groups):
            warm = min(1.0, (step + 1) / CONDITION_WARMUP_STEPS) if index in (2, 4) else 1
            group["lr"] = self.rate * group["base"] * decay * warm * (0.5 if refining and index < 3 else 1)
        self.optimizer.zero_grad(set_to_none=True)
        peers = self.compute.peers
        share = 1 / (len(pieces) * peers.count)
        drawn = self.threads.map(lambda piece: self._draw(piece, refining), pieces)
        if playing > 0:
            strength = min(1.0, playing / min(RAMP_STEPS, max(1, recipe.adversarial_steps // 2)))
            self.game.play(drawn, strength, share)
        else:
            self.threads.map(lambda one: one.learn(share), drawn)
        peers.add_up(self.model.parameters())
        # After the pieces, never before: a sum of three would depend on which thread came first.
        smooth = 0.05 * losses.total_variation(self.model.field.planes)
        smooth.backward()
        self.optimizer.step()
        if refining:
            self._follow(step)
        parts = mean_parts(drawn, share)
        return parts | {"smooth": smooth.detach() / peers.count}

    def _draw(self, batch: Batch, refining: bool) -> Drawn:
        """A piece's picture and its losses without the discriminators."""
        model = self.model
        features = model.march(batch.points, batch.directions, batch.half_width, batch.condition, batch.random())
        parts = volume_losses(torch.cat([features[:, :3], features[:, -1:]], 1), batch)
        if not refining:
            return Drawn(batch, None, parts)
        rgba = model.refine(features, batch.condition, batch.texture, batch.region, self.compute.precision)
        picture = losses.over(rgba, batch.plate) * batch.inside
        return Drawn(batch, picture, parts | image_losses(rgba, picture, batch))

    @torch.no_grad()
    def _follow(self, step: int) -> None:
        """The average starts at the first refining step and then moves every few."""
        if step == self.recipe.volume_steps:
            self.average.load_state_dict(self.model.state_dict())
        elif step % AVERAGE_EVERY == 0:
            follow(self.average, self.model, 1 - self.recipe.average**AVERAGE_EVERY)

    def best(self, step: int) -> StdRenderer:
        """The model to look at after `step` steps: the average once it exists."""
        return self.average if step > self.recipe.volume_steps else self.model

    def state(self) -> dict:
        """All that the next step depends on."""
        return {
            "model": self.model.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
        } | self.game.state()

    def restore(self, state: dict) -> None:
        """Goes back to what `state` gave."""
        self.model.load_state_dict(state["model"])
        self.average.load_state_dict(state["average"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.game.restore(state)


@torch.no_grad()
def follow(average: nn.Module, model: nn.Module, share: float) -> None:
    """Moves the average's weights towards the model's by `share` of the way."""
    for slow, quick in zip(average.parameters(), model.parameters()):
        slow.lerp_(quick, share)


def volume_losses(coarse: Tensor, batch: Batch) -> dict[str, Tensor]:
    """The 64x64 volume image [B,4,64,64] against the truth over a random colour, head and mouth weighted, and opacity.

    Over the true background a volume may paint background instead of being transparent; over a random one it cannot.
    """
    picture, plate = F.avg_pool2d(batch.picture, 4), F.avg_pool2d(batch.plate, 4)
    mask, inside = F.avg_pool2d(batch.mask, 4), F.avg_pool2d(batch.inside, 4)
    target = picture + (batch.backdrop - plate) * (1 - mask)
    weight = 1 + 2 * (mask > 0.5).float()
    for row, (x, y) in enumerate(batch.mouth):
        weight[row, :, y // 4 : y // 4 + 16, x // 4 : x // 4 + 16] *= 2
    composed = losses.over(coarse, batch.backdrop.expand_as(picture))
    alpha = coarse[:, 3:] * inside
    return {
        "volume": ((composed - target).abs() * weight * inside).mean(),
        "volume_alpha": 0.5 * losses.opacity(alpha, mask * inside),
    }


def image_losses(rgba: Tensor, picture: Tensor, batch: Batch) -> dict[str, Tensor]:
    """Pixel, pyramid, frequency and opacity terms at 256x256; `picture` is composed and limited to the source."""
    truth = batch.picture * batch.inside
    mouth, true_mouth = batch.cut_mouth(picture), batch.cut_mouth(truth)
    return {
        "l1": 2 * (picture - truth).abs().mean() + (mouth - true_mouth).abs().mean(),
        "pyramid": 0.5 * losses.laplacian_pyramid_l1(picture, truth)
        + 0.25 * losses.laplacian_pyramid_l1(mouth, true_mouth, 3),
        "frequency": 0.5 * losses.focal_frequency(picture, truth),
        "alpha": 0.3 * ((rgba[:, 3:] - batch.mask) * batch.inside).abs().mean(),
    }
