"""The baselines of the held-out report: what a person's own frames show without any training."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from likeness_trainer.appearance.appearance import MOST_FRAMES, Appearance
from likeness_trainer.metrics.baselines import mean_of_warps, nearest, nearest_apart, warp_frame
from likeness_trainer.metrics.clip import Clip
from likeness_trainer.morphable.topology import INNER_LIP, OUTER_LIP
from likeness_trainer.renderer.proxies import Control

MOUTH_WEIGHT = 5.0  # of the lips, where frames are looked up by the shape of the face
WARPS = 8

Drawn = list[np.ndarray]  # a head crop [256,256,3] u8 for each held-out frame


class Untrained:
    """Looks up what each baseline needs, then draws them.

    Frames are looked up among all of `train`; the mean of warps and the closed form use a spread of them, so that a
    clip of any length fits into memory.
    """

    def __init__(self, clip: Clip, train: np.ndarray, test: np.ndarray, spoken: np.ndarray | None) -> None:
        """`train` [N] and `test` [T] are frame numbers; `spoken` [T,64] are expressions as sound drives them."""
        self._clip, self._test, self._spoken = clip, test, spoken
        spread = np.unique(np.linspace(0, len(train) - 1, min(MOST_FRAMES, len(train))).round().astype(int))
        self._seen = train[spread]
        idle = clip.idle
        self._by_track = train[nearest(clip.meshes[test], clip.meshes[train])]
        self._several_by_track = self._apart(clip.meshes[test], clip.meshes[self._seen])
        self._by_sound, self._several_by_sound = self._by_track, self._several_by_track
        if spoken is not None:
            weights = np.ones(468)
            weights[list(INNER_LIP + OUTER_LIP)] = MOUTH_WEIGHT
            driven = clip.posed(spoken)
            self._by_sound = train[nearest(driven, clip.posed(idle.expression[train]), weights)]
            self._several_by_sound = self._apart(driven, clip.posed(idle.expression[self._seen]), weights)

    def _apart(
        self, queries: np.ndarray, candidates: np.ndarray, weights: np.ndarray | None = None
    ) -> list[np.ndarray]:
        return [self._seen[rows] for rows in nearest_apart(queries, candidates, self._seen, WARPS, weights)]

    @property
    def masked(self) -> set[int]:
        """Frames whose pictures and masks are warped."""
        several = [*self._several_by_track, *self._several_by_sound]
        return {int(frame) for frames in (self._by_track, self._by_sound, *several) for frame in frames}

    @property
    def needed(self) -> set[int]:
        """Frames whose pictures are needed."""
        return self.masked | set(self._seen.tolist())

    def drawn(
        self, pictures: Mapping[int, np.ndarray], masks: Mapping[int, np.ndarray], plates: Sequence[np.ndarray]
    ) -> Iterator[tuple[str, Drawn, Drawn | None]]:
        """(name, driven by the track, driven by sound or None) of each baseline; plates are those of `test`."""
        clip, rig = self._clip, self._clip.rig
        tracked = [clip.control(frame) for frame in self._test.tolist()]
        said = self._spoken
        driven = None if said is None else [clip.control(frame, row) for frame, row in zip(self._test.tolist(), said)]

        def source(frame: int) -> tuple[Control, np.ndarray, np.ndarray]:
            return clip.control(frame), pictures[frame], masks[frame]

        def warped(targets: list[Control], sources: np.ndarray) -> Drawn:
            return [
                warp_frame(rig, clip.control(frame), target, pictures[frame], masks[frame], plate)
                for target, frame, plate in zip(targets, sources.tolist(), plates)
            ]

        def averaged(targets: list[Control], several: list[np.ndarray]) -> Drawn:
            return [
                mean_of_warps(rig, [source(frame) for frame in frames.tolist()], target, plate)
                for target, frames, plate in zip(targets, several, plates)
            ]

        def taken(sources: np.ndarray) -> Drawn:
            return [pictures[frame] for frame in sources.tolist()]

        yield "nearest", taken(self._by_track), None if driven is None else taken(self._by_sound)
        yield "warp", warped(tracked, self._by_track), None if driven is None else warped(driven, self._by_sound)
        yield (
            "mean",
            averaged(tracked, self._several_by_track),
            None if driven is None else averaged(driven, self._several_by_sound),
        )
        if clip.holds_closed:
            return  # which is measured as the avatar has it
        seen = self._seen.tolist()
        appearance = Appearance.of(rig, [clip.control(frame) for frame in seen], [pictures[frame] for frame in seen])
        yield (
            "instant",
            list(appearance.draw(tracked)),
            None if driven is None else list(appearance.draw(driven)),
        )
