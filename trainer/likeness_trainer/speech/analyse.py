"""Features of a NumPy waveform, in chunks, so that memory does not grow with the sound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import onnxruntime

from likeness_trainer.speech.sizes import CONTEXT_SECONDS, FEATURE_RATE, HOP, frame_count

if TYPE_CHECKING:
    from torch import nn

CHUNK_SECONDS = 30.0


@dataclass(frozen=True)
class SpeechAnalysis:
    """Speech at 100 frames a second; frame k is centred at k * 10 ms."""

    features: np.ndarray  # [T, F] f32, columns as `Layout`
    pitch: np.ndarray  # [T, 2] f32: octaves above 50 Hz, voicing 0..1


def analyse_speech(graph: nn.Module | onnxruntime.InferenceSession, waveform: np.ndarray) -> SpeechAnalysis:
    """Run a speech graph (module or ONNX session) over a 16 kHz waveform [N] of any length above zero."""
    frames = frame_count(len(waveform))
    step = int(CHUNK_SECONDS * FEATURE_RATE)
    context = int(np.ceil(CONTEXT_SECONDS * FEATURE_RATE))
    pieces = []
    for first in range(0, frames, step):
        begin = max(first - context, 0)
        piece = waveform[begin * HOP : (first + step + context) * HOP]
        features, pitch = _run(graph, np.ascontiguousarray(piece, np.float32)[None])
        kept = slice(first - begin, min(first + step, frames) - begin)
        pieces.append((features[0, kept], pitch[0, kept]))
    return SpeechAnalysis(np.concatenate([p[0] for p in pieces]), np.concatenate([p[1] for p in pieces]))


def _run(graph: nn.Module | onnxruntime.InferenceSession, waveform: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    if isinstance(graph, onnxruntime.InferenceSession):
        features, pitch = graph.run(["features", "pitch"], {"waveform": waveform})
        return np.asarray(features), np.asarray(pitch)
    import torch  # here, for what is heard in ONNX Runtime does without

    with torch.no_grad():
        features, pitch = graph(torch.from_numpy(waveform))
    return features.numpy(), pitch.numpy()


def sample_at(signal: np.ndarray, seconds: np.ndarray) -> np.ndarray:
    """A 100 Hz signal [T, ...] at given times [n], linear between frames, its ends held."""
    position = np.clip(np.asarray(seconds) * FEATURE_RATE, 0, len(signal) - 1)
    lower = np.minimum(position.astype(int), max(len(signal) - 2, 0))
    upper = np.minimum(lower + 1, len(signal) - 1)
    share = (position - lower).astype(signal.dtype).reshape(-1, *[1] * (signal.ndim - 1))
    return signal[lower] * (1 - share) + signal[upper] * share
