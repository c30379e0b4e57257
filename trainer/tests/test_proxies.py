"""Rig and proxies: the geometry the renderer is fed, checked against hand values and the definitions in
docs/formats.md."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from synthetic_clip import paint, synthetic_track

from likeness_trainer.protocol import TrainerError
from likeness_trainer.renderer.fast_inputs import fast_inputs, texel_centres, texel_rows
from likeness_trainer.renderer.proxies import FACE, MOUTH, NONE, OFF_MESH, Control, condition, control_of, frame_proxies
from likeness_trainer.renderer.rig import Rig
from likeness_trainer.renderer.rig_fit import carve_hull, fit_rig

SIDE = 256


@pytest.fixture(scope="module")
def track():
    return synthetic_track(24, SIDE)


@pytest.fixture(scope="module")
def rig(track) -> Rig:
    whole = fit_rig(track, track.split()[0])
    masks = ((int(frame), paint(track, frame)[1]) for frame in track.split()[0][::3])
    return whole.with_hull(carve_hull(whole, track, masks))


def test_vertices_lie_where_the_camera_projects_them(rig: Rig, track) -> None:
    control = control_of(track, 5)
    moved = replace(control, crop=np.array([32.0, 16.0, 192.0], np.float32))
    pixels, depth = track.camera.project(track.face.posed(track.expression[5]), track.motion.pose[5])
    vertices = frame_proxies(rig, moved).vertices
    np.testing.assert_allclose(vertices[:, :2], (pixels - [32, 16]) * SIDE / 192, atol=1e-3)
    np.testing.assert_allclose(vertices[:, 2], depth, atol=1e-4)


def test_a_ray_through_the_skull_centre_meets_the_ellipsoid_in_front(rig: Rig, track) -> None:
    # A camera 45 cm straight in front of the skull's centre: its axis meets the surface at the radius in z.
    whole = rig.with_hull(np.ones_like(rig.hull))
    centre, radii = rig.ellipsoid
    tiny = replace(whole, neutral=whole.neutral * 1e-3 + [0, 0, -500])  # the mesh out of the way
    control = control_of(track, 0)
    control = replace(
        control,
        expression=np.zeros(64, np.float32),
        rotation=np.eye(3),
        translation=-centre.astype(np.float64) + [0, 0, -45.0],
        crop=np.array([SIDE / 2 - 0.5, SIDE / 2 - 0.5, 1.0]),  # one source pixel around the axis
    )
    proxies = frame_proxies(tiny, control)
    middle = proxies.points.reshape(64, 64, 3)[31:33, 31:33].mean((0, 1)) * 19
    np.testing.assert_allclose(middle, centre + np.array([0, 0, radii[2]]), atol=0.02)
    np.testing.assert_allclose(proxies.directions[0], [0, 0, -1], atol=5e-3)
    assert proxies.half_width.max() == pytest.approx(5 / 19, rel=1e-6)


def test_the_torso_plane_follows_the_torso_not_the_head(rig: Rig, track) -> None:
    whole = rig.with_hull(np.ones_like(rig.hull))
    control = control_of(track, 0)
    bottom = np.s_[63, 32]  # a pixel of the clothes
    rested = frame_proxies(whole, control).points.reshape(64, 64, 3)[bottom] * 19
    # The plane is 2 cm behind the mean pose's origin.
    assert rested[2] == pytest.approx(-2, abs=1e-3)
    shifted = replace(control, torso=np.array([[1, 0, 8], [0, 1, 0]], np.float32))
    moved = frame_proxies(whole, shifted).points.reshape(64, 64, 3)[bottom] * 19
    centimetres_per_pixel = (2 - track.torso_pose[3, 2]) / track.focal[0]
    assert moved[0] - rested[0] == pytest.approx(-8 * centimetres_per_pixel, abs=1e-3)


def test_regions_name_face_mouth_and_surroundings(rig: Rig, track) -> None:
    opened = int(np.argmax(track.aperture))
    proxies = frame_proxies(rig, control_of(track, opened))
    lips = proxies.vertices[[13, 14], :2].mean(0).astype(int)
    assert proxies.region[lips[1], lips[0]] == MOUTH
    nose = proxies.vertices[4, :2].astype(int)
    assert proxies.region[nose[1], nose[0]] == FACE
    assert proxies.region[2, 2] == NONE  # a corner of the wall
    assert {NONE, FACE, MOUTH, OFF_MESH} == set(np.unique(proxies.region))
    assert (proxies.texture[proxies.region == NONE] == -2).all()
    # Each region keeps to its patch of the atlas: face left, mouth below the off-mesh patch.
    column = (proxies.texture[..., 0] + 1) / 2 * 896
    row = (proxies.texture[..., 1] + 1) / 2 * 512
    assert column[proxies.region == FACE].max() < 512 < column[proxies.region >= MOUTH].min()
    assert row[proxies.region == OFF_MESH].max() < 384 < row[proxies.region == MOUTH].min()


def test_mouth_pocket_lies_five_centimetres_behind_the_lips(rig: Rig, track) -> None:
    opened = int(np.argmax(track.aperture))
    proxies = frame_proxies(rig, control_of(track, opened))
    lips = proxies.vertices[[13, 14], :2].mean(0) / 4
    point = proxies.points.reshape(64, 64, 3)[int(lips[1]), int(lips[0])] * 19
    posed = rig.vertices(track.expression[opened])[rig.inner_lip]
    assert point[2] == pytest.approx(posed[:, 2].mean() - 5, abs=0.7)


def test_hull_holds_the_person_and_drops_the_wall(rig: Rig, track) -> None:
    held_out = track.split()[1]
    for frame in held_out:
        mask = paint(track, int(frame))[1]
        inside = frame_proxies(rig, control_of(track, int(frame))).half_width.reshape(64, 64) > 0
        person = mask[2::4, 2::4] > 0
        assert inside[person].mean() > 0.99
        assert inside[~person].mean() < 0.35


def test_condition_is_normalised_and_clipped(rig: Rig, track) -> None:
    train = track.split()[0]
    values = np.stack([condition(rig, track.expression[f], track.gaze[f]) for f in train])
    assert np.abs(values.mean(0)).max() < 0.1
    assert np.abs(values).max() <= 1.5
    far = condition(rig, np.full(64, 1e3, np.float32), np.zeros(4, np.float32))
    assert far[0] == 1.5


def test_eye_mask_keeps_eyes_and_spares_the_mouth(rig: Rig) -> None:
    opening = np.zeros(64, np.float32)
    opening[0] = 1  # the jaw
    moved = rig.vertices(rig.eye_mask @ opening) - rig.neutral
    whole = rig.vertices(opening) - rig.neutral
    assert np.linalg.norm(moved[14]) < 0.1 * np.linalg.norm(whole[14])


def test_rig_round_trip_and_damage(rig: Rig, tmp_path: Path) -> None:
    path = tmp_path / "rig.safetensors"
    rig.save(path)
    for name, tensor in vars(Rig.load(path)).items():
        np.testing.assert_array_equal(tensor, getattr(rig, name))
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(TrainerError) as error:
        Rig.load(path)
    assert error.value.code == "bad-bundle"


def test_fast_inputs_hold_the_same_rays(rig: Rig, track) -> None:
    proxies = frame_proxies(rig, control_of(track, 3))
    fast = fast_inputs(proxies)
    inside = proxies.half_width[:, 0] > 0
    assert fast.points.shape[2] == inside.sum() + 1 and fast.active[0, 0] == 0 and fast.active[0, 1:].all()
    assert (fast.scatter[~inside] == 0).all()
    rays = fast.scatter[inside]
    np.testing.assert_array_equal(fast.points[0, 0, rays], proxies.points[inside][:, [0, 1]])
    np.testing.assert_array_equal(fast.points[2, 0, rays], proxies.points[inside][:, [0, 2]])
    offsets = proxies.directions * proxies.half_width
    np.testing.assert_array_equal(fast.offsets[1, 0, rays], offsets[inside][:, [1, 2]])


def test_texel_rows_by_hand() -> None:
    texture = np.array([[[-1.0, -1.0], [0.0, 0.0], [-2.0, -2.0]]], np.float32)
    region = np.array([[1, 3, 0]], np.uint8)
    assert texel_rows(texture, region).tolist() == [[1, 1 + 512 * 1792 + 896, 0]]
    centre = texel_centres(texture[:, :1])[0, 0]
    np.testing.assert_allclose(centre, [-1 + 0.5 / 896, -1 + 0.5 / 512], atol=1e-7)


def test_control_of_reads_one_frame(track) -> None:
    control = control_of(track, 7)
    assert isinstance(control, Control)
    np.testing.assert_array_equal(control.rotation, track.rotation[7])
