"""Ridge regression for time series: the penalty is chosen on contiguous blocks, never on neighbouring frames."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

PENALTIES = 10.0 ** np.arange(-5, 3.1, 0.5)
TOLERANCE = (
    1.03  # the largest penalty whose error is within 3 % of the least: width r .43 -> .46 and .48 -> .49 on two clips
)
LEAST_DEVIATION = 0.01  # of an input: what hardly varied while fitting must not count a thousandfold when it does
LEAST_TRAINED = 0.25  # of the frames
AT_ONCE = 4096  # rows that are multiplied together: of the usual inputs 30 MB
PURGE_SECONDS = 0.4  # neighbours in time know each other: none of them crosses from training to test


def contiguous_folds(time: np.ndarray, count: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Masks (train, test) [n] of `count` blocks in time order, with a purge on both sides of the test block.

    In a few seconds a purge would leave next to nothing to train on: then there is none.
    """
    for block in np.array_split(np.arange(len(time)), count):
        test = np.zeros(len(time), bool)
        test[block] = True
        distance = np.maximum(time[block[0]] - time, time - time[block[-1]])
        apart = distance > PURGE_SECONDS
        yield (apart if apart.mean() >= LEAST_TRAINED else ~test), test


@dataclass(frozen=True)
class Ridge:
    """Linear map `inputs @ weights + bias`."""

    weights: np.ndarray  # [D, K]
    bias: np.ndarray  # [K]

    def __call__(self, inputs: np.ndarray) -> np.ndarray:
        return inputs @ self.weights + self.bias


def fit_ridge(inputs: np.ndarray, targets: np.ndarray, time: np.ndarray, importance: np.ndarray | None = None) -> Ridge:
    """Fit targets [n, K] on inputs [n, D]; one penalty for all targets, weighed by `importance` [K] when choosing it.

    Inputs are standardised inside. The normal equations are diagonalised once for all penalties.
    """
    x, mean, scale = _standardised(inputs)
    errors = _unheard_errors(x, targets, time, importance)
    strongest = np.flatnonzero(errors <= TOLERANCE * errors.min())[-1]
    ((weights, bias),) = _solutions(x, targets, PENALTIES[strongest, None])
    weights = weights / scale[:, None]
    return Ridge(weights, bias - mean @ weights)


def unheard_error(
    inputs: np.ndarray, targets: np.ndarray, time: np.ndarray, importance: np.ndarray | None = None
) -> float:
    """The squared error of targets [n, K], weighed by `importance` [K], that the best penalty leaves on contiguous
    blocks which the ridge was not fitted on."""
    x, _, _ = _standardised(inputs)
    return float(_unheard_errors(x, targets, time, importance).min())


def _standardised(inputs: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Inputs [n, D] less their mean [D] and over a scale [D] that makes a row's square about 1."""
    mean, deviation = inputs.mean(axis=0), np.maximum(inputs.std(axis=0), LEAST_DEVIATION)
    scale = deviation * np.sqrt(inputs.shape[1])
    x = inputs - mean
    x /= scale
    return x, mean, scale


def _unheard_errors(x: np.ndarray, targets: np.ndarray, time: np.ndarray, importance: np.ndarray | None) -> np.ndarray:
    """Of each penalty, over four contiguous blocks."""
    weight = np.ones(targets.shape[1]) if importance is None else importance
    errors = np.zeros(len(PENALTIES))
    for train, test in contiguous_folds(time, 4):
        unheard = x[test]
        for number, (weights, bias) in enumerate(_solutions(x, targets, PENALTIES, train)):
            errors[number] += (((unheard @ weights + bias - targets[test]) * weight) ** 2).sum()
    return errors


def _solutions(
    x: np.ndarray, targets: np.ndarray, penalties: np.ndarray, fitted: np.ndarray | None = None
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Weights [D, K] and bias [K] of the rows `fitted` [n] bool, or all, for each penalty, by the smaller of the two
    Gram matrices."""
    rows = np.arange(len(x)) if fitted is None else np.flatnonzero(fitted)
    pieces = [rows[first : first + AT_ONCE] for first in range(0, len(rows), AT_ONCE)]
    centre = targets[rows].mean(axis=0)
    middle = sum((x[some].sum(axis=0) for some in pieces), np.zeros(x.shape[1])) / len(rows)
    wide = x.shape[1] > len(rows)
    if wide:
        centred = x[rows] - middle
        values, vectors = np.linalg.eigh(centred @ centred.T)
        projected, back = vectors.T @ (targets[rows] - centre), centred.T @ vectors
    else:
        gram, product = np.zeros((x.shape[1], x.shape[1])), np.zeros((x.shape[1], targets.shape[1]))
        for some in pieces:
            centred = x[some] - middle
            gram += centred.T @ centred
            product += centred.T @ (targets[some] - centre)
        values, vectors = np.linalg.eigh(gram)
        projected, back = vectors.T @ product, vectors
    for penalty in penalties:
        weights = back @ (projected / (np.maximum(values, 0) + penalty)[:, None])
        yield weights, centre - middle @ weights
