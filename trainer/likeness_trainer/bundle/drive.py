"""Speech to expression with a bundle's own graphs: the same steps as the avatar engine (docs/formats.md, "Speech drive")."""

from __future__ import annotations

import numpy as np

from ..renderer.rig import Rig
from .load import Bundle

SPEECH_RATE, FEATURE_RATE = 16000, 100  # Hz
NEIGHBOURS = 10
RIDGE = 1e-2  # of the neighbours' mean squared distance
BLEND = 0.2
SMOOTHING_FRAMES = 0.6  # Gaussian sigma at 25 frames a second; a shorter one keeps plosives, a longer one smears them


def speech_expression(bundle: Bundle, waveform: np.ndarray) -> np.ndarray:
    """Expression [T, 64] at 100 Hz of a mono 16 kHz waveform [N] in -1..1, before anything of the person's rig."""
    features = bundle.session("speech").run(["features"], {"waveform": waveform[None].astype(np.float32)})[0]
    return np.asarray(bundle.session("motion").run(["expression"], {"features": features})[0])[0]


def driven_expression(bundle: Bundle, waveform: np.ndarray, seconds: np.ndarray, idle: np.ndarray, fps: float) -> np.ndarray:
    """What each frame shows when `waveform` speaks: [T, 64] for frames at `seconds` [T].

    `idle` [T, 64] gives the eyes' part. `fps` sets the smoothing.
    """
    rig = bundle.rig
    at_100 = speech_expression(bundle, waveform)
    at_100 = smooth(at_100, SMOOTHING_FRAMES / fps * FEATURE_RATE)
    wanted = sample(at_100, seconds + float(bundle.manifest["speech"]["lagSeconds"]))
    spoken = np.clip(lle_blend(wanted, rig.lle_bank), rig.expression_low, rig.expression_high)
    return with_idle_eyes(rig, spoken, idle)


def sample(expression: np.ndarray, seconds: np.ndarray) -> np.ndarray:
    """Rows of a 100 Hz signal [T, K] at times `seconds`, linear between rows, held at its ends."""
    position = np.clip(seconds * FEATURE_RATE, 0, len(expression) - 1)
    before = np.floor(position).astype(int)
    after = np.minimum(before + 1, len(expression) - 1)
    share = (position - before)[:, None]
    return expression[before] * (1 - share) + expression[after] * share


def smooth(signal: np.ndarray, sigma: float) -> np.ndarray:
    """Gaussian along time, [T, K]; sigma in rows, truncated at 3 sigma, ends held."""
    reach = int(np.ceil(3 * sigma))
    if reach == 0:
        return signal
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    kernel /= kernel.sum()
    held = np.pad(signal, ((reach, reach), (0, 0)), mode="edge")
    return sum(weight * held[k : k + len(signal)] for k, weight in enumerate(kernel))


def lle_blend(expression: np.ndarray, bank: np.ndarray) -> np.ndarray:
    """Pull rows [T, K] a fifth of the way to their locally linear reconstruction from the person's own (Roweis, Saul 2000).

    Weights of the 10 nearest rows of `bank` [M, K] sum to 1; a ridge on their Gram matrix keeps them small.
    """
    count = min(NEIGHBOURS, len(bank))
    distance = (expression**2).sum(1)[:, None] - 2 * expression @ bank.T + (bank**2).sum(1)[None]
    order = np.argpartition(distance, count - 1, axis=1)[:, :count]
    neighbours = bank[order].astype(np.float64)  # [T, n, K]
    offsets = neighbours - expression[:, None]
    gram = np.einsum("tik,tjk->tij", offsets, offsets)
    gram += (RIDGE * np.einsum("tii->t", gram) / count + 1e-9)[:, None, None] * np.eye(count)
    weights = np.linalg.solve(gram, np.ones((len(expression), count, 1)))[..., 0]
    weights /= weights.sum(1, keepdims=True)
    projected = np.einsum("tn,tnk->tk", weights, neighbours)
    return (1 - BLEND) * expression + BLEND * projected


def with_idle_eyes(rig: Rig, spoken: np.ndarray, idle: np.ndarray) -> np.ndarray:
    """Speech moves the mouth; what `eye_mask` keeps comes from the idle motion. Both [T, 64]."""
    return (spoken + (idle - spoken) @ rig.eye_mask.T).astype(np.float32)
