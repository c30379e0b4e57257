"""The fine-tuned branch: the pretrained encoder, trained a little further on one person's own frames."""

import copy

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn

from likeness_trainer.motion.examples import Examples
from likeness_trainer.protocol import Reporter
from likeness_trainer.speech.encoder import SpeechEncoder, Tower
from likeness_trainer.speech.sizes import FEATURE_RATE, MEL_BANDS, TOWER_CHANNELS

STEPS = 150
BATCH = 8
SEGMENT_SECONDS = 2.0
GRID_SECONDS = 0.04  # targets are compared on this grid, whatever the video's frame rate
LEARNING_RATE = 1e-3
WEIGHT_DECAY = 0.02


class TunedBranch(nn.Module):
    """Normalised log-mel [B, 80, T] -> standardised targets [B, K, T]; starts at zero on the pretrained features."""

    def __init__(self, tower: Tower, targets: int) -> None:
        super().__init__()
        self.encoder = copy.deepcopy(tower)
        self.dropout = nn.Dropout(0.2)
        self.head = nn.Conv1d(TOWER_CHANNELS, targets, 5, padding=2)
        for parameter in self.head.parameters():
            nn.init.zeros_(parameter)

    def forward(self, mel: Float[Tensor, "batch 80 frames"]) -> Float[Tensor, "batch targets frames"]:
        return self.head(self.dropout(self.encoder.hidden(mel)))


def on_grid(examples: Examples, lag_seconds: float, frames: int) -> tuple[np.ndarray, np.ndarray]:
    """Targets on the sound's 40 ms grid [g, K] and a mask [g] of where a training frame is near."""
    seconds = np.arange(0, frames, round(GRID_SECONDS * FEATURE_RATE)) / FEATURE_RATE - lag_seconds
    targets = np.stack([np.interp(seconds, examples.time, column) for column in examples.targets.T], axis=1)
    after = np.searchsorted(examples.time, seconds).clip(1, len(examples.time) - 1)
    nearest = np.minimum(np.abs(examples.time[after - 1] - seconds), np.abs(examples.time[after] - seconds))
    return targets, nearest < GRID_SECONDS * 0.75


def vary(mel: Tensor, rng: np.random.Generator) -> Tensor:
    """Mild variation of a normalised log-mel [80, T]: throat length, colour, noise."""
    position = np.clip(np.arange(MEL_BANDS) * rng.uniform(0.92, 1.09), 0, MEL_BANDS - 1)
    lower = np.minimum(position.astype(int), MEL_BANDS - 2)
    share = torch.from_numpy((position - lower).astype(np.float32))[:, None]
    warped = mel[lower] * (1 - share) + mel[lower + 1] * share
    colour = torch.from_numpy(rng.normal(0, 0.25, 8).repeat(MEL_BANDS // 8).astype(np.float32))[:, None]
    return warped + colour + 0.1 * torch.from_numpy(rng.standard_normal(warped.shape).astype(np.float32))


def fine_tune(
    encoder: SpeechEncoder,
    mel: Float[Tensor, "80 frames"],
    examples: Examples,
    lag_seconds: float,
    seed: int,
    reporter: Reporter,
    steps: int = STEPS,
) -> TunedBranch:
    """Train a copy of the encoder's first tower on the examples; `mel` is the normalised log-mel of the whole sound.

    The returned branch gives targets in their own units: standardisation is folded into its head.
    """
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    targets, near = on_grid(examples, lag_seconds, mel.shape[1])
    centre = targets[near].mean(axis=0)
    goal = torch.from_numpy(((targets - centre) * examples.importance).T.astype(np.float32))
    mask = torch.from_numpy(near.astype(np.float32))
    hop = round(GRID_SECONDS * FEATURE_RATE)
    length = round(SEGMENT_SECONDS / GRID_SECONDS)
    starts = [k for k in range(max(goal.shape[1] - length, 0) + 1) if near[k : k + length].mean() > 0.8]
    starts = starts or [int(np.convolve(near, np.ones(length), "valid").argmax()) if len(near) >= length else 0]
    branch = TunedBranch(encoder.each()[0], goal.shape[0]).train()
    optimiser = torch.optim.AdamW(branch.parameters(), LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, LEARNING_RATE, total_steps=steps)
    padded = torch.nn.functional.pad(mel, (0, max(0, (goal.shape[1] + length) * hop - mel.shape[1])))
    for _ in range(steps):
        reporter.check_cancelled()
        chosen = [starts[rng.integers(len(starts))] for _ in range(BATCH)]
        sound = torch.stack([vary(padded[:, k * hop : (k + length) * hop], rng) for k in chosen])
        truth = torch.stack([goal[:, k : k + length] for k in chosen])
        valid = torch.stack([mask[k : k + length] for k in chosen])[:, None]
        error = branch(sound)[:, :, ::hop][:, :, : truth.shape[2]] - truth
        loss = (error**2 * valid).mean() + (error.diff(dim=2) ** 2 * valid[..., 1:] * valid[..., :-1]).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    with torch.no_grad():
        scale = torch.from_numpy(examples.importance.astype(np.float32)).clamp(min=1e-6)
        weight, bias = branch.head.parameters()
        weight /= scale[:, None, None]
        bias.copy_(bias / scale + torch.from_numpy(centre.astype(np.float32)))
    return branch.eval()
