"""`variation.onnx`: how else the person might say it, as a shift of the likely targets."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from likeness_trainer.motion.examples import Examples
from likeness_trainer.motion.graph import Smoothing
from likeness_trainer.protocol import Reporter
from likeness_trainer.speech import Layout, SpeechGraph, analyse_speech, sample_at
from likeness_trainer.speech.encoder import SpeechEncoder
from likeness_trainer.speech.graph import export_graph
from likeness_trainer.speech.sizes import FEATURE_RATE
from likeness_trainer.variational.corpus import Batches, of_person
from likeness_trainer.variational.fit import Generated, VariationalPlan, fit_variational
from likeness_trainer.variational.model import LATENT, STRIDE

ROWS = 4  # of features a frame of the model: 100 Hz over 25 Hz
LATENT_ROWS = ROWS * STRIDE  # of features a latent
DRAWS = 4
MEASURED_SECONDS = 60.0  # of the sound: attention over all of a long one would take memory with its square
LIVELY, MOST_GAIN = (
    0.4,
    6.0,
)  # at 1 the mouth is plainly another; r of the opening goes from .59 to .48 and from .77 to .73
# Far shorter than what predicts best: later the model knows the person's frames by heart, so that on them nothing is
# left for the latents to tell, and they mean nothing on other sound either.
PLAN = replace(VariationalPlan(), general_steps=16, steps=48, expert_steps=16, divergence=0.002)


def fit_variation(
    audio: np.ndarray,
    encoder: SpeechEncoder,
    examples: Examples,
    lag_seconds: float,
    reporter: Reporter,
    seed: int,
    share: float,
) -> VariationGraph | None:
    """Of one person; `share` of the usual steps. None when they are never seen for two seconds in a row. Raises
    Cancelled."""
    features = analyse_speech(SpeechGraph(encoder).eval(), audio).features
    if not Batches.usable(of_person(features, examples, lag_seconds)[0]):
        return None
    plan = replace(PLAN, seed=seed).lasting(share)
    fitted = fit_variational(features, encoder, examples, lag_seconds, reporter, plan)
    return VariationGraph(fitted, lively_gains(VariationGraph(fitted).eval(), features, examples, lag_seconds)).eval()


def lively_gains(plain: VariationGraph, features: np.ndarray, examples: Examples, lag_seconds: float) -> np.ndarray:
    """What makes the shift by noise of deviation 1 as large for everybody: `LIVELY` of each target's own spread,
    [66]."""
    seconds = examples.time + lag_seconds
    first, last = fullest(seconds, MEASURED_SECONDS)
    start = max(int(seconds[first] * FEATURE_RATE), 0)
    piece = torch.from_numpy(features[start : start + round(MEASURED_SECONDS * FEATURE_RATE)])[None]
    noise = torch.randn(DRAWS, 1, LATENT, -(-piece.shape[1] // LATENT_ROWS), generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        drawn = [plain(piece, one)[0].numpy() for one in noise]
    shifts = np.concatenate([sample_at(one, seconds[first:last] - start / FEATURE_RATE) for one in drawn])
    own = examples.targets.std(axis=0)
    return LIVELY * own / np.maximum(np.sqrt((shifts**2).mean(axis=0)), own * LIVELY / MOST_GAIN + 1e-9)


def fullest(seconds: np.ndarray, length: float) -> tuple[int, int]:
    """Which of some moments, in order, lie in the stretch of a length that holds most of them: from the first to before
    the last."""
    ends = np.searchsorted(seconds, seconds + length)
    first = int((ends - np.arange(len(seconds))).argmax())
    return first, int(ends[first])


class VariationGraph(nn.Module):
    """Features [1, T, F] and noise [1, 16, ceil(T / 16)], already times temperature -> shift [1, T, 66] of the targets.

    The shift is what the noise makes of them less what no noise makes of them, so without noise it is zero.
    """

    mean: Tensor
    deviation: Tensor
    weight: Tensor
    gains: Tensor

    def __init__(self, generated: Generated, gains: np.ndarray | None = None) -> None:
        super().__init__()
        self.model = generated.model
        self.smoothing = Smoothing(Layout.count)
        self.register_buffer("mean", generated.speech_scale[None, :, :1].clone())
        self.register_buffer("deviation", generated.speech_scale[None, :, 1:].clone())
        gains = np.ones(len(generated.scale.weight)) if gains is None else gains
        self.register_buffer("gains", torch.from_numpy(gains.astype(np.float32))[None, :, None])
        self.register_buffer("weight", torch.from_numpy(generated.scale.weight.astype(np.float32))[None, :, None])

    def forward(
        self, features: Float[Tensor, "1 frames width"], noise: Float[Tensor, "1 16 latents"]
    ) -> Float[Tensor, "1 frames 66"]:
        smoothed = self.smoothing(features.transpose(1, 2)[:, Layout.general])[..., ::ROWS]
        whole = F.pad(smoothed, (0, STRIDE - 1), mode="replicate")[..., : STRIDE * noise.shape[2]]
        condition = self.model.context((whole - self.mean) / self.deviation)
        pooled = F.avg_pool1d(condition, STRIDE)
        # both in one run: what is equal for them is equal to the last bit
        latent = self.model.flow.inverse(torch.cat([noise, torch.zeros_like(noise)]), pooled.expand(2, -1, -1))
        drawn, likely = self.model.decode(latent, condition.expand(2, -1, -1)).chunk(2)
        return between((drawn - likely) / self.weight * self.gains)[..., : features.shape[1]].transpose(1, 2)


def between(frames: Float[Tensor, "1 targets frames"]) -> Float[Tensor, "1 targets rows"]:
    """A signal at 25 Hz at 100 Hz, linear between its frames and held after the last."""
    after = torch.cat([frames[..., 1:], frames[..., -1:]], dim=2)
    rows = torch.stack([frames + (after - frames) * (k / ROWS) for k in range(ROWS)], dim=3)
    return rows.flatten(start_dim=2)


def export_variation(graph: VariationGraph, width: int, path: Path) -> None:
    """Write `variation.onnx` for features of the given width."""
    frames = 7 * LATENT_ROWS - 5
    inputs = {"features": torch.randn(1, frames, width), "noise": torch.randn(1, LATENT, 7)}
    axes = {"features": {1: "frames"}, "noise": {2: "latents"}, "shift": {1: "frames"}}
    export_graph(graph, inputs, ["shift"], path, axes)
