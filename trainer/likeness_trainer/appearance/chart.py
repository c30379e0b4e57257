"""One address for every pixel of a person: the crop of one posture, to which frames are laid out and from which they
are drawn.

The chart is a picture of the person as they would look in its posture. A mesh of fixed triangles (face, and around it
hair, ears, neck, torso and room) is posed by a frame's control; where a triangle lies in the chart and where it lies in
the frame says which texel a pixel shows. Both ways are drawn by the same rasteriser, so one is the other's inverse
wherever no triangle folds over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from scipy.spatial import Delaunay

from likeness_trainer.appearance.surroundings import ROOM, TORSO, follow_torso, in_crop, ring, to_crop, to_source
from likeness_trainer.morphable.rasterize import rasterize
from likeness_trainer.morphable.topology import FACE_OVAL
from likeness_trainer.renderer.proxies import SIDE, Control
from likeness_trainer.renderer.rig import Rig

# Of the frames, where most of the neck is seen: a wider one would be that of a single frame.
_WIDEST = 0.9
# 256ths: as much of the neck has triangles of its own, where so much is seen; and so far from the head's points are
# those of the torso, since nearer ones make slivers with them, which turn over as the head moves. By what turned and
# stretched triangles cover of the frames that a chart is made of.
_NECK, _APART = 8.0, 16.0


@dataclass(frozen=True)
class Chart:
    """Where everything lies that is laid out in the posture `control`."""

    control: Control
    corners: np.ndarray  # [P,2] f32, 256ths of the chart's side
    around: np.ndarray  # [A,3] i32, triangles of hair, ears, neck, torso and room; behind the face
    face: np.ndarray  # [F,3] i32, triangles of the face mesh, the mouth filled
    torso: np.ndarray  # [B,2] f64 crop pixels of `control` that follow the torso

    @classmethod
    def of(cls, rig: Rig, control: Control, controls: Sequence[Control]) -> Chart:
        """Laid out in the posture `control`, for frames of `controls`.

        Where the posture hides behind the chin what of the neck is seen in frames, it lies beyond the chin on the chart
        all the same: heads that are raised or come nearer would show stretched specks of the chin there.
        """
        head = _on_head(rig, control)
        reach, around_head, torso = _reach(head, rig), head[len(rig.neutral) :, :2], TORSO
        widest = np.quantile([_reach(_on_head(rig, other), rig) for other in controls], _WIDEST, axis=0)
        if ((reach < 0) & (widest > 0)).any():
            lacking = np.maximum(0, np.minimum(widest, _NECK) - reach)
            around_head = around_head + lacking[:, None] * _outwards(head[list(FACE_OVAL), :2])
            hull = cv2.convexHull(around_head.astype(np.float32))
            torso = TORSO[[cv2.pointPolygonTest(hull, point, True) < -_APART for point in TORSO.tolist()]]
        room = to_crop(to_source(ROOM, control.crop), control.crop)
        corners = np.concatenate([head[: len(rig.neutral), :2], around_head, torso, room])
        behind = len(rig.neutral) + np.arange(len(corners) - len(rig.neutral))
        loose = np.concatenate([np.array(FACE_OVAL), behind])
        around = loose[Delaunay(corners[loose]).simplices].astype(np.int32)
        return cls(control, corners.astype(np.float32), around, rig.triangles, torso)

    def addresses(self, rig: Rig, control: Control, side: int = SIDE) -> np.ndarray:
        """For every pixel of a crop of `side` pixels the chart position it shows, [side,side,2] f32, 256ths."""
        return self._laid(self._corners(rig, control), self.corners, side)

    def places(self, rig: Rig, control: Control, side: int = SIDE) -> np.ndarray:
        """For every texel of a chart of `side` texels its position in a frame's crop, [side,side,2] f32, 256ths."""
        there = self._corners(rig, control)
        here = np.column_stack([self.corners, self._corners(rig, self.control)[:, 2]])
        return self._laid(here, there[:, :2], side)

    def _corners(self, rig: Rig, control: Control) -> np.ndarray:
        """[P,3] crop position (256ths) and depth (cm) of mesh, ring, torso and room."""
        torso = follow_torso(self.torso, control, self.control)
        room = to_crop(to_source(ROOM, self.control.crop), control.crop)
        loose = np.concatenate([torso, room])
        return np.concatenate([_on_head(rig, control), np.column_stack([loose, np.ones(len(loose))])])

    def _laid(self, corners: np.ndarray, carried: np.ndarray, side: int) -> np.ndarray:
        scaled = corners * [side / SIDE, side / SIDE, 1]
        behind, _ = rasterize(scaled * [1, 1, 0], carried, self.around, side, side)
        front, depth = rasterize(scaled, carried, self.face, side, side)
        return np.where(np.isfinite(depth)[..., None], front, behind)


def sample(picture: np.ndarray, positions: np.ndarray) -> np.ndarray:
    """`picture` [h,w,...] at positions [...,2] in 256ths of its sides; cubic, its edge repeated outside."""
    scale = np.array([picture.shape[1], picture.shape[0]], np.float32) / SIDE
    at = positions * scale - 0.5  # OpenCV counts from the first pixel's centre
    x, y = np.ascontiguousarray(at[..., 0]), np.ascontiguousarray(at[..., 1])
    return cv2.remap(picture, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


def _on_head(rig: Rig, control: Control) -> np.ndarray:
    """[468+R,3] crop position (256ths) and depth (cm) of mesh and ring."""
    return in_crop(rig, control, np.concatenate([rig.vertices(control.expression), ring(rig)]))


def _outwards(oval: np.ndarray) -> np.ndarray:
    """[R,2] unit directions from the middle of the face's outline [R,2]."""
    away = oval - oval.mean(0)
    return away / np.linalg.norm(away, axis=1, keepdims=True)


def _reach(head: np.ndarray, rig: Rig) -> np.ndarray:
    """[R] how far beyond the face's outline the ring lies, 256ths; less than nothing where it lies behind the face."""
    oval, around_head = head[list(FACE_OVAL), :2], head[len(rig.neutral) :, :2]
    return ((around_head - oval) * _outwards(oval)).sum(1)
