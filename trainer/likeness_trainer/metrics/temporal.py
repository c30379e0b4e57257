"""Flicker: how the error changes from one frame to the next where the picture itself does not."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from likeness_trainer.metrics.crops import Box


def backward_flow(truth: np.ndarray, before: np.ndarray) -> np.ndarray:
    """Where each pixel of `truth` was in `before`, [H, W, 2] pixels (Farnebäck 2003)."""
    grey = [cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY) for picture in (truth, before)]
    return cv2.calcOpticalFlowFarneback(grey[0], grey[1], None, 0.5, 3, 13, 3, 5, 1.1, 0)  # type: ignore[call-overload]


def warp(picture: np.ndarray, flow: np.ndarray) -> np.ndarray:
    """`picture` sampled at `pixel + flow`."""
    rows, columns = np.mgrid[: picture.shape[0], : picture.shape[1]].astype(np.float32)
    return cv2.remap(
        picture, columns + flow[..., 0], rows + flow[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )


class Flicker:
    """Jitter of several renderings of the same frames; the truth's flow is computed once."""

    def __init__(self, truths: Sequence[np.ndarray], frames: Sequence[int], boxes: Sequence[Box]) -> None:
        """truths: u8 [H, W, 3] in time order; frames: their source numbers (only neighbours are compared)."""
        self._truths, self._boxes = truths, boxes
        self._flows = {
            i: backward_flow(truths[i], truths[i - 1]) for i in range(1, len(truths)) if frames[i] == frames[i - 1] + 1
        }

    def measure(self, pictures: Sequence[np.ndarray]) -> float:
        """Mean absolute change of the motion-compensated error, grey levels; 0 when the error moves with the
        picture."""
        if not self._flows:
            return 0.0
        errors = [
            picture.astype(np.float32) - truth.astype(np.float32) for picture, truth in zip(pictures, self._truths)
        ]
        changes = [
            np.abs(self._boxes[i].cut(errors[i] - warp(errors[i - 1], flow))).mean() for i, flow in self._flows.items()
        ]
        return float(np.mean(changes))
