"""Chosen frames of a video as a condition of ffmpeg's, so that those in between are decoded and nothing more."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

MOST_RUNS = 400  # a command line holds 32 kB on Windows; a run takes up to 30 bytes


def runs_of(frames: Sequence[int], most: int = MOST_RUNS) -> list[tuple[int, int]]:
    """First and last frame of each run of ascending `frames`; of more than `most` runs those that are nearest to each
    other are joined, with what lies between."""
    numbers = np.asarray(frames, np.int64)
    gaps = np.diff(numbers)
    cuts = np.flatnonzero(gaps > 1)
    if len(cuts) >= most:
        cuts = np.sort(cuts[np.argsort(-gaps[cuts], kind="stable")[: most - 1]])
    firsts, lasts = np.append(0, cuts + 1), np.append(cuts, len(numbers) - 1)
    return list(zip(numbers[firsts].tolist(), numbers[lasts].tolist()))


def condition(runs: Sequence[tuple[int, int]], first: int = 0) -> str:
    """The filter that passes the frames of `runs` on, where frame `first` is the first that comes. The condition halves
    the runs, so that it is quickly told of each frame and never deep."""
    return f"select={_told(runs, first)}"


def _told(runs: Sequence[tuple[int, int]], first: int) -> str:
    if len(runs) == 1:
        return f"between(n\\,{runs[0][0] - first}\\,{runs[0][1] - first})"
    middle = len(runs) // 2
    before, after = _told(runs[:middle], first), _told(runs[middle:], first)
    return f"if(lt(n\\,{runs[middle][0] - first})\\,{before}\\,{after})"
