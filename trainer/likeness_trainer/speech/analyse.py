"""Features of a NumPy waveform, in chunks, so that memory does not grow with the sound."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, pairwise
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
    columns: tuple[np.ndarray, ...] = ()
    done = 0
    for piece in speech_pieces(graph, waveform):
        if not columns:  # all at once, or the pieces and what they become would be there twice
            columns = tuple(np.empty((frame_count(len(waveform)), part.shape[1]), np.float32) for part in piece)
        for column, part in zip(columns, piece):
            column[done : done + len(part)] = part
        done += len(piece[0])
    return SpeechAnalysis(*columns)


def speech_pieces(
    graph: nn.Module | onnxruntime.InferenceSession, waveform: np.ndarray
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Features and pitch as `SpeechAnalysis` has them, [t, F] and [t, 2] f32, of one piece of the sound after the
    other: all features of an hour are a gigabyte."""
    frames = frame_count(len(waveform))
    step = int(CHUNK_SECONDS * FEATURE_RATE)
    context = int(np.ceil(CONTEXT_SECONDS * FEATURE_RATE))
    for first in range(0, frames, step):
        begin = max(first - context, 0)
        piece = waveform[begin * HOP : (first + step + context) * HOP]
        features, pitch = _run(graph, np.ascontiguousarray(piece, np.float32)[None])
        kept = slice(first - begin, min(first + step, frames) - begin)
        yield features[0, kept], pitch[0, kept]


def in_sight(pieces: Iterable[np.ndarray], reach: int) -> Iterator[tuple[np.ndarray, slice]]:
    """Each piece [t, F] of what follows each other with up to `reach` rows on each side that belong to its neighbours,
    and which rows are its own. Pieces but the last have `reach` rows at least."""
    before: np.ndarray | None = None
    for piece, following in pairwise(chain(pieces, [None])):
        assert piece is not None
        known = piece[:0] if before is None else before
        after = piece[:0] if following is None else following[:reach]
        yield np.concatenate([known, piece, after]), slice(len(known), len(known) + len(piece))
        before = piece[-reach:]


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
