"""Retrieval and warp do what their names say: otherwise beating them would mean nothing."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from made_person import FRAMES, made_track, paint

from likeness_trainer.bundle.composite import crop_picture
from likeness_trainer.metrics import baselines
from likeness_trainer.metrics.baselines import Target, mesh_in_crop, nearest, nearest_among, warp_frame
from likeness_trainer.metrics.crops import boxes
from likeness_trainer.metrics.image import psnr
from likeness_trainer.renderer.proxies import control_of
from likeness_trainer.renderer.rig_fit import fit_rig

TRACK = made_track()
RIG = fit_rig(TRACK, np.arange(40))
PLATE = np.full((320, 320, 3), 140, np.uint8)
MESHES = np.array([mesh_in_crop(RIG, control_of(TRACK, frame)) for frame in range(FRAMES)])


def crops(frame: int) -> tuple[np.ndarray, np.ndarray]:
    picture, mask = paint(TRACK, frame, PLATE)
    return crop_picture(picture, TRACK.crop[frame]), crop_picture(mask, TRACK.crop[frame])


def test_the_nearest_frame_is_the_one_with_the_least_distance():
    rng = np.random.default_rng(0)
    queries, candidates, weights = rng.normal(size=(7, 9, 2)), rng.normal(size=(20, 9, 2)), rng.random(9)
    brute = [np.argmin([((q - c) ** 2).sum() for c in candidates]) for q in queries]
    np.testing.assert_array_equal(nearest(queries, candidates), brute)
    brute = [np.argmin([(((q - c) ** 2).sum(1) * weights).sum() for c in candidates]) for q in queries]
    np.testing.assert_array_equal(nearest(queries, candidates, weights), brute)
    np.testing.assert_array_equal(nearest(candidates, candidates), np.arange(20))


@pytest.mark.parametrize("at_once", [1, 7, 20, 1000])
def test_the_nearest_of_a_long_clip_is_found_piece_by_piece(monkeypatch: pytest.MonkeyPatch, at_once: int):
    monkeypatch.setattr(baselines, "_AT_ONCE", at_once)
    rng = np.random.default_rng(0)
    queries, every, weights = rng.normal(size=(7, 9, 2)), rng.normal(size=(40, 9, 2)), rng.random(9)
    frames, asked = np.arange(1, 40, 2), []

    def shapes(some: np.ndarray) -> np.ndarray:
        asked.append(len(some))
        return every[some]

    found = nearest_among(queries, frames, shapes, weights)
    np.testing.assert_array_equal(found, frames[nearest(queries, every[frames], weights)])
    assert max(asked) <= at_once and sum(asked) == len(frames)


def test_warping_a_frame_to_itself_changes_nothing():
    control = control_of(TRACK, 9)
    rows, columns = np.mgrid[:256, :256] + 0.5
    positions = Target(RIG, control).positions([control])[0]
    assert np.abs(positions - np.stack([columns, rows], -1)).max() < 1e-2
    picture, mask = crops(9)
    plate = crop_picture(PLATE, control.crop)
    assert psnr(warp_frame(RIG, control, control, picture, mask, plate), picture) > 45


def test_a_vertex_is_carried_to_where_the_other_frame_shows_it():
    source, target = control_of(TRACK, 5), control_of(TRACK, 16)
    positions = Target(RIG, target).positions([source])[0]
    for vertex in (1, 4, 50, 280, 152, 10, 61, 291):  # nose, cheeks, chin, forehead, mouth corners
        at = (MESHES[16][vertex, :2] - 0.5).astype(np.float32).reshape(2, 1, 1)
        found = cv2.remap(positions, at[0], at[1], cv2.INTER_LINEAR)[0, 0]
        np.testing.assert_allclose(found, MESHES[5][vertex, :2], atol=0.35)


@pytest.mark.parametrize("frame", [40, 42])
def test_the_warp_beats_plain_retrieval_in_the_face(frame: int):
    source = int(nearest(MESHES[frame : frame + 1, :, :2], MESHES[:40, :, :2])[0])
    truth, (picture, mask) = crops(frame)[0], crops(source)
    plate = crop_picture(PLATE, TRACK.crop[frame])
    warped = warp_frame(RIG, control_of(TRACK, source), control_of(TRACK, frame), picture, mask, plate)
    [part] = boxes(MESHES[frame : frame + 1], TRACK.crop[frame : frame + 1], 320, 320)
    assert psnr(part.face.cut(warped), part.face.cut(truth)) > psnr(part.face.cut(picture), part.face.cut(truth)) + 2
