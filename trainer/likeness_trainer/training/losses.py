"""What the renderers are trained on: image distances, opacity, smoothness and the adversarial game."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

Image = Float[Tensor, "batch channels h w"]


def blur(image: Image) -> Image:
    """Binomial 5x5 (Burt and Adelson 1983), separable, edges reflected."""
    kernel = torch.tensor([1.0, 4.0, 6.0, 4.0, 1.0], device=image.device, dtype=image.dtype) / 16
    channels = image.shape[1]
    wide = F.pad(image, (2, 2, 2, 2), "reflect")
    rows = F.conv2d(wide, kernel.view(1, 1, 1, 5).expand(channels, 1, 1, 5), groups=channels)
    return F.conv2d(rows, kernel.view(1, 1, 5, 1).expand(channels, 1, 5, 1), groups=channels)


def laplacian_pyramid_l1(a: Image, b: Image, levels: int = 4) -> Tensor:
    """L1 between Laplacian pyramids; coarser bands weigh twice the next finer, the residue 2."""
    difference = a - b
    total = difference.new_zeros(())
    for level in range(levels):
        low = blur(difference)
        total = total + (difference - low).abs().mean() * (2**level * 0.5)
        difference = F.avg_pool2d(low, 2)
    return total + difference.abs().mean() * 2


def focal_frequency(a: Image, b: Image) -> Tensor:
    """Spectral distance that weighs the frequencies most wrong (Jiang et al. 2021)."""
    amplitude = torch.fft.rfft2(a - b, norm="ortho").abs()
    weight = (amplitude / amplitude.amax().clamp_min(1e-8)).detach()
    return (weight * amplitude**2).mean()


def opacity(alpha: Image, mask: Image) -> Tensor:
    """L1 + 0.3 binary cross-entropy against the person mask.

    The clamp is 1e-5: at 1e-3 a ray saturated to the wrong side has no gradient left to come back. Written out, since
    torch's own ends the program where alpha is no number, and a training goes back to its checkpoint then.
    """
    sure = alpha.clamp(1e-5, 1 - 1e-5)
    crossed = -(mask * sure.log() + (1 - mask) * (1 - sure).log()).mean()
    return (alpha - mask).abs().mean() + 0.3 * crossed


def total_variation(planes: Float[Tensor, "3 channels side side"]) -> Tensor:
    """Mean squared difference of neighbouring cells."""
    return (planes[:, :, 1:] - planes[:, :, :-1]).square().mean() + (planes[..., 1:] - planes[..., :-1]).square().mean()


def over(rgba: Float[Tensor, "batch 4 h w"], background: Float[Tensor, "batch 3 h w"]) -> Float[Tensor, "batch 3 h w"]:
    """Composite over a background; alpha clamped to 0..1."""
    alpha = rgba[:, 3:4].clamp(0, 1)
    return rgba[:, :3] * alpha + background * (1 - alpha)


def hinge_discriminator(real: Tensor, fake: Tensor) -> Tensor:
    """Lim and Ye 2017."""
    return F.relu(1 - real).mean() + F.relu(1 + fake).mean()


def feature_matching(fake: list[Tensor], real: list[Tensor]) -> Tensor:
    """L1 between discriminator features (Salimans et al. 2016)."""
    return torch.stack([(f - r.detach()).abs().mean() for f, r in zip(fake, real)]).sum()
