"""Level, presence of sound, and mean-variance normalisation (CMVN) of the log-mel spectrum.

All statistics come from a window of 6 s on each side, and only from its loud frames: pauses, their share and the
recording's noise floor do not move them, and hour-long sound can be cut into chunks without a change (see `drive`).
"""

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from likeness_trainer.speech.sizes import REACH

FULL_SCALE_DB = 40.0  # summed mel power of a full-scale sine wave in dB
ACTIVE_BELOW_PEAK_DB, ACTIVE_SOFTNESS_DB = 30.0, 4.0
AUDIBLE_DBFS, AUDIBLE_BELOW_PEAK_DB, AUDIBLE_SOFTNESS_DB = -62.0, 45.0, 3.0
HELD = 30  # frames on both sides of sound that count as sound
SMALLEST_DEVIATION = 1.0  # speech has 2 to 3; steady hiss must not be blown up to look like it
LIMIT = 4.0
FAR_LIMIT = 8.0


def level_dbfs(mel: Float[Tensor, "batch 80 frames"]) -> Float[Tensor, "batch 1 frames"]:
    """Level of each frame in dB, 0 for a full-scale sine wave."""
    return torch.log(torch.exp(mel).sum(dim=1, keepdim=True)) * 4.342945 - FULL_SCALE_DB


def peak_level(level: Float[Tensor, "batch 1 frames"]) -> Float[Tensor, "batch 1 frames"]:
    """Loudest frame within `REACH`."""
    return F.max_pool1d(level, 2 * REACH + 1, stride=1, padding=REACH)


def presence(level: Float[Tensor, "batch 1 frames"]) -> Float[Tensor, "batch 1 frames"]:
    """0 where there is no sound to speak of, 1 in speech and 0.3 s around it."""
    return held(audible(level, peak_level(level)))


def audible(level: Float[Tensor, "batch 1 frames"], peak: Tensor) -> Float[Tensor, "batch 1 frames"]:
    """Whether each frame can be heard beside a peak level, 0..1."""
    threshold = (peak - AUDIBLE_BELOW_PEAK_DB).clamp(min=AUDIBLE_DBFS)
    return torch.sigmoid((level - threshold) / AUDIBLE_SOFTNESS_DB)


def held(audible: Float[Tensor, "batch 1 frames"]) -> Float[Tensor, "batch 1 frames"]:
    """Presence of sound that can be heard so far: closures of plosives are part of it, and so are short pauses.

    What a mouth does in those is heard better than it is guessed: of frames in pauses of up to 0.7 s one in ten is shut
    on real mouths, as elsewhere.
    """
    longest = F.max_pool1d(audible, 2 * HELD + 1, stride=1, padding=HELD)
    return F.avg_pool1d(F.pad(longest, (5, 5), mode="replicate"), 11, stride=1)


def activity(level: Float[Tensor, "batch 1 frames"]) -> Float[Tensor, "batch 1 frames"]:
    """Weight of each frame in the statistics."""
    return torch.sigmoid((level - peak_level(level) + ACTIVE_BELOW_PEAK_DB) / ACTIVE_SOFTNESS_DB) + 1e-3


def local_mean(signal: Float[Tensor, "batch bands frames"], weight: Float[Tensor, "batch 1 frames"]) -> Tensor:
    """Weighted mean over `REACH` frames on each side (fewer at the ends), by differences of running sums."""

    def window_sum(x: Tensor) -> Tensor:
        running = torch.cumsum(F.pad(x, (REACH + 1, REACH)).double(), dim=2)  # a minute's sum loses 1e-3 in f32
        return (running[..., 2 * REACH + 1 :] - running[..., : -2 * REACH - 1]).float()

    return window_sum(signal * weight) / window_sum(weight).clamp(min=1e-6)


def normalise(mel: Float[Tensor, "batch 80 frames"], level: Float[Tensor, "batch 1 frames"]) -> Tensor:
    """Log-mel with each band's local mean removed, over the local deviation of all bands, within +-4."""
    weight = activity(level)
    mean = local_mean(mel, weight)
    power = local_mean((mel * mel).mean(dim=1, keepdim=True), weight)
    variance = power - (mean * mean).mean(dim=1, keepdim=True)  # over bands and time, about each band's mean
    deviation = variance.clamp(min=SMALLEST_DEVIATION**2).sqrt()
    return ((mel - mean) / deviation).clamp(-LIMIT, LIMIT)


def normalise_audible(mel: Float[Tensor, "batch 80 frames"], level: Float[Tensor, "batch 1 frames"]) -> Tensor:
    """Log-mel as the closing towers hear it: all frames that can be heard count, lips shut or not, and the tilt of the
    voice is part of the deviation.

    Statistics of loud frames alone, and the limit that closures then reach, cost about a tenth of them on real mouths.
    """
    weight = torch.sigmoid((level - peak_level(level) + AUDIBLE_BELOW_PEAK_DB) / AUDIBLE_SOFTNESS_DB) + 1e-3
    mean = local_mean(mel, weight)
    power = local_mean((mel * mel).mean(dim=1, keepdim=True), weight)
    variance = power - mean.mean(dim=1, keepdim=True) ** 2
    return ((mel - mean) / variance.clamp(min=SMALLEST_DEVIATION**2).sqrt()).clamp(-FAR_LIMIT, FAR_LIMIT)
