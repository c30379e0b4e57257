"""Fit a rig to a tracked person: skull, visual hull, statistics and what speech must not move."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import cv2
import numpy as np

from likeness_trainer.morphable.topology import CHIN, EYE_LEFT, EYE_RIGHT, FOREHEAD, OUTER_LIP
from likeness_trainer.motion.head_turn import HeadTurn
from likeness_trainer.renderer.proxies import BOX, MESH_HALF_WIDTH, RAY_SIDE, control_of, frame_proxies
from likeness_trainer.renderer.rig import Rig

if TYPE_CHECKING:
    from likeness_trainer.tracking.track_file import Track

HULL_SIDE = 96
MASK_REACH = 7  # pixels at 256: hair and shoulders the person mask cuts short stay inside the hull
LLE_ROWS = 600
RIGHT_TEMPLE, LEFT_TEMPLE = 127, 356
COPIED = (
    "neutral",
    "mean_shape",
    "identity_basis",
    "identity",
    "expression_basis",
    "iris_neutral",
    "triangles",
    "mouth_triangles",
    "inner_lip",
    "uv",
    "focal",
    "principal",
)


def fit_rig(track: Track, train: np.ndarray) -> Rig:
    """The rig of the training frames `train` [N], with a hull that holds everything; `carve_hull` narrows it."""
    neutral = track.neutral.astype(np.float64)
    expression, gaze = track.expression[train].astype(np.float64), track.gaze[train].astype(np.float64)
    raw = np.concatenate([expression[:, :32], gaze], 1)
    turn = HeadTurn.of(track, track.split()[0])  # where speech was fitted without it, not on the pictures chosen
    return Rig(
        **{name: getattr(track, name) for name in COPIED},
        ellipsoid=skull(neutral),
        chin_y=neutral[CHIN, 1:2],
        lip_centre=neutral[track.inner_lip].mean(0),
        hull=np.ones((HULL_SIDE, HULL_SIDE), np.uint8),
        condition_mean=raw.mean(0),
        condition_scale=_condition_scale(raw, track.expression_basis),
        expression_low=np.quantile(expression, 0.03, axis=0),
        expression_high=np.quantile(expression, 0.97, axis=0),
        lle_bank=_lle_bank(expression, track.aperture[train]),
        eye_mask=_eye_mask(neutral, track.expression_basis.astype(np.float64)),
        turn_angles=turn.angles,
        turn_slopes=turn.slopes,
    )


def carve_hull(rig: Rig, track: Track, masks: Iterable[tuple[int, np.ndarray]]) -> np.ndarray:
    """[96,96] u8 visual hull: where any training mask, dilated, shows the person.

    masks: (source frame, person mask [256,256] u8 in crop space) of training frames only. A cell no training ray
    reached stays open when a neighbour is open (one cell of dilation). Worth 1.6 dB early on, for without it
    volume opacity leaks into the background for thousands of steps.
    """
    hull = np.zeros((HULL_SIDE, HULL_SIDE), np.uint8)
    reach = np.ones((MASK_REACH, MASK_REACH), np.uint8)
    for frame, mask in masks:
        proxies = frame_proxies(rig, control_of(track, frame))
        person = cv2.resize(cv2.dilate(mask, reach), (RAY_SIDE, RAY_SIDE), interpolation=cv2.INTER_AREA) > 30
        cell = np.clip(np.floor((proxies.points[:, :2] + 1) / 2 * HULL_SIDE), 0, HULL_SIDE - 1).astype(int)
        np.maximum.at(hull, (cell[:, 1], cell[:, 0]), person.reshape(-1).astype(np.uint8))
        on_face = proxies.half_width[:, 0] == np.float32(MESH_HALF_WIDTH / BOX)
        hull[cell[on_face, 1], cell[on_face, 0]] = 1  # the tracked face is the person even where the mask fails
    return cv2.dilate(hull, np.ones((3, 3), np.uint8))


def skull(neutral: np.ndarray) -> np.ndarray:
    """[2,3] centre and radii (cm) of an ellipsoid through temples, forehead and chin."""
    right, left = neutral[RIGHT_TEMPLE], neutral[LEFT_TEMPLE]
    top, chin = neutral[FOREHEAD], neutral[CHIN]
    temple_z = (right[2] + left[2]) / 2
    centre = [(right[0] + left[0]) / 2, (chin[1] + top[1]) / 2 + 1.5, temple_z - 2.0]
    radii = [abs(left[0] - right[0]) / 2 + 0.6, (top[1] - chin[1]) / 2 + 2.6, top[2] - temple_z + 2.5]
    return np.array([centre, np.maximum(radii, 1.0)])


def _condition_scale(raw: np.ndarray, basis: np.ndarray) -> np.ndarray:
    """[36] one over the spread, less for components that hardly move the face (they carry tracking noise)."""
    spread = np.maximum(raw.std(0), 1e-3)
    reach = spread[:32] * np.linalg.norm(basis[:32].reshape(32, -1), axis=1)
    weight = np.concatenate([reach / np.maximum(reach, 0.05 * reach.max() + 1e-9), np.ones(4)])
    return weight / spread


def _lle_bank(expression: np.ndarray, aperture: np.ndarray) -> np.ndarray:
    """[<=600,64] rows evenly over the mouth's opening, so that the rarest shapes stay in."""
    order = np.argsort(aperture, kind="stable")
    rows = np.unique(np.linspace(0, len(order) - 1, min(LLE_ROWS, len(order))).round().astype(int))
    return expression[np.sort(order[rows])]


def _eye_mask(neutral: np.ndarray, basis: np.ndarray) -> np.ndarray:
    """[64,64] the part of an expression change seen at the eyes and brows, with the rest of the face held still.

    Ridge solution of `min |B_upper x' - B_upper x|^2 + |B_lower x'|^2`, linear in x.
    """
    eye_y = neutral[list(EYE_RIGHT + EYE_LEFT), 1].mean()
    lip_y = neutral[list(OUTER_LIP), 1].mean()
    share = np.clip((neutral[:, 1] - lip_y) / (eye_y - lip_y) * 2 - 0.8, 0, 1)  # 0 at the nose wings, 1 under the eyes
    flat = basis.reshape(len(basis), -1)  # [64, 468*3]
    upper, lower = flat * np.repeat(share, 3), flat * np.repeat(1 - share, 3)
    upper_gram, lower_gram = upper @ upper.T, lower @ lower.T
    ridge = 1e-3 * np.trace(upper_gram + lower_gram) / len(basis)
    return np.linalg.solve(upper_gram + lower_gram + ridge * np.eye(len(basis)), upper_gram)
