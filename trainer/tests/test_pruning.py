"""The fast renderer without what hardly says anything draws the same, from fewer channels."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from made_person import made_track

from likeness_trainer.bundle import contents
from likeness_trainer.protocol import Reporter
from likeness_trainer.renderer.fast import FastBlock, FastRenderer
from likeness_trainer.renderer.fast_inputs import texel_centres
from likeness_trainer.renderer.proxies import Proxies, control_of, frame_proxies
from likeness_trainer.renderer.pruning import kept_channels, pruned
from likeness_trainer.renderer.rig_fit import fit_rig


@pytest.fixture(scope="module")
def frames() -> list[Proxies]:
    track = made_track()
    rig = fit_rig(track, np.arange(40))
    return [frame_proxies(rig, control_of(track, frame)) for frame in (2, 9, 16)]


@pytest.fixture(scope="module")
def whole() -> FastRenderer:
    """One in whose first block every other channel says nothing, and in whose last one all but three."""
    torch.manual_seed(0)
    model = FastRenderer().eval()
    torch.nn.init.normal_(model.trunk.leave.weight, std=0.1)
    with torch.no_grad():
        first, *_, last = blocks(model)
        first.second.weight[:, 1::2] = 0
        last.first.weight[3:] = 0
        last.first.bias[3:] = -1  # type: ignore[index]
    return model


def drawn(model: FastRenderer, proxies: Proxies) -> torch.Tensor:
    texture = texel_centres(proxies.texture)[None]
    arrays = (proxies.points, proxies.directions, proxies.half_width, proxies.condition[None], texture)
    with torch.no_grad():
        return model(*(torch.from_numpy(array) for array in arrays))


def blocks(model: FastRenderer) -> list[FastBlock]:
    return [block for block in model.trunk.modules() if isinstance(block, FastBlock)]


def widths(model: FastRenderer) -> list[int]:
    return [block.first.out_channels for block in blocks(model)]


def test_the_quietest_go_as_far_as_they_make_up_no_more_than_is_said():
    loud = torch.tensor([9.0, 0, 40, 1, 20, 30] + [0.0] * 14)  # of 100, 1 is the quietest that says anything
    kept = kept_channels(loud, 0.005).tolist()
    assert {0, 2, 3, 4, 5} < set(kept) and len(kept) == 8 and kept == sorted(kept)
    many = torch.cat([torch.full((16,), 5.9), torch.full((8,), 0.7)])  # 94.4 and 5.6
    assert kept_channels(many, 0.06).tolist() == list(range(16))
    assert len(kept_channels(many, 0.05)) == 24  # one of the eight has to stay, and the step with it
    assert len(kept_channels(torch.zeros(64), 0.02)) == 8


def test_channels_that_say_nothing_are_gone_and_the_picture_is_the_same(whole: FastRenderer, frames: list[Proxies]):
    fewer = pruned(whole, frames, quiet=1e-6)
    assert widths(whole) == [64, 64, 64, 32, 32]
    assert widths(fewer)[0] <= 32 < widths(fewer)[1] and widths(fewer)[4] == 8
    torch.testing.assert_close(drawn(fewer, frames[1]), drawn(whole, frames[1]), atol=1e-5, rtol=0)


def test_what_an_avatar_holds_is_pruned(whole: FastRenderer, frames: list[Proxies], monkeypatch: pytest.MonkeyPatch):
    made: list[FastRenderer] = []

    class Stopped(Exception):
        pass

    def graph(model: FastRenderer) -> None:
        made.append(model)
        raise Stopped

    monkeypatch.setattr(contents, "FastGraph", graph)
    with pytest.raises(Stopped):
        contents.fast_bytes(whole, frames, Reporter.silent())
    assert widths(made[0])[0] <= 32 and widths(made[0])[4] == 8
