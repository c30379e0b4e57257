"""What each part of the closed form is worth: rows that are what they say, and the whole report on a made person."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from made_person import MadePerson, make_person

from likeness_research.ablation.ablate import ablate
from likeness_research.ablation.renderer import Extent, Measured, _told, ablate_renderer
from likeness_research.ablation.renderer_page import GROUPS
from likeness_research.ablation.renderer_parts import BASELINES, PARTS, Fold, Part, grown_by, regional, without
from likeness_research.ablation.residual import Block, Plan, Residual, drawn_by, pruned
from likeness_research.ablation.residual_parts import network_parts
from likeness_research.ablation.residual_training import augmented, learnt
from likeness_research.ablation.shown import Shown, drawn_left_out, looked_at
from likeness_trainer.appearance import sharpening
from likeness_trainer.appearance.reduction import appearance_of, reduced, with_alpha
from likeness_trainer.appearance.traits import Traits
from likeness_trainer.bundle.composite import over
from likeness_trainer.metrics.image import psnr, sharpness
from likeness_trainer.protocol import Cancelled, Reporter
from likeness_trainer.protocol.jobs import AblateJob
from likeness_trainer.renderer.proxies import control_of
from likeness_trainer.renderer.rig_fit import fit_rig
from likeness_trainer.training.crops import prepare_crops

ROWS = {part.id: part for part in (*BASELINES, *PARTS)}


@pytest.fixture(scope="module")
def person(tmp_path_factory: pytest.TempPathFactory, ffmpeg: str, ffprobe: str) -> MadePerson:
    return make_person(tmp_path_factory.mktemp("renderer"), ffmpeg, ffprobe)


def job(person: MadePerson, folder: Path) -> AblateJob:
    paths = {name: Path(person.job[field]) for name, field in (("analysis_dir", "analysisDir"),)}
    tools = {name: person.job[name] for name in ("ffmpeg", "ffprobe", "source")}
    return AblateJob(producer="", subject="renderer", out_dir=folder, **paths, **tools)


@pytest.fixture(scope="module")
def fold(person: MadePerson, tmp_path_factory: pytest.TempPathFactory) -> Fold:
    frames = np.arange(44)
    where = tmp_path_factory.mktemp("crops")
    crops = prepare_crops(job(person, where), person.track, frames, where / "crops", Reporter.silent())
    return Fold(fit_rig(person.track, frames[:30]), person.track, crops, frames[:30], frames[40:42])


def test_the_whole_is_what_an_avatar_holds(fold: Fold):
    pictures, masks = ([of(int(frame)) for frame in fold.train] for of in (fold.crops.picture, fold.crops.mask))
    file = appearance_of(fold.rig, fold.controls, lambda row: (pictures[row], masks[row]))
    target = control_of(fold.track, 40)
    expected = over(file.draw(fold.rig, target), fold.crops.plate(40))
    np.testing.assert_allclose(ROWS["whole"].draw(fold)[0], expected, atol=1)


def test_alpha_grown_by_nine_pixels_is_the_products_own(fold: Fold):
    picture, mask = fold.crops.picture(3), fold.crops.mask(3)
    np.testing.assert_array_equal(grown_by(picture, mask, 9), with_alpha(picture, mask))
    np.testing.assert_array_equal(grown_by(picture, mask, 0)[..., 3], mask)


def test_a_part_left_out_is_really_out(fold: Fold):
    """Numbers of a control: expression 0..63, rotation 64..66, translation 67..69, gaze 70..73, torso 74..79."""
    still = {"rotation": fold.controls[0].rotation, "translation": fold.controls[0].translation}
    held = regional(
        fold.laid(), lambda way: lambda t, rig, some: way(t, rig, [_with(control, **still) for control in some])
    )
    # what is left of a mean that was taken off, as the processor rounds
    assert np.abs(reduced(held).regions["mouth"].traits[64:70]).max() < 1e-12
    assert np.abs(reduced(fold.shipped).regions["mouth"].traits[64:70]).max() > 0
    # and a picture of it does not change with the pose, beyond where things lie
    assert len(without("gaze")(fold)) == len(fold.test)
    assert Traits.of(fold.rig, fold.controls).whole(fold.rig, fold.controls).shape == (30, 28)


def test_the_finest_band_and_the_sway_have_rows(fold: Fold, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sharpening, "_LEAST_FRAMES", 20)
    raised = Fold(fold.rig, fold.track, fold.crops, fold.train, fold.test)
    kept = raised.laid().textures.copy()
    whole, soft = (ROWS[name].draw(raised) for name in ("whole", "without-sharpening"))
    np.testing.assert_array_equal(raised.laid().textures, kept)  # which other rows are made of
    truths = [fold.crops.picture(int(frame)) for frame in fold.test]
    assert sharpness(whole, truths) > sharpness(soft, truths)


def test_the_sway_of_a_frame_has_a_row(fold: Fold):
    beside = Fold(fold.rig, fold.track, fold.crops, fold.train, fold.test)
    aside = np.array([0.3, 0, 0], np.float32)  # cm, of what is tracked
    beside.__dict__["targets"] = [replace(target, translation=target.translation + aside) for target in fold.targets]
    truths = [fold.crops.picture(int(frame)) for frame in fold.test]
    without_it, with_it = (
        np.mean([psnr(*pair) for pair in zip(ROWS[name].draw(beside), truths)]) for name in ("whole", "sway")
    )
    assert with_it > without_it + 0.5


def test_what_a_network_learns_from_is_told_by_other_pieces_of_time(fold: Fold):
    changed = replace(fold.shipped, seen=fold.shipped.seen.copy())
    changed.seen[12] += 40
    before, after = (list(drawn_left_out(appearance)) for appearance in (fold.shipped, changed))
    np.testing.assert_array_equal(after[12], before[12])
    assert np.abs(after[28] - before[28]).max() > 1  # which is told by it
    own = next(changed.draw([fold.controls[12]]))
    assert np.abs(own.astype(int) - next(fold.shipped.draw([fold.controls[12]]))).max() > 10


def test_a_network_that_has_learnt_nothing_leaves_the_picture_as_it_is(fold: Fold):
    nothing = {part.id: part for part in network_parts(Plan(steps=0))}
    for name in ("network", "network-pruned", "network-attention"):
        for picture, whole in zip(nothing[name].draw(fold), ROWS["whole"].draw(fold)):
            np.testing.assert_allclose(picture.astype(int), whole, atol=1)


def test_a_network_learns_what_is_always_wrong_with_a_picture_and_where_its_detail_is(fold: Fold):
    shown = looked_at(fold)
    filmed = np.stack([cv2.resize(picture, (128, 128)) for picture in shown.filmed])
    soft = np.stack([cv2.GaussianBlur(picture, (0, 0), 1) for picture in filmed])
    wrong = Shown(
        (0.8 * soft).astype(np.uint8),
        shown.alpha[:, ::2, ::2],
        filmed,
        filmed,
        [place.scaled(0.5) for place in shown.places],
        shown.opening,
    )
    pictures = drawn_by(learnt(wrong, Plan(steps=40))[1], wrong)
    before, after = (np.abs(made - filmed.astype(float)).mean() for made in (wrong.drawn, pictures))
    assert after < 0.8 * before
    assert sharpness(pictures, list(filmed)) > sharpness(list(wrong.drawn), list(filmed)) + 0.02


def blocks(model: Residual) -> list[Block]:
    return [block for block in model.blocks if isinstance(block, Block)]


def test_what_is_pruned_is_what_is_heard_least(fold: Fold):
    torch.manual_seed(0)
    model, shown = Residual(Plan()), looked_at(fold)
    torch.nn.init.normal_(model.last.weight, std=0.5)  # so that what is left out is seen
    with torch.no_grad():
        for block in blocks(model):
            block.second.weight[:, 1::2] = 0
    half = pruned(model, shown, 0.5)
    assert [block.first.out_channels for block in blocks(half)] == [16, 16]
    np.testing.assert_allclose(drawn_by(half, shown), drawn_by(model, shown), atol=1)
    fewer = np.array(drawn_by(pruned(model, shown, 0.25), shown)).astype(int)
    assert np.abs(fewer - drawn_by(model, shown)).max() > 1


def test_augmented_pictures_belong_together():
    coarse = torch.rand(1, 3, 5, 5, generator=torch.Generator().manual_seed(1))  # little is lost of what is smooth
    picture = torch.nn.functional.interpolate(coarse, (64, 64), mode="bicubic").clamp(0.1, 0.9)
    seen = torch.cat([picture, torch.ones(1, 1, 64, 64), picture], 1)
    changed, truth = augmented(seen, picture, np.random.default_rng(5))
    assert (truth - picture).abs().mean() > 0.05  # turned, and in another light
    for shown in (changed[:, :3], changed[:, 4:]):  # the same, but for noise and compression
        assert (shown - truth.clamp(0, 1)).abs().mean() < 0.04


def _with(control, **changes):  # type: ignore[no-untyped-def]
    return replace(control, **changes)


def test_every_row_has_a_name_of_its_own_and_a_place_on_the_page():
    parts = Extent().parts
    assert len({part.id for part in parts}) == len(parts) and {part.group for part in parts} == set(GROUPS)


def test_the_whole_is_ahead_fold_by_fold():
    whole, row = Measured(), Measured()
    for measured, values in ((whole, (30.0, 34.0)), (row, (29.0, 31.0))):
        measured.psnr = {name: list(values) for name in ("head", "face", "mouth")}
        measured.sharpness = [0.8, 0.6]
    told = _told(Part("row", "without", "a row", lambda _: []), {"whole": whole, "row": row})
    assert told["psnr"]["face"] == {"mean": 30, "sd": 1, "folds": [29, 31]}
    assert told["wholeAhead"]["face"] == {"mean": 2, "sd": 1}
    assert told["sharpness"] == {"mean": pytest.approx(0.7), "sd": pytest.approx(0.1)}


def test_the_report_of_a_made_person(person: MadePerson, tmp_path: Path):
    few = Extent(trained_on=20, looked_at=2, parts=[ROWS[name] for name in ("warp", "whole", "without-expression")])
    summary = ablate_renderer(job(person, tmp_path / "out"), Reporter.silent(), few)
    report = json.loads(Path(summary["report"]).read_text())
    parts = {part["id"]: part for part in report["parts"]}
    assert report["parts"] == summary["parts"] and report["folds"] == 5 and report["lookedAt"] == 10
    assert all(len(part["psnr"]["face"]["folds"]) == 5 for part in parts.values())
    assert parts["whole"]["wholeAhead"]["face"] == {"mean": 0, "sd": 0}
    # the stripes move with the jaw: who does not know the expression paints the mean of them
    assert parts["whole"]["psnr"]["mouth"]["mean"] > 15
    page = Path(summary["html"]).read_text(encoding="utf-8")
    assert page.count("data:image/jpeg;base64,") == 4 and "http" not in page and "<script" not in page
    assert "Traits without the expression" in page


def test_it_stops_when_asked_and_leaves_nothing(person: MadePerson, tmp_path: Path):
    reporter = Reporter.silent()
    reporter.cancel()
    with pytest.raises(Cancelled):
        ablate(job(person, tmp_path / "out"), reporter)
    assert not (tmp_path / "out").exists()
