"""What each source frame is good for."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import binary_dilation

from likeness_trainer.tracking.track_file import FrameState

_BLURRED = 0.55  # sharpness over the clip's own good level
_STRANGE = 0.10  # share of the face that does not look like itself: a hand, a microphone
_STRANGE_MEDIANS = 3.0
_COMING = 0.5  # of the limit: beside covered frames, what covers the face is on its way
_COMING_SECONDS = 0.07  # longer, and a face that turns or frowns is taken for a covered one


def first_states(found: np.ndarray, cuts: np.ndarray, sharpness: np.ndarray) -> np.ndarray:
    """States [T] u8 known from the scan alone. found [T] bool, cuts [T] bool, sharpness [T]."""
    state = np.full(len(found), FrameState.GOOD, np.uint8)
    if found.any():
        level = np.percentile(sharpness[found], 75)
        state[sharpness < _BLURRED * level] = FrameState.BLURRED
    state[~found] = FrameState.MISSING
    state[found & cuts] = FrameState.OTHER
    return state


def mark_occluded(state: np.ndarray, frame_numbers: np.ndarray, strange: np.ndarray, fps: float) -> np.ndarray:
    """States with the frames in which something covers the face, those in which it comes and goes included.
    strange [U] belongs to frame_numbers [U]."""
    marked = state.copy()
    limit = max(_STRANGE, _STRANGE_MEDIANS * float(np.median(strange)))
    longest = max(1, round(_COMING_SECONDS * fps))
    on_its_way = strange > _COMING * limit
    covered = frame_numbers[np.asarray(binary_dilation(strange > limit, iterations=longest, mask=on_its_way), bool)]
    marked[covered[marked[covered] == FrameState.GOOD]] = FrameState.OCCLUDED
    return marked


def spans(frames: np.ndarray) -> list[list[int]]:
    """Runs of consecutive frame numbers as [first, last]."""
    if len(frames) == 0:
        return []
    breaks = np.flatnonzero(np.diff(frames) > 1)
    firsts = np.append(frames[0], frames[breaks + 1])
    lasts = np.append(frames[breaks], frames[-1])
    return [[int(first), int(last)] for first, last in zip(firsts, lasts)]
