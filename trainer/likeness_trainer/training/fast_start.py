"""Starts the fast renderer from a finished std renderer, so that its short stage refines a picture instead of finding
one.

Planes, texture and the first layer are the same in both. What std's second layer makes of the first one's output,
density and ray features, is fitted here by linear regression on a few frames; so is what its image module makes of the
texture.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from likeness_trainer.renderer import fast
from likeness_trainer.renderer.fast import FastRenderer
from likeness_trainer.renderer.std import FEATURES, StdRenderer
from likeness_trainer.renderer.volume import optical_depth, sample_weights, triplane_features
from likeness_trainer.training.batches import Batch

RIDGE = 1e-3  # of the mean squared input
ABOVE_ZERO = 2.0  # features are shifted up so that their ReLU passes them


@torch.no_grad()
def start_from(model: FastRenderer, std: StdRenderer, pieces: list[Batch]) -> None:
    """Sets the fast renderer's planes, texture, field and colours, and the way of the texture through its trunk."""
    field, wanted = model.field, std.field
    field.planes.copy_(wanted.planes)
    model.atlas.copy_(std.atlas)
    field.first.weight.copy_(wanted.first.weight)
    field.bias.load_state_dict(wanted.bias.state_dict())
    last = field.bias[-1]
    assert isinstance(last, torch.nn.Linear)
    last.bias.add_(wanted.first.bias)  # the fast graph's first layer has no bias of its own

    hidden, density, features, weights = (
        torch.cat(parts) for parts in zip(*[_samples(std, piece) for piece in pieces])
    )
    with_one = torch.cat([hidden, torch.ones_like(hidden[:, :1])], 1)
    solved = _regress(with_one, density[:, None].clamp(-6, 12), torch.ones_like(weights))
    field.density.weight.copy_(solved[:-1].t())
    field.density.bias.copy_(solved[-1])
    mixed = _regress(hidden, features, weights)  # [hidden, 24]: no constant, for a ray's weights sum to its alpha
    field.mix.weight[:FEATURES] = mixed.t().repeat(1, fast.SAMPLES)
    field.mix_bias.weight[:FEATURES] = 0
    field.mix_bias.bias[:FEATURES] = ABOVE_ZERO
    field.colour.weight.zero_()
    field.colour.weight[:, :3] = torch.eye(3, device=hidden.device)
    field.colour.bias.fill_(-ABOVE_ZERO)
    _hand_on_texture(model, std, pieces)


def _hand_on_texture(model: FastRenderer, std: StdRenderer, pieces: list[Batch]) -> None:
    """The trunk's texture path gives what std adds to the enlarged volume, as far as that is linear in the texture.

    Its 32 channels are the 16 of a folded RGBA pixel, above zero and below it: a ReLU passes both.
    """
    trunk = model.trunk
    texture, added = (
        torch.cat(parts) for parts in zip(*[_texture_and_residual(model, std, piece) for piece in pieces])
    )
    path = _regress(texture, added, torch.ones(len(texture), device=texture.device)).t()  # [16, 32]
    channels = len(path)
    lasts = [block.get_submodule("second") for block in trunk.blocks_128]
    for layer in (trunk.texture_128, trunk.up_128, *lasts):  # nothing but the texture's path says anything yet
        for parameter in layer.parameters():
            parameter.zero_()
    trunk.texture_128.weight[:, :, 1, 1] = torch.cat([path, -path])
    trunk.leave.weight[:, :, 1, 1] = torch.cat([torch.eye(channels), -torch.eye(channels)], 1).to(path.device)


def _texture_and_residual(model: FastRenderer, std: StdRenderer, batch: Batch) -> tuple[Tensor, Tensor]:
    """Folded texture [N,32] and what std's image module adds there [N,16], for the 2x2 pixels that have texture."""
    features = std.march(batch.points, batch.directions, batch.half_width, batch.condition)
    refined = std.refine(features, batch.condition, batch.texture, batch.region)
    coarse = torch.cat([features[:, :3], features[:, -1:]], 1)
    added = refined - F.interpolate(coarse, scale_factor=4.0, mode="bilinear", align_corners=False)
    atlas = model.atlas.expand(len(batch.texels), -1, -1, -1)
    sampled = F.grid_sample(atlas, batch.texels, align_corners=False, padding_mode="zeros")
    rows = [fast.space_to_depth(image, 2).permute(0, 2, 3, 1).flatten(0, 2) for image in (sampled, added)]
    seen = rows[0].abs().sum(1) > 0
    return rows[0][seen], rows[1][seen]


def _samples(std: StdRenderer, batch: Batch) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """What std sees at the fast renderer's samples of active rays: first hidden layer [N,64], density [N],
    head output [N,24] and share of the ray [N]."""
    field = std.field
    active = batch.half_width.reshape(-1).nonzero()[:, 0]
    row = torch.div(active, batch.points.shape[1], rounding_mode="floor")
    half_width = batch.half_width.reshape(-1, 1)[active]
    offsets = torch.linspace(-1, 1, fast.SAMPLES, device=active.device)[None] * half_width
    rays, directions = batch.points.reshape(-1, 3)[active], batch.directions.reshape(-1, 3)[active]
    samples = rays[:, None] + directions[:, None] * offsets[..., None]
    looked_up = triplane_features(field.planes, samples.reshape(-1, 3))
    first = F.relu(
        field.first(looked_up).reshape(len(active), fast.SAMPLES, -1) + field.bias(batch.condition)[row][:, None]
    )
    second = F.relu(field.second(first) * (1 + field.gain(batch.condition)[row][:, None]))
    density = field.density(second)[..., 0]
    weights = sample_weights(optical_depth(density, torch.ones_like(half_width)))
    return first.flatten(0, 1), density.flatten(), field.head(second).flatten(0, 1), weights.flatten()


def _regress(inputs: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
    """Weighted ridge regression [inputs, targets]."""
    weighed = inputs * weights[:, None]
    gram = weighed.t() @ inputs
    ridge = RIDGE * gram.diagonal().mean() * torch.eye(len(gram), device=gram.device)
    return torch.linalg.solve(gram + ridge, weighed.t() @ targets)
