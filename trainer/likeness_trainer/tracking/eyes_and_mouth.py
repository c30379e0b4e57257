"""Gaze and mouth opening, with the head's pose removed."""

from __future__ import annotations

import numpy as np

from likeness_trainer.morphable.mesh import Camera, Pose
from likeness_trainer.morphable.topology import (
    EYE_CORNERS_LEFT,
    EYE_CORNERS_RIGHT,
    EYE_LEFT,
    EYE_RIGHT,
    IRIS_LEFT,
    IRIS_RIGHT,
    LOWER_LIP_CENTRE,
    UPPER_LIP_CENTRE,
)

SHUT = 0.12  # eye height over width: below it the iris is hidden and its landmarks are a guess


def inter_ocular(shape: np.ndarray) -> np.ndarray:
    """Distance [...] between the middles of the eyes of shapes [..., 468, 3]."""
    right, left = (shape[..., list(corners), :].mean(-2) for corners in (EYE_CORNERS_RIGHT, EYE_CORNERS_LEFT))
    return np.linalg.norm(right - left, axis=-1)


def aperture(shapes: np.ndarray, neutral: np.ndarray) -> np.ndarray:
    """Opening of the lips [T] in inter-ocular distances of the neutral shape; shapes [T, 468, 3] without pose."""
    apart = shapes[:, UPPER_LIP_CENTRE] - shapes[:, LOWER_LIP_CENTRE]
    return np.linalg.norm(apart, axis=-1) / inter_ocular(neutral)


def eye_openness(shapes: np.ndarray) -> np.ndarray:
    """Height over width of the right and the left eye [T, 2]."""
    open_ = []
    for loop, (outer, inner) in ((EYE_RIGHT, EYE_CORNERS_RIGHT), (EYE_LEFT, EYE_CORNERS_LEFT)):
        upper, lower = shapes[:, loop[4]], shapes[:, loop[12]]
        open_.append(
            np.linalg.norm(upper - lower, axis=-1) / np.linalg.norm(shapes[:, outer] - shapes[:, inner], axis=-1)
        )
    return np.stack(open_, 1)


def gaze(
    irises: np.ndarray,
    shapes: np.ndarray,
    neutral: np.ndarray,
    pose: Pose,
    camera: Camera,
    known: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Iris offsets from rest [T, 4] (right x, y, left x, y; eye widths, head space) and the iris at rest [10, 3].

    irises [T, 10, 2] source pixels; shapes [T, 468, 3] without pose. While an eye is shut its gaze is interpolated.
    Where the irises are at rest is their median, unless it is `known` [10, 3].
    """
    offsets, rests = [], []
    openness = eye_openness(shapes)
    for side, (iris, corners) in enumerate(((IRIS_RIGHT, EYE_CORNERS_RIGHT), (IRIS_LEFT, EYE_CORNERS_LEFT))):
        rows = [index - 468 for index in iris]
        middle = neutral[list(corners)].mean(0)
        width = float(np.linalg.norm(neutral[corners[0]] - neutral[corners[1]]))
        points = _on_plane(irises[:, rows], middle[2], pose, camera)
        seen = openness[:, side] > SHUT
        if not seen.any():
            seen[:] = True
        rest = np.median(points[seen], 0) if known is None else known[rows, :2]
        offset = (points[:, 0] - rest[0]) / width
        times = np.arange(len(offset))
        for axis in range(2):
            offset[~seen, axis] = np.interp(times[~seen], times[seen], offset[seen, axis])
        offsets.append(np.clip(offset, -0.6, 0.6))
        rests.append(np.concatenate([rest, np.full((len(rest), 1), middle[2])], 1))
    return np.concatenate(offsets, 1), np.concatenate(rests)


def _on_plane(pixels: np.ndarray, z: float, pose: Pose, camera: Camera) -> np.ndarray:
    """Head-space x, y [T, P, 2] where the rays of pixels [T, P, 2] meet the head's plane at height z."""
    (cx, cy), focal = camera.principal, camera.focal
    rays = np.stack([(pixels[..., 0] - cx) / focal, (cy - pixels[..., 1]) / focal, -np.ones(pixels.shape[:2])], -1)
    direction = rays @ pose.rotation  # R^T d, row by row
    origin = -(pose.translation[:, None] @ pose.rotation)
    reach = (z - origin[..., 2]) / direction[..., 2]
    return (origin + reach[..., None] * direction)[..., :2]
