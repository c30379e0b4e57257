"""How the person's own words were said: what the avatar engine finds accents in (docs/formats.md, "Accents")."""

from __future__ import annotations

import numpy as np
import onnxruntime

from likeness_trainer.speech import Layout, sample_at, speech_pieces
from likeness_trainer.speech.sizes import FEATURE_RATE

COLUMNS = (Layout.level, Layout.pitch, Layout.voicing)


def heard(speech: onnxruntime.InferenceSession, audio: np.ndarray, lag_seconds: float, seconds: float) -> np.ndarray:
    """Level, pitch and voicing [S, 3] at 100 Hz on the picture's clock, from 0 to `seconds`.

    `audio` [N] is the video's sound at 16 kHz; it follows the picture by `lag_seconds`.
    """
    rows = np.concatenate([features[:, COLUMNS] for features, _ in speech_pieces(speech, audio)])
    moments = np.arange(int(seconds * FEATURE_RATE) + 1) / FEATURE_RATE
    return sample_at(rows, moments + lag_seconds).astype(np.float32)
