"""What a renderer must beat: the nearest training frame, and that frame warped by the mesh.

Both see only training pictures. Pictures are head crops, 256 x 256 u8 RGB.
"""

from __future__ import annotations

import cv2
import numpy as np
from scipy.spatial import Delaunay

from likeness_trainer.morphable.rasterize import rasterize
from likeness_trainer.morphable.topology import FACE_OVAL
from likeness_trainer.renderer.proxies import SIDE, Control
from likeness_trainer.renderer.rig import Rig

_RING_GROWTH = (1.35, 1.55)  # x, y: hair and ears, from the face oval outwards
_NECK_GROWTH = 1.15  # the ring stays close below the mouth, where the neck begins
_RING_BEHIND = 8.0  # cm behind the middle of the face
# Crop pixels that follow the torso, and that stay with the room.
_TORSO = np.array([[x, y] for y in (225, 240, 255) for x in (10, 50, 80, 105, 128, 150, 175, 205, 245)], np.float64)
_EDGE = (0, 64, 128, 190)
_ROOM = np.array(
    [[x, 0] for x in (*_EDGE, 256)]
    + [[x, y] for x in (0, 256) for y in _EDGE[1:]]
    + [[0, 256], [128, 256], [256, 256]],
    np.float64,
)


def nearest(queries: np.ndarray, candidates: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """Index of the nearest candidate for each query: squared distance summed over points, [Q].

    queries [Q, P, D], candidates [C, P, D], weights [P] (1 when left out).
    """
    root = np.sqrt(np.ones(queries.shape[1]) if weights is None else weights)[:, None]
    a, b = ((points * root).reshape(len(points), -1).astype(np.float64) for points in (queries, candidates))
    # |a-b|^2 = |a|^2 - 2ab + |b|^2; |a|^2 is the same for every candidate
    return np.argmin((b**2).sum(1)[None] - 2 * a @ b.T, 1)


def mesh_in_crop(rig: Rig, control: Control) -> np.ndarray:
    """Vertices [468, 3] of the posed mesh: crop pixels and depth in cm."""
    return _in_crop(rig, control, rig.vertices(control.expression))


def _in_crop(rig: Rig, control: Control, points: np.ndarray) -> np.ndarray:
    pixels, depth = rig.camera.project(points, control.pose)
    return np.column_stack([(pixels - control.crop[:2]) * (SIDE / control.crop[2]), depth])


def _ring(rig: Rig) -> np.ndarray:
    """Points [36, 3] around the head, head space, cm: they carry hair and ears with the head."""
    centre = rig.neutral.mean(0)
    reach = rig.neutral[list(FACE_OVAL), :2] - centre[:2]
    low = reach[:, 1:] < 0.5 * (rig.chin_y[0] - centre[1])
    grown = reach * np.where(low, _NECK_GROWTH, np.array(_RING_GROWTH))
    return np.column_stack([centre[:2] + grown, np.full(len(grown), centre[2] - _RING_BEHIND)])


def _to_source(pixels: np.ndarray, crop: np.ndarray) -> np.ndarray:
    return pixels * (crop[2] / SIDE) + crop[:2]


def _to_crop(pixels: np.ndarray, crop: np.ndarray) -> np.ndarray:
    return (pixels - crop[:2]) * (SIDE / crop[2])


def _follow_torso(pixels: np.ndarray, source: Control, target: Control) -> np.ndarray:
    """Where the torso seen at crop pixels of `target` is in the crop of `source`."""
    back = cv2.invertAffineTransform(np.asarray(target.torso, np.float64))
    reference = _to_source(pixels, target.crop) @ back[:, :2].T + back[:, 2]
    return _to_crop(reference @ source.torso[:, :2].T + source.torso[:, 2], source.crop)


def warp_positions(rig: Rig, source: Control, target: Control) -> np.ndarray:
    """For every pixel of the target's crop the position in the source's crop it shows, [256, 256, 2] f32."""
    ring = _ring(rig)
    mesh_from, mesh_to = mesh_in_crop(rig, source), mesh_in_crop(rig, target)
    oval = list(FACE_OVAL)
    room_from = _to_crop(_to_source(_ROOM, target.crop), source.crop)
    torso_from = _follow_torso(_TORSO, source, target)
    around_to = np.concatenate([mesh_to[oval, :2], _in_crop(rig, target, ring)[:, :2], _TORSO, _ROOM])
    around_from = np.concatenate([mesh_from[oval, :2], _in_crop(rig, source, ring)[:, :2], torso_from, room_from])
    around = _layer(np.column_stack([around_to, np.ones(len(around_to))]), around_from, Delaunay(around_to).simplices)
    face = _layer(mesh_to, mesh_from[:, :2], rig.triangles)
    rows, columns = np.mgrid[:SIDE, :SIDE] + 0.5
    positions = np.stack([columns, rows], -1)
    for positions_of_layer, covered in (around, face):
        positions = np.where(covered[..., None], positions_of_layer, positions)
    return positions.astype(np.float32)


def _layer(corners: np.ndarray, carried: np.ndarray, triangles: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    image, depth = rasterize(corners, carried, triangles, SIDE, SIDE)
    return image, np.isfinite(depth)


def warp_frame(
    rig: Rig, source: Control, target: Control, picture: np.ndarray, mask: np.ndarray, plate: np.ndarray
) -> np.ndarray:
    """`source`'s person moved to `target`'s control over the background.

    picture [256,256,3] u8 and mask [256,256] u8 belong to `source`, plate [256,256,3] u8 to `target`.
    """
    at = warp_positions(rig, source, target) - 0.5  # OpenCV counts from the first pixel's centre
    x, y = np.ascontiguousarray(at[..., 0]), np.ascontiguousarray(at[..., 1])
    person = cv2.remap(picture, x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE).astype(np.float32)
    alpha = cv2.remap(mask, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE).astype(np.float32)[..., None] / 255
    return np.clip(person * alpha + plate * (1 - alpha), 0, 255).round().astype(np.uint8)
