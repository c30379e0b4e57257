"""How far an analysis is from the truth."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from scipy.spatial.transform import Rotation

from likeness_research.any_video.film import UNJUDGED, Truth
from likeness_trainer.media import probe, read_frames
from likeness_trainer.morphable.topology import CONTOUR
from likeness_trainer.tracking.eyes_and_mouth import inter_ocular
from likeness_trainer.tracking.track_file import FrameState, Track

_INNER = np.setdiff1d(np.arange(468), CONTOUR)


@dataclass(frozen=True)
class Figures:
    """Landmarks: distance from the truth over the eyes' distance, of frames called good in which the face is in view,
    mean and 95th percentile of frames. Pose: degrees, of those frames, one constant turn between the two heads' axes
    left out. Mask: mean intersection over union of frames in which the person is seen. Kept: share of good frames that
    are called good; caught: share of the others that are not, None where there are none. Confused: (true, called) to
    frames."""

    landmarks: float
    landmarks_95: float
    pose: float
    pose_95: float
    mask: float
    kept: float
    caught: float | None
    confused: dict[tuple[str, str], int]


def figures_of(truth: Truth, track: Track, masks: np.ndarray) -> Figures:
    """Compare an analysis's track and masks [T, h, w] u8 with what is true."""
    frames = min(len(track), len(truth.state))
    state, called = truth.state[:frames], track.state[:frames]
    used = np.flatnonzero((called == FrameState.GOOD) & truth.in_view[:frames])
    apart, turn = _landmarks(truth, track, used), _pose(truth, track, used)
    judged = state != UNJUDGED
    good, bad = judged & (state == FrameState.GOOD), judged & (state != FrameState.GOOD)
    return Figures(
        float(apart.mean()) if len(used) else np.nan,
        float(np.percentile(apart, 95)) if len(used) else np.nan,
        float(turn.mean()) if len(used) else np.nan,
        float(np.percentile(turn, 95)) if len(used) else np.nan,
        _overlap(truth.masks[:frames], masks),
        float((called[good] == FrameState.GOOD).mean()) if good.any() else np.nan,
        float((called[bad] != FrameState.GOOD).mean()) if bad.any() else None,
        _confusion(state[judged], called[judged]),
    )


def _landmarks(truth: Truth, track: Track, used: np.ndarray) -> np.ndarray:
    """Mean distance [N] of the mesh's points over the distance of the eyes of a face seen from the front."""
    posed = track.face.posed(track.expression[used].astype(np.float64))
    seen, _ = track.camera.project(posed, track.motion.pose[used])
    away = np.linalg.norm(seen - truth.track.landmarks[used, :468, :2], axis=-1)[:, _INNER].mean(1)
    return away / (truth.scale[used] * inter_ocular(truth.track.neutral))


def _pose(truth: Truth, track: Track, used: np.ndarray) -> np.ndarray:
    """Angles [N] in degrees between turns against the line of sight: what a picture shows of a turn does not depend on
    where in it the head is."""
    if not len(used):
        return np.zeros(0)
    seen, true = (_against_sight(one.rotation[used], one.translation[used]) for one in (track, truth.track))
    between = true.inv() * seen
    steady = between.mean()
    for _ in range(8):  # towards the median turn: lost frames are not to tilt all others
        weight = 1 / np.maximum((steady.inv() * between).magnitude(), 1e-3)
        steady = between.mean(weights=weight)
    return np.degrees((steady.inv() * between).magnitude())


def _against_sight(rotation: np.ndarray, translation: np.ndarray) -> Rotation:
    ray = translation / np.linalg.norm(translation, axis=1, keepdims=True)
    axis = np.cross([0.0, 0.0, -1.0], ray)
    sine, cosine = np.linalg.norm(axis, axis=1, keepdims=True), -ray[:, 2:]
    sight = Rotation.from_rotvec(axis / np.maximum(sine, 1e-12) * np.arctan2(sine, cosine))
    return sight.inv() * Rotation.from_matrix(rotation)


def _overlap(true: np.ndarray, masks: np.ndarray) -> float:
    found = []
    for one, other in zip(true, masks):
        if one.max() < 128:
            continue
        own = one > 127
        seen = cv2.resize(other, own.shape[::-1], interpolation=cv2.INTER_LINEAR) > 127
        found.append((own & seen).sum() / (own | seen).sum())
    return float(np.mean(found))


def _confusion(state: np.ndarray, called: np.ndarray) -> dict[tuple[str, str], int]:
    names = {kind.value: kind.name.lower() for kind in FrameState}
    pairs = {(one, other): int(((state == one) & (called == other)).sum()) for one in names for other in names}
    return {(names[a], names[b]): count for (a, b), count in pairs.items() if count and a != b}


def read_masks(ffmpeg: str, ffprobe: str, path: Path) -> np.ndarray:
    """An analysis's person masks [T, h, w] u8."""
    return np.stack(list(read_frames(ffmpeg, str(path), probe(ffprobe, str(path)), gray=True)))
