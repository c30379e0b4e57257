"""How sharp a picture looks by itself: the cumulative probability of blur detection, CPBD (Narvekar and Karam 2011,
"A No-Reference Image Blur Metric Based on the Cumulative Probability of Blur Detection").

An edge is as wide as its grey levels go on rising or falling along the row (Marziliano et al. 2002). What width is just
seen as blur depends on the contrast round the edge: 5 pixels up to 50 grey levels, else 3. The measure is the share of
edges that are no wider. It needs no truth, so it also rewards noise: read it beside a figure that has one.
"""

from __future__ import annotations

import cv2
import numpy as np
from skimage.feature import canny

BLOCK = 64  # pixels
EDGE_SHARE = 0.002  # of a block's pixels: with fewer on edges it is no block of edges
LOW_CONTRAST = 50  # grey levels
WIDTH_AT_LOW, WIDTH_AT_HIGH = 5, 3  # pixels, just noticeably blurred
BETA = 3.6  # how steeply the probability of seeing a blur rises with the edge's width
JUST_NOTICED = 1 - np.exp(-1)  # the probability at just that width
_STRONG = 4.0  # of the mean squared gradient: weaker ones are no edges


def cpbd(picture: np.ndarray) -> float | None:
    """Share 0..1 of the upright edges of a picture [H,W,3] u8 RGB that nobody takes for blurred; None without edges."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    edges, (on_edge, widths) = canny(grey / 255), upright_edges(grey.astype(np.float64))
    seen = []
    for top in range(0, grey.shape[0], BLOCK):
        for left in range(0, grey.shape[1], BLOCK):
            block = np.s_[top : top + BLOCK, left : left + BLOCK]
            if edges[block].mean() > EDGE_SHARE:
                contrast = int(grey[block].max()) - int(grey[block].min())
                seen.append(blur_seen(widths[block][on_edge[block]], contrast))
    probabilities = np.concatenate(seen) if seen else np.zeros(0)
    return float((probabilities <= JUST_NOTICED + 1e-9).mean()) if len(probabilities) else None


def blur_seen(widths: np.ndarray, contrast: int) -> np.ndarray:
    """Probability that edges of these widths (pixels) are seen as blurred where the block has that contrast."""
    noticed = WIDTH_AT_LOW if contrast <= LOW_CONTRAST else WIDTH_AT_HIGH
    return 1 - np.exp(-((widths / noticed) ** BETA))


def upright_edges(grey: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which pixels [H,W] lie on an edge that runs rather upright than level, and how wide the edge is there, pixels."""
    across, along = (cv2.Sobel(grey, cv2.CV_64F, *order, borderType=cv2.BORDER_REPLICATE) for order in ((1, 0), (0, 1)))
    squared, strength = across**2 + along**2, np.abs(across)
    beside = np.pad(strength, ((0, 0), (1, 1)))
    crest = (strength >= beside[:, :-2]) & (strength >= beside[:, 2:])
    on_edge = crest & (strength >= np.abs(along)) & (squared > _STRONG * squared.mean())
    rising, falling = _monotone_length(grey), _monotone_length(-grey)
    return on_edge, np.where(across > 0, rising, falling)


def _monotone_length(grey: np.ndarray) -> np.ndarray:
    """How many steps to the right in a row, and from the left, go on rising through each pixel, [H,W]."""
    rises, columns, last = np.diff(grey, axis=1) > 0, np.arange(grey.shape[1]), grey.shape[1] - 1
    first_of_run = np.where(np.pad(rises, ((0, 0), (1, 0))), 0, columns)
    last_of_run = np.where(np.pad(rises, ((0, 0), (0, 1))), last, columns)
    ends = np.minimum.accumulate(last_of_run[:, ::-1], axis=1)[:, ::-1]
    return ends - np.maximum.accumulate(first_of_run, axis=1)
