"""The 8-bit fast graph shows what its single-precision form shows, and uses the atlas without loss of its place."""

from __future__ import annotations

from dataclasses import asdict
from itertools import cycle, islice

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
import torch.nn.functional as F
from made_person import made_track, paint

from likeness_trainer.bundle.composite import crop_picture
from likeness_trainer.bundle.fast_graph import TEXTURE_ZERO, Enlarge, FastGraph, texture_bytes, trace_fast
from likeness_trainer.bundle.quantise import quantise
from likeness_trainer.renderer.fast import FastRenderer
from likeness_trainer.renderer.fast_inputs import fast_inputs, texel_centres
from likeness_trainer.renderer.proxies import Proxies, control_of, frame_proxies
from likeness_trainer.renderer.rig_fit import fit_rig

TRAINED, UNSEEN = (2, 9, 16, 23, 30), (6, 20, 41)
STEPS = 60


def model_inputs(proxies: Proxies) -> list[torch.Tensor]:
    arrays = [
        proxies.points,
        proxies.directions,
        proxies.half_width,
        proxies.condition[None],
        texel_centres(proxies.texture)[None],
    ]
    return [torch.from_numpy(array) for array in arrays]


def over_grey(rgba: np.ndarray) -> np.ndarray:
    return rgba[..., :3] * rgba[..., 3:] + 0.5 * (1 - rgba[..., 3:])


def decibel(a: np.ndarray, b: np.ndarray) -> float:
    return -10 * float(np.log10(np.mean((a - b) ** 2)))


@pytest.fixture(scope="module")
def made() -> tuple[dict[int, Proxies], dict[int, np.ndarray]]:
    """Proxies, and pictures with the person's mask [256,256,4] 0..1, of a painted person before grey."""
    track = made_track()
    rig = fit_rig(track, np.arange(40))
    grey = np.full((320, 320, 3), 128, np.uint8)
    frames = TRAINED + UNSEEN
    return (
        {frame: frame_proxies(rig, control_of(track, frame)) for frame in frames},
        {
            frame: crop_picture(np.dstack(paint(track, frame, grey)), track.crop[frame]).astype(np.float32) / 255
            for frame in frames
        },
    )


@pytest.fixture(scope="module")
def trained(made: tuple[dict[int, Proxies], dict[int, np.ndarray]]) -> FastRenderer:
    """A fast renderer after a few steps on the painted person."""
    proxies, pictures = made
    torch.manual_seed(0)
    model = FastRenderer().train()
    slow = [weight for name, weight in model.named_parameters() if name.startswith("trunk")]
    quick = [weight for name, weight in model.named_parameters() if not name.startswith("trunk")]
    optimiser = torch.optim.Adam([{"params": slow, "lr": 1e-3}, {"params": quick, "lr": 1e-2}])
    for frame in islice(cycle(TRAINED), STEPS):
        points, directions, half_width, condition, texture = model_inputs(proxies[frame])
        rays = model.march(points[None], directions[None], half_width[None], condition)
        rgba = model.refine(rays, texture)  # before clamping, which would stop the gradient
        truth = torch.from_numpy(pictures[frame]).permute(2, 0, 1)[None]
        person = truth[:, 3:]
        loss = (person * (rgba - truth)[:, :3]).abs().mean() + (rgba - truth)[:, 3:].abs().mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return model.eval()


@pytest.fixture(scope="module")
def graphs(trained: FastRenderer, made: tuple[dict[int, Proxies], dict[int, np.ndarray]]) -> dict[str, bytes]:
    graph = FastGraph(trained)
    frames = [asdict(fast_inputs(made[0][frame])) for frame in TRAINED]
    single = trace_fast(graph, frames[0])
    return {
        "single": single.SerializeToString(),
        "eight bits": quantise(single, frames, graph.texture_scale),
    }


def run(graph: bytes, proxies: Proxies) -> np.ndarray:
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    rgba = np.asarray(session.run(["rgba"], asdict(fast_inputs(proxies)))[0])
    assert rgba.dtype == np.uint8 and rgba.shape == (1, 256, 256, 4)
    return rgba[0].astype(np.float32) / 255


def test_the_rewritten_graph_is_the_model(trained: FastRenderer, graphs: dict[str, bytes], made):
    for frame in UNSEEN:
        proxies = made[0][frame]
        with torch.no_grad():
            expected = trained(*model_inputs(proxies))[0].permute(1, 2, 0).numpy()
        assert expected[..., 3].max() > 0.5
        # half a grey level is the rounding of the output; the texture's 8 bits add a little, its few clipped texels
        # more
        off = np.abs(run(graphs["single"], proxies) - expected)
        assert np.quantile(off, 0.999) < 1.5 / 255 and off.max() < 8 / 255


def test_eight_bits_cost_less_than_a_tenth_of_a_decibel(trained: FastRenderer, graphs: dict[str, bytes], made):
    for frame in UNSEEN:
        proxies, truth = made[0][frame], made[1][frame][..., :3]
        with torch.no_grad():
            single = trained(*model_inputs(proxies))[0].permute(1, 2, 0).numpy()
        reached = decibel(over_grey(single), truth)
        assert reached > 20  # an untrained one has 11, plain grey 19.7
        assert decibel(over_grey(run(graphs["eight bits"], proxies)), truth) > reached - 0.1
        assert decibel(run(graphs["eight bits"], proxies), single) > 50


def test_every_convolution_runs_in_integers(graphs: dict[str, bytes]):
    model = onnx.load_model_from_string(graphs["eight bits"])
    producer = {output: node for node in model.graph.node for output in node.output}
    stored = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    convolutions = [node for node in model.graph.node if node.op_type == "Conv"]
    assert len(convolutions) == 15  # enter, 6, up, texture, 4, leave, and the enlargement
    for node in convolutions:
        assert {producer[name].op_type for name in node.input[:2]} == {"DequantizeLinear"}
        assert stored[producer[node.input[1]].input[0]].dtype == np.int8


def test_the_enlargement_is_bilinear():
    picture = torch.rand(1, 4, 64, 64)
    with torch.no_grad():
        enlarged = Enlarge(4)(picture)
    expected = F.interpolate(picture, scale_factor=4.0, mode="bilinear", align_corners=False)
    torch.testing.assert_close(enlarged, expected, atol=1e-6, rtol=0)


def test_texture_bytes_return_the_table_within_half_a_step():
    table = torch.randn(1000, 8) * 0.1
    table[0] = 0
    stored, scale = texture_bytes(table)
    assert (stored[0] == TEXTURE_ZERO).all()
    back = (stored.float() - TEXTURE_ZERO) * scale
    clipped = table.abs() > 127 * scale
    assert clipped.float().mean() < 2e-4
    assert (back - table)[~clipped].abs().max() <= scale / 2 + 1e-6


def test_texels_are_rows_of_the_doubled_atlas(made):
    """Read by hand: the table's row of a pixel is where its atlas position points, in the folded order."""
    model = FastRenderer()
    proxies = made[0][2]
    texels = fast_inputs(proxies).texels.reshape(128, 128, 2, 2)
    table = model.texture_table().detach()
    with torch.no_grad():
        sampled = F.grid_sample(
            model.atlas, torch.from_numpy(texel_centres(proxies.texture))[None], align_corners=False
        )[0]
    for y, x in ((100, 128), (131, 77), (200, 140), (0, 0)):
        row = texels[y // 2, x // 2, y % 2, x % 2]
        if proxies.region[y, x] == 0:
            assert row == 0
            continue
        column = int((proxies.texture[y, x, 0] + 1) / 2 * 1792)
        assert row == 1 + int((proxies.texture[y, x, 1] + 1) / 2 * 1024) * 1792 + column
        torch.testing.assert_close(table[row], sampled[:, y, x], atol=1e-5, rtol=0)
