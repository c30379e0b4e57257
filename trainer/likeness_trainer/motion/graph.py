"""`motion.onnx`: speech features in, expression out, at 100 Hz."""

from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional as F

from likeness_trainer.motion.closing import Limits, Openness
from likeness_trainer.motion.finetune import TunedBranch
from likeness_trainer.motion.restore import QuantileMap
from likeness_trainer.motion.ridge import Ridge
from likeness_trainer.speech import Layout
from likeness_trainer.speech.graph import export_graph
from likeness_trainer.tracking.lips import LipMeasures

LIPS = 2  # opening, width
TARGETS = LIPS + 64  # and the expression
NEIGHBOUR_ROWS = 4
UNDER_FLOOR = 0.02  # of a too small opening's distance to its floor stays, which keeps the order


def _buffer(array: np.ndarray) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(array, np.float32))


class Smoothing(nn.Module):
    """Mean over 40 ms of every column of [1, F, T]."""

    kernel: Tensor

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.register_buffer("kernel", torch.tensor([0.125, 0.25, 0.25, 0.25, 0.125]).repeat(channels, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        return F.conv1d(F.pad(x, (2, 2), mode="replicate"), self.kernel, groups=x.shape[1])


class Taps(nn.Module):
    """A ridge on some of the features 40 ms before, at and 40 ms after a row: [1, F, T] -> [1, K, T]."""

    weights: Tensor
    bias: Tensor

    def __init__(self, ridge: Ridge, heard: slice) -> None:
        super().__init__()
        self.heard = heard
        self.register_buffer(
            "weights", _buffer(ridge.weights.reshape(3, heard.stop - heard.start, -1).transpose(2, 1, 0))
        )
        self.register_buffer("bias", _buffer(ridge.bias))

    def forward(self, features: Tensor) -> Tensor:
        padded = F.pad(features[:, self.heard], (NEIGHBOUR_ROWS, NEIGHBOUR_ROWS), mode="replicate")
        return F.conv1d(padded, self.weights, self.bias, dilation=NEIGHBOUR_ROWS)


class RidgeBranch(nn.Module):
    """Features [1, F, T] -> targets [1, 66, T] from `ridge_inputs`, and openness [1, 1, T] from `closing_inputs`."""

    def __init__(self, ridge: Ridge, openness: Openness, closing: slice = Layout.closing) -> None:
        """`ridge` hears the general features, `openness` those of the slice `closing`."""
        super().__init__()
        self.smoothing = Smoothing(Layout.count)
        self.mouth, self.openness, self.heard = (
            Taps(ridge, Layout.general),
            Taps(openness.ridge, closing),
            openness.heard,
        )

    def forward(self, features: Tensor) -> tuple[Tensor, Tensor]:
        smoothed = self.smoothing(features[:, Layout.general])
        closure = smoothed[:, Layout.closure : Layout.closure + 1]
        return self.mouth(smoothed), self.openness(features) - self.heard * closure


class HubertBranch(nn.Module):
    """Features and behind them HuBERT's rows, [1, F + H, T] -> targets [1, 66, T] by those rows, and openness [1, 1, T]
    by the features: what hears closures was taught them (docs/speech.md)."""

    def __init__(self, ridge: Ridge, heard: slice, embedded: RidgeBranch) -> None:
        """`ridge` hears the rows, which are the slice `heard`."""
        super().__init__()
        self.mouth, self.embedded = Taps(ridge, heard), embedded

    def forward(self, features: Tensor) -> tuple[Tensor, Tensor]:
        return self.mouth(features), self.embedded(features)[1]


class TunedHead(nn.Module):
    """Hidden features of the tuned encoder -> targets [1, 66, T]; the encoder itself is part of the speech graph."""

    def __init__(self, branch: TunedBranch) -> None:
        super().__init__()
        self.head = branch.head

    def forward(self, features: Tensor) -> Tensor:
        return self.head(features[:, Layout.adapted])


class Restoration(nn.Module):
    """A `QuantileMap` in graph operations."""

    knots: Tensor
    gains: Tensor

    def __init__(self, quantiles: QuantileMap) -> None:
        super().__init__()
        knots, gains, self.start = quantiles.hinges()
        self.register_buffer("knots", _buffer(knots)[None, :, None])
        self.register_buffer("gains", _buffer(gains)[None, :, None])

    def forward(self, x: Float[Tensor, "1 1 frames"]) -> Float[Tensor, "1 1 frames"]:
        return (torch.relu(x - self.knots) * self.gains).sum(dim=1, keepdim=True) + self.start


class LipCorrection(nn.Module):
    """Move an expression so that its opening and width become what they should be.

    `directions` [64, 2] is how the person's expression changes per cm of opening and of width.
    """

    slopes: Tensor
    rest: Tensor
    directions: Tensor

    def __init__(self, measures: LipMeasures, directions: np.ndarray) -> None:
        super().__init__()
        self.register_buffer("slopes", _buffer(measures.slopes)[:, :, None])
        self.register_buffer("rest", _buffer(measures.rest)[None, :, None])
        self.register_buffer("directions", _buffer(directions)[:, :, None])

    def forward(self, expression: Tensor, lips: Float[Tensor, "1 2 frames"]) -> Tensor:
        current = F.conv1d(expression, self.slopes) + self.rest
        return expression + F.conv1d(lips - current, self.directions)


class AdaptedMouth(nn.Module):
    """Features -> (lips [1, 2, T], expression [1, 64, T]) by the person's own ridge and tuned branches."""

    centre: Tensor
    gains: Tensor

    def __init__(
        self,
        ridge: RidgeBranch | HubertBranch,
        tuned: nn.Module,
        opening: QuantileMap,
        limits: Limits,
        width: QuantileMap,
        centre: np.ndarray,
        gains: np.ndarray,
    ) -> None:
        super().__init__()
        self.ridge, self.tuned = ridge, tuned
        self.opening, self.width = Restoration(opening), Restoration(width)
        self.floor, self.ceiling = Restoration(limits.floor), Restoration(limits.ceiling)
        self.register_buffer("centre", _buffer(centre)[None, :, None])
        self.register_buffer("gains", _buffer(gains)[None, :, None])

    def forward(self, features: Tensor, shift: Tensor | None = None) -> tuple[Tensor, Tensor]:
        ridge, openness = self.ridge(features)
        both = (ridge + self.tuned(features)) / 2
        if shift is not None:  # before the range and the closures, which therefore stay the person's
            both = both + shift
        restored, floor = self.opening(both[:, :1]), self.floor(openness)
        raised = torch.maximum(restored, floor + UNDER_FLOOR * (restored - floor))
        opening = torch.minimum(raised, self.ceiling(openness))
        lips = torch.cat([opening, self.width(both[:, 1:2])], dim=1)
        return lips, self.centre + (both[:, LIPS:] - self.centre) * self.gains


class ZeroShotMouth(nn.Module):
    """Features -> (lips, expression) by the pretrained lip head alone, in the person's range of opening and width."""

    centre: Tensor

    def __init__(self, opening: QuantileMap, width: QuantileMap, centre: np.ndarray) -> None:
        super().__init__()
        self.opening, self.width = Restoration(opening), Restoration(width)
        self.smoothing = Smoothing(2)
        self.register_buffer("centre", _buffer(centre)[None, :, None])

    def forward(self, features: Tensor, shift: Tensor | None = None) -> tuple[Tensor, Tensor]:
        assert shift is None  # nothing was learnt of how this person varies
        opening, width, rounding = (features[:, Layout.lips.start + k : Layout.lips.start + k + 1] for k in range(3))
        heard = self.smoothing(torch.cat([opening, width - 0.5 * rounding], dim=1))
        lips = torch.cat([self.opening(heard[:, :1]), self.width(heard[:, 1:])], dim=1)
        return lips, self.centre + 0 * lips[:, :1]


class PartlyAdaptedMouth(nn.Module):
    """Features -> (lips, expression) between the general and the person's own, as far as the evidence goes that what
    was learnt from is their voice."""

    def __init__(self, general: nn.Module, own: nn.Module, share: float) -> None:
        """A `ZeroShotMouth` and an `AdaptedMouth`; `share` is the latter's, 0..1."""
        super().__init__()
        self.general, self.own, self.share = general, own, share

    def forward(self, features: Tensor, shift: Tensor | None = None) -> tuple[Tensor, Tensor]:
        general, own = self.general(features), self.own(features, shift)
        lips, expression = ((1 - self.share) * a + self.share * b for a, b in zip(general, own))
        return lips, expression


Mouth = AdaptedMouth | PartlyAdaptedMouth | ZeroShotMouth


class MotionGraph(nn.Module):
    """Features [1, T, F] -> expression [1, T, 64]; silence closes the mouth.

    A shift [1, T, 66] of an adapted mouth's targets makes another of the mouths that would go with the sound.
    """

    closed: Tensor

    def __init__(self, mouth: Mouth, correction: LipCorrection, closed: np.ndarray) -> None:
        super().__init__()
        self.mouth, self.correction = mouth, correction
        self.register_buffer("closed", _buffer(closed)[None, :, None])

    def forward(
        self, features: Float[Tensor, "1 frames width"], shift: Float[Tensor, "1 frames 66"] | None = None
    ) -> Float[Tensor, "1 frames 64"]:
        columns = features.transpose(1, 2)
        lips, expression = self.mouth(columns, None if shift is None else shift.transpose(1, 2))
        speaking = self.correction(expression, lips)
        sound = columns[:, Layout.presence : Layout.presence + 1]
        return (self.closed + sound * (speaking - self.closed)).transpose(1, 2)


def export_motion(graph: MotionGraph, width: int, path: Path, varied: bool = False) -> None:
    """Write `motion.onnx` for features of the given width; `varied`: with a `shift` beside them."""
    _export(graph, {"features": width}, path, varied)


class HubertMotionGraph(nn.Module):
    """The same of features [1, T, F] and HuBERT's rows [1, T, H] at their moments."""

    def __init__(self, graph: MotionGraph) -> None:
        """Of a mouth with a `HubertBranch`."""
        super().__init__()
        self.graph = graph

    def forward(self, features: Tensor, hubert: Tensor, shift: Tensor | None = None) -> Tensor:
        return self.graph(torch.cat([features, hubert], dim=2), shift)


def export_hubert_motion(graph: MotionGraph, width: int, size: int, path: Path, varied: bool = False) -> None:
    """Write `motion-hubert.onnx` for features and rows of the given widths; `varied`: with a `shift` beside them."""
    _export(HubertMotionGraph(graph), {"features": width, "hubert": size}, path, varied)


def _export(graph: nn.Module, widths: dict[str, int], path: Path, varied: bool) -> None:
    widths = widths | ({"shift": TARGETS} if varied else {})
    inputs = {name: torch.randn(1, 50, width) for name, width in widths.items()}
    export_graph(graph, inputs, ["expression"], path, {name: {1: "frames"} for name in (*inputs, "expression")})
