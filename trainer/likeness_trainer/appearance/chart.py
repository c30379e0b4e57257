"""One address for every pixel of a person: the crop of one posture, to which frames are laid out and from which they
are drawn.

The chart is a picture of the person as they would look in its posture. A mesh of fixed triangles (face, and around it
hair, ears, neck, torso and room) is posed by a frame's control; where a triangle lies in the chart and where it lies in
the frame says which texel a pixel shows. Both ways are drawn by the same rasteriser, so one is the other's inverse
wherever no triangle folds over.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from scipy.spatial import Delaunay

from likeness_trainer.appearance.surroundings import ROOM, TORSO, follow_torso, in_crop, ring, to_crop, to_source
from likeness_trainer.morphable.rasterize import rasterize
from likeness_trainer.morphable.topology import FACE_OVAL
from likeness_trainer.renderer.proxies import SIDE, Control
from likeness_trainer.renderer.rig import Rig


@dataclass(frozen=True)
class Chart:
    """Where everything lies that is laid out in the posture `control`."""

    control: Control
    corners: np.ndarray  # [P,2] f32, 256ths of the chart's side
    around: np.ndarray  # [A,3] i32, triangles of hair, ears, neck, torso and room; behind the face
    face: np.ndarray  # [F,3] i32, triangles of the face mesh, the mouth filled

    @classmethod
    def of(cls, rig: Rig, control: Control) -> Chart:
        corners = _corners(rig, control, control)
        behind = len(rig.neutral) + np.arange(len(corners) - len(rig.neutral))
        loose = np.concatenate([np.array(FACE_OVAL), behind])
        around = loose[Delaunay(corners[loose, :2]).simplices].astype(np.int32)
        return cls(control, corners[:, :2].astype(np.float32), around, rig.triangles)

    def addresses(self, rig: Rig, control: Control, side: int = SIDE) -> np.ndarray:
        """For every pixel of a crop of `side` pixels the chart position it shows, [side,side,2] f32, 256ths."""
        return self._laid(_corners(rig, control, self.control), self.corners, side)

    def places(self, rig: Rig, control: Control, side: int = SIDE) -> np.ndarray:
        """For every texel of a chart of `side` texels its position in a frame's crop, [side,side,2] f32, 256ths."""
        there = _corners(rig, control, self.control)
        here = np.column_stack([self.corners, _corners(rig, self.control, self.control)[:, 2]])
        return self._laid(here, there[:, :2], side)

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


def _corners(rig: Rig, control: Control, chart: Control) -> np.ndarray:
    """[P,3] crop position (256ths) and depth (cm) of mesh, ring, torso and room; the latter two lie where they lie in
    `chart`."""
    on_head = in_crop(rig, control, np.concatenate([rig.vertices(control.expression), ring(rig)]))
    torso = follow_torso(TORSO, control, chart)
    room = to_crop(to_source(ROOM, chart.crop), control.crop)
    loose = np.concatenate([torso, room])
    return np.concatenate([on_head, np.column_stack([loose, np.ones(len(loose))])])
