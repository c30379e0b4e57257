"""A small network on what the closed form draws: a residual, and a gate through which the nearest own frame's fine
detail comes. What is learnt of it is in `residual_training`."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from likeness_research.ablation.shown import Shown
from likeness_trainer.training.losses import blur

CELL = 4  # pixels a side that one place of the network sees: 64 x 64 places
_WIDTH, _BLOCKS, _HEADS = 32, 2, 4
_LEAST = 0.1  # what the residual is multiplied by


@dataclass(frozen=True)
class Plan:
    """How one is made: each switch takes a part away or adds one."""

    steps: int = 100
    gate: bool = True
    attention: bool = False
    widest_first: bool = False  # the wider half of the mouths alone, for the first third
    augmented: bool = False  # rotation, contrast and colour of both; noise and compression of what it sees
    judged: bool = False  # by a discriminator of faces, in the second half


class Block(nn.Module):
    """Two convolutions beside what came in."""

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.first, self.second = nn.Conv2d(width, hidden, 3, 1, 1), nn.Conv2d(hidden, width, 3, 1, 1)

    def hidden(self, places: Tensor) -> Tensor:
        return F.relu(self.first(F.relu(places)))

    def forward(self, places: Tensor) -> Tensor:
        return places + self.second(self.hidden(places))


class Attention(nn.Module):
    """Every place looks at all others, a quarter as many a side; nothing at first."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.look = nn.MultiheadAttention(width, _HEADS, batch_first=True)
        self.share = nn.Parameter(torch.zeros(1))

    def forward(self, places: Tensor) -> Tensor:
        small = F.avg_pool2d(places, 4)
        flat = small.flatten(2).transpose(1, 2)
        seen = self.look(flat, flat, flat, need_weights=False)[0].transpose(1, 2).reshape(small.shape)
        return places + self.share * F.interpolate(seen, scale_factor=4.0, mode="bilinear", align_corners=False)


class Residual(nn.Module):
    """Draws a picture anew; before it has learnt anything, as it was."""

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.first = nn.Conv2d(7 * CELL**2, _WIDTH, 3, 1, 1)
        self.blocks = nn.ModuleList([Block(_WIDTH, _WIDTH) for _ in range(_BLOCKS)])
        self.attention = Attention(_WIDTH) if plan.attention else nn.Identity()
        self.last = nn.Conv2d(_WIDTH, (4 if plan.gate else 3) * CELL**2, 3, 1, 1)
        for parameter in self.last.parameters():
            nn.init.zeros_(parameter)

    def places(self, seen: Tensor) -> Tensor:
        """[n,32,64,64] before the first block."""
        return self.first(F.pixel_unshuffle(seen, CELL))

    def forward(self, seen: Float[Tensor, "batch 7 256 256"]) -> Float[Tensor, "batch 3 256 256"]:
        """Of drawn colour, alpha and warped colour, 0..1, the picture: 0..1 but for what overshoots."""
        places = self.places(seen)
        for block in self.blocks:
            places = block(places)
        made = F.pixel_shuffle(self.last(F.relu(self.attention(places))), CELL)
        picture = seen[:, :3] + _LEAST * made[:, :3]
        if made.shape[1] == 3:
            return picture
        warped = seen[:, 4:]
        return picture + made[:, 3:] * (warped - blur(warped))


def seen_and_filmed(shown: Shown, rows: np.ndarray) -> tuple[Tensor, Tensor]:
    """What a network sees [n,7,256,256] and what was filmed [n,3,256,256] in some rows, 0..1."""
    seen = np.concatenate([shown.drawn[rows], shown.alpha[rows, ..., None], shown.warped[rows]], -1)
    first, second = (torch.from_numpy(one).permute(0, 3, 1, 2).float() / 255 for one in (seen, shown.filmed[rows]))
    return first, second


@torch.no_grad()
def drawn_by(model: Residual, shown: Shown) -> list[np.ndarray]:
    """[256,256,3] u8 of each frame."""
    pictures = (model(seen_and_filmed(shown, np.array([row]))[0])[0] for row in range(len(shown.drawn)))
    return [(255 * one.clamp(0, 1)).round().byte().permute(1, 2, 0).numpy() for one in pictures]


@torch.no_grad()
def pruned(model: Residual, shown: Shown, share: float) -> Residual:
    """A copy that has of each block's hidden channels that `share` which its output hears most of: the mean of what
    they say of some frames, times the norm of the weights that it meets."""
    some = np.linspace(0, len(shown.drawn) - 1, min(8, len(shown.drawn))).round().astype(int)
    made = deepcopy(model)
    places = model.places(seen_and_filmed(shown, some)[0])
    for index, block in enumerate(model.blocks):
        assert isinstance(block, Block)
        heard = block.hidden(places).mean((0, 2, 3)) * block.second.weight.square().sum((0, 2, 3)).sqrt()
        kept = heard.argsort(descending=True)[: max(1, round(share * len(heard)))].sort().values
        small = Block(block.first.in_channels, len(kept))
        small.first.weight.copy_(block.first.weight[kept])
        small.first.bias.copy_(block.first.bias[kept])  # type: ignore[union-attr]
        small.second.weight.copy_(block.second.weight[:, kept])
        small.second.bias.copy_(block.second.bias)  # type: ignore[union-attr]
        made.blocks[index] = small
        places = block(places)
    return made
