"""How fast pictures come; as the core's `media/rate.ts` finds it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from likeness_trainer.format import READING
from likeness_trainer.media.refusal import bad_video

_RATES = READING["rates"]


def rate_of(times: np.ndarray, declared: Sequence[float]) -> tuple[float, bool]:
    """Frames a second where nothing is left out, and whether the time between frames changes.

    times [T] f64: when frames are shown, seconds, ascending; NaN where a file keeps none. `declared`: a file's own
    figures, which are averages or a guess at the header's clock; they count where the times agree with them. Raises
    TrainerError('bad-video') without a rate to work with.
    """
    measured = usual_rate(times)
    wanted = measured or next((fps for fps in declared if fps > 0), 0.0)
    # The median agrees where a single gap is off: in a short clip that moves the mean.
    gaps = np.diff(times)
    found = [wanted, 1 / _median(gaps[gaps > 0])] if measured else [wanted]
    agreeing = [named for rate in found for named in declared if abs(named - rate) <= _RATES["declaredWithin"] * rate]
    fps = agreeing[0] if agreeing else wanted
    if len(times) < 2:
        raise bad_video("one picture only")
    if not _RATES["least"] <= fps <= _RATES["most"]:
        raise bad_video(f"{fps:.3g} pictures a second")
    return fps, measured is not None and _is_variable(times)


def usual_rate(times: np.ndarray) -> float | None:
    """From the gaps near the median: a freeze is not part of a rate, and on a millisecond clock the median itself is 33
    or 34 for 33.37."""
    gaps = np.diff(times)
    gaps = gaps[gaps > 0]  # of times that are NaN there are none
    if not len(gaps):
        return None
    low, high = _RATES["usualGap"]
    middle = _median(gaps)
    usual = gaps[(gaps >= middle * low) & (gaps <= middle * high)]
    return float(len(usual) / usual.sum())


def _is_variable(times: np.ndarray) -> bool:
    """One gap in a hundred that is off by a fifth is still a constant rate, unless the picture stands still in it."""
    gaps = np.diff(times)
    middle = _median(gaps)
    off = int((np.abs(gaps - middle) > middle * 0.2).sum())
    return off > max(1, len(gaps) / 100) or bool((gaps > middle * _RATES["jumpGaps"]).any())


def _median(gaps: np.ndarray) -> float:
    return float(np.sort(gaps)[len(gaps) >> 1])
