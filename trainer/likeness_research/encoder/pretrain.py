"""Pretrain the speech encoder: `python -m likeness_research.encoder.pretrain` (needs flite and fortunes; about half an
hour).

The corpus is synthesised, the seed fixed. Cross-entropy on visemes teaches what is said; the lip parameters and their
velocity (Cohen-Massaro targets) teach what the mouth does about it. Towers of two kinds are made: what hears the
mouth's movement best and what hears its closures best are taught with other texts, norms and lengths (docs/speech.md).
"""

import argparse
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save
from torch import Tensor
from torch.nn import functional as F

from likeness_research.encoder.augment import augment, augment_gently
from likeness_research.encoder.corpus import VOICES, Utterance, utterances
from likeness_research.encoder.sentences import sentences
from likeness_research.encoder.texts import FORTUNES, read_sentences
from likeness_trainer.protocol import sha256_of
from likeness_trainer.speech.encoder import ChannelNorm, Norm, SoundNorm, SpeechEncoder, Tower
from likeness_trainer.speech.graph import export_listener
from likeness_trainer.speech.normalise import level_dbfs, normalise, normalise_audible
from likeness_trainer.speech.sizes import CLOSING_TOWERS, ENCODER_PATH, LISTENER_PATH, TOWERS

OPENING_QUANTILES = 33
SPECTRUM_THREADS, TRAINING_THREADS = 2, 1  # other numbers add up in another order and end in other weights


@dataclass(frozen=True)
class Pretraining:
    """What the shipped weights were made with."""

    sentences: int = 500  # of each voice, for each kind of tower
    held_out: int = 15  # of each voice, for the printed accuracy
    towers: int = TOWERS
    steps: int = 750  # of each tower; many more know the synthetic voices better and real mouths worse
    closing_towers: int = CLOSING_TOWERS
    closing_steps: int = 1000
    batch: int = 24
    frames: int = 160  # of each training segment
    learning_rate: float = 2e-3
    weight_decay: float = 0.01
    lip_weight: float = 3.0
    velocity_weight: float = 3.0
    seed: int = 0


@dataclass(frozen=True)
class Kind:
    """What one sort of tower is made of, the spectrum that it hears, and how that is varied in training."""

    norm: Norm
    spectrum: Callable[[Tensor, Tensor], Tensor]
    varied: Callable[[np.ndarray, np.random.Generator], np.ndarray]

    def heard(self, mel: np.ndarray) -> np.ndarray:
        """Tower input [frames, 80] of a log-mel spectrum [frames, 80]."""
        whole = torch.from_numpy(np.ascontiguousarray(mel.T[None]))
        return self.spectrum(whole, level_dbfs(whole))[0].T.numpy()


GENERAL, CLOSING = Kind(ChannelNorm, normalise, augment), Kind(SoundNorm, normalise_audible, augment_gently)
Voices = dict[str, list[Utterance]]


def segment(utterance: Utterance, kind: Kind, frames: int, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    """An augmented piece at a random rate: mel [frames, 80], visemes [frames], lips [frames, 5], mask [frames]."""
    mel = kind.heard(kind.varied(utterance.mel, rng))
    rate = rng.uniform(0.8, 1.25)
    length = min(int(frames * rate), len(mel))
    start = rng.integers(0, len(mel) - length + 1)
    at = start + np.arange(0, length - 1, rate)[:frames]
    lower, share = at.astype(int), (at % 1)[:, None].astype(np.float32)

    def sampled(track: np.ndarray) -> np.ndarray:
        padded = np.zeros((frames, track.shape[1]), np.float32)
        padded[: len(at)] = track[lower] * (1 - share) + track[lower + 1] * share
        return padded

    visemes, mask = np.zeros(frames, np.int64), np.zeros(frames, np.float32)
    visemes[: len(at)], mask[: len(at)] = utterance.visemes[np.round(at).astype(int)], 1
    return sampled(mel), visemes, sampled(utterance.lips), mask


def losses(
    scores: Tensor, lips: Tensor, visemes: Tensor, target: Tensor, mask: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """Cross-entropy, squared error of the lips, squared error of their velocity; means over the mask [batch,
    frames]."""
    count = mask.sum()
    entropy = (F.cross_entropy(scores, visemes, reduction="none") * mask).sum() / count
    error = (lips - target) * mask[:, None]
    return entropy, (error**2).sum() / count, (error.diff(dim=2) ** 2).sum() / count


@torch.no_grad()
def held_out_figures(encoder: SpeechEncoder | Tower, kind: Kind, spoken: list[Utterance]) -> tuple[float, float]:
    """Viseme accuracy outside silence, and r of the opening, on unaugmented utterances."""
    encoder.eval()
    correct, openings, truth = [], [], []
    for utterance in spoken:
        scores, lips = encoder(torch.from_numpy(kind.heard(utterance.mel).T[None]))
        voiced = utterance.visemes > 0
        correct.append((scores[0].argmax(dim=0).numpy() == utterance.visemes)[voiced])
        openings.append(lips[0, 0].numpy())
        truth.append(utterance.lips[:, 0])
    encoder.train()
    r = np.corrcoef(np.concatenate(openings), np.concatenate(truth))[0, 1]
    return float(np.concatenate(correct).mean()), float(r)


@torch.no_grad()
def opening_quantiles(encoder: SpeechEncoder, spoken: list[Utterance]) -> Tensor:
    """Quantiles [33] of the predicted opening and width over speech: what zero-shot motion maps to a person's own."""
    lips = [encoder.eval()(torch.from_numpy(GENERAL.heard(u.mel).T[None]))[1][0] for u in spoken]
    levels = torch.linspace(0, 1, OPENING_QUANTILES)
    joined = torch.cat([piece[:, torch.from_numpy(u.visemes > 0)] for piece, u in zip(lips, spoken)], dim=1)
    spread = joined[1] - 0.5 * joined[2]
    return torch.stack([torch.quantile(joined[0], levels), torch.quantile(spread, levels)])


def pretrain(plan: Pretraining, general: Voices, closing: Voices) -> tuple[SpeechEncoder, Tensor]:
    """Train the towers of both kinds, each on all voices but their held-out sentences; prints figures.

    Returns encoder and quantiles.
    """
    training, held_out = parted(plan, general)
    towers = [pretrain_tower(plan, plan.seed + k, GENERAL, plan.steps, training, held_out) for k in range(plan.towers)]
    for_closures = [
        pretrain_tower(plan, plan.seed + k, CLOSING, plan.closing_steps, *parted(plan, closing))
        for k in range(plan.closing_towers)
    ]
    encoder = SpeechEncoder(towers, for_closures)
    accuracy, r = held_out_figures(encoder, GENERAL, held_out)
    print(f"all towers: viseme accuracy {accuracy:.3f} opening r {r:.3f}", flush=True)
    return encoder.eval(), opening_quantiles(encoder, held_out)


def parted(plan: Pretraining, voices: Voices) -> tuple[list[list[Utterance]], list[Utterance]]:
    """Sentences of each voice to train on, and those held out of all."""
    held_out = [u for spoken in voices.values() for u in spoken[-plan.held_out :]]
    return [spoken[: -plan.held_out] for spoken in voices.values()], held_out


def pretrain_tower(
    plan: Pretraining, seed: int, kind: Kind, steps: int, training: list[list[Utterance]], held_out: list[Utterance]
) -> Tower:
    """One tower, folded; prints figures every 500 steps."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    tower = Tower(kind.norm)
    optimiser = torch.optim.AdamW(tower.parameters(), plan.learning_rate, weight_decay=plan.weight_decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, plan.learning_rate, total_steps=steps)
    started = time.monotonic()
    for step in range(1, steps + 1):
        pieces = []
        for _ in range(plan.batch):
            spoken = training[rng.integers(len(training))]
            pieces.append(segment(spoken[rng.integers(len(spoken))], kind, plan.frames, rng))
        mel, visemes, target, mask = (torch.from_numpy(np.stack(column)) for column in zip(*pieces))
        scores, lips = tower(mel.transpose(1, 2))
        entropy, error, velocity = losses(scores, lips, visemes, target.transpose(1, 2), mask)
        loss = entropy + plan.lip_weight * error + plan.velocity_weight * velocity
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(tower.parameters(), 2.0)
        optimiser.step()
        schedule.step()
        if step % 500 == 0 or step == steps:
            accuracy, r = held_out_figures(tower, kind, held_out)
            seconds = time.monotonic() - started
            figures = f"viseme accuracy {accuracy:.3f} opening r {r:.3f}"
            print(f"tower {seed} step {step} loss {loss.item():.3f} {figures} {seconds:.0f} s", flush=True)
    return tower.folded()


def synthesised(plan: Pretraining, texts: list[Iterator[str]]) -> Voices:
    """What each voice says of its texts; prints how much that is."""
    voices: Voices = {}
    for number, (voice, said) in enumerate(zip(VOICES, texts)):
        voices[voice] = list(utterances(voice, islice(said, plan.sentences), plan.seed * 1000 + number))
        print(f"{voice}: {sum(len(u.mel) for u in voices[voice]) / 6000:.1f} minutes of speech", flush=True)
    return voices


def save_encoder(encoder: SpeechEncoder, quantiles: Tensor, path: Path) -> None:
    """Write the weights, the same bytes for the same weights: the library orders its metadata by chance, so sort it."""
    tensors = {name: weight.contiguous() for name, weight in encoder.state_dict().items()}
    written = save({**tensors, "speech_quantiles": quantiles}, metadata={"format": "likeness.encoder", "version": "3"})
    length = int.from_bytes(written[:8], "little")
    header = json.loads(written[8 : 8 + length])
    header["__metadata__"] = dict(sorted(header["__metadata__"].items()))
    ordered = json.dumps(header, separators=(",", ":")).encode().ljust(length)
    path.write_bytes(written[:8] + ordered + written[8 + length :])


def main() -> None:
    """Synthesise the corpus, train, write the weights and print their hash."""
    defaults = Pretraining()
    parser = argparse.ArgumentParser(description="Pretrain the speech encoder on synthesised speech.")
    parser.add_argument("--sentences", type=int, default=defaults.sentences, help="sentences of each voice")
    parser.add_argument(
        "--texts", type=Path, default=FORTUNES, help="folder of fortune files, whose sentences are spoken"
    )
    parser.add_argument("--out", type=Path, default=ENCODER_PATH)
    options = parser.parse_args()
    torch.set_num_threads(SPECTRUM_THREADS)
    plan = Pretraining(sentences=options.sentences)
    texts = read_sentences(options.texts, len(VOICES) * plan.sentences)
    general = synthesised(plan, [sentences(plan.seed * 1000 + k) for k in range(len(VOICES))])
    closing = synthesised(plan, [iter(texts)] * len(VOICES))  # no two voices say the same
    torch.set_num_threads(TRAINING_THREADS)
    encoder, quantiles = pretrain(plan, general, closing)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    save_encoder(encoder, quantiles, options.out)
    export_listener(encoder, options.out, options.out.with_name(LISTENER_PATH.name))
    print(f"{options.out} sha256 {sha256_of(options.out)}")


if __name__ == "__main__":
    main()
