"""Does this sound belong to this picture, and how far behind the lips is it?

The opening that the encoder hears is correlated with the opening that the tracker saw, at every lag. When the sound
belongs to the picture, the best lag near zero stands out against all the wrong ones.
"""

from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

from likeness_trainer.speech.analyse import analyse_speech, sample_at
from likeness_trainer.speech.graph import Layout, SpeechGraph, load_encoder
from likeness_trainer.speech.spectrum import FEATURE_RATE, SAMPLE_RATE

NEAR_SECONDS = 0.3
NEAR_STEP_SECONDS = 0.01
WRONG_SECONDS = np.arange(0.7, 4.01, 0.1)
SMALLEST_APERTURE_STD = 0.01  # of the inter-ocular distance: a mouth that does not open proves nothing
SHORTEST_SECONDS = 3.0
DEFAULT_LAG_SECONDS = 0.05  # the lips lead by about this much in clips that are in step


class MouthTrack(Protocol):
    """What of a track the comparison needs."""

    @property
    def time(self) -> np.ndarray: ...  # [T] seconds

    @property
    def aperture(self) -> np.ndarray: ...  # [T] inter-ocular distances

    @property
    def good(self) -> np.ndarray: ...


@dataclass(frozen=True)
class Mouth:
    """Some frames of a mouth, all of them good."""

    time: np.ndarray
    aperture: np.ndarray

    @property
    def good(self) -> np.ndarray:
        return np.arange(len(self.time))


@dataclass(frozen=True)
class SyncEstimate:
    """The verdict, its score in standard deviations above wrong lags, and the sound's lag behind the picture."""

    belongs: Literal["yes", "no", "unknown"]
    score: float
    lag_seconds: float
    correlation: float = 0.0  # at that lag


def threshold(seconds: float) -> float:
    """Score to pass: 3 for 8 s of speech, 4 for 20 s and more (measured on clips in step and on dubbed ones)."""
    return float(np.interp(seconds, [8.0, 20.0], [3.0, 4.0]))


def correlation(a: np.ndarray, b: np.ndarray) -> float:
    """Pearson r; 0 when either is constant."""
    return float(np.corrcoef(a, b)[0, 1]) if a.std() > 1e-9 and b.std() > 1e-9 else 0.0


def estimate(audio: np.ndarray, track: MouthTrack) -> SyncEstimate:
    """Compare a waveform [N] (16 kHz, on the picture's clock) with a track's mouth.

    `unknown` when there is too little to compare: a mouth that does not open, silence, or under 3 s of both.
    """
    good = track.good
    time, aperture = track.time[good], track.aperture[good]
    nothing = SyncEstimate("unknown", 0.0, DEFAULT_LAG_SECONDS)
    if (
        len(good) < SHORTEST_SECONDS * 10
        or len(audio) < SHORTEST_SECONDS * SAMPLE_RATE
        or np.ptp(time) < SHORTEST_SECONDS
    ):
        return nothing
    encoder, _ = load_encoder()
    features = analyse_speech(SpeechGraph(encoder).eval(), audio).features
    if features[:, Layout.presence].mean() < 0.1:
        return nothing
    if aperture.std() < SMALLEST_APERTURE_STD:
        return nothing
    return compare(features[:, Layout.lips.start] * features[:, Layout.presence], time, aperture)


def compare(opening: np.ndarray, time: np.ndarray, aperture: np.ndarray) -> SyncEstimate:
    """Score an opening at 100 Hz [T] against an aperture [n] measured at `time` [n] seconds."""
    frame = 1 / FEATURE_RATE
    smooth = np.convolve(np.pad(opening, 2, mode="edge"), np.array([0.5, 1, 1, 1, 0.5]) / 4, mode="valid")
    length = len(smooth) * frame

    def at_lag(lag: float) -> float:
        return correlation(sample_at(smooth, (time + lag) % length), aperture)  # wraps: every lag has as many samples

    near = np.arange(-NEAR_SECONDS, NEAR_SECONDS + 1e-9, NEAR_STEP_SECONDS)
    scores = np.array([at_lag(lag) for lag in near])
    reach = WRONG_SECONDS[length / 2 > WRONG_SECONDS]
    wrong = np.array([at_lag(sign * lag) for lag in reach for sign in (1, -1)])
    best = int(scores.argmax())
    score = float((scores[best] - wrong.mean()) / max(wrong.std(), 0.02))
    belongs = score >= threshold(float(np.ptp(time)))
    lag = float(near[best]) if belongs else DEFAULT_LAG_SECONDS
    return SyncEstimate("yes" if belongs else "no", score, lag, float(scores[best]))
