"""`evaluate` and `render` over a whole bundle of a made person."""

from __future__ import annotations

import copy
import json
import math
import shutil
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from made_person import FRAMES, MadePerson, give_voice, make_person

from likeness_trainer.appearance.reduction import appearance_of, with_alpha
from likeness_trainer.appearance.sway import KNOTS
from likeness_trainer.appearance.sway_tracking import track_sway
from likeness_trainer.bundle.archive import read_archive
from likeness_trainer.bundle.composite import crop_picture, put_back
from likeness_trainer.bundle.drive import lle_blend, sample, smooth
from likeness_trainer.bundle.export import Trained, export_bundle
from likeness_trainer.bundle.load import Bundle
from likeness_trainer.media import probe
from likeness_trainer.metrics.clip import Clip
from likeness_trainer.metrics.evaluate import evaluate, measure_bundle
from likeness_trainer.metrics.render import render
from likeness_trainer.protocol import Cancelled, Reporter, TrainerError
from likeness_trainer.protocol.job_fields import read
from likeness_trainer.protocol.jobs import EvaluateJob, RenderJob, TrainJob
from likeness_trainer.renderer.fast import FastRenderer
from likeness_trainer.renderer.rig_fit import fit_rig
from likeness_trainer.renderer.std import StdRenderer

HELD_OUT = [40, 41, 42, 43]


@pytest.fixture(scope="module")
def person(tmp_path_factory: pytest.TempPathFactory, ffmpeg: str, ffprobe: str) -> MadePerson:
    """A made person with an untrained avatar: its pictures are the background."""
    made = make_person(tmp_path_factory.mktemp("evaluate"), ffmpeg, ffprobe)
    give_voice(made)
    torch.manual_seed(0)
    export_bundle(
        job=read(TrainJob, made.job),
        track=made.track,
        rig=fit_rig(made.track, made.track.split()[0]),
        seed=0,
        trained=Trained(StdRenderer(), FastRenderer()),
        reporter=Reporter.silent(),
        measure=lambda bundle, part: measure_bundle(bundle, read(TrainJob, made.job), part),
        speech_steps=1,  # how well it speaks is not looked at
    )
    return made


@pytest.fixture(scope="module")
def measured(person: MadePerson, tmp_path_factory: pytest.TempPathFactory) -> dict:
    """What `evaluate` says of it, with a report."""
    job = {**person.job, "reportDir": str(tmp_path_factory.mktemp("report") / "new")}
    return evaluate(read(EvaluateJob, job), Reporter.silent())


def numbers(figures: dict) -> list:
    return [leaf for value in figures.values() for leaf in (numbers(value) if isinstance(value, dict) else [value])]


def test_evaluate_gives_every_figure_for_the_avatar_and_every_baseline(measured: dict):
    result = {name: value for name, value in measured.items() if name != "report"}
    assert result["frames"] == len(HELD_OUT)
    figures = {"psnr", "ssim", "sharpness", "cpbd", "lmd", "apertureR", "closure", "jitter", "change", "flicker"}
    figures |= {"person", "follows", "spoken", "native", "fps"}
    assert set(result) == figures | {"frames", "baselines", "encoders", "fast", "truth", "turns"}
    assert set(result["encoders"]) == {"embedded"}  # it was trained without another
    assert len(result["turns"]["turns"]) == 12
    assert set(result["baselines"]) == {"nearest", "warp", "mean", "instant"}
    assert all(set(figures_of) == figures for figures_of in result["baselines"].values())
    assert all(value is None or math.isfinite(value) for value in numbers({**result, "turns": {}}))
    json.dumps(result, allow_nan=False)
    # an untrained avatar must not look good, the warped nearest frame must
    warped, untrained = result["baselines"]["warp"], result
    assert warped["psnr"]["face"] > untrained["psnr"]["face"] + 5
    assert warped["psnr"]["face"] > result["baselines"]["nearest"]["psnr"]["face"]
    assert warped["ssim"]["face"] > untrained["ssim"]["face"]
    assert warped["person"] > untrained["person"] + 5
    assert result["fps"] > 0 and result["baselines"]["warp"]["fps"] is None
    # the source's own crop is 260 pixels wide: hardly more than what was measured anyway
    assert result["truth"]["native"] == {
        "side": 260,
        "frames": len(HELD_OUT),
        "cpbd": result["truth"]["native"]["cpbd"],
    }
    assert warped["native"]["psnr"]["face"] == pytest.approx(warped["psnr"]["face"], abs=3)
    assert untrained["native"]["psnr"]["face"] == pytest.approx(untrained["psnr"]["face"], abs=0.5)


def test_the_report_shows_every_column_and_nothing_from_elsewhere(measured: dict, ffprobe: str):
    folder = Path(measured["report"]["html"]).parent
    assert sorted(path.name for path in folder.iterdir()) == ["film.mp4", "report.html", "report.json"]
    assert json.loads((folder / "report.json").read_text()) == {
        name: value for name, value in measured.items() if name != "report"
    }
    html = (folder / "report.html").read_text(encoding="utf-8")
    for column in ("filmed", "nearest frame", "warped", "mean of 8 warps", "closed form", "trained"):
        assert f'<th scope="col">{column}</th>' in html
    assert '<th scope="row">the embedded encoder, as above</th>' in html
    assert html.count("data:image/jpeg;base64,") == 4 and 'src="film.mp4"' in html
    assert "http" not in html and "<script" not in html
    film = probe(ffprobe, measured["report"]["film"])
    assert (film.width, film.height, film.frames, film.has_audio) == (6 * 256, 28 + 2 * 256, len(HELD_OUT), True)


def test_the_bundles_report_is_what_evaluate_says(person: MadePerson, measured: dict):
    report, result = Bundle.load(person.job["avatarPath"]).report, copy.deepcopy(measured)
    for figures in (report, result):
        figures.pop("fps"), figures["fast"].pop("fps")
    for figures in (result, *result["baselines"].values()):
        figures.pop("native")  # which costs too much at the end of each training
    result.pop("truth"), result.pop("turns"), result.pop("report")
    assert report == json.loads(json.dumps(result))


def test_an_avatar_is_drawn_by_the_form_that_is_better_on_held_out_frames(person: MadePerson, tmp_path: Path):
    job, silent = read(TrainJob, {**person.job, "avatarPath": str(tmp_path / "both.likeness")}), Reporter.silent()
    clip = Clip(Bundle.load(person.job["avatarPath"]), job)
    train = clip.split()[0].tolist()
    pictures, masks = clip.pictures(train, silent), clip.masks(train, silent)
    controls = [clip.control(frame) for frame in train]
    appearance = appearance_of(clip.rig, controls, lambda row: (pictures[train[row]], masks[train[row]]))
    both, report = export_bundle(
        job=job,
        track=person.track,
        rig=clip.rig,
        seed=0,
        trained=Trained(StdRenderer(), FastRenderer()),
        reporter=silent,
        measure=lambda bundle, part: measure_bundle(bundle, job, part),
        appearance=appearance.content,
        speech_steps=1,
    )
    bundle = Bundle.load(both)
    assert report["draws"] == bundle.draws == bundle.manifest["draws"] == "closed"
    assert report["psnr"] == report["closed"]["psnr"] == report["baselines"]["instant"]["psnr"]
    assert report["psnr"]["face"] > report["std"]["psnr"]["face"] + 5  # which is untrained
    control = clip.control(HELD_OUT[0])
    np.testing.assert_allclose(bundle.draw(control), appearance.draw(clip.rig, control), atol=1e-4)

    assert "sway" not in report and bundle.idle.sway is None
    manifest, files = read_archive(both)

    # A sway is kept where held-out frames look better with it, and measured beside what controls alone say. In a form
    # that looks two places beside the right one there is something to be tracked.
    beside = replace(appearance, corners=appearance.corners + np.array([2, 0], np.float32))
    still = np.zeros((len(person.track), KNOTS, KNOTS, 2), np.float32)
    tracked, shaken = still.copy(), still + 5 * np.random.default_rng(0).standard_normal(still.shape).astype(np.float32)
    seen, masked = clip.pictures(HELD_OUT, silent), clip.masks(HELD_OUT, silent)
    for frame in HELD_OUT:
        picture = with_alpha(seen[frame], masked[frame])
        tracked[frame] = track_sway(beside, clip.rig, clip.control(frame), picture, masked[frame])
    for sway, kept in ((tracked, True), (shaken, False)):
        path, swaying = export_bundle(
            job=job,
            track=person.track,
            rig=clip.rig,
            seed=0,
            reporter=silent,
            measure=lambda bundle, part: measure_bundle(bundle, job, part),
            appearance=beside.content,
            sway=lambda sway=sway: sway,
            speech_steps=1,
        )
        assert swaying["psnr"] == swaying["closed"]["psnr"]
        assert ("sway" in swaying, Bundle.load(path).has_sway) == (kept, kept)
        assert not kept or swaying["sway"]["psnr"]["head"] > swaying["psnr"]["head"] + 2

    # One that was never trained holds the closed form alone, and is measured all the same.
    untrained = Bundle(manifest, {name: files[name] for name in files if not name.startswith("render")})
    assert untrained.forms == ("closed",) and untrained.draws == "closed"
    alone = measure_bundle(untrained, job, silent)
    assert alone["psnr"] == report["psnr"] and alone["draws"] == "closed" and not {"std", "fast"} & set(alone)


def test_a_clip_without_sound_has_no_speech_figures(person: MadePerson, tmp_path: Path):
    silent = tmp_path / "analysis"
    shutil.copytree(person.job["analysisDir"], silent)
    (silent / "audio16k.wav").unlink()
    job = {**person.job, "analysisDir": str(silent)}
    result = evaluate(read(EvaluateJob, job), Reporter.silent())
    for figures in (result, *result["baselines"].values()):
        assert figures["apertureR"] is None
        assert figures["closure"] == {"precision": None, "recall": None}
    with pytest.raises(TrainerError) as raised:
        asked = {**job, "outDir": str(tmp_path), "split": "test", "drive": "speech", "size": "crop"}
        render(read(RenderJob, asked), Reporter.silent())
    assert raised.value.code == "no-audio"


def test_evaluate_stops_when_asked_and_refuses_another_video(person: MadePerson, ffmpeg: str, tmp_path: Path):
    reporter = Reporter.silent()
    reporter.cancel()
    with pytest.raises(Cancelled):
        evaluate(read(EvaluateJob, person.job), reporter)
    import subprocess

    short = str(tmp_path / "short.mkv")
    subprocess.run(
        [ffmpeg, "-v", "error", "-i", person.job["source"], "-frames:v", "30", "-c", "copy", short], check=True
    )
    with pytest.raises(TrainerError, match="44 frames"):
        evaluate(read(EvaluateJob, {**person.job, "source": short}), Reporter.silent())


@pytest.mark.parametrize("drive", ["track", "speech"])
def test_render_names_pictures_by_source_frame(person: MadePerson, tmp_path: Path, drive: str):
    job = {**person.job, "outDir": str(tmp_path), "split": "test", "drive": drive, "size": "source"}
    assert render(read(RenderJob, job), Reporter.silent()) == {"dir": str(tmp_path), "frames": len(HELD_OUT)}
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"{frame:06d}.png" for frame in HELD_OUT]
    picture = cv2.cvtColor(cv2.imread(str(tmp_path / "000041.png")), cv2.COLOR_BGR2RGB)
    assert picture.shape == (320, 320, 3)
    filmed = person.frames[41]
    x0, y0, size = (int(v) for v in person.track.crop[41])
    outside = np.ones((320, 320), bool)
    outside[y0 : y0 + size, x0 : x0 + size] = False
    np.testing.assert_array_equal(picture[outside], filmed[outside])
    assert (
        np.abs(picture[150, 160].astype(int) - filmed[150, 160]).max() > 10
    )  # the untrained head is not the filmed one


def test_render_crop_puts_the_truth_beside(person: MadePerson, tmp_path: Path):
    job = {**person.job, "outDir": str(tmp_path), "split": "train", "drive": "track", "size": "crop"}
    assert render(read(RenderJob, job), Reporter.silent())["frames"] == FRAMES - len(HELD_OUT)
    truth = cv2.cvtColor(cv2.imread(str(tmp_path / "truth-000007.png")), cv2.COLOR_BGR2RGB)
    np.testing.assert_array_equal(truth, crop_picture(person.frames[7], person.track.crop[7]))
    assert cv2.imread(str(tmp_path / "000007.png")).shape == (256, 256, 3)
    assert len(list(tmp_path.iterdir())) == 2 * (FRAMES - len(HELD_OUT))


def test_the_crop_keeps_pixels_in_their_place():
    """A ramp is linear, so every sample of it is known: value = x + 2 y at pixel centres."""
    rows, columns = np.mgrid[:200, :200] + 0.5
    ramp = (0.4 * columns + 0.6 * rows).astype(np.float32)
    for crop in ((20.0, 30.0, 128.0), (10.5, 20.25, 150.0), (0.0, 0.0, 200.0)):
        centres = (np.arange(256) + 0.5) * crop[2] / 256
        expected = 0.4 * (crop[0] + centres)[None] + 0.6 * (crop[1] + centres)[:, None]
        inner = slice(4, -4)  # the picture's edge is repeated, a ramp goes on
        np.testing.assert_allclose(crop_picture(ramp, np.array(crop))[inner, inner], expected[inner, inner], atol=0.05)


def test_a_crop_put_back_shows_the_picture_again():
    smooth_picture = cv2.GaussianBlur(
        np.random.default_rng(0).integers(0, 256, (300, 320, 3)).astype(np.uint8), (0, 0), 4
    )
    for crop in ((40.0, 30.0, 200.0), (-10.0, 60.5, 333.0)):
        again = put_back(smooth_picture, crop_picture(smooth_picture, np.array(crop)), np.array(crop))
        assert np.abs(again.astype(int) - smooth_picture).mean() < 0.6
    sharp = np.random.default_rng(1).integers(0, 256, (300, 320, 3)).astype(np.uint8)
    crop = np.array((20, 10, 280.0))  # of as many pixels as the source's: nothing is sampled between two
    np.testing.assert_array_equal(put_back(sharp, crop_picture(sharp, crop, 280), crop), sharp)
    black = put_back(smooth_picture, np.zeros((256, 256, 3), np.uint8), np.array((-10.0, 60.5, 333.0)))
    assert black[200, 160].max() == 0 and black[299, 0].max() == 0  # no rim where the crop runs over the picture's edge
    np.testing.assert_array_equal(black[:60], smooth_picture[:60])


def test_speech_rows_are_read_at_their_times():
    rows = np.arange(10.0)[:, None] * [1, -2]
    np.testing.assert_allclose(sample(rows, np.array([0.035, -1, 9])), [[3.5, -7], [0, 0], [9, -18]])


def test_smoothing_leaves_a_closure_closed():
    signal = np.ones((21, 1))
    signal[10] = 0
    blurred = smooth(signal, 1.0, np.zeros(21))
    assert blurred[10, 0] == pytest.approx(1 - 0.39905, abs=1e-4)  # the kernel's middle weight at sigma 1, cut at 3
    assert blurred.sum() == pytest.approx(20)
    kept = smooth(signal, 1.0, 1 - signal[:, 0])
    assert kept[10, 0] == 0


def test_lle_rebuilds_what_lies_between_known_rows():
    rng = np.random.default_rng(0)
    bank = rng.normal(size=(50, 64))
    # a point of the bank, and the middle of two near ones, stay where they are
    known = bank[7:8]
    np.testing.assert_allclose(lle_blend(known, bank), known, atol=0.02)
    # a point far off is pulled a fifth of the way to an affine mix of its neighbours
    far = 5 * rng.normal(size=(1, 64))
    moved = lle_blend(far, bank) - far
    nearest = bank[np.argsort(((bank - far) ** 2).sum(1))[:10]]
    projected = far + 5 * moved
    mix, *_ = np.linalg.lstsq(np.vstack([nearest.T, np.ones(10)]), np.append(projected[0], 1), rcond=None)
    np.testing.assert_allclose(nearest.T @ mix, projected[0], atol=1e-6)
    assert mix.sum() == pytest.approx(1)
