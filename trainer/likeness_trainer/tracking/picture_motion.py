"""How a part of the picture moves: a 2-D similarity from a reference frame, by sparse optical flow.

Corners are followed from the reference frame itself, so errors do not add up; the frame before gives the starting
point. RANSAC (in the similarity's fit) drops what moves on its own: hands before a torso, people before a wall.
Cheaper than aligning all pixels (ECC, 14 ms a frame) and as steady.
"""

from __future__ import annotations

import cv2
import numpy as np

_FLOW = {"winSize": (17, 17), "maxLevel": 2, "criteria": (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 12, 0.03)}
_MOST_POINTS, _FEWEST_POINTS = 90, 8
_MARGIN = 80  # pixels about its corners that the flow sees: it looks 34 pixels about where it expects each
_FURTHEST = 40  # pixels from a corner to where it is expected: beyond, the flow sees the whole picture
_COARSEST = 4  # pixels that are one at the flow's last level
_STILL = np.eye(2, 3)
_MOST_ZOOM = 1.4  # a torso does not grow more than this; a fit that says so is wrong


class SimilarityTracker:
    """Feed small grey frames [h, w] u8 in order; `scale` is source pixels per small pixel."""

    def __init__(self, scale: float) -> None:
        self._scale = scale
        self._reference: np.ndarray | None = None
        self._points = np.zeros((0, 1, 2), np.float32)
        self._window = slice(None), slice(None)  # what of the picture lies about them
        self._base = _STILL  # reference frame to the frame the points were taken from
        self._last = _STILL
        self._agreed = 1.0

    @property
    def started(self) -> bool:
        """Whether there is a reference frame to follow from."""
        return self._reference is not None

    @property
    def follows(self) -> bool:
        """Whether there are corners enough to follow."""
        return len(self._points) >= _FEWEST_POINTS

    @property
    def agreed(self) -> float:
        """Of the corners that were found in the newest picture, the share that moves alike."""
        return self._agreed

    def start(self, gray: np.ndarray, region: np.ndarray) -> None:
        """Take corners inside region [h, w] u8. Started again (after a cut), the motion goes on from the last one."""
        points = cv2.goodFeaturesToTrack(gray, _MOST_POINTS, 0.01, 5, mask=region)
        self._points = np.zeros((0, 1, 2), np.float32) if points is None else points.astype(np.float32)
        self._window = _around(self._points[:, 0], gray.shape)
        self._reference = gray
        self._base = self._last

    def follow(self, gray: np.ndarray) -> np.ndarray:
        """The similarity [2, 3] f64 from the reference frame to this one, source pixels; the last one when lost."""
        if self._reference is not None and self.follows:
            step = _compose(self._last, _invert(self._base))
            guess = self._points[:, 0] @ step[:, :2].T + step[:, 2]
            near = np.abs(guess - self._points[:, 0]).max() < _FURTHEST
            window = self._window if near else (slice(None), slice(None))
            corner = np.array([window[1].start or 0, window[0].start or 0], np.float32)
            moved, found, _ = cv2.calcOpticalFlowPyrLK(
                self._reference[window],
                gray[window],
                self._points - corner,
                (guess.astype(np.float32) - corner).reshape(-1, 1, 2),
                flags=cv2.OPTFLOW_USE_INITIAL_FLOW,
                **_FLOW,
            )
            moved += corner
            kept = found[:, 0] == 1
            if kept.sum() >= _FEWEST_POINTS:
                fitted, inliers = cv2.estimateAffinePartial2D(
                    self._points[kept], moved[kept], ransacReprojThreshold=1.5, maxIters=200, confidence=0.99
                )
                self._agreed = 0.0 if fitted is None else float(inliers.mean())
                zoom = 0.0 if fitted is None else float(np.linalg.norm(fitted[:, 0]))
                if 1 / _MOST_ZOOM < zoom < _MOST_ZOOM and inliers.sum() >= _FEWEST_POINTS:
                    self._last = _compose(fitted, self._base)
        # OpenCV counts pixels from their centres: small pixel u is (u + 0.5) * scale in the source.
        half = np.full(2, 0.5)
        in_source = self._last.copy()
        in_source[:, 2] = self._scale * (self._last[:, 2] + half - self._last[:, :2] @ half)
        return in_source


def _around(points: np.ndarray, shape: tuple[int, ...]) -> tuple[slice, slice]:
    """Rows and columns of a picture of that shape about points [P, 2]; all of them where there are none. They begin
    with a pixel of the flow's last level."""
    if not len(points):
        return slice(None), slice(None)
    low = np.maximum(points.min(0) - _MARGIN, 0).astype(int) // _COARSEST * _COARSEST
    high = points.max(0).astype(int) + _MARGIN + 1
    return slice(int(low[1]), min(shape[0], int(high[1]))), slice(int(low[0]), min(shape[1], int(high[0])))


def torso_region(person: np.ndarray, face_box: np.ndarray) -> np.ndarray:
    """Where the torso is [h, w] u8: the person below the chin. face_box in small pixels."""
    x, y, width, height = face_box
    region = np.zeros_like(person)
    top, left = int(max(0, y + 1.15 * height)), int(max(0, x - 1.1 * width))
    region[top : int(y + 3.2 * height), left : int(x + 2.1 * width)] = 255
    region[person < 200] = 0
    return cv2.erode(region, np.ones((5, 5), np.uint8))


def background_region(person: np.ndarray) -> np.ndarray:
    """What is clear of the person [h, w] u8."""
    return cv2.erode((person < 20).astype(np.uint8) * 255, np.ones((11, 11), np.uint8))


def displacement(similarity: np.ndarray, width: int, height: int) -> float:
    """How far the similarity moves the picture's corners, at most, over the longer side."""
    corners = np.array([[0, 0], [width, 0], [0, height], [width, height]], float)
    moved = corners @ similarity[:, :2].T + similarity[:, 2]
    return float(np.linalg.norm(moved - corners, axis=1).max() / max(width, height))


def _compose(outer: np.ndarray, inner: np.ndarray) -> np.ndarray:
    return np.concatenate([outer[:, :2] @ inner[:, :2], (outer[:, :2] @ inner[:, 2] + outer[:, 2])[:, None]], 1)


def _invert(affine: np.ndarray) -> np.ndarray:
    (a, b), (c, d) = affine[:, :2]
    inverse = np.array([[d, -b], [-c, a]]) / (a * d - b * c)
    return np.concatenate([inverse, (-inverse @ affine[:, 2])[:, None]], 1)
