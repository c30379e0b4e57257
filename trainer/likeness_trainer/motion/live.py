"""`live.onnx`: the same chain for sound that is still being made, one step of 40 ms at a time.

A step hears a window that ends `LOOKAHEAD_SECONDS` after the rows it answers for; what comes later is silence to the
networks, as at the end of every sound they were trained on. What `speech.onnx` learns from 6 s on both sides (level,
spectrum, pitch of this voice in this room) comes from the past alone: decaying sums, carried from step to step as
`state`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn

from likeness_trainer.motion.graph import MotionGraph
from likeness_trainer.speech.encoder import Tower
from likeness_trainer.speech.folded import Blocks, FoldedLogMel, FoldedPower
from likeness_trainer.speech.graph import SpeechGraph, export_graph
from likeness_trainer.speech.normalise import (
    ACTIVE_BELOW_PEAK_DB,
    ACTIVE_SOFTNESS_DB,
    AUDIBLE_BELOW_PEAK_DB,
    AUDIBLE_SOFTNESS_DB,
    FAR_LIMIT,
    LIMIT,
    SMALLEST_DEVIATION,
    audible,
    held,
    level_dbfs,
)
from likeness_trainer.speech.pitch import BINS, FFT, WINDOW, Pitch
from likeness_trainer.speech.sizes import CHANNELS, CONTEXT_FRAMES, FEATURE_RATE, HOP, MEL_BANDS, Layout
from likeness_trainer.speech.spectrum import LogMel
from likeness_trainer.speech.window import WindowedTowers

STEP_ROWS = 4
ANSWERED_ROWS = 8  # those of the step, and as many after them, which the engine smooths them with
AHEAD_ROWS = 9
RIDGE_ROWS = 6  # on each side of a row: smoothing and neighbours of the ridge
MEDIAN_ROWS = 2  # on each side of a row: the median of pitch
PAST_ROWS = CONTEXT_FRAMES + RIDGE_ROWS
MARGIN_ROWS = 3  # the pitch window reaches 25 ms beyond its row
WINDOW_ROWS = PAST_ROWS + STEP_ROWS + AHEAD_ROWS
WINDOW_SAMPLES = (WINDOW_ROWS - 1 + 2 * MARGIN_ROWS) * HOP
# rows of the window that the motion needs, as far as there are any
FEATURES = slice(PAST_ROWS - RIDGE_ROWS, min(PAST_ROWS + ANSWERED_ROWS + RIDGE_ROWS, WINDOW_ROWS))
NEW = slice(WINDOW_ROWS - STEP_ROWS, WINDOW_ROWS)  # rows that no step before has heard
PITCH = slice(FEATURES.start, NEW.stop)  # rows of which the pitch is looked for
LOOKAHEAD_SECONDS = (AHEAD_ROWS + MARGIN_ROWS) / FEATURE_RATE
MEMORY_SECONDS = 6.0  # time constant of the sums
PEAK_FALL_DB = 1.0  # a second: how fast the loudest moment is forgotten
PRIOR_SECONDS = 0.5  # of speech: what the sums hold before anything was heard
# Sums over the loud rows: weight, squared spectrum, pitch weight, pitch; peak in dBFS; spectrum. Over all that can be
# heard: weight, squared spectrum; spectrum.
STATE = 2 * MEL_BANDS + 7
SPECTRUM, AUDIBLE, AUDIBLE_SPECTRUM = (
    slice(5, 5 + MEL_BANDS),
    slice(5 + MEL_BANDS, 7 + MEL_BANDS),
    slice(7 + MEL_BANDS, STATE),
)


def first_state(speech: np.ndarray) -> Float[Tensor, "1 167"]:
    """Before anything was heard: what `speech` [N] at 16 kHz, a voice to be expected, sounds like on average."""
    with torch.no_grad():
        waveform = torch.from_numpy(np.asarray(speech, np.float32))[None]
        mel = LogMel()(waveform)
        octaves, periodicity = Pitch()(waveform)
        level = level_dbfs(mel)
        peak = level.max()
        found = sums(mel, level, octaves, periodicity, peak)
        loud, audible = (PRIOR_SECONDS * FEATURE_RATE / found[:, k : k + 1] for k in (0, AUDIBLE.start))
        return torch.cat(
            [loud * found[:, :4], peak[None, None], loud * found[:, SPECTRUM], audible * found[:, AUDIBLE.start :]],
            dim=1,
        )


def sums(mel: Tensor, level: Tensor, octaves: Tensor, periodicity: Tensor, peak: Tensor) -> Float[Tensor, "1 167"]:
    """What rows add to a state; nothing to its peak."""
    loud = torch.sigmoid((level - peak + ACTIVE_BELOW_PEAK_DB) / ACTIVE_SOFTNESS_DB)
    heard = torch.sigmoid((level - peak + AUDIBLE_BELOW_PEAK_DB) / AUDIBLE_SOFTNESS_DB)
    voiced, power = periodicity * loud, (mel**2).mean(dim=1, keepdim=True)
    rows = [loud, power * loud, voiced, octaves * voiced, 0 * loud, mel * loud, heard, power * heard, mel * heard]
    return torch.cat(rows, dim=1).sum(dim=2)


class LiveGraph(nn.Module):
    """Window [1, N] and state [1, 167] -> expression [1, 8, 64] of the step's rows and those after them, and the next
    state. `AHEAD_ROWS` of the window lie after the step's.

    A state of zeros stands for a sound that begins.
    """

    first: Tensor

    def __init__(self, speech: SpeechGraph, motion: MotionGraph, first: Float[Tensor, "1 167"]) -> None:
        super().__init__()
        self.encoder, self.adapted, self.motion = speech.encoder, speech.adapted is not None, motion
        towers = [*speech.encoder.each(), *([speech.adapted] if speech.adapted is not None else [])]
        self.towers = WindowedTowers(towers, WINDOW_ROWS, FEATURES.start, FEATURES.stop)
        closing = [tower for tower in speech.encoder.closing if isinstance(tower, Tower)]
        self.closing = WindowedTowers(closing, WINDOW_ROWS, FEATURES.start, FEATURES.stop)
        self.log_mel, self.pitch = FoldedLogMel(), speech.pitch
        self.pitch_power = FoldedPower(np.hanning(WINDOW), FFT, 0, BINS)
        self.register_buffer("first", first)
        self.kept = 0.5 ** (STEP_ROWS / FEATURE_RATE / (MEMORY_SECONDS * 0.6931))

    def forward(self, waveform: Float[Tensor, "1 samples"], state: Float[Tensor, "1 167"]) -> tuple[Tensor, Tensor]:
        blocks = Blocks(waveform, MEDIAN_ROWS)  # the last medians reach beyond the window
        mel = self.log_mel(blocks, MARGIN_ROWS, MARGIN_ROWS + WINDOW_ROWS)
        octaves, periodicity = self._pitch(blocks)
        level = level_dbfs(mel)
        state = torch.where(state[:, :1] > 0, state, self.first)
        state = self._heard(
            state, mel[..., NEW], level[..., NEW], octaves[..., -STEP_ROWS:], periodicity[..., -STEP_ROWS:]
        )
        count = FEATURES.stop - FEATURES.start
        features = self._features(state, mel, level, octaves[..., :count], periodicity[..., :count])
        expression = self.motion(features.transpose(1, 2))
        return expression[:, RIDGE_ROWS : RIDGE_ROWS + ANSWERED_ROWS], state

    def _pitch(self, blocks: Blocks) -> tuple[Tensor, Tensor]:
        """Octaves and periodicity of the rows `PITCH`."""
        power = self.pitch_power(
            blocks, MARGIN_ROWS + PITCH.start - MEDIAN_ROWS, MARGIN_ROWS + PITCH.stop + MEDIAN_ROWS
        )
        octaves, periodicity = self.pitch.of_power(power.T[None])
        return octaves[..., MEDIAN_ROWS:-MEDIAN_ROWS], periodicity[..., MEDIAN_ROWS:-MEDIAN_ROWS]

    def _heard(self, state: Tensor, mel: Tensor, level: Tensor, octaves: Tensor, periodicity: Tensor) -> Tensor:
        """The state with the newest rows in it."""
        peak = torch.maximum(
            state[:, 4:5] - PEAK_FALL_DB * STEP_ROWS / FEATURE_RATE, level[:, 0].amax(dim=1, keepdim=True)
        )
        decayed = self.kept * torch.cat([state[:, :4], 0 * peak, state[:, 5:]], dim=1)
        new = decayed + sums(mel, level, octaves, periodicity, peak[..., None])
        return torch.cat([new[:, :4], peak, new[:, 5:]], dim=1)

    def _features(self, state: Tensor, mel: Tensor, level: Tensor, octaves: Tensor, periodicity: Tensor) -> Tensor:
        """As `Layout`, of the rows `FEATURES`, which `octaves` and `periodicity` are of."""
        peak, mean = state[:, 4:5, None], state[:, SPECTRUM, None] / state[:, :1, None]
        deviation = deviation_of(state[:, 1:2, None] / state[:, :1, None], (mean * mean).mean(dim=1, keepdim=True))
        hidden = self.towers(((mel - mean) / deviation).clamp(-LIMIT, LIMIT))
        presence = held(audible(level, peak))[..., FEATURES]
        voicing = periodicity * presence
        pitch = (octaves - state[:, 3:4, None] / state[:, 2:3, None]).clamp(-1, 1) * voicing
        loudness = ((level[..., FEATURES] - peak) / 20 + 1).clamp(-1, 1) * presence
        general = hidden[:, :CHANNELS]
        features = torch.cat([general, self.encoder.heads(general)[1], loudness, presence, pitch, voicing], dim=1)
        assert features.shape[1] == Layout.count
        return (
            torch.cat([features, self._closing(state, mel), hidden[:, CHANNELS:]], dim=1) if self.adapted else features
        )

    def _closing(self, state: Tensor, mel: Tensor) -> Tensor:
        """What the closing towers hear, of the rows `FEATURES`."""
        weight, power = state[:, AUDIBLE, None].chunk(2, dim=1)
        mean = state[:, AUDIBLE_SPECTRUM, None] / weight
        deviation = deviation_of(power / weight, mean.mean(dim=1, keepdim=True) ** 2)
        return self.closing(((mel - mean) / deviation).clamp(-FAR_LIMIT, FAR_LIMIT))


def deviation_of(power: Tensor, about: Tensor) -> Tensor:
    """Of a spectrum with a mean power, about a mean whose power is `about`."""
    return (power - about).clamp(min=SMALLEST_DEVIATION**2).sqrt()


def export_live(graph: LiveGraph, path: Path) -> None:
    """Write `live.onnx`: `waveform` [1, N], `state` [1, 167] -> `expression` [1, 8, 64], `next` [1, 167]."""
    state = graph.first.clone()  # the tracer takes one tensor twice for one input
    export_graph(
        graph, {"waveform": torch.randn(1, WINDOW_SAMPLES) * 0.1, "state": state}, ["expression", "next"], path
    )
