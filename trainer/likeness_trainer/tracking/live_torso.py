"""How the shoulders move in pictures that keep coming, without a mask that says what is the person."""

from __future__ import annotations

import numpy as np

from likeness_trainer.tracking.picture_motion import SimilarityTracker

# Of the face's box: what lies there is the person of anybody who sits before a camera, below the neck and within the
# shoulders. A wall beside them would be followed instead.
_ASIDE = 0.75  # widths to either side of the middle
_BELOW = 1.35, 2.4  # heights below the top
# Of the corners that are found: of a plain pullover a fifth move alike, of a suit or a print two thirds to nine tenths.
_AGREED = 0.4


class LiveTorso:
    """Followed from one picture on, by the corners of what is worn there."""

    def __init__(self, gray: np.ndarray, landmarks: np.ndarray) -> None:
        """From a picture [h, w] u8 with landmarks [478, 3] in its pixels."""
        self._tracker = SimilarityTracker(1.0)
        self._tracker.start(gray, chest_region(gray.shape, landmarks[:468, :2]))

    def follow(self, gray: np.ndarray) -> np.ndarray | None:
        """The similarity [2, 3] f64 from the first picture to this one, pixels; None where that is not to be seen."""
        if not self._tracker.follows:
            return None
        moved = self._tracker.follow(gray)
        return moved if self._tracker.agreed >= _AGREED else None


def chest_region(shape: tuple[int, ...], face: np.ndarray) -> np.ndarray:
    """Where the chest is [h, w] u8 below a face of landmarks [468, 2]; empty where the picture ends above it."""
    low, high = face.min(0), face.max(0)
    middle, width, height = (low[0] + high[0]) / 2, high[0] - low[0], high[1] - low[1]
    region = np.zeros(shape[:2], np.uint8)
    top, bottom = (max(0, int(low[1] + share * height)) for share in _BELOW)
    region[top:bottom, max(0, int(middle - _ASIDE * width)) : max(0, int(middle + _ASIDE * width))] = 255
    return region
