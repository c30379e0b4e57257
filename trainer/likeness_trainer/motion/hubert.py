"""What HuBERT hears in a person's video: which of its layers tells most of their mouth, and a ridge's inputs of it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from likeness_trainer.motion.examples import Examples
from likeness_trainer.motion.ridge import unheard_error
from likeness_trainer.protocol import Reporter
from likeness_trainer.speech import sample_at
from likeness_trainer.speech.hubert import HALVED_CENTRE_SECONDS, Hubert, halved, hubert_rows
from likeness_trainer.speech.sizes import FEATURE_RATE

ROW_RATE = 25  # Hz
NEIGHBOUR_ROWS = (-1, 0, 1)  # 40 ms before, at and after a moment
LAYER_EIGHTHS = (2, 4, 5, 6, 7, 8)  # of all layers: below a quarter they hear sound, not speech
MOST_EXAMPLES = 3000  # frames side by side tell the same, and a ridge on 3072 numbers takes time by its frames' cube


@dataclass(frozen=True)
class HubertSound:
    """One sound as the layers that may be chosen hear it: [R, hidden] each, 25 rows a second."""

    layers: dict[int, np.ndarray]

    @classmethod
    def of(cls, hubert: Hubert, waveform: np.ndarray, reporter: Reporter) -> HubertSound:
        """Of a waveform [N] at 16 kHz. Raises Cancelled."""
        rows = hubert_rows(hubert, waveform, candidate_layers(hubert.shape.layers), reporter)
        return cls({layer: halved(heard) for layer, heard in rows.items()})

    def inputs(self, layer: int, seconds: np.ndarray) -> np.ndarray:
        """What a ridge is given for times [n] of the sound: [n, 3 hidden]."""
        return hubert_inputs(self.layers[layer], seconds)

    def best_layer(self, examples: Examples, lag_seconds: float) -> int:
        """The one whose ridge errs least on contiguous blocks that it was not fitted on."""

        def error(layer: int) -> float:
            inputs, few = thinned(self.inputs(layer, examples.time + lag_seconds), examples)
            return unheard_error(inputs, few.targets, few.time, few.importance)

        return min(self.layers, key=error)


def candidate_layers(count: int) -> list[int]:
    """Which of the layers 0 to `count` are tried, ascending."""
    return sorted({math.ceil(count * eighths / 8) for eighths in LAYER_EIGHTHS})


def hubert_inputs(rows: np.ndarray, seconds: np.ndarray) -> np.ndarray:
    """A layer's rows [R, hidden], 25 a second, 40 ms before, at and 40 ms after times [n]: [n, 3 hidden]."""
    return np.concatenate([_at(rows, seconds + shift / ROW_RATE) for shift in NEIGHBOUR_ROWS], axis=1).astype(
        np.float64
    )


def at_feature_rate(rows: np.ndarray, first: int, count: int) -> np.ndarray:
    """A layer's rows [R, hidden], 25 a second, at the moments of the features `first` to `first + count`: [count,
    hidden]."""
    return _at(rows, np.arange(first, first + count) / FEATURE_RATE)


def thinned(inputs: np.ndarray, examples: Examples) -> tuple[np.ndarray, Examples]:
    """Inputs [n, D] and their examples, every so many of them where there are more than a ridge has any use for."""
    every = math.ceil(len(inputs) / MOST_EXAMPLES)
    return inputs[::every], Examples(examples.time[::every], examples.targets[::every], examples.importance)


def _at(rows: np.ndarray, seconds: np.ndarray) -> np.ndarray:
    # `sample_at` counts rows of 10 ms.
    return sample_at(rows, (seconds - HALVED_CENTRE_SECONDS) * ROW_RATE / FEATURE_RATE)
