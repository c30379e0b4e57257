"""When each frame is shown."""

from __future__ import annotations

import numpy as np

from likeness_trainer.media import Source


def presentation_times(source: Source, frames: int) -> np.ndarray:
    """Seconds [frames] f64 on the clock that `read_audio` uses; evenly spaced where the file does not say."""
    times = source.times
    if times is None or len(times) < frames or not (np.diff(times[:frames]) > 0).all():
        return np.arange(frames) / source.fps
    return times[:frames]
