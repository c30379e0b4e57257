"""The baselines of the held-out report: what a person's own frames show without any training."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from likeness_trainer.appearance.appearance import MOST_FRAMES, Appearance
from likeness_trainer.appearance.side_by_side import side_by_side
from likeness_trainer.metrics.baselines import mean_of_warps, nearest_among, nearest_apart, warp_frame
from likeness_trainer.metrics.clip import Clip
from likeness_trainer.morphable.topology import INNER_LIP, OUTER_LIP
from likeness_trainer.renderer.proxies import Control

MOUTH_WEIGHT = 5.0  # of the lips, where frames are looked up by the shape of the face
WARPS = 8
MOST_LOOKED_UP = 1000  # 40 s at 25 frames a second

Baseline = Literal["nearest", "warp", "mean", "instant"]
_Source: TypeAlias = tuple[Control, np.ndarray, np.ndarray]  # a frame's, with its picture and mask


@dataclass(frozen=True)
class View:
    """What the baselines are made of, at one resolution."""

    side: int
    pictures: Mapping[int, np.ndarray]  # [S,S,3] u8 head crops by frame
    masks: Mapping[int, np.ndarray]  # [S,S] u8
    plates: Sequence[np.ndarray]  # [S,S,3] u8 backgrounds of the held-out frames


def looked_up(train: np.ndarray) -> np.ndarray:
    """Of the frames to train on, those among which the baselines look: of many a spread, so that of a clip of any
    length as many are decoded and kept."""
    return spread(train, MOST_LOOKED_UP)


def spread(frames: np.ndarray, most: int) -> np.ndarray:
    """At most `most` of some frames [N], evenly, both ends among them."""
    return frames[np.unique(np.linspace(0, len(frames) - 1, min(most, len(frames))).round().astype(int))]


class Untrained:
    """Looks up what each baseline needs, then draws them, at any resolution.

    Frames are looked up among those that `looked_up` names; the mean of warps and the closed form use a spread of them.
    """

    def __init__(self, clip: Clip, train: np.ndarray, test: np.ndarray, spoken: np.ndarray | None) -> None:
        """`train` [N] and `test` [T] are frame numbers; `spoken` [T,64] are expressions as sound drives them."""
        self._clip, self._test, self._spoken = clip, test, spoken
        self._fitted: Appearance | None = None
        train = looked_up(train)
        self._seen = spread(train, MOST_FRAMES)
        idle = clip.idle
        self._by_track = nearest_among(clip.meshes(test), train, clip.meshes)
        self._several_by_track = self._apart(clip.meshes(test), clip.meshes(self._seen))
        self._by_sound, self._several_by_sound = self._by_track, self._several_by_track
        if spoken is not None:
            weights = np.ones(468)
            weights[list(INNER_LIP + OUTER_LIP)] = MOUTH_WEIGHT
            driven = clip.posed(spoken)
            self._by_sound = nearest_among(driven, train, lambda some: clip.posed(idle.expression[some]), weights)
            self._several_by_sound = self._apart(driven, clip.posed(idle.expression[self._seen]), weights)

    def _apart(
        self, queries: np.ndarray, candidates: np.ndarray, weights: np.ndarray | None = None
    ) -> list[np.ndarray]:
        return [self._seen[rows] for rows in nearest_apart(queries, candidates, self._seen, WARPS, weights)]

    def masked(self, count: int | None = None, by_sound: bool = True) -> set[int]:
        """Frames whose pictures and masks are warped for the first `count` held-out ones; for all by default."""
        found = [self._by_track[:count], *self._several_by_track[:count]]
        if by_sound:
            found += [self._by_sound[:count], *self._several_by_sound[:count]]
        return {int(frame) for frames in found for frame in frames}

    @property
    def needed(self) -> set[int]:
        """Frames whose pictures are needed."""
        return self.masked() | set(self._seen.tolist())

    def draw(self, name: Baseline, view: View, by_sound: bool = False) -> list[np.ndarray]:
        """A head crop [S,S,3] u8 for each of the first held-out frames, as many as `view` has plates."""
        plates = view.plates
        test = self._test[: len(plates)].tolist()
        said = self._spoken if by_sound else None
        targets = [self._clip.control(frame, None if said is None else said[row]) for row, frame in enumerate(test)]
        nearest, several = (
            (self._by_sound, self._several_by_sound) if by_sound else (self._by_track, self._several_by_track)
        )

        def warped(source: _Source, target: Control, plate: np.ndarray) -> np.ndarray:
            control, picture, mask = source
            return warp_frame(self._clip.rig, control, target, picture, mask, plate)

        def mean(frames: np.ndarray, target: Control, plate: np.ndarray) -> np.ndarray:
            return mean_of_warps(self._clip.rig, list(self._sources(frames, view)), target, plate)

        match name:
            case "nearest":
                return [view.pictures[frame] for frame in nearest.tolist()[: len(test)]]
            case "warp":
                return side_by_side(self._clip.cores, warped, self._sources(nearest, view), targets, plates)
            case "mean":
                return side_by_side(self._clip.cores, mean, several, targets, plates)
            case "instant":
                return list(self._appearance(view).draw(targets, view.side))

    def _sources(self, frames: np.ndarray, view: View) -> Iterator[_Source]:
        for frame in frames.tolist():
            yield self._clip.control(frame), view.pictures[frame], view.masks[frame]

    def _appearance(self, view: View) -> Appearance:
        """Of the first view that is drawn, which has the pictures of all `needed` frames; any side is drawn of it."""
        if self._fitted is None:
            seen = self._seen.tolist()
            controls, pictures = [self._clip.control(frame) for frame in seen], [view.pictures[frame] for frame in seen]
            self._fitted = Appearance.of(self._clip.rig, controls, pictures, cores=self._clip.cores)
        return self._fitted
