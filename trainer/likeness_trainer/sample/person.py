"""The sample person: all parts put together, and one frame drawn from one moment's controls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import cv2
import numpy as np

from likeness_trainer.morphable.mesh import Camera, Pose
from likeness_trainer.morphable.rasterize import rasterize
from likeness_trainer.morphable.rotations import rodrigues
from likeness_trainer.morphable.topology import EYE_LEFT, EYE_RIGHT, uv
from likeness_trainer.sample.atlas import paint_atlas
from likeness_trainer.sample.ears import ear
from likeness_trainer.sample.eyes import LOOPS, Eye, lashes
from likeness_trainer.sample.face_rig import CONTROLS, smoothstep
from likeness_trainer.sample.face_shape import neutral_face
from likeness_trainer.sample.hair import Hair, above_hairline, hair_light
from likeness_trainer.sample.lighting import ATTRIBUTES, KEY_DIRECTION, encode, shade
from likeness_trainer.sample.mouth import Mouth
from likeness_trainer.sample.neck import Neck
from likeness_trainer.sample.part import SKIN_AREA, Material, Part, in_area
from likeness_trainer.sample.room import paint_room
from likeness_trainer.sample.shadow import light_seen, openness
from likeness_trainer.sample.skull import head_skin
from likeness_trainer.sample.surface import Normals
from likeness_trainer.sample.torso import Torso

SIZE, SUPERSAMPLING = 512, 2
CAMERA = Camera(1250.0, np.array([SIZE / 2, SIZE / 2]))  # a field of view of 23 degrees
MEAN_POSE = Pose(np.eye(3), np.array([0.0, 2.2, -88.0]))
TORSO_MARGIN = 40


@dataclass(frozen=True)
class Moment:
    """What the person does in one frame: rig controls [26], gaze [4], tongue 0..1, head pose, torso similarity [2, 3]
    in pixels."""

    controls: np.ndarray
    gaze: np.ndarray
    tongue: float
    pose: Pose
    torso: np.ndarray


class Worn(Protocol):
    """What a head wears: glasses, a beard."""

    def parts(self, skin: np.ndarray, normals: np.ndarray, rotation: np.ndarray) -> list[Part]:
        """Its meshes over the skin's vertices [V, 3] (head space, cm) with normals [V, 3]; rotation [3, 3] of the
        head."""
        ...


class Person:
    """Built once (a few seconds); `draw` renders a moment. `neutral` [468, 3] is a face other than the sample's own."""

    def __init__(self, seed: int = 0, neutral: np.ndarray | None = None) -> None:
        self.worn: Sequence[Worn] = ()
        self.neutral = neutral_face() if neutral is None else neutral
        self.skin = head_skin(self.neutral, uv())
        self._skin_normals = Normals(len(self.skin.rest), self.skin.triangles)
        self.atlas = paint_atlas(self.skin, seed)
        self.eyes = [Eye(self.neutral, loop) for loop in LOOPS]
        self.mouth = Mouth((self.neutral[13] + self.neutral[14]) / 2)
        self.hair = Hair(self.skin, seed + 2)
        self.neck = Neck()
        self.torso = Torso(MEAN_POSE, CAMERA, SIZE, SUPERSAMPLING, TORSO_MARGIN, seed + 3)
        self.plate = paint_room(SIZE, seed + 4)
        self._ears = [ear(side) for side in (-1.0, 1.0)]
        self._ear_normals = [Normals(len(p), t)(p) for p, t, _ in self._ears]
        self._bake_occlusion()
        self.skin_uv = in_area(SKIN_AREA, self.skin.uv)

    def _bake_occlusion(self) -> None:
        """Ambient occlusion of everything that keeps its neighbours, at rest."""
        rest, hair, neck = self.skin.rest, self.hair, self.neck
        casters = np.concatenate([rest, hair.cap, neck.points])
        triangles = np.concatenate(
            [self.skin.triangles, hair.cap_triangles + len(rest), neck.triangles + len(rest) + len(hair.cap)]
        )
        bald = self._skin_normals(rest)
        neck_normals = Normals(len(neck.points), neck.triangles)(neck.points)
        points = np.concatenate([rest, neck.points, *(e[0] for e in self._ears)])
        normals = np.concatenate([bald, neck_normals, *self._ear_normals])
        seen = openness(points, normals, casters, triangles)
        skin, neck_part, ears = np.split(seen, [len(rest), len(rest) + len(neck.points)])
        shut = np.clip(1 - 1.3 * self.skin.inside, 0.08, 1)
        hairline = 1 - 0.30 * np.exp(-((np.minimum(0, above_hairline(rest)) / 0.6) ** 2))
        self._skin_occlusion = np.clip(0.12 + 0.95 * skin, 0, 1) * shut * hairline
        self._neck_occlusion = np.clip(0.05 + 0.90 * neck_part, 0, 1)
        self._ear_occlusion = [
            np.clip(0.35 + 0.65 * part, 0, 1) * e[2] for part, e in zip(np.split(ears, 2), self._ears)
        ]
        self._hair_occlusion = (0.30 + 0.70 * np.clip((hair.depth - 0.5) / 0.5, 0, 1)).astype(np.float32)
        self._cap_tint, self._cap_occlusion = np.full((2, len(hair.cap)), [[0.75], [0.5]], np.float32)

    def vertices(self, controls: np.ndarray) -> np.ndarray:
        """The 468 mesh vertices, cm, head space."""
        return self.neutral + np.tensordot(controls, self._mesh_shapes, 1)

    @property
    def _mesh_shapes(self) -> np.ndarray:
        return self.skin.shapes[:, :468]

    def draw(self, moment: Moment) -> tuple[np.ndarray, np.ndarray]:
        """The picture [512, 512, 3] u8 and the person's cover [512, 512] u8."""
        picture, cover = self.plate, np.zeros((SIZE, SIZE), np.float32)
        for layer in self.layers(moment):
            alpha = layer[..., 3]
            picture = layer[..., :3] + picture * (1 - alpha[..., None])
            cover = alpha + cover * (1 - alpha)
        return encode(picture), (cover * 255 + 0.5).astype(np.uint8)

    def layers(self, moment: Moment, side: int = SIZE) -> list[np.ndarray]:
        """The picture's parts without the room, the furthest first: [side, side, 4] linear colour times cover,
        cover."""
        drawn_side = side if side > SIZE * SUPERSAMPLING else side * SUPERSAMPLING
        screen, attributes, triangles = self._scene(moment)
        screen[:, :2] *= drawn_side / SIZE
        drawn, _ = rasterize(screen, attributes, triangles, drawn_side, drawn_side)
        head = shade(drawn, self.atlas)
        torso = [self._moved(layer, moment.torso) for layer in (self.torso.back, self.torso.front)]
        return [_sized(layer, side) for layer in (torso[0], head, torso[1])]

    def _moved(self, layer: np.ndarray, torso: np.ndarray) -> np.ndarray:
        """A torso layer under its similarity, at the picture's size."""
        scale, margin = self.torso.scale, self.torso.margin
        # layer pixel (index) -> source pixel -> moved -> twice the size, whose pairs are then averaged
        into = np.array([[1 / scale, 0, 0.5 / scale - margin], [0, 1 / scale, 0.5 / scale - margin], [0, 0, 1]])
        move = np.vstack([torso, [0, 0, 1]])
        out = np.array([[scale, 0, -0.5], [0, scale, -0.5], [0, 0, 1]])
        matrix = np.asarray(out @ move @ into, np.float64)[:2]
        top = SIZE * 3 // 4 - margin  # the jumper only reaches up to here
        matrix[1, 2] -= top * scale
        warped = cv2.warpAffine(layer, matrix, (SIZE * scale, (SIZE - top) * scale), flags=cv2.INTER_LINEAR)
        whole = np.zeros((SIZE, SIZE, 4), np.float32)
        whole[top:] = cv2.resize(warped, (SIZE, SIZE - top), interpolation=cv2.INTER_AREA)
        return whole

    def _scene(self, moment: Moment) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Screen vertices [V, 3], attributes [V, 8] and triangles of everything but the torso and the room."""
        rotation, control = moment.pose.rotation, dict(zip(CONTROLS, moment.controls))
        mesh = self.vertices(moment.controls)
        skin = self.skin.rest + np.tensordot(moment.controls.astype(np.float32), self.skin.shapes, 1)
        skin_normals = self._skin_normals(skin)
        to_key = rotation.T @ np.array(KEY_DIRECTION)
        casters = np.concatenate([skin, self.hair.cap])
        caster_triangles = np.concatenate([self.skin.triangles, self.hair.cap_triangles + len(skin)])
        neck = self.neck
        ears = [e[0] for e in self._ears]
        receivers = np.concatenate(
            [
                skin + 0.1 * skin_normals,
                neck.points,
                *ears,
                self.hair.middle,
                self.hair.cap + 0.3 * self.hair.cap_normals,
            ]
        )
        seen = light_seen(receivers, casters, caster_triangles, to_key, 224, 0.32)
        bounds = np.cumsum([len(skin), len(neck.points), len(ears[0]), len(ears[1]), len(self.hair.middle)])
        skin_seen, neck_seen, *ears_seen, hair_seen, cap_seen = np.split(seen, bounds)
        hair_seen = 0.35 + 0.65 * hair_seen

        screens, attributes, triangles, first = [], [], [], 0

        def add(points: np.ndarray, cells: np.ndarray, rows: np.ndarray, screen: np.ndarray | None = None) -> None:
            nonlocal first
            if screen is None:
                pixels, depth = CAMERA.project(points, moment.pose)
                screen = np.concatenate([pixels, depth[:, None]], 1)
            screens.append(screen)
            attributes.append(rows.astype(np.float32))
            triangles.append(cells + first)
            first += len(screen)

        def rows(
            flat: np.ndarray, normals: np.ndarray, occlusion: np.ndarray, lit: np.ndarray | float, material: Material
        ) -> np.ndarray:
            block = np.empty((len(normals), ATTRIBUTES), np.float32)
            block[:, :2], block[:, 5], block[:, 6], block[:, 7] = flat, occlusion, lit, material
            block[:, 2:5] = normals if material is Material.PRELIT else normals @ rotation.T
            return block

        add(skin, self.skin.triangles, rows(self.skin_uv, skin_normals, self._skin_occlusion, skin_seen, Material.SKIN))
        for (points, cells, _), normals, occlusion, lit in zip(
            self._ears, self._ear_normals, self._ear_occlusion, ears_seen
        ):
            plain = in_area(
                SKIN_AREA, np.stack([0.30 + 0.03 * np.sin(points[:, 1]), 0.60 + 0.02 * points[:, 2] / 3], 1)
            )
            add(points, cells, rows(plain, normals, occlusion, lit, Material.SKIN))
        neck_screen, neck_normals = self._neck_on_screen(moment)
        add(
            neck.points,
            neck.triangles,
            rows(neck.uv, neck_normals @ rotation, self._neck_occlusion, neck_seen, Material.SKIN),
            neck_screen,
        )
        lit_eyes = np.clip(skin_seen[[159, 386]] + 0.35, 0, 1)
        for eye, gaze, lit in zip(self.eyes, moment.gaze.reshape(2, 2), lit_eyes):
            part = eye.part(mesh, gaze)
            add(part.points, part.triangles, rows(part.uv, part.normals, part.occlusion, float(lit), part.material))
        opening = float(mesh[13, 1] - mesh[14, 1])
        for part in self.mouth.parts(float(control["jaw"]), opening, moment.tongue):
            pixels, depth = CAMERA.project(part.points, moment.pose)
            # the sides are drawn as if deeper: nothing may show but through the lips, however far the cheeks are drawn
            # in
            depth = depth + 0.15 + 1.2 * smoothstep(1.0, 2.0, np.abs(part.points[:, 0]))
            add(
                part.points,
                part.triangles,
                rows(part.uv, part.normals, part.occlusion, part.occlusion, part.material),
                np.c_[pixels, depth],
            )
        dark = np.array([0.010, 0.006, 0.005])
        for k, loop in enumerate((EYE_RIGHT, EYE_LEFT)):
            points, cells = lashes(mesh, loop, 7 + k)
            add(
                points,
                cells,
                rows(
                    np.zeros((len(points), 2)),
                    np.tile(dark, (len(points), 1)),
                    np.ones(len(points)),
                    1.0,
                    Material.PRELIT,
                ),
            )
        hair = self.hair
        cap_light = hair_light(
            (hair.cap_tangents @ rotation.T).astype(np.float32),
            self._cap_tint,
            self._cap_occlusion,
            cap_seen.astype(np.float32),
        )
        add(
            hair.cap,
            hair.cap_triangles,
            rows(np.zeros((len(hair.cap), 2)), cap_light, np.ones(len(hair.cap)), 1.0, Material.PRELIT),
        )
        strand_light = hair_light(
            (hair.tangents @ rotation.T).astype(np.float32),
            hair.tint,
            self._hair_occlusion,
            hair_seen.astype(np.float32),
        ).repeat(2, 0)
        add(
            hair.points,
            hair.triangles,
            rows(np.zeros((len(hair.points), 2)), strand_light, np.ones(len(hair.points)), 1.0, Material.PRELIT),
        )
        for part in (part for worn in self.worn for part in worn.parts(skin, skin_normals, rotation)):
            add(part.points, part.triangles, rows(part.uv, part.normals, part.occlusion, 1.0, part.material))
        return np.concatenate(screens), np.concatenate(attributes), np.concatenate(triangles)

    def _neck_on_screen(self, moment: Moment) -> tuple[np.ndarray, np.ndarray]:
        """Screen place [V, 3] and camera-space normals [V, 3] of the neck between the head's pose and the torso's."""
        neck = self.neck
        head, head_depth = CAMERA.project(neck.points, moment.pose)
        still, still_depth = CAMERA.project(neck.points, MEAN_POSE)
        still = still @ moment.torso[:, :2].T + moment.torso[:, 2]
        follow = neck.follow[:, None]
        pixels = follow * head + (1 - follow) * still
        depth = neck.follow * head_depth + (1 - neck.follow) * still_depth
        (cx, cy), focal = CAMERA.principal, CAMERA.focal
        camera = np.stack([(pixels[:, 0] - cx) * depth / focal, -(pixels[:, 1] - cy) * depth / focal, -depth], 1)
        return np.concatenate([pixels, depth[:, None]], 1), Normals(len(camera), neck.triangles)(camera)


def _sized(layer: np.ndarray, side: int) -> np.ndarray:
    if layer.shape[0] == side:
        return layer
    smaller = side < layer.shape[0]
    return cv2.resize(layer, (side, side), interpolation=cv2.INTER_AREA if smaller else cv2.INTER_LINEAR)


def turned(yaw: float, pitch: float, roll: float) -> np.ndarray:
    """Rotation [3, 3] from degrees: yaw to the picture's right, pitch up, roll clockwise in the picture."""
    y, p, r = np.radians([yaw, -pitch, -roll])
    return rodrigues(np.array([0, 0, r])) @ rodrigues(np.array([0, y, 0])) @ rodrigues(np.array([p, 0, 0]))
