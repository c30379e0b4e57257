"""The adversarial part of a step: both discriminators learn, and what they hold against a picture joins its losses."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
import torch.nn.functional as F
from torch import Tensor

from likeness_trainer.renderer.discriminators import Discriminators, PatchDiscriminator
from likeness_trainer.training import losses
from likeness_trainer.training.batches import Batch
from likeness_trainer.training.device import Compute
from likeness_trainer.training.pieces import Threads

# Half of these leave the face at .77 of the truth's sharpness after 650 steps; these bring it to .86 for .2 dB.
ADVERSARIAL_FACE, ADVERSARIAL_PORTRAIT, FEATURE_MATCHING = 0.04, 0.02, 0.4


@dataclass
class Drawn:
    """A piece of the batch on its way through a step."""

    batch: Batch
    picture: Tensor | None  # None while there is only a volume
    parts: dict[str, Tensor]
    figures: dict[str, Tensor] = field(default_factory=dict)

    @property
    def shown(self) -> Tensor:
        """The picture of a piece that has one."""
        assert self.picture is not None
        return self.picture

    def learn(self, share: float) -> None:
        """Accumulates the gradients of `share` of the losses."""
        (torch.stack(list(self.parts.values())).sum() * share).backward()
        self.figures |= {name: part.detach() for name, part in self.parts.items()}


def mean_parts(drawn: list[Drawn], share: float) -> dict[str, Tensor]:
    """The losses of a step's pieces, `share` of each."""
    return {name: torch.stack([one.figures[name] for one in drawn]).sum() * share for name in drawn[0].figures}


class Game:
    """Discriminators and their optimiser. They judge the std renderer first and the fast one, already trained, after
    it."""

    def __init__(self, rate: float, compute: Compute, threads: Threads) -> None:
        self.threads, self._peers = threads, compute.peers
        self.discriminators = Discriminators().to(compute.device)
        self.opponent = torch.optim.Adam(self.discriminators.parameters(), rate, betas=(0.0, 0.99), fused=True)

    def play(self, drawn: list[Drawn], strength: float, share: float) -> None:
        """One move of the discriminators, then every piece learns, their judgement weighed by `strength` included."""
        self.opponent.zero_grad(set_to_none=True)
        self.discriminators.iterate()
        self.discriminators.requires_grad_(True)
        real = self.threads.map(lambda one: self._judge(one, share), drawn)
        self._peers.add_up(self.discriminators.parameters())
        self.opponent.step()
        self.discriminators.requires_grad_(False)
        self.threads.map(lambda pair: self._learn(*pair, strength, share), list(zip(drawn, real)))

    def _views(self, batch: Batch, picture: Tensor) -> tuple[tuple[PatchDiscriminator, Tensor, float], ...]:
        """(discriminator, what it sees, weight)."""
        return (
            (self.discriminators.face, batch.cut_face(picture), ADVERSARIAL_FACE),
            (self.discriminators.portrait, F.avg_pool2d(picture, 2), ADVERSARIAL_PORTRAIT),
        )

    def _judge(self, drawn: Drawn, share: float) -> list[list[Tensor]]:
        """Gradients of the discriminators; returns the true pictures' features."""
        truth = drawn.batch.picture * drawn.batch.inside
        opposed, features = truth.new_zeros(()), []
        true_views, drawn_views = self._views(drawn.batch, truth), self._views(drawn.batch, drawn.shown.detach())
        for (judge, real, _), (_, fake, _) in zip(true_views, drawn_views):
            scores, seen = judge(torch.cat([fake, real]))
            fake_score, real_score = scores.chunk(2)
            opposed = opposed + losses.hinge_discriminator(real_score, fake_score)
            features.append([f.detach().chunk(2)[1] for f in seen])
        (opposed * share).backward()
        drawn.figures["discriminator"] = opposed.detach()
        return features

    def _learn(self, drawn: Drawn, real: list[list[Tensor]], strength: float, share: float) -> None:
        """Gradients of a piece, what the discriminators hold against it included."""
        adversarial, matching = drawn.shown.new_zeros(()), drawn.shown.new_zeros(())
        for (judge, fake, weight), wanted in zip(self._views(drawn.batch, drawn.shown), real):
            score, seen = judge(fake)
            adversarial = adversarial - weight * score.mean()
            matching = matching + losses.feature_matching(seen, wanted)
        drawn.parts |= {"adversarial": strength * adversarial, "matching": strength * FEATURE_MATCHING * matching}
        drawn.learn(share)

    def state(self) -> dict:
        """All that the next round depends on."""
        return {"discriminators": self.discriminators.state_dict(), "opponent": self.opponent.state_dict()}

    def restore(self, state: dict) -> None:
        """Goes back to what `state` gave."""
        self.discriminators.load_state_dict(state["discriminators"])
        self.opponent.load_state_dict(state["opponent"])
