"""Joining, splitting and filling of masks and plates, on pictures small enough to check by eye."""

import numpy as np
import pytest

from likeness_trainer.matting import person_mask
from likeness_trainer.matting.person_mask import enlarged, join_masks, keep_connected, keep_own_side, person_square
from likeness_trainer.matting.plate import PlateBuilder, fill_smoothly
from likeness_trainer.media import Planes
from likeness_trainer.media.probe import Colours


def test_the_close_look_covers_a_square_frame_alone():
    assert person_square(512, 512, np.array([150, 120, 200, 260])) == (0, 0, 512)
    near = np.full((256, 256), 200, np.uint8)
    np.testing.assert_array_equal(join_masks(near, (0, 0, 512), None, (512, 512), 1.0), 200)


def test_in_a_tall_frame_the_rest_comes_from_the_whole_look():
    square = person_square(1080, 1920, np.array([500.0, 600, 120, 160]))
    assert square == (0, 600 - int(0.9 * 160), 1080)
    near, whole = np.full((256, 256), 255, np.uint8), np.zeros((256, 256), np.uint8)
    joined = join_masks(near, square, enlarged(whole, (288, 512)), (288, 512), 3.75)
    assert joined.shape == (512, 288)
    assert joined[:110].max() == 0 and joined[-90:].max() == 0 and joined[200:350].min() == 255
    assert 0 < joined[126, 100] < 255  # feathered across the edge


@pytest.mark.parametrize("square", [(0, 300, 1080), (200, 0, 512), (400, 900, 300), (3, 7, 12)])
def test_the_looks_are_mixed_towards_the_close_ones_edges_and_nowhere_else(square: tuple[int, int, int]) -> None:
    size, scale = (288, 512), 3.75
    near, whole = np.full((256, 256), 240, np.uint8), np.full((512, 288), 40, np.uint8)
    joined = join_masks(near, square, whole, size, scale)
    side, left, top = round(square[2] / scale), round(square[0] / scale), round(square[1] / scale)
    ramp, expected = max(1.0, 0.04 * side), whole.copy()
    for y in range(top, min(512, top + side)):
        for x in range(left, min(288, left + side)):
            inside = [x - left if left else ramp, y - top if top else ramp, left + side - 1 - x, top + side - 1 - y]
            inside[2] = ramp if left + side >= 288 else inside[2]
            expected[y, x] = 40 + 200 * min(1.0, min(inside) / ramp)
    assert np.abs(joined.astype(int) - expected).max() <= 1


def test_what_stands_apart_from_the_face_is_dropped():
    mask = np.zeros((60, 80), np.uint8)
    mask[10:60, 30:50], mask[40:60, 2:12] = 255, 255
    kept = keep_connected(mask, np.array([32.0, 12, 16, 18]))
    assert kept[30, 40] == 255 and kept[:, :15].max() == 0
    np.testing.assert_array_equal(keep_connected(mask, np.array([60.0, 5, 10, 10])), mask)  # no face in the mask


def test_neighbours_are_split_half_way_between_faces():
    mask = np.full((10, 100), 255, np.uint8)
    kept = keep_own_side(mask, np.array([20.0, 0, 10, 10]), [np.array([70.0, 0, 10, 10])])
    assert kept[:, :50].min() == 255 and kept[:, 50:].max() == 0


@pytest.mark.parametrize("halved", [False, True])
def test_the_plate_is_what_the_person_uncovers(halved):
    colours = Colours(full_range=True, halved_chroma=halved)
    luma = np.tile(np.arange(0, 240, 4, dtype=np.uint8), (40, 1))
    chroma = np.full((20, 30) if halved else (40, 60), 128, np.uint8)
    builder = PlateBuilder(60, 40, 3)
    for frame, column in enumerate((0, 20, 40)):
        y, u, mask = luma.copy(), chroma.copy(), np.zeros((40, 60), np.uint8)
        y[:, column : column + 12], mask[:, column : column + 12] = 255, 255
        of_chroma = slice(column // 2, column // 2 + 6) if halved else slice(column, column + 12)
        u[:, of_chroma] = 200
        assert builder.wants(frame)
        builder.add(Planes(y, u, chroma, colours), mask)
    plate, unseen = builder.build(2)
    np.testing.assert_array_equal(plate, np.repeat(luma[..., None], 3, 2))
    assert unseen == 0


def test_of_a_background_that_moves_the_plate_is_one_moment():
    colours = Colours(full_range=True, halved_chroma=False)
    chroma = np.full((40, 60), 128, np.uint8)
    mask = np.zeros((40, 60), np.uint8)
    mask[:, 25:35] = 255
    stripes = np.where(np.arange(60) // 10 % 2, 200, 40).astype(np.uint8)
    moments = [np.tile(np.roll(stripes, 4 * k), (40, 1)) for k in range(5)]
    builder = PlateBuilder(60, 40, 5)
    for luma in moments:
        builder.add(Planes(np.where(mask > 0, 255, luma).astype(np.uint8), chroma, chroma, colours), mask)
    plate, unseen = builder.build(2)
    beside = np.r_[0:23, 37:60]
    np.testing.assert_array_equal(plate[:, beside, 0], moments[2][:, beside])
    assert 10 / 60 <= unseen < 15 / 60 and plate[:, 25:35].max() <= 200  # filled, and not with the person


def test_what_is_never_seen_is_filled_from_around_it():
    picture = np.full((64, 64), 90, np.uint8)
    known = np.ones((64, 64), bool)
    known[20:44, 20:44] = False
    picture[~known] = 0
    np.testing.assert_array_equal(fill_smoothly(picture, known), 90)
    ramp = np.tile(np.linspace(0, 252, 64).astype(np.uint8), (64, 1))
    filled = fill_smoothly(np.where(known, ramp, 0).astype(np.uint8), known)
    assert filled[32, 22] < filled[32, 32] < filled[32, 41]  # goes from one side's grey to the other's
    np.testing.assert_array_equal(filled[known], ramp[known])


def test_the_network_gives_in_onnx_what_it_gives_in_mediapipe():
    rows, columns = np.mgrid[:256, :256]
    person = ((columns - 128) / 45) ** 2 + ((rows - 90) / 60) ** 2 < 1
    person |= ((columns - 128) / 100) ** 2 + ((rows - 250) / 90) ** 2 < 1
    drawn = np.where(person[..., None], [205, 160, 140], [40, 90, 160] + (rows[..., None] % 32)).astype(np.uint8)
    noise = np.random.default_rng(0).integers(0, 256, (256, 256, 3), dtype=np.uint8)
    ours, theirs = person_mask._in_onnx(), person_mask._in_mediapipe()
    for picture in (drawn, noise, np.full_like(noise, 128)):
        np.testing.assert_allclose(ours(picture).astype(int), theirs(picture), atol=1)
    assert theirs(drawn).max() > 127 > theirs(drawn).min()  # there is something to agree about
