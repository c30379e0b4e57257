"""What the renderers start from: std with the mean detail of the pictures, the fast one with what std makes of its
texture."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
import torch.nn.functional as F
from synthetic_clip import write_clip

from likeness_trainer.protocol import Reporter
from likeness_trainer.protocol.jobs import AnalysedJob
from likeness_trainer.renderer.fast import FastRenderer
from likeness_trainer.renderer.rig_fit import fit_rig
from likeness_trainer.renderer.std import StdRenderer
from likeness_trainer.tracking.track_file import Track
from likeness_trainer.training import fast_start
from likeness_trainer.training.batches import Batch, Batches
from likeness_trainer.training.crops import prepare_crops
from likeness_trainer.training.detail_start import start_with_detail
from likeness_trainer.training.fast_start import start_from
from likeness_trainer.training.train import training_frames


@pytest.fixture(scope="module")
def pieces(tmp_path_factory: pytest.TempPathFactory, ffmpeg: str, ffprobe: str) -> list[Batch]:
    directory = tmp_path_factory.mktemp("clip")
    source, analysis = write_clip(directory, ffmpeg, frames=33, side=256)
    job = AnalysedJob(producer="", ffmpeg=ffmpeg, ffprobe=ffprobe, source=source, analysis_dir=Path(analysis))
    track = Track.load(Path(analysis) / "track.safetensors")
    frames, _ = training_frames(track, 24)
    crops = prepare_crops(job, track, frames, directory / "crops", Reporter.silent())
    batches = Batches(fit_rig(track, frames), track, crops, frames, 2, 1, 0, torch.device("cpu"))
    return [piece for step in range(8) for piece in batches.at(step)]


def coarse_of(batch: Batch) -> torch.Tensor:
    """What the best 64x64 volume could show, with its alpha."""
    return F.avg_pool2d(torch.cat([batch.picture, batch.mask], 1), 4)


def features_of(batch: Batch) -> torch.Tensor:
    coarse = coarse_of(batch)
    empty = coarse.new_zeros(len(coarse), 21, 64, 64)
    return torch.cat([coarse[:, :3], empty, coarse[:, 3:]], 1)


def test_detail_makes_a_perfect_volume_better_where_the_mesh_is_and_is_nothing_elsewhere(pieces: list[Batch]) -> None:
    torch.manual_seed(0)
    model, unseen = StdRenderer(), pieces[-1]
    before = model.refine(features_of(unseen), unseen.condition, unseen.texture, unseen.region)
    start_with_detail(model, pieces[:-1])
    after = model.refine(features_of(unseen), unseen.condition, unseen.texture, unseen.region)

    on_mesh = unseen.region[:, :1] * unseen.mask
    error_before, error_after = (((made[:, :3] - unseen.picture).abs() * on_mesh).sum() for made in (before, after))
    assert error_after < 0.9 * error_before
    nowhere = 1 - unseen.region.sum(1, keepdim=True)
    assert ((after - before).abs() * nowhere).max() < 1e-5
    assert torch.equal(after[:, 3], before[:, 3])  # opacity is left to the training


def test_the_fast_renderer_starts_with_what_std_adds_to_its_volume(
    pieces: list[Batch], monkeypatch: pytest.MonkeyPatch
) -> None:
    torch.manual_seed(0)
    std = StdRenderer().eval()
    start_with_detail(std, pieces[:-1])
    unseen = pieces[-1]
    wanted = added_by(
        std.refine(features_of(unseen), unseen.condition, unseen.texture, unseen.region), coarse_of(unseen)
    )

    def start(hand_on: bool) -> torch.Tensor:
        torch.manual_seed(1)
        fast = FastRenderer().eval()
        with monkeypatch.context() as patch:
            if not hand_on:
                patch.setattr(fast_start, "_hand_on_texture", lambda *_: None)
            start_from(fast, std, pieces[:4])
        with torch.no_grad():
            rays = fast.march(unseen.points, unseen.directions, unseen.half_width, unseen.condition)
            return added_by(fast.refine(rays, unseen.texels), rays[:, -4:])

    assert wanted.abs().mean() > 1e-4
    assert (start(hand_on=False) == 0).all()
    assert (start(hand_on=True) - wanted).abs().mean() < 0.5 * wanted.abs().mean()


def added_by(picture: torch.Tensor, coarse: torch.Tensor) -> torch.Tensor:
    """The residual that an image module gave."""
    return (picture - F.interpolate(coarse, scale_factor=4.0, mode="bilinear", align_corners=False)).detach()
