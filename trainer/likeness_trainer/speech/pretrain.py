"""Pretrain the speech encoder: `python -m likeness_trainer.speech.pretrain` (needs flite; about 15 minutes on two cores).

The corpus is synthesised, the seed fixed. Cross-entropy on visemes teaches what is said; the lip parameters and their
velocity (Cohen-Massaro targets) teach what the mouth does about it.
"""

import argparse
import json
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save
from torch import Tensor
from torch.nn import functional as F

from ..protocol import sha256_of
from .augment import augment
from .corpus import VOICES, Utterance, utterances
from .encoder import TOWERS, SpeechEncoder, Tower
from .graph import ENCODER_PATH
from .normalise import level_dbfs, normalise

OPENING_QUANTILES = 33
SPECTRUM_THREADS, TRAINING_THREADS = 2, 1  # other numbers add up in another order and end in other weights


@dataclass(frozen=True)
class Recipe:
    """What the shipped weights were made with."""

    sentences: int = 500  # of each voice
    held_out: int = 15  # of each voice, for the printed accuracy
    towers: int = TOWERS
    steps: int = 750  # of each tower; many more know the synthetic voices better and real mouths worse
    batch: int = 24
    frames: int = 160  # of each training segment
    learning_rate: float = 2e-3
    weight_decay: float = 0.01
    lip_weight: float = 3.0
    velocity_weight: float = 3.0
    seed: int = 0


def normalised(mel: np.ndarray) -> np.ndarray:
    """Encoder input [frames, 80] of a log-mel spectrum [frames, 80]."""
    spectrum = torch.from_numpy(mel.T[None])
    return normalise(spectrum, level_dbfs(spectrum))[0].T.numpy()


def segment(utterance: Utterance, frames: int, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    """An augmented piece at a random rate: mel [frames, 80], visemes [frames], lips [frames, 5], mask [frames]."""
    mel = normalised(augment(utterance.mel, rng))
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


def losses(scores: Tensor, lips: Tensor, visemes: Tensor, target: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Cross-entropy, squared error of the lips, squared error of their velocity; means over the mask [batch, frames]."""
    count = mask.sum()
    entropy = (F.cross_entropy(scores, visemes, reduction="none") * mask).sum() / count
    error = (lips - target) * mask[:, None]
    return entropy, (error**2).sum() / count, (error.diff(dim=2) ** 2).sum() / count


@torch.no_grad()
def held_out_figures(encoder: SpeechEncoder | Tower, spoken: list[Utterance]) -> tuple[float, float]:
    """Viseme accuracy outside silence, and r of the opening, on unaugmented utterances."""
    encoder.eval()
    correct, openings, truth = [], [], []
    for utterance in spoken:
        scores, lips = encoder(torch.from_numpy(normalised(utterance.mel).T[None]))
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
    lips = [encoder.eval()(torch.from_numpy(normalised(u.mel).T[None]))[1][0] for u in spoken]
    levels = torch.linspace(0, 1, OPENING_QUANTILES)
    joined = torch.cat([piece[:, torch.from_numpy(u.visemes > 0)] for piece, u in zip(lips, spoken)], dim=1)
    spread = joined[1] - 0.5 * joined[2]
    return torch.stack([torch.quantile(joined[0], levels), torch.quantile(spread, levels)])


def pretrain(recipe: Recipe, voices: dict[str, list[Utterance]]) -> tuple[SpeechEncoder, Tensor]:
    """Train every tower on all voices but their held-out sentences; prints figures. Returns encoder and quantiles."""
    held_out = [u for spoken in voices.values() for u in spoken[-recipe.held_out :]]
    training = [spoken[: -recipe.held_out] for spoken in voices.values()]
    encoder = SpeechEncoder([pretrain_tower(recipe, recipe.seed + k, training, held_out) for k in range(recipe.towers)])
    accuracy, r = held_out_figures(encoder, held_out)
    print(f"all towers: viseme accuracy {accuracy:.3f} opening r {r:.3f}", flush=True)
    return encoder.eval(), opening_quantiles(encoder, held_out)


def pretrain_tower(recipe: Recipe, seed: int, training: list[list[Utterance]], held_out: list[Utterance]) -> Tower:
    """One tower, folded; prints figures every 500 steps."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    tower = Tower()
    optimiser = torch.optim.AdamW(tower.parameters(), recipe.learning_rate, weight_decay=recipe.weight_decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, recipe.learning_rate, total_steps=recipe.steps)
    started = time.monotonic()
    for step in range(1, recipe.steps + 1):
        pieces = []
        for _ in range(recipe.batch):
            spoken = training[rng.integers(len(training))]
            pieces.append(segment(spoken[rng.integers(len(spoken))], recipe.frames, rng))
        mel, visemes, target, mask = (torch.from_numpy(np.stack(column)) for column in zip(*pieces))
        scores, lips = tower(mel.transpose(1, 2))
        entropy, error, velocity = losses(scores, lips, visemes, target.transpose(1, 2), mask)
        loss = entropy + recipe.lip_weight * error + recipe.velocity_weight * velocity
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(tower.parameters(), 2.0)
        optimiser.step()
        schedule.step()
        if step % 500 == 0 or step == recipe.steps:
            accuracy, r = held_out_figures(tower, held_out)
            seconds = time.monotonic() - started
            figures = f"viseme accuracy {accuracy:.3f} opening r {r:.3f}"
            print(f"tower {seed} step {step} loss {loss.item():.3f} {figures} {seconds:.0f} s", flush=True)
    return tower.folded()


def save_encoder(encoder: SpeechEncoder, quantiles: Tensor, path: Path) -> None:
    """Write the weights, the same bytes for the same weights: the library orders its metadata by chance, so sort it."""
    tensors = {name: weight.contiguous() for name, weight in encoder.state_dict().items()}
    written = save({**tensors, "speech_quantiles": quantiles}, metadata={"format": "likeness.encoder", "version": "2"})
    length = int.from_bytes(written[:8], "little")
    header = json.loads(written[8 : 8 + length])
    header["__metadata__"] = dict(sorted(header["__metadata__"].items()))
    ordered = json.dumps(header, separators=(",", ":")).encode().ljust(length)
    path.write_bytes(written[:8] + ordered + written[8 + length :])


def main() -> None:
    """Synthesise the corpus, train, write the weights and print their hash."""
    defaults = Recipe()
    parser = argparse.ArgumentParser(description="Pretrain the speech encoder on synthesised speech.")
    parser.add_argument("--sentences", type=int, default=defaults.sentences, help="sentences of each voice")
    parser.add_argument("--steps", type=int, default=defaults.steps)
    parser.add_argument("--out", type=Path, default=ENCODER_PATH)
    options = parser.parse_args()
    torch.set_num_threads(SPECTRUM_THREADS)
    recipe = Recipe(sentences=options.sentences, steps=options.steps)
    started = time.monotonic()
    voices = {}
    for number, voice in enumerate(VOICES):
        voices[voice] = list(utterances(voice, recipe.sentences, recipe.seed * 1000 + number))
        minutes = sum(len(u.mel) for u in voices[voice]) / 6000
        print(f"{voice}: {minutes:.1f} minutes of speech, {time.monotonic() - started:.0f} s", flush=True)
    torch.set_num_threads(TRAINING_THREADS)
    encoder, quantiles = pretrain(recipe, voices)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    save_encoder(encoder, quantiles, options.out)
    print(f"{options.out} sha256 {sha256_of(options.out)}")


if __name__ == "__main__":
    main()
