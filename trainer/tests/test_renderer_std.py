"""The volume's quadrature, the std renderer at its start, and its losses."""

from __future__ import annotations

import math

import pytest
import torch
import torch.nn.functional as F

from likeness_trainer.renderer.discriminators import Discriminators
from likeness_trainer.renderer.std import StdRenderer
from likeness_trainer.renderer.volume import DENSITY_BIAS, optical_depth, sample_weights, triplane_features
from likeness_trainer.training import losses


def inputs(seed: int = 0) -> tuple[torch.Tensor, ...]:
    random = torch.Generator().manual_seed(seed)
    directions = torch.nn.functional.normalize(torch.randn(4096, 3, generator=random), dim=1)
    half_width = torch.rand(4096, 1, generator=random) * 0.2 * (torch.rand(4096, 1, generator=random) > 0.4)
    return (
        torch.rand(4096, 3, generator=random) * 1.4 - 0.7,
        directions,
        half_width,
        torch.rand(1, 36, generator=random) - 0.5,
        torch.rand(1, 256, 256, 2, generator=random) * 2 - 1,
        (torch.rand(1, 3, 256, 256, generator=random) > 0.5).float(),
    )


def test_quadrature_by_hand() -> None:
    # Optical depths ln 2, ln 2, ln 4: each layer lets 1/2, 1/2, 1/4 through.
    tau = torch.tensor([[math.log(2), math.log(2), math.log(4)]])
    weights = sample_weights(tau)[0]
    assert weights.tolist() == pytest.approx([1 / 2, 1 / 4, 3 / 16], abs=1e-6)
    assert weights.sum().item() == pytest.approx(1 - math.exp(-tau.sum().item()), abs=1e-6)


def test_an_inactive_ray_is_transparent_and_samples_do_not_change_opacity() -> None:
    zero = torch.zeros(2, 8)
    tau = optical_depth(zero, torch.tensor([[1.0], [0.0]]))
    assert tau[1].sum() == 0
    # softplus(-3) * 12/7 a sample, eight samples
    assert tau[0].sum().item() == pytest.approx(8 * 12 / 7 * math.log(1 + math.exp(-DENSITY_BIAS)), rel=1e-5)


def test_triplane_lookup_at_a_cell_centre() -> None:
    planes = torch.arange(3 * 1 * 4 * 4, dtype=torch.float32).reshape(3, 1, 4, 4)
    # x, y, z at the centres of cells 1, 2, 3 of four: xy reads row 2 column 1, yz row 3 column 2, xz row 3 column 1.
    point = torch.tensor([[-0.25, 0.25, 0.75]])
    assert triplane_features(planes, point)[0].tolist() == [2 * 4 + 1, 16 + 3 * 4 + 2, 32 + 3 * 4 + 1]


def test_opacity_starts_near_one_half() -> None:
    torch.manual_seed(0)
    model = StdRenderer()
    points, directions, half_width, condition, *_ = inputs()
    alpha = model.march(points[None], directions[None], half_width[None], condition)[0, -1].flatten()
    active = half_width[:, 0] > 0
    assert 0.3 < alpha[active].mean().item() < 0.7
    assert (alpha[~active] == 0).all()


def test_marching_active_rays_equals_the_whole_graph() -> None:
    torch.manual_seed(0)
    model = StdRenderer().eval()
    torch.nn.init.normal_(model.image.leave.weight, std=0.1)
    points, directions, half_width, condition, texture, region = inputs()
    with torch.no_grad():
        whole = model(points, directions, half_width, condition, texture, region)
        features = model.march(points[None], directions[None], half_width[None], condition)
        marched = model.refine(features, condition, texture, region).clamp(0, 1)
    assert whole.shape == (1, 4, 256, 256) and whole.min() >= 0 and whole.max() <= 1
    torch.testing.assert_close(whole, marched, atol=1e-5, rtol=0)


def test_jitter_follows_its_generator() -> None:
    torch.manual_seed(0)
    model = StdRenderer()
    points, directions, half_width, condition, *_ = inputs()

    def marched(seed: int) -> torch.Tensor:
        random = torch.Generator().manual_seed(seed)
        return model.march(points[None], directions[None], half_width[None], condition, random)

    assert torch.equal(marched(3), marched(3))
    assert not torch.equal(marched(3), marched(4))


def test_losses_vanish_only_on_equal_pictures() -> None:
    picture = torch.rand(1, 3, 64, 64)
    assert losses.laplacian_pyramid_l1(picture, picture) == 0
    assert losses.focal_frequency(picture, picture) == 0
    # A constant offset lives in the residue alone: twice its size.
    assert losses.laplacian_pyramid_l1(picture + 0.1, picture).item() == pytest.approx(0.2, abs=1e-5)
    # One wave of amplitude a: its two spectral lines carry all the error, weighed by 1.
    wave = 0.1 * torch.cos(2 * torch.pi * torch.arange(64) / 64 * 5).expand(1, 1, 64, 64)
    line = 0.1 * 64 / 2  # orthonormal transform over 64 x 64
    expected = line**2 / (64 * 33)  # rfft keeps one of the two lines, over 64 x 33 bins
    assert losses.focal_frequency(wave, torch.zeros_like(wave)).item() == pytest.approx(expected, rel=1e-3)


def test_saturated_opacity_still_has_a_gradient() -> None:
    alpha = torch.full((1, 1, 4, 4), 1 - 1e-4, requires_grad=True)
    losses.opacity(alpha, torch.zeros(1, 1, 4, 4)).backward()
    assert alpha.grad is not None and alpha.grad.min() > 1


def test_opacity_is_a_distance_and_a_share_of_the_cross_entropy_even_where_it_is_no_number() -> None:
    alpha, mask = torch.rand(2, 1, 1, 8, 8, generator=torch.Generator().manual_seed(4))
    expected = (alpha - mask).abs().mean() + 0.3 * F.binary_cross_entropy(alpha, mask)
    assert losses.opacity(alpha, mask).item() == pytest.approx(expected.item(), rel=1e-5)
    alpha[0, 0, 3, 3] = torch.nan
    assert losses.opacity(alpha, mask).isnan()


def test_compositing_by_hand() -> None:
    rgba = torch.tensor([0.8, 0.4, 0.2, 0.25]).view(1, 4, 1, 1)
    assert losses.over(rgba, torch.full((1, 3, 1, 1), 0.4)).flatten().tolist() == pytest.approx([0.5, 0.4, 0.35])


def test_discriminators_are_spectrally_normalised() -> None:
    torch.manual_seed(0)
    judges = Discriminators()
    for _ in range(30):
        judges.iterate()
    for layer in judges.face.layers:
        norm = torch.linalg.matrix_norm(layer.weight.flatten(1), 2).item()
        assert norm == pytest.approx(1, abs=0.05)
    score, features = judges.face(torch.rand(2, 3, 144, 144))
    assert score.shape[0] == 2 and len(features) == 4
