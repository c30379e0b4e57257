"""What the mesh gives the renderer for one frame: `docs/formats.md`, section Proxies.

The tracked mesh carries the motion, so the networks see canonical points and texture positions instead of pixels.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import numpy as np
from numba import njit

from likeness_trainer.morphable.mesh import Pose
from likeness_trainer.morphable.rasterize import rasterize
from likeness_trainer.renderer.rig import Rig

# As `format/geometry.json` has them (tested); not read from there, since numba keeps compiled kernels for as long as
# this file is as it was.
BOX = 19.0  # cm; half side of the cube that tri-planes and hull span
SIDE = 256  # pixels of the rendered crop
RAY_SIDE = 64  # one ray per 4x4 pixels
MESH_HALF_WIDTH, SKULL_HALF_WIDTH, TORSO_HALF_WIDTH = 1.4, 5.0, 2.0  # cm
POCKET_DEPTH = 5.0  # cm behind the lips
MOUTH_REACH = 4.0  # cm from the lip centre to the edge of the mouth's patch
CHIN_MARGIN, CHIN_FADE = 0.3, 4.0  # cm: how far below the chin the torso begins, and over what height it fades in
TORSO_BEHIND = 2.0  # cm between the head centre and the torso plane
ATLAS_ROWS, ATLAS_COLUMNS = 512, 896
NONE, FACE, MOUTH, OFF_MESH = 0, 1, 2, 3
PATCHES = np.array([[0, 0, 0], [0, 0, 512], [512, 384, 128], [512, 0, 384]], np.float64)  # left, top, side by region


@dataclass(frozen=True)
class Control:
    """One frame's motion: what the avatar engine sets, and what the tracker measured."""

    expression: np.ndarray  # [64]
    gaze: np.ndarray  # [4]
    rotation: np.ndarray  # [3,3] head to camera
    translation: np.ndarray  # [3] cm
    crop: np.ndarray  # [3] x0, y0, size in source pixels
    torso: np.ndarray  # [2,3] reference frame to this frame, source pixels
    torso_pose: np.ndarray  # [4,3] mean rotation (rows) and translation
    # [8,8,2] 256ths of the chart: what hair and clothes do beside it (`appearance/sway.py`); None: what it foretells
    sway: np.ndarray | None = field(default=None, kw_only=True)

    @property
    def pose(self) -> Pose:
        return Pose(self.rotation, self.translation)


@dataclass(frozen=True)
class Proxies:
    """Inputs of the renderer for one frame, in crop space at 256 pixels."""

    points: np.ndarray  # [4096,3] f32, head space / 19 cm
    directions: np.ndarray  # [4096,3] f32
    half_width: np.ndarray  # [4096,1] f32, / 19 cm; 0 where the hull is empty
    texture: np.ndarray  # [256,256,2] f32, atlas position -1..1; -2 where region is 0
    region: np.ndarray  # [256,256] u8: none, face, mouth, off the mesh
    condition: np.ndarray  # [36] f32
    vertices: np.ndarray  # [468,3] f32: x, y in crop pixels, depth in cm


class _View(NamedTuple):
    """What the rays of a frame are cast with; the arrays are float64."""

    crop: np.ndarray  # [3] x0, y0, size in source pixels
    lens: np.ndarray  # [3] focal length and principal point, source pixels
    rotation: np.ndarray  # [3,3] head to camera
    translation: np.ndarray  # [3] cm
    torso_inverse: np.ndarray  # [2,3] this frame to the reference frame, source pixels
    torso_pose: np.ndarray  # [4,3]
    skull: np.ndarray  # [2,3] centre and radii, cm
    chin_y: float  # cm


class Moves(Protocol):
    """What a track, or the idle motion of a bundle, says of every frame; a row each but for `torso_pose`."""

    @property
    def expression(self) -> np.ndarray: ...
    @property
    def gaze(self) -> np.ndarray: ...
    @property
    def rotation(self) -> np.ndarray: ...
    @property
    def translation(self) -> np.ndarray: ...
    @property
    def crop(self) -> np.ndarray: ...
    @property
    def torso(self) -> np.ndarray: ...
    @property
    def torso_pose(self) -> np.ndarray: ...


def control_of(track: Moves, frame: int) -> Control:
    """The tracked motion of one source frame."""
    return Control(
        track.expression[frame],
        track.gaze[frame],
        track.rotation[frame],
        track.translation[frame],
        track.crop[frame],
        track.torso[frame],
        track.torso_pose,
    )


def condition(rig: Rig, expression: np.ndarray, gaze: np.ndarray) -> np.ndarray:
    """[36] f32 in -1.5..1.5 from coefficients [64] and gaze [4]."""
    raw = np.concatenate([expression[:32], gaze])
    return (np.clip((raw - rig.condition_mean) * rig.condition_scale, -3, 3) / 2).astype(np.float32)


def frame_proxies(rig: Rig, control: Control) -> Proxies:
    """Everything both graphs need for one frame; about 3 ms on one core."""
    posed = rig.vertices(control.expression).astype(np.float64)
    view = _view(rig, control)
    screen = _project(rig, control, posed @ view.rotation.T + view.translation)

    lip = posed[rig.inner_lip]
    triangles = _with_pocket(rig)
    corners = np.concatenate([screen, screen[rig.inner_lip]])
    carried = np.concatenate([rig.neutral, lip - [0, 0, POCKET_DEPTH]])
    on_mesh, points_mesh = _rasterize(corners * [RAY_SIDE / SIDE, RAY_SIDE / SIDE, 1], carried, triangles, RAY_SIDE)

    address = np.concatenate([rig.uv * 2.0 - 1, ((lip - rig.lip_centre) / MOUTH_REACH)[:, :2]])
    is_mouth = np.concatenate([np.zeros(len(screen)), np.ones(len(lip))])
    on_face, addressed = _rasterize(corners, np.column_stack([address, is_mouth]), triangles, SIDE)

    points, directions, half_width = _surface(RAY_SIDE, on_mesh, points_mesh.astype(np.float64), rig.hull, view)
    texture, region = _texture(on_face, addressed.astype(np.float64), rig.hull, PATCHES, view)
    return Proxies(
        points.reshape(-1, 3),
        directions.reshape(-1, 3),
        half_width.reshape(-1, 1),
        texture,
        region,
        condition(rig, control.expression, control.gaze),
        screen.astype(np.float32),
    )


def _with_pocket(rig: Rig) -> np.ndarray:
    """Triangles [898,3] whose mouth faces use the duplicated inner-lip vertices 468..487."""
    duplicate = np.arange(len(rig.neutral), dtype=np.int32)
    duplicate[rig.inner_lip] = len(rig.neutral) + np.arange(len(rig.inner_lip))
    triangles = rig.triangles.copy()
    triangles[rig.mouth_triangles] = duplicate[triangles[rig.mouth_triangles]]
    return triangles


def _project(rig: Rig, control: Control, camera_points: np.ndarray) -> np.ndarray:
    """[V,3]: crop pixels and depth (cm) of camera-space points."""
    depth = -camera_points[:, 2]
    u = rig.principal[0] + rig.focal[0] * camera_points[:, 0] / depth
    v = rig.principal[1] - rig.focal[0] * camera_points[:, 1] / depth
    scale = SIDE / float(control.crop[2])
    return np.stack([(u - control.crop[0]) * scale, (v - control.crop[1]) * scale, depth], 1)


def _rasterize(
    corners: np.ndarray, attributes: np.ndarray, triangles: np.ndarray, side: int
) -> tuple[np.ndarray, np.ndarray]:
    """(covered [side,side] bool, attributes [side,side,K])."""
    carried = np.column_stack([attributes, np.ones(len(attributes))]).astype(np.float32)
    image, _ = rasterize(corners.astype(np.float32), carried, triangles, side, side)
    return image[..., -1] > 0.5, image[..., :-1]


def _view(rig: Rig, control: Control) -> _View:
    torso = np.vstack([np.asarray(control.torso, np.float64), [0, 0, 1]])
    return _View(
        crop=np.asarray(control.crop, np.float64),
        lens=np.array([rig.focal[0], rig.principal[0], rig.principal[1]], np.float64),
        rotation=np.ascontiguousarray(control.rotation, np.float64),
        translation=np.ascontiguousarray(control.translation, np.float64),
        torso_inverse=np.ascontiguousarray(np.linalg.inv(torso)[:2]),
        torso_pose=np.asarray(control.torso_pose, np.float64),
        skull=rig.ellipsoid.astype(np.float64),
        chin_y=float(rig.chin_y[0]),
    )


@njit(nogil=True, cache=True, inline="always")
def _back(m, x, y, z):
    """Transpose of the rotation `m` times (x, y, z)."""
    return (
        m[0, 0] * x + m[1, 0] * y + m[2, 0] * z,
        m[0, 1] * x + m[1, 1] * y + m[2, 1] * z,
        m[0, 2] * x + m[1, 2] * y + m[2, 2] * z,
    )


@njit(nogil=True, cache=True)
def _ray(u, v, view):
    """Skull and torso for source pixel (u, v): point (cm), unit direction, blended direction, torso share.

    Scalars throughout: it runs once a pixel, and small arrays would cost ten times the arithmetic.
    """
    focal, cx, cy = view.lens[0], view.lens[1], view.lens[2]
    rotation, translation, skull = view.rotation, view.translation, view.skull
    dx, dy, dz = _back(rotation, (u - cx) / focal, -(v - cy) / focal, -1.0)
    length = math.sqrt(dx * dx + dy * dy + dz * dz)
    dx, dy, dz = dx / length, dy / length, dz / length
    ox, oy, oz = _back(rotation, -translation[0], -translation[1], -translation[2])
    rx, ry, rz = skull[1, 0], skull[1, 1], skull[1, 2]
    px, py, pz = (ox - skull[0, 0]) / rx, (oy - skull[0, 1]) / ry, (oz - skull[0, 2]) / rz
    qx, qy, qz = dx / rx, dy / ry, dz / rz
    a = qx * qx + qy * qy + qz * qz
    b = px * qx + py * qy + pz * qz
    c = px * px + py * py + pz * pz - 1
    reach = (-b - math.sqrt(max(b * b - a * c, 0.0))) / a
    x, y, z = ox + dx * reach, oy + dy * reach, oz + dz * reach
    w = min(max((view.chin_y - CHIN_MARGIN - y) / CHIN_FADE, 0.0), 1.0)
    w = w * w * (3 - 2 * w)
    if w == 0:
        return (x, y, z), (dx, dy, dz), (dx, dy, dz), w
    torso_inverse, pose = view.torso_inverse, view.torso_pose
    ur = torso_inverse[0, 0] * u + torso_inverse[0, 1] * v + torso_inverse[0, 2]
    vr = torso_inverse[1, 0] * u + torso_inverse[1, 1] * v + torso_inverse[1, 2]
    cxr, cyr = (ur - cx) / focal, -(vr - cy) / focal
    depth = TORSO_BEHIND - pose[3, 2]
    tx, ty, tz = _back(pose, cxr * depth - pose[3, 0], cyr * depth - pose[3, 1], -depth - pose[3, 2])
    ex, ey, ez = _back(pose, cxr, cyr, -1.0)
    length = math.sqrt(ex * ex + ey * ey + ez * ez)
    k = w / length
    return (
        (x * (1 - w) + tx * w, y * (1 - w) + ty * w, z * (1 - w) + tz * w),
        (dx, dy, dz),
        (dx * (1 - w) + ex * k, dy * (1 - w) + ey * k, dz * (1 - w) + ez * k),
        w,
    )


@njit(nogil=True, cache=True)
def _inside(hull, x, y):
    """Whether the hull holds canonical position (x, y) in cm."""
    side = hull.shape[0]
    row = min(max(math.floor((y / BOX + 1) / 2 * side), 0), side - 1)
    column = min(max(math.floor((x / BOX + 1) / 2 * side), 0), side - 1)
    return hull[row, column] > 0


@njit(nogil=True, cache=True)
def _surface(side, covered, mesh, hull, view):
    points = np.empty((side, side, 3), np.float32)
    directions = np.empty((side, side, 3), np.float32)
    half_width = np.empty((side, side), np.float32)
    crop = view.crop
    step = crop[2] / side
    for i in range(side):
        for j in range(side):
            u = crop[0] + (j + 0.5) * step
            v = crop[1] + (i + 0.5) * step
            point, d, d_blend, w = _ray(u, v, view)
            width = SKULL_HALF_WIDTH * (1 - w) + TORSO_HALF_WIDTH * w
            if covered[i, j]:
                point = (mesh[i, j, 0], mesh[i, j, 1], mesh[i, j, 2])
                d_blend = d
                width = MESH_HALF_WIDTH
            if not _inside(hull, point[0], point[1]):
                width = 0.0
            for axis in range(3):
                points[i, j, axis] = point[axis] / BOX
                directions[i, j, axis] = d_blend[axis]
            half_width[i, j] = width / BOX
    return points, directions, half_width


@njit(nogil=True, cache=True)
def _texture(covered, addressed, hull, patches, view):
    side = covered.shape[0]
    texture = np.full((side, side, 2), -2.0, np.float32)
    region = np.zeros((side, side), np.uint8)
    crop = view.crop
    step = crop[2] / side
    for i in range(side):
        for j in range(side):
            if covered[i, j]:
                kind = MOUTH if addressed[i, j, 2] > 0.5 else FACE
                a, b = addressed[i, j, 0], addressed[i, j, 1]
            else:
                u = crop[0] + (j + 0.5) * step
                v = crop[1] + (i + 0.5) * step
                point, _, _, _ = _ray(u, v, view)
                kind = OFF_MESH if _inside(hull, point[0], point[1]) else NONE
                a, b = point[0] / BOX, point[1] / BOX
            if kind == NONE:
                continue
            left, top, size = patches[kind, 0], patches[kind, 1], patches[kind, 2]
            limit = 1 - 1 / size
            column = left + (min(max(a, -limit), limit) + 1) / 2 * size
            row = top + (min(max(b, -limit), limit) + 1) / 2 * size
            texture[i, j, 0] = 2 * column / ATLAS_COLUMNS - 1
            texture[i, j, 1] = 2 * row / ATLAS_ROWS - 1
            region[i, j] = kind
    return texture, region
