"""The chain as the person's avatar carries it, on any sound."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from likeness_research.ablation.subject import Subject
from likeness_trainer.bundle.drive import SMOOTHING_FRAMES, SMOOTHING_RATE, closedness, lle_blend, smooth
from likeness_trainer.metrics.mouth import CLOSURE_SHARE
from likeness_trainer.motion.fit import PersonGraphs, fit_graphs
from likeness_trainer.protocol import Reporter
from likeness_trainer.renderer.rig import Rig
from likeness_trainer.renderer.rig_fit import fit_rig
from likeness_trainer.speech import analyse_speech, sample_at
from likeness_trainer.speech.sizes import FEATURE_RATE
from likeness_trainer.tracking.lips import LipMeasures

NEARLY_TOUCHING_CM = (
    0.05  # of somebody who often shuts their mouth a tenth of the frames lie within a tenth of a millimetre
)
PIECE_ROWS, CONTEXT_ROWS = 3000, 100  # what the motion graph is run on at once, and what it hears on both sides


@dataclass(frozen=True)
class Openings:
    """How far a mouth opens, cm."""

    low: float  # 3 % of its frames are below
    middle: float
    high: float  # 3 % are above
    shut: float  # the tenth of its frames with the smallest opening is below, and whatever nearly touches

    @classmethod
    def of(cls, opening: np.ndarray) -> Openings:
        """Of an opening [T], cm."""
        low, middle, high, shut = np.quantile(opening, (0.03, 0.5, 0.97, CLOSURE_SHARE)).tolist()
        return cls(low, middle, high, max(shut, low + NEARLY_TOUCHING_CM))


@dataclass(frozen=True)
class Hearing:
    """Fitted as for an avatar, on the first 10/11 of the good frames, and driven as the engine drives it."""

    graphs: PersonGraphs
    rig: Rig
    measures: LipMeasures
    own: Openings  # of the frames it was fitted on
    fps: float

    @classmethod
    def of(cls, subject: Subject, seed: int, steps: int, reporter: Reporter) -> Hearing:
        """Raises Cancelled."""
        track = subject.track
        train, _ = track.split()
        measures = LipMeasures.of(track)
        own = Openings.of(measures(track.expression[train].astype(np.float64))[:, 0])
        graphs = fit_graphs(track, subject.audio, train, reporter, seed, steps)
        return cls(graphs, fit_rig(track, train), measures, own, float(track.fps))

    def rows(self, sound: np.ndarray) -> np.ndarray:
        """Expression [T, 64] at 100 Hz of a sound [N] at 16 kHz, as the graphs give it."""
        features = torch.from_numpy(analyse_speech(self.graphs.speech, sound).features)
        pieces = []
        with torch.no_grad():
            for first in range(0, len(features), PIECE_ROWS):
                begin = max(first - CONTEXT_ROWS, 0)
                found = self.graphs.motion(features[None, begin : first + PIECE_ROWS + CONTEXT_ROWS])[0]
                pieces.append(found[first - begin : first - begin + PIECE_ROWS].numpy())
        return np.concatenate(pieces)

    def mouth(self, sound: np.ndarray, seconds: np.ndarray) -> np.ndarray:
        """Opening, width and expression [n, 66] at given times of a sound: smoothed, pulled to the person's own,
        clamped."""
        raw = self.rows(sound)
        sigma = SMOOTHING_FRAMES / max(self.fps, SMOOTHING_RATE) * FEATURE_RATE
        wanted = sample_at(smooth(raw, sigma, closedness(self.rig, raw)), seconds)
        rig = self.rig
        expression = np.clip(lle_blend(wanted, rig.lle_bank), rig.expression_low, rig.expression_high).astype(
            np.float64
        )
        return np.concatenate([self.measures(expression), expression], axis=1)

    def frames(self, sound: np.ndarray) -> np.ndarray:
        """Times of the frames that a sound fills, [n] seconds."""
        return np.arange(int(len(sound) / 16000 * self.fps)) / self.fps
