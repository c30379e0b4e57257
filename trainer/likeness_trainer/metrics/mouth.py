"""The mouth's opening and shape: aperture, its correlation, closures, landmark distance."""

from __future__ import annotations

from collections.abc import Sequence
from queue import Queue
from types import TracebackType
from typing import Any

import cv2
import numpy as np

from likeness_trainer.appearance.side_by_side import side_by_side

UPPER_LIP, LOWER_LIP = 13, 14  # middle of the inner lip
EYE_RIGHT, EYE_LEFT = (33, 133), (362, 263)
# The 20 mouth points of the 68-point layout: 12 on the outer lip, 8 on the inner one.
MOUTH_20 = (61, 40, 37, 0, 267, 270, 291, 321, 314, 17, 84, 91, 78, 81, 13, 311, 308, 402, 14, 178)
_MOST_AT_ONCE = 4  # networks of landmarks in memory
CLOSURE_SHARE = 0.10  # a closure is a frame among the tenth with the smallest opening


def inter_ocular(landmarks: np.ndarray) -> np.ndarray:
    """Distance between the centres of the eyes, [...]; landmarks [..., P, 2 or 3]."""
    right, left = (landmarks[..., corners, :].mean(-2) for corners in (EYE_RIGHT, EYE_LEFT))
    return np.linalg.norm(left - right, axis=-1)


def aperture(landmarks: np.ndarray) -> np.ndarray:
    """Opening of the mouth in inter-ocular distances: `|13 - 14| / IOD`, [...]; landmarks [..., P, 2 or 3]."""
    gap = np.linalg.norm(landmarks[..., UPPER_LIP, :] - landmarks[..., LOWER_LIP, :], axis=-1)
    return gap / inter_ocular(landmarks)


def correlation(a: np.ndarray, b: np.ndarray) -> float | None:
    """Pearson's r over the frames where both are known; None when there are under 3 or one of them does not move."""
    known = np.isfinite(a) & np.isfinite(b)
    a, b = a[known].astype(np.float64), b[known].astype(np.float64)
    if len(a) < 3 or a.std() < 1e-9 or b.std() < 1e-9:
        return None
    return float(np.corrcoef(a, b)[0, 1])


def _closed(opening: np.ndarray) -> np.ndarray:
    count = max(1, round(CLOSURE_SHARE * len(opening)))
    mask = np.zeros(len(opening), bool)
    mask[np.argsort(opening, kind="stable")[:count]] = True
    return mask


def _widened(mask: np.ndarray) -> np.ndarray:
    wide = mask.copy()
    wide[1:] |= mask[:-1]
    wide[:-1] |= mask[1:]
    return wide


def closure(driven: np.ndarray, tracked: np.ndarray) -> tuple[float | None, float | None]:
    """Precision and recall of closures, [T] openings in time order; None when the mouth never moves.

    Rank-matched: the tenth of the frames with the smallest opening counts as closed on either side, so the scale of
    the opening does not matter; a closure is met by one at most one frame away.
    """
    known = np.isfinite(driven) & np.isfinite(tracked)
    driven, tracked = driven[known], tracked[known]
    if len(tracked) < 10 or np.ptp(tracked) < 1e-9 or np.ptp(driven) < 1e-9:
        return None, None
    found, true = _closed(driven), _closed(tracked)
    precision = (found & _widened(true)).sum() / found.sum()
    recall = (true & _widened(found)).sum() / true.sum()
    return float(precision), float(recall)


def landmark_distance(found: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Mouth landmark distance per frame in inter-ocular distances, [T]; found and truth [T, 478, 2+] pixels.

    Mean over the 20 mouth points after both mouths are centred on their own mean (Chen et al. 2019), over the
    truth's inter-ocular distance. Frames where a face was not found (NaN) give NaN.
    """
    a, b = (points[:, MOUTH_20, :2] - points[:, MOUTH_20, :2].mean(1, keepdims=True) for points in (found, truth))
    return np.linalg.norm(a - b, axis=-1).mean(-1) / inter_ocular(truth[..., :2])


class FaceMesh:
    """MediaPipe's landmarks of single pictures, each seen for itself (image mode): use as a context manager."""

    _WORKING_SIZE = 512  # larger than the crop: the lips' sub-pixel refinement gains from it

    def __init__(self, cores: int = 1) -> None:
        """`cores` may be kept busy."""
        self._at_once = min(cores, _MOST_AT_ONCE)
        self._free: Queue[Any] = Queue()

    def __enter__(self) -> FaceMesh:
        from mediapipe.python.solutions.face_mesh import FaceMesh as Solution

        for _ in range(self._at_once):
            self._free.put(
                Solution(static_image_mode=True, max_num_faces=1, refine_landmarks=True, min_detection_confidence=0.3)
            )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for _ in range(self._at_once):
            self._free.get().close()

    def landmarks(self, picture: np.ndarray) -> np.ndarray:
        """[478, 2] pixels of a square u8 RGB picture; NaN where no face is found."""
        size = picture.shape[0]
        enlarged = cv2.resize(picture, (self._WORKING_SIZE, self._WORKING_SIZE), interpolation=cv2.INTER_CUBIC)
        solution = self._free.get()
        try:
            faces = solution.process(enlarged).multi_face_landmarks
        finally:
            self._free.put(solution)
        if not faces:
            return np.full((478, 2), np.nan)
        return np.array([[point.x, point.y] for point in faces[0].landmark]) * size

    def landmarks_of(self, pictures: Sequence[np.ndarray]) -> np.ndarray:
        """[T, 478, 2] pixels; NaN where no face is found."""
        return np.array(side_by_side(self._at_once, self.landmarks, pictures))
