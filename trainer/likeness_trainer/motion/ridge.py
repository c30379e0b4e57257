"""Ridge regression for time series: the penalty is chosen on contiguous blocks, never on neighbouring frames."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

PENALTIES = 10.0 ** np.arange(-5, 3.1, 0.5)
PURGE_SECONDS = 0.4  # neighbours in time know each other: none of them crosses from training to test


def contiguous_folds(time: np.ndarray, count: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Masks (train, test) [n] of `count` blocks in time order, with a purge on both sides of the test block."""
    for block in np.array_split(np.arange(len(time)), count):
        test = np.zeros(len(time), bool)
        test[block] = True
        distance = np.maximum(time[block[0]] - time, time - time[block[-1]])
        yield distance > PURGE_SECONDS, test


@dataclass(frozen=True)
class Ridge:
    """Linear map `inputs @ weights + bias`."""

    weights: np.ndarray  # [D, K]
    bias: np.ndarray  # [K]

    def __call__(self, inputs: np.ndarray) -> np.ndarray:
        return inputs @ self.weights + self.bias


def fit_ridge(inputs: np.ndarray, targets: np.ndarray, time: np.ndarray, importance: np.ndarray | None = None) -> Ridge:
    """Fit targets [n, K] on inputs [n, D]; one penalty for all targets, weighed by `importance` [K] when choosing it.

    Inputs are standardised inside. The dual form is solved, as there are about as many inputs as frames.
    """
    mean, deviation = inputs.mean(axis=0), inputs.std(axis=0) + 1e-6
    scale = deviation * np.sqrt(inputs.shape[1])
    x = (inputs - mean) / scale
    kernel = x @ x.T
    weight = np.ones(targets.shape[1]) if importance is None else importance
    errors = np.zeros(len(PENALTIES))
    for train, test in contiguous_folds(time, 4):
        centre = targets[train].mean(axis=0)
        values, vectors = np.linalg.eigh(kernel[np.ix_(train, train)])
        projected = vectors.T @ (targets[train] - centre)
        across = kernel[np.ix_(test, train)] @ vectors
        for number, penalty in enumerate(PENALTIES):
            predicted = across @ (projected / (np.maximum(values, 0) + penalty)[:, None]) + centre
            errors[number] += (((predicted - targets[test]) * weight) ** 2).sum()
    penalty = PENALTIES[errors.argmin()]
    centre = targets.mean(axis=0)
    dual = np.linalg.solve(kernel + penalty * np.eye(len(x)), targets - centre)
    weights = (x.T @ dual) / scale[:, None]
    return Ridge(weights, centre - mean @ weights)
