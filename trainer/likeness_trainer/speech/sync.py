"""Does this sound belong to this picture, and how far behind the lips is it?

Opening and width of the mouth that the encoder hears are compared with those that the tracker saw, at every lag. Three
things may be so: the sound is the person's and nearly in step, it has nothing to do with them, or it is theirs and far
out of step. Each says how r should be distributed at each lag; what was found says how likely each of them is. All of
that grows with the number of independent samples, so that a short clip tells little and says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal, Protocol

import numpy as np
import onnxruntime
from scipy.special import logsumexp

from likeness_trainer.protocol import TrainerError
from likeness_trainer.speech.agreement import Agreement, Signal
from likeness_trainer.speech.analyse import analyse_speech
from likeness_trainer.speech.sizes import FEATURE_RATE, LISTENER_PATH, SAMPLE_RATE, Layout

SURE = 0.98  # of one thing or the other
NEAR_SECONDS = 0.3
USUAL_LAG_SECONDS, LAG_DEVIATION_SECONDS = 0.06, 0.05  # seven in ten clips; the others lie anywhere near
USUAL_SHARE = 0.7
OUT_OF_STEP_SECONDS = np.array([0.5, 6.0])
BEFORE_LOOKING = np.log([0.5, 0.4, 0.1])  # theirs, unrelated, out of step
# r between heard and filmed of one's own sound: up to .8 (.3 to .75 on five clips), one clip in four hardly shows it
LINKS = np.arange(0.02, 0.81, 0.04)
LINK_SHARES = 0.75 / len(LINKS) + np.where(LINKS < 0.31, 0.25 / (LINKS < 0.31).sum(), 0.0)
SMALLEST_APERTURE_STD = 0.01  # of the inter-ocular distance: a mouth that does not open proves nothing
SHORTEST_SECONDS = 3.0
LEAST_PRESENCE = 0.1  # of the time
LONGEST_GAP_SECONDS = 0.13  # between frames: across a longer one nothing is known
DEFAULT_LAG_SECONDS = 0.05  # the lips lead by about this much in clips that are in step
MOST_TIMES = 30.0  # as much as there is: what is needed beyond is not foretold

Belongs = Literal["yes", "no", "unknown"]


class MouthTrack(Protocol):
    """What of a track the comparison needs."""

    @property
    def time(self) -> np.ndarray: ...  # [n] seconds, of frames that are good

    @property
    def aperture(self) -> np.ndarray: ...  # [n] inter-ocular distances

    @property
    def width(self) -> np.ndarray: ...  # [n] cm


@dataclass(frozen=True)
class SyncEstimate:
    """The verdict and what it rests on."""

    belongs: Belongs
    probability: float  # that the sound is the person's and nearly in step; .5 where nothing could be compared
    lag_seconds: float  # the likeliest one, if it is; sound after picture
    correlation: float = 0.0  # of the opening, at that lag
    elsewhere_seconds: float | None = None  # not in step, but at this lag
    more_seconds: float | None = None  # about how much more would tell, when it is known

    @property
    def share(self) -> float:
        """How far to adapt to this sound, 0..1: not at all while nothing speaks for it."""
        return {"yes": 1.0, "no": 0.0}.get(self.belongs, max(0.0, 2 * self.probability - 1))


NOTHING = SyncEstimate("unknown", 0.5, DEFAULT_LAG_SECONDS)


@dataclass(frozen=True)
class SpokenMouth:
    """What is heard of a mouth at 100 Hz, shut where nothing is said."""

    opening: np.ndarray  # [T]
    width: np.ndarray  # [T]

    @classmethod
    def of(cls, audio: np.ndarray) -> SpokenMouth | None:
        """In a waveform [N] at 16 kHz; None in silence and in less than 3 s."""
        if len(audio) < SHORTEST_SECONDS * SAMPLE_RATE:
            return None
        features = analyse_speech(_listener(), audio).features
        presence = features[:, Layout.presence]
        if presence.mean() < LEAST_PRESENCE:
            return None
        opening, width, rounding = (features[:, Layout.lips.start + k] * presence for k in range(3))
        return cls(opening, width - 0.5 * rounding)


@cache
def _listener() -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # it listens beside other work
    try:
        return onnxruntime.InferenceSession(LISTENER_PATH, options, providers=["CPUExecutionProvider"])
    except Exception as problem:
        raise TrainerError(
            "bad-checkpoint",
            "The speech encoder cannot be read.",
            "Restore listener.onnx and encoder.safetensors in resources/speech.",
            str(problem),
        ) from problem


def correlation(a: np.ndarray, b: np.ndarray) -> float:
    """Pearson r; 0 when either is constant."""
    return float(np.corrcoef(a, b)[0, 1]) if a.std() > 1e-9 and b.std() > 1e-9 else 0.0


def estimate(audio: np.ndarray, mouth: MouthTrack) -> SyncEstimate:
    """Compare a waveform [N] (16 kHz, on the picture's clock) with a tracked mouth.

    `unknown` without a probability when there is too little to compare: a mouth that does not open, silence, or under
    3 s of both.
    """
    return compare(SpokenMouth.of(audio), mouth) if _enough(mouth) else NOTHING


def compare(spoken: SpokenMouth | None, mouth: MouthTrack) -> SyncEstimate:
    """The same of a sound that was heard before; None: there was no speech in it."""
    if spoken is None or not _enough(mouth):
        return NOTHING
    reach = float(OUT_OF_STEP_SECONDS[1])
    opened = Agreement.between(_seen(mouth.time, mouth.aperture), Signal.of(_smooth(spoken.opening)), reach)
    spread = Agreement.between(_seen(mouth.time, mouth.width), Signal.of(_smooth(spoken.width)), reach)
    theirs, _, apart = likelihoods(opened, spread)
    probability = float(np.exp(theirs))
    by_lag = log_ratio(opened) + log_ratio(spread)
    best = int((_near(opened.seconds) + by_lag).argmax())
    lag, r = float(opened.seconds[best]), float(opened.r[best])
    if probability >= SURE:
        return SyncEstimate("yes", probability, lag, r)
    if probability <= 1 - SURE:
        far = int((_far(opened.seconds) + by_lag).argmax())
        elsewhere = float(opened.seconds[far]) if np.exp(apart) >= SURE else None
        return SyncEstimate("no", probability, lag, r, elsewhere)
    return SyncEstimate("unknown", probability, lag, r, None, _more(opened, spread, float(np.ptp(mouth.time))))


def likelihoods(opening: Agreement, width: Agreement) -> np.ndarray:
    """Logarithms [3] of how likely it is that the sound is theirs, unrelated, or theirs and out of step."""
    by_lag = log_ratio(opening) + log_ratio(width)
    near, far = logsumexp(_near(opening.seconds) + by_lag), logsumexp(_far(opening.seconds) + by_lag)
    together = BEFORE_LOOKING + np.array([near, 0.0, far])
    return together - logsumexp(together)


def log_ratio(agreement: Agreement) -> np.ndarray:
    """Logarithm [K] of how much likelier each r is with a link of unknown strength at that lag than without any.

    Fisher's z of r is normal around that of the link, with a variance of 1 / (samples - 3).
    """
    certainty = np.maximum(agreement.samples - 3, 1.0)[:, None]
    found, linked = np.arctanh(agreement.r)[:, None], np.arctanh(LINKS)
    ratios = certainty * (found * linked - linked**2 / 2)
    largest = ratios.max(axis=1)
    return largest + np.log(np.exp(ratios - largest[:, None]) @ LINK_SHARES)


def _enough(mouth: MouthTrack) -> bool:
    return (
        len(mouth.time) >= SHORTEST_SECONDS * 10
        and np.ptp(mouth.time) >= SHORTEST_SECONDS
        and mouth.aperture.std() >= SMALLEST_APERTURE_STD
    )


def _near(lags: np.ndarray) -> np.ndarray:
    """Logarithm [K] of each lag's share among sounds in step."""
    near = np.abs(lags) <= NEAR_SECONDS + 1e-9
    usual = np.exp(-0.5 * ((lags - USUAL_LAG_SECONDS) / LAG_DEVIATION_SECONDS) ** 2) * near
    share = USUAL_SHARE * usual / usual.sum() + (1 - USUAL_SHARE) * near / near.sum()
    return np.log(np.maximum(share, 1e-300))


def _far(lags: np.ndarray) -> np.ndarray:
    """The same among sounds out of step; between near and far is what is no clear case of either."""
    nearest, farthest = OUT_OF_STEP_SECONDS
    far = (np.abs(lags) >= nearest - 1e-9) & (np.abs(lags) <= farthest + 1e-9)
    return np.log(np.maximum(far / max(far.sum(), 1), 1e-300))


def _more(opening: Agreement, width: Agreement, seconds: float) -> float | None:
    """How many more seconds would decide, were they like those that there are."""
    for times in np.geomspace(1.1, MOST_TIMES, 14):
        if not 1 - SURE < np.exp(likelihoods(opening.over(times), width.over(times))[0]) < SURE:
            return float((times - 1) * seconds)
    return None


def _seen(time: np.ndarray, values: np.ndarray) -> Signal:
    """Values [n] of frames as a signal on the sound's clock."""
    moments = np.arange(int(time[-1] * FEATURE_RATE) + 1) / FEATURE_RATE
    after = np.clip(np.searchsorted(time, moments), 1, len(time) - 1)
    longest = max(LONGEST_GAP_SECONDS, 1.5 * float(np.median(np.diff(time))))
    known = (moments >= time[0]) & (time[after] - time[after - 1] <= longest)
    return Signal.of(np.interp(moments, time, values), known)


def _smooth(heard: np.ndarray) -> np.ndarray:
    """Mean over 40 ms, a frame of the usual video."""
    return np.convolve(np.pad(heard, 2, mode="edge"), np.array([0.5, 1, 1, 1, 0.5]) / 4, mode="valid")
