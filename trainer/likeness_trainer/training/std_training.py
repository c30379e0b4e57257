"""Trains the std renderer: volume alone, then with its image module, then against the discriminators."""

from __future__ import annotations

from copy import deepcopy

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from likeness_trainer.renderer import losses
from likeness_trainer.renderer.discriminators import Discriminators
from likeness_trainer.renderer.std import StdRenderer
from likeness_trainer.training.batches import Batch
from likeness_trainer.training.device import Compute
from likeness_trainer.training.presets import Recipe

ADVERSARIAL_FACE, ADVERSARIAL_PORTRAIT, FEATURE_MATCHING = 0.02, 0.01, 0.25
RAMP_STEPS = 200  # the discriminators' say grows while they learn
AVERAGE_EVERY = 4  # steps; the decay is raised to this power


class StdTraining:
    """Models, optimisers and the step of stages A, B and C. `average` is the moving average of the weights."""

    def __init__(self, recipe: Recipe, compute: Compute) -> None:
        self.recipe, self.compute = recipe, compute
        self.model = StdRenderer().to(compute.device)
        self.average = deepcopy(self.model).eval().requires_grad_(False)
        self.discriminators = Discriminators().to(compute.device)
        field = [p for name, p in self.model.field.named_parameters() if name != "planes"]
        rates = (
            (self.model.field.planes, recipe.planes_rate),
            (field, recipe.field_rate),
            (list(self.model.image.parameters()), recipe.image_rate),
            (self.model.atlas, recipe.texture_rate),
        )
        self.optimizer = torch.optim.Adam(
            [{"params": params, "lr": rate, "base": rate} for params, rate in rates], betas=(0.9, 0.99), fused=True
        )
        self.opponent = torch.optim.Adam(
            self.discriminators.parameters(), recipe.discriminator_rate, betas=(0.0, 0.99), fused=True
        )

    @property
    def steps(self) -> int:
        return self.recipe.volume_steps + self.recipe.refine_steps + self.recipe.adversarial_steps

    def step(self, step: int, batch: Batch) -> dict[str, float]:
        """One optimiser step; returns the loss parts."""
        recipe = self.recipe
        refining = step >= recipe.volume_steps
        playing = step - recipe.volume_steps - recipe.refine_steps  # >= 0 in stage C
        decay = 0.1 ** (step / self.steps)
        for index, group in enumerate(self.optimizer.param_groups):
            group["lr"] = group["base"] * decay * (0.5 if refining and index < 2 else 1)

        self.model.train()
        features = self.model.march(batch.points, batch.directions, batch.half_width, batch.condition)
        parts = volume_losses(torch.cat([features[:, :3], features[:, -1:]], 1), batch)
        parts["smooth"] = 0.05 * losses.total_variation(self.model.field.planes)
        if refining:
            rgba = self.model.refine(features, batch.condition, batch.texture, batch.region, self.compute.precision)
            picture = losses.over(rgba, batch.plate) * batch.inside
            parts |= image_losses(rgba, picture, batch)
            if playing >= 0:
                strength = min(1.0, (playing + 1) / min(RAMP_STEPS, max(1, recipe.adversarial_steps // 2)))
                parts |= self._play(picture, batch, strength)
        self.optimizer.zero_grad(set_to_none=True)
        opposed = parts.pop("discriminator", None)
        torch.stack(list(parts.values())).sum().backward()
        self.optimizer.step()
        if refining:
            self._follow(step)
        named = {name: float(part.detach()) for name, part in parts.items()}
        return named if opposed is None else named | {"discriminator": float(opposed)}

    def _play(self, picture: Tensor, batch: Batch, strength: float) -> dict[str, Tensor]:
        """A step of the discriminators, then what they hold against the picture."""
        truth = batch.picture * batch.inside
        views = (
            (self.discriminators.face, batch.cut_face(picture), batch.cut_face(truth), ADVERSARIAL_FACE),
            (self.discriminators.portrait, F.avg_pool2d(picture, 2), F.avg_pool2d(truth, 2), ADVERSARIAL_PORTRAIT),
        )
        self.discriminators.requires_grad_(True)
        opposed, real_features = picture.new_zeros(()), []
        for judge, fake, real, _ in views:
            scores, features = judge(torch.cat([fake.detach(), real]))
            fake_score, real_score = scores.chunk(2)
            opposed = opposed + losses.hinge_discriminator(real_score, fake_score)
            real_features.append([f.detach().chunk(2)[1] for f in features])
        self.opponent.zero_grad(set_to_none=True)
        opposed.backward()
        self.opponent.step()
        self.discriminators.requires_grad_(False)
        adversarial, matching = picture.new_zeros(()), picture.new_zeros(())
        for (judge, fake, _, weight), wanted in zip(views, real_features):
            score, features = judge(fake)
            adversarial = adversarial - weight * score.mean()
            matching = matching + losses.feature_matching(features, wanted)
        return {
            "adversarial": strength * adversarial,
            "matching": strength * FEATURE_MATCHING * matching,
            "discriminator": opposed.detach(),
        }

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
        return {
            "model": self.model.state_dict(),
            "average": self.average.state_dict(),
            "discriminators": self.discriminators.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "opponent": self.opponent.state_dict(),
        }

    def restore(self, state: dict) -> None:
        self.model.load_state_dict(state["model"])
        self.average.load_state_dict(state["average"])
        self.discriminators.load_state_dict(state["discriminators"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.opponent.load_state_dict(state["opponent"])


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
        "pyramid": 0.5 * losses.laplacian_pyramid_l1(picture, truth) + 0.25 * losses.laplacian_pyramid_l1(mouth, true_mouth, 3),
        "frequency": 0.5 * losses.focal_frequency(picture, truth),
        "alpha": 0.3 * ((rgba[:, 3:] - batch.mask) * batch.inside).abs().mean(),
    }
