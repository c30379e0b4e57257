"""Rows of a window at the price of those rows: the same numbers as the whole computation."""

import numpy as np
import pytest
import torch
from speaking_person import spoken

from likeness_trainer.speech.encoder import Tower
from likeness_trainer.speech.folded import Blocks, FoldedLogMel, FoldedPower
from likeness_trainer.speech.pitch import BINS, FFT, WINDOW, Pitch
from likeness_trainer.speech.sizes import HOP
from likeness_trainer.speech.spectrum import LogMel
from likeness_trainer.speech.window import WindowedTowers


@pytest.fixture(scope="module")
def towers() -> list[Tower]:
    torch.manual_seed(3)
    return [Tower().folded() for _ in range(3)]


@pytest.mark.parametrize(("window", "first", "last"), [(67, 44, 60), (67, 0, 67), (120, 50, 54), (30, 2, 30)])
@pytest.mark.parametrize("count", [1, 3])
def test_rows_of_the_towers_are_those_of_the_whole_window(towers, count: int, window: int, first: int, last: int):
    mel = torch.randn(1, 80, window)
    with torch.no_grad():
        whole = torch.cat([tower.hidden(mel) for tower in towers[:count]], dim=1)
        rows = WindowedTowers(towers[:count], window, first, last).eval()(mel)
    np.testing.assert_allclose(rows.numpy(), whole[..., first:last].numpy(), atol=2e-5)


def test_towers_with_norms_are_refused():
    with pytest.raises(ValueError, match="folded"):
        WindowedTowers([Tower()], 67, 44, 60)


@pytest.fixture(scope="module")
def sound() -> torch.Tensor:
    return torch.from_numpy(spoken()[0][: 100 * HOP])[None]


def test_folded_log_mel_is_the_plain_one(sound: torch.Tensor):
    with torch.no_grad():
        plain, folded = LogMel()(sound)[..., 10:80], FoldedLogMel()(Blocks(sound, 0), 10, 80)
    assert plain.std() > 1
    np.testing.assert_allclose(folded.numpy(), plain.numpy(), atol=2e-3)


def test_folded_pitch_is_the_plain_one_even_where_the_sound_ends(sound: torch.Tensor):
    pitch, power = Pitch(), FoldedPower(np.hanning(WINDOW), FFT, 0, BINS)
    with torch.no_grad():
        plain = [signal[0, 0, 20:101].numpy() for signal in pitch(sound)]
        folded = [signal[0, 0, 2:].numpy() for signal in pitch.of_power(power(Blocks(sound, 3), 18, 101).T[None])]
    voiced = plain[1] > 0.5
    assert 0.2 < voiced.mean() < 0.9
    np.testing.assert_allclose(folded[0][voiced], plain[0][voiced], atol=1e-3)
    np.testing.assert_allclose(folded[1], plain[1], atol=1e-3)
