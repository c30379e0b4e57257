"""The fast renderer: its shuffles, its texture table, and its start from std."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F

from likeness_trainer.renderer.fast import FEATURES, FastRenderer, depth_to_space, space_to_depth
from likeness_trainer.renderer.fast_inputs import TABLE_COLUMNS, texel_centres, texel_rows


def test_depth_to_space_by_hand() -> None:
    # One pixel of channels (dy, dx, c) becomes a 2x2 block.
    pixel = torch.arange(8.0).view(1, 8, 1, 1)
    block = depth_to_space(pixel, 2)
    assert block[0, 0].tolist() == [[0, 2], [4, 6]]
    assert block[0, 1].tolist() == [[1, 3], [5, 7]]
    image = torch.rand(2, 3, 8, 12)
    assert torch.equal(depth_to_space(space_to_depth(image, 4), 4), image)


def test_texture_table_holds_what_the_graph_samples() -> None:
    torch.manual_seed(0)
    model = FastRenderer()
    texture = (np.random.default_rng(0).random((256, 256, 2), np.float32) * 1.8 - 0.9).astype(np.float32)
    rows = texel_rows(texture, np.ones((256, 256), np.uint8))
    with torch.no_grad():
        looked_up = model.texture_table()[torch.from_numpy(rows).long().flatten()]
        grid = torch.from_numpy(texel_centres(texture))[None]
        sampled = F.grid_sample(model.atlas, grid, align_corners=False, padding_mode="zeros")
    torch.testing.assert_close(looked_up, sampled[0].flatten(1).t(), atol=1e-5, rtol=0)
    assert rows.max() <= 1024 * TABLE_COLUMNS


def test_empty_rays_share_one_feature_and_no_alpha() -> None:
    torch.manual_seed(0)
    model = FastRenderer().eval()
    points, directions = torch.rand(1, 4096, 3) - 0.5, F.normalize(torch.randn(1, 4096, 3), dim=2)
    half_width = torch.zeros(1, 4096, 1)
    half_width[:, 100] = 0.1
    with torch.no_grad():
        rays = model.march(points, directions, half_width, torch.rand(1, 36)).flatten(2)[0]
    empty = torch.arange(4096) != 100
    assert (rays[-1, empty] == 0).all() and rays[-1, 100] > 0
    assert torch.equal(rays[:FEATURES, empty], rays[:FEATURES, :1].expand(-1, 4095))


def test_output_is_a_picture() -> None:
    torch.manual_seed(0)
    model = FastRenderer().eval()
    with torch.no_grad():
        rgba = model(
            torch.rand(4096, 3) - 0.5,
            F.normalize(torch.randn(4096, 3), dim=1),
            torch.full((4096, 1), 0.1),
            torch.rand(1, 36),
            torch.rand(1, 256, 256, 2) * 2 - 1,
        )
    assert rgba.shape == (1, 4, 256, 256) and rgba.min() >= 0 and rgba.max() <= 1
