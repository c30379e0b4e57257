"""Speech to expression with a bundle's own graphs: the same steps as the avatar engine (docs/formats.md, "Speech
drive")."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import correlate1d

from likeness_trainer.bundle.archive import bad_bundle
from likeness_trainer.bundle.load import Bundle
from likeness_trainer.morphable.topology import LOWER_LIP_CENTRE, UPPER_LIP_CENTRE
from likeness_trainer.motion.hubert import at_feature_rate
from likeness_trainer.renderer.rig import Rig
from likeness_trainer.speech.analyse import in_sight, speech_pieces

SPEECH_RATE, FEATURE_RATE = 16000, 100  # Hz
TARGETS = 66  # opening, width, expression
NEIGHBOURS = 10
RIDGE = 1e-2  # of the neighbours' mean squared distance
BLEND = 0.2
SMOOTHING_FRAMES = 0.6  # Gaussian sigma; a longer one smears plosives
SMOOTHING_RATE = 25  # frames a second it is measured at: faster video must not mean less smoothing in time
SIGHT_ROWS = 6  # on each side of a row: what the motion graph sees
CLOSURE_FADE = 0.15  # of the person's range of openings, above the closed mouth, over which "closed" fades out


def speech_expression(bundle: Bundle, waveform: np.ndarray, hubert: np.ndarray | None = None) -> np.ndarray:
    """Expression [T, 64] at 100 Hz of a mono 16 kHz waveform [N] in -1..1, before anything of the person's rig.

    `hubert` [R, H] is what the avatar's layer of HuBERT hears in it, at 25 Hz: the motion is that fitted on it then.
    """
    heard = (features for features, _ in speech_pieces(bundle.session("speech"), waveform))
    pieces: list[np.ndarray] = []
    first = 0
    for rows, own in in_sight(heard, SIGHT_ROWS):
        beside = None if hubert is None else at_feature_rate(hubert, first - own.start, len(rows))
        pieces.append(expression_of(bundle, rows, hubert=beside)[own])
        first += own.stop - own.start
    return np.concatenate(pieces)


def expression_of(
    bundle: Bundle, features: np.ndarray, noise: np.ndarray | None = None, hubert: np.ndarray | None = None
) -> np.ndarray:
    """Expression [T, 64] for features [T, F], and by the motion fitted on HuBERT with its rows [T, H]; with noise [16,
    ceil(T / 16)], already times temperature, another than the likely one.

    Raises TrainerError('bad-bundle') when noise is given and the motion graph takes no shift.
    """
    motion = bundle.session("motion" if hubert is None else "motion-hubert")
    inputs = {"features": features[None]} | ({} if hubert is None else {"hubert": hubert[None].astype(np.float32)})
    if any(entry.name == "shift" for entry in motion.get_inputs()):
        inputs["shift"] = shift_of(bundle, features, noise)[None]
    elif noise is not None:
        raise bad_bundle("motion.onnx in the avatar takes no shift, which its variation.onnx gives.")
    return np.asarray(motion.run(["expression"], inputs)[0])[0]


def shift_of(bundle: Bundle, features: np.ndarray, noise: np.ndarray | None) -> np.ndarray:
    """What noise makes of the mouth's targets, [T, 66]; nothing without noise."""
    if noise is None:
        return np.zeros((len(features), TARGETS), np.float32)
    return np.asarray(
        bundle.session("variation").run(["shift"], {"features": features[None], "noise": noise[None]})[0]
    )[0]


def driven_expression(
    bundle: Bundle,
    waveform: np.ndarray,
    seconds: np.ndarray,
    idle: np.ndarray,
    rotation: np.ndarray,
    fps: float,
    hubert: np.ndarray | None = None,
) -> np.ndarray:
    """What each frame shows when `waveform` speaks: [T, 64] for frames at `seconds` [T].

    `idle` [T, 64] gives the eyes' part, `rotation` [T, 3, 3] is how the head is held. `fps` sets the smoothing.
    `hubert` is as in `speech_expression`.
    """
    rig = bundle.rig
    raw = speech_expression(bundle, waveform, hubert)
    steady = smooth(raw, SMOOTHING_FRAMES / max(fps, SMOOTHING_RATE) * FEATURE_RATE, closedness(rig, raw))
    wanted = sample(steady, seconds + float(bundle.manifest["speech"]["lagSeconds"]))
    spoken = np.clip(lle_blend(wanted, rig.lle_bank), rig.expression_low, rig.expression_high)
    # Not clamped again: each coefficient for itself, that would open shut lips.
    return with_idle_eyes(rig, spoken + rig.turned(rotation), idle)


def closedness(rig: Rig, expression: np.ndarray) -> np.ndarray:
    """How closed each row's mouth is, [T] in 0..1: 1 at the person's gap with lips pressed (5th percentile of the
    bank)."""
    known = np.sort(lip_gap(rig, rig.lle_bank))
    closed, open_ = known[int(len(known) * 0.05)], known[int(len(known) * 0.95)]
    fade = max((open_ - closed) * CLOSURE_FADE, 1e-6)
    return np.clip(1 - (lip_gap(rig, expression) - closed) / fade, 0, 1)


def lip_gap(rig: Rig, expression: np.ndarray) -> np.ndarray:
    """Distance of the inner lips, [T] cm."""
    rest = rig.neutral[UPPER_LIP_CENTRE] - rig.neutral[LOWER_LIP_CENTRE]
    basis = rig.expression_basis[:, UPPER_LIP_CENTRE] - rig.expression_basis[:, LOWER_LIP_CENTRE]
    return np.linalg.norm(rest + expression @ basis, axis=1)


def sample(expression: np.ndarray, seconds: np.ndarray) -> np.ndarray:
    """Rows of a 100 Hz signal [T, K] at times `seconds`, linear between rows, held at its ends."""
    position = np.clip(seconds * FEATURE_RATE, 0, len(expression) - 1)
    before = np.floor(position).astype(int)
    after = np.minimum(before + 1, len(expression) - 1)
    share = (position - before)[:, None]
    return expression[before] * (1 - share) + expression[after] * share


def smooth(signal: np.ndarray, sigma: float, keep: np.ndarray) -> np.ndarray:
    """Gaussian along time, [T, K]; sigma in rows, truncated at 3 sigma, ends held.

    `keep` [T] in 0..1 says how much of a row stays as it is: a closed mouth is one or two frames long, and any blur
    would open it.
    """
    reach = int(np.ceil(3 * sigma))
    if reach == 0:
        return signal
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    kernel /= kernel.sum()
    blurred = correlate1d(signal, kernel, axis=0, mode="nearest")
    return keep[:, None] * signal + (1 - keep[:, None]) * blurred


def lle_blend(expression: np.ndarray, bank: np.ndarray) -> np.ndarray:
    """Pull rows [T, K] a fifth of the way to their locally linear reconstruction from the person's own (Roweis, Saul
    2000).

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
