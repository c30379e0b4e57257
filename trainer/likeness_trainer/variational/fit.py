"""Training of the variational parts on one person."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from likeness_trainer.motion.closing import CLOSED_QUANTILE
from likeness_trainer.motion.examples import Examples
from likeness_trainer.protocol import Reporter
from likeness_trainer.speech import Layout, sample_at
from likeness_trainer.speech.encoder import SpeechEncoder
from likeness_trainer.variational.corpus import (
    LIP_ROWS,
    PITCH_ROWS,
    Batches,
    Recording,
    Scale,
    grid,
    heard,
    of_person,
    of_voices,
)
from likeness_trainer.variational.experts import WRONG_FRAMES, PitchExpert, SyncExpert
from likeness_trainer.variational.model import LATENT, STRIDE, Audio2Motion
from likeness_trainer.variational.postnet import Discriminator, PostNet, speaker_basis, speaker_embedding

GENERAL = slice(Layout.lips.start, Layout.lips.stop)


@dataclass(frozen=True)
class VariationalPlan:
    """Lengths and weights of the training; the weights are those of the GeneFace line where it gives any."""

    general_steps: int = 60  # on synthesised voices
    steps: int = 180  # on the person
    expert_steps: int = 80  # of which the experts learn alone before they judge
    postnet_steps: int = 200
    learning_rate: float = 1e-3
    expression: float = 0.5
    lips: float = 0.5
    laplacian: float = 1.0
    divergence: float = 0.02
    cycle: int = 100  # steps over which the weight of the divergence rises, again and again
    closure: float = 0.5
    sync: float = 0.05
    pitch: float = 0.05
    adversarial: float = 0.05
    temperature: float = 0.2
    seed: int = 0

    def lasting(self, share: float) -> VariationalPlan:
        """The same plan with its steps scaled."""
        scaled = {
            name: max(5, round(share * getattr(self, name))) for name in ("general_steps", "steps", "expert_steps")
        }
        return replace(self, **scaled)


@dataclass(frozen=True)
class Generated:
    """A fitted model in the person's units."""

    model: Audio2Motion
    scale: Scale
    speech_scale: Tensor  # [F, 1] mean beside deviation, [F, 2]
    plan: VariationalPlan

    def __call__(self, features: np.ndarray, seconds: np.ndarray, temperature: float | None = None) -> np.ndarray:
        """Targets [n, K] at moments [n] of a sound with features [S, F] at 100 Hz; the same noise every time."""
        speech = standard(heard(features, grid(len(features) / 100)), self.speech_scale)[None]
        speech = F.pad(speech, (0, -speech.shape[2] % STRIDE), mode="replicate")
        noise = torch.randn(
            1, LATENT, speech.shape[2] // STRIDE, generator=torch.Generator().manual_seed(self.plan.seed)
        )
        with torch.no_grad():
            motion = self.model(speech, noise, self.plan.temperature if temperature is None else temperature)[0]
        return at(self.scale.back(motion), seconds)


def at(targets: np.ndarray, seconds: np.ndarray) -> np.ndarray:
    """A 25 Hz signal [g, K] at given moments [n]."""
    return sample_at(targets, np.asarray(seconds) / 4)  # `sample_at` counts hundredths of a second


def standard(speech: Tensor, scale: Tensor) -> Tensor:
    """Speech [B, F, T] less the mean and over the deviation in scale [F, 2]."""
    return (speech - scale[:, :1]) / scale[:, 1:]


def standardised(recordings: list[Recording]) -> tuple[list[Recording], Tensor]:
    """Recordings with their speech over the first one's deviation, and that scale."""
    speech = recordings[0].speech
    scale = torch.stack([speech.mean(dim=1), speech.std(dim=1) + 1e-3], dim=1)
    return [Recording(standard(r.speech, scale), r.motion, r.known) for r in recordings], scale


def fit_variational(
    features: np.ndarray,
    encoder: SpeechEncoder,
    examples: Examples,
    lag_seconds: float,
    reporter: Reporter,
    plan: VariationalPlan | None = None,
) -> Generated:
    """First on the synthesised voices in the person's range, then on the person. Raises Cancelled."""
    plan = plan or VariationalPlan()
    torch.manual_seed(plan.seed)
    person, scale = of_person(features, examples, lag_seconds)
    recordings, speech_scale = standardised([person, *of_voices(encoder, examples, scale)])
    own, general = Batches(recordings[:1], plan.seed), Batches(recordings[1:], plan.seed + 1)
    channels, targets = len(speech_scale), len(scale.centre)
    model = Audio2Motion(channels, targets).train()
    sync, pitch = SyncExpert(channels, targets), PitchExpert(targets)
    closed = shut_below(examples, scale)
    judges = torch.optim.AdamW([*sync.parameters(), *pitch.parameters()], plan.learning_rate, weight_decay=0.02)
    optimiser = torch.optim.AdamW(model.parameters(), plan.learning_rate, weight_decay=0.02)
    total = plan.general_steps + plan.steps
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, plan.learning_rate, total_steps=total)
    rng = np.random.default_rng(plan.seed)
    for step in range(total):
        reporter.check_cancelled()
        speech, motion, known = (general if step < plan.general_steps else own).draw()
        voice = speech[:, PITCH_ROWS]
        judged = sync.contrast(
            speech, motion, int(rng.integers(*WRONG_FRAMES)) % (motion.shape[2] - 8) + 4
        ) + pitch.error(motion, voice)
        judges.zero_grad()
        judged.backward()
        judges.step()
        found, divergence = model.reconstruct(motion, speech)
        loss = plan.divergence * min(1.0, step % plan.cycle / (0.5 * plan.cycle)) * divergence
        loss = loss + likeness(found, motion, known, closed, plan)
        if step >= plan.expert_steps and step % 2:  # every other step: a draw costs as much as the rest
            noise = torch.randn(len(speech), LATENT, motion.shape[2] // STRIDE)
            drawn = model(speech, noise, plan.temperature)
            loss = loss + 0.5 * likeness(
                drawn, motion, known, closed, plan
            )  # what is drawn at speaking time must be near too
            loss = (
                loss + plan.sync * (1 - sync.agreement(speech, drawn)).mean() + plan.pitch * pitch.error(drawn, voice)
            )
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        schedule.step()
    return Generated(model.eval(), scale, speech_scale, plan)


def shut_below(examples: Examples, scale: Scale) -> float:
    """The opening below which the person's mouth is shut, in the units of training."""
    return float((np.quantile(examples.targets[:, 0], CLOSED_QUANTILE) - scale.centre[0]) * scale.weight[0])


def likeness(found: Tensor, motion: Tensor, known: Tensor, closed: float, plan: VariationalPlan) -> Tensor:
    """How far a motion is from the true one where that is known: expression, lips, smoothness, closures."""
    error = (found - motion) ** 2 * known
    bend = (found.diff(n=2, dim=2) - motion.diff(n=2, dim=2)) ** 2 * known[..., 2:]
    shut = (motion[:, :1] < closed) * known
    hinge = torch.relu(found[:, :1] - closed) ** 2 * shut
    terms = (plan.expression * error.sum(dim=1).mean(), plan.lips * error[:, LIP_ROWS].sum(dim=1).mean())
    return sum(terms) + plan.laplacian * bend.mean() + plan.closure * hinge.mean()


@dataclass(frozen=True)
class Adapted:
    """A fitted post-net in the person's units."""

    net: PostNet
    scale: Scale
    speaker: Tensor  # [32]

    def __call__(self, features: np.ndarray, seconds: np.ndarray) -> np.ndarray:
        """Targets [n, K] at moments [n] of a sound with features [S, F] at 100 Hz."""
        lips = heard(features[:, GENERAL], grid(len(features) / 100))[None]
        with torch.no_grad():
            motion = self.net(lips, self.speaker[None])[0]
        return at(self.scale.back(motion), seconds)


def fit_postnet(
    features: np.ndarray,
    encoder: SpeechEncoder,
    examples: Examples,
    lag_seconds: float,
    reporter: Reporter,
    plan: VariationalPlan | None = None,
) -> Adapted:
    """On the person's frames, and on voices without frames against a discriminator. Raises Cancelled."""
    plan = plan or VariationalPlan()
    torch.manual_seed(plan.seed)
    person, scale = of_person(features, examples, lag_seconds)
    voices = of_voices(encoder, examples, scale)
    basis = speaker_basis(Layout.hidden.stop)
    speakers = [speaker_embedding(r.speech[Layout.hidden].T, basis) for r in (person, *voices)]
    own, others = (
        Batches([person], plan.seed),
        [Batches([voice], plan.seed + 1 + k) for k, voice in enumerate(voices)],
    )
    net, judge = PostNet(GENERAL.stop - GENERAL.start, len(scale.centre)), Discriminator(len(scale.centre))
    optimiser = torch.optim.AdamW(net.parameters(), plan.learning_rate, weight_decay=0.02)
    adversary = torch.optim.AdamW(judge.parameters(), plan.learning_rate, weight_decay=0.02)
    closed = shut_below(examples, scale)
    for step in range(plan.postnet_steps):
        reporter.check_cancelled()
        speech, motion, known = own.draw()
        foreign = others[step % len(others)].draw()[0]
        found = net(speech[:, GENERAL], speakers[0].expand(len(speech), -1))
        strange = net(foreign[:, GENERAL], speakers[1 + step % len(others)].expand(len(foreign), -1))
        told = ((judge(motion) - 1) ** 2).mean() + (judge(strange.detach()) ** 2).mean()
        adversary.zero_grad()
        told.backward()
        adversary.step()
        loss = likeness(found, motion, known, closed, plan) + plan.adversarial * ((judge(strange) - 1) ** 2).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return Adapted(net.eval(), scale, speakers[0])
