"""How the person's own words were said: what the avatar engine finds accents in (docs/formats.md, "Accents")."""

from __future__ import annotations

import numpy as np
import onnxruntime

from likeness_trainer.speech import Layout, analyse_speech, sample_at
from likeness_trainer.speech.sizes import FEATURE_RATE

COLUMNS = (Layout.level, Layout.pitch, Layout.voicing)


def heard(speech: onnxruntime.InferenceSession, audio: np.ndarray, lag_seconds: float, seconds: float) -> np.ndarray:
    """Level, pitch and voicing [S, 3] at 100 Hz on the picture's clock, from 0 to `seconds`.

    `audio` [N] is the video's sound at 16 kHz; it follows the picture by `lag_seconds`.
    """
    rows = analyse_speech(speech, audio).features[:, COLUMNS]
    moments = np.arange(int(seconds * FEATURE_RATE) + 1) / FEATURE_RATE
    return sample_at(rows, moments + lag_seconds).astype(np.float32)
