"""How a rendering changes over time beside how the truth does: jitter, change, flicker."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from likeness_trainer.metrics.crops import Box


def backward_flow(truth: np.ndarray, before: np.ndarray) -> np.ndarray:
    """Where each pixel of `truth` was in `before`, [H, W, 2] pixels (Farnebäck 2003)."""
    grey = [cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY) for picture in (truth, before)]
    return cv2.calcOpticalFlowFarneback(grey[0], grey[1], None, 0.5, 3, 13, 3, 5, 1.1, 0)  # type: ignore[call-overload]


def warp(picture: np.ndarray, flow: np.ndarray, box: Box) -> np.ndarray:
    """`picture` sampled at `pixel + flow` for the pixels of a box, whose flow [h, w, 2] it is."""
    rows, columns = np.mgrid[: flow.shape[0], : flow.shape[1]].astype(np.float32)
    x, y = columns + box.left + flow[..., 0], rows + box.top + flow[..., 1]
    return cv2.remap(picture, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def change_error(
    pictures: Sequence[np.ndarray], truths: Sequence[np.ndarray], frames: Sequence[int], boxes: Sequence[Box]
) -> float | None:
    """Mean absolute difference between a rendering's change and the truth's from each frame to the next, grey levels.

    Nothing is moved: what lies in the wrong place while it moves counts too. None without neighbours in `frames`.
    """
    differences = []
    for i in range(1, len(frames)):
        if frames[i] == frames[i - 1] + 1:
            change, true = (_signed(of, boxes[i], (i, 1), (i - 1, -1)) for of in (pictures, truths))
            differences.append(float(np.abs(change - true).mean()))
    return float(np.mean(differences)) if differences else None


def flicker(
    pictures: Sequence[np.ndarray], truths: Sequence[np.ndarray], frames: Sequence[int], boxes: Sequence[Box]
) -> float | None:
    """Amplitude of what goes to and fro from frame to frame (second difference over time), as a share of the truth's.

    1: as restless as the filmed one; less is smoother, which a mouth that moves too little is as well. None without
    three frames in a row, or where the truth stands still.
    """
    energy = true = 0.0
    for i in range(1, len(frames) - 1):
        if frames[i - 1] + 1 == frames[i] == frames[i + 1] - 1:
            terms = ((i - 1, 1), (i, -2), (i + 1, 1))
            energy += float((_signed(pictures, boxes[i], *terms) ** 2).sum())
            true += float((_signed(truths, boxes[i], *terms) ** 2).sum())
    return float(np.sqrt(energy / true)) if true > 0 else None


def _signed(pictures: Sequence[np.ndarray], box: Box, *terms: tuple[int, int]) -> np.ndarray:
    """Sum of pictures, each times its sign and weight, in a box."""
    return sum((weight * box.cut(pictures[i]).astype(np.float32) for i, weight in terms), np.float32(0))  # type: ignore


class Jitter:
    """Jitter of several renderings of the same frames; the truth's flow is computed once."""

    def __init__(self, truths: Sequence[np.ndarray], frames: Sequence[int], boxes: Sequence[Box]) -> None:
        """truths: u8 [H, W, 3] in time order; frames: their source numbers (only neighbours are compared)."""
        self._truths, self._boxes = truths, boxes
        self._flows = {
            i: boxes[i].cut(backward_flow(truths[i], truths[i - 1])).copy()
            for i in range(1, len(truths))
            if frames[i] == frames[i - 1] + 1
        }

    def measure(self, pictures: Sequence[np.ndarray]) -> float:
        """Mean absolute change of the motion-compensated error, grey levels; 0 when the error moves with the
        picture."""
        if not self._flows:
            return 0.0

        def error(i: int) -> np.ndarray:
            return pictures[i].astype(np.float32) - self._truths[i].astype(np.float32)

        changes = [
            np.abs(self._boxes[i].cut(error(i)) - warp(error(i - 1), flow, self._boxes[i])).mean()
            for i, flow in self._flows.items()
        ]
        return float(np.mean(changes))
