"""HuBERT reads published checkpoints and computes what the published model computes."""

from pathlib import Path

import numpy as np
import pytest
import torch

from likeness_trainer.protocol import TrainerError
from likeness_trainer.speech.hubert import Hubert, HubertShape, halved, hubert_rows, load_hubert

SHAPE = HubertShape(
    convolution=16, hidden=128, feed_forward=96, layers=3, heads=2, position_kernel=16, position_groups=4
)
# Rows 0, 20 and 48, first four channels of every layer, by the published model as Hugging Face's transformers 5
# computes it on `checkpoint` and `waveform` below.
GOLDEN_ROWS = (0, 20, 48)
GOLDEN = (
    (
        (-0.3982, 0.3983, 0.0015, 0.2645),
        (-0.4118, 0.2573, 0.0754, 0.258),
        (-0.3609, 0.3248, 0.0062, 0.225),
    ),
    (
        (0.1528, -1.2276, -1.0045, -0.9141),
        (0.0837, -1.3211, -0.9714, -0.9613),
        (0.1967, -1.333, -1.0133, -1.0315),
    ),
    (
        (-0.9763, -1.3699, -2.0203, -1.3909),
        (-1.0339, -1.4625, -1.9911, -1.4555),
        (-0.9146, -1.4838, -2.0346, -1.5644),
    ),
    (
        (-0.4712, -0.3837, -1.3489, -1.4218),
        (-0.507, -0.4669, -1.3441, -1.471),
        (-0.4367, -0.4466, -1.3983, -1.5437),
    ),
)


def checkpoint() -> dict[str, torch.Tensor]:
    """Small random weights under the published names."""
    rng = np.random.default_rng(7)
    weights = {}
    for name, value in sorted(Hubert(SHAPE).state_dict().items()):
        random = torch.from_numpy(rng.normal(0, 0.08, tuple(value.shape)).astype(np.float32))
        if name == "encoder.pos_conv_embed.conv.weight":
            weights["encoder.pos_conv_embed.conv.weight_v"] = random
            weights["encoder.pos_conv_embed.conv.weight_g"] = torch.full((1, 1, SHAPE.position_kernel), 0.7)
        else:
            weights[name] = random + (1.0 if name.endswith("norm.weight") else 0.0)
    return {**weights, "masked_spec_embed": torch.zeros(SHAPE.hidden)}


def waveform() -> np.ndarray:
    time = np.arange(16000) / 16000
    voice = 0.3 * np.sin(2 * np.pi * 180 * time) * np.sin(2 * np.pi * 3 * time)
    return (voice + 0.05 * np.sin(2 * np.pi * 2500 * time)).astype(np.float32)


@pytest.fixture(scope="module")
def hubert(tmp_path_factory: pytest.TempPathFactory) -> Hubert:
    path = tmp_path_factory.mktemp("hubert") / "pytorch_model.bin"
    torch.save(checkpoint(), path)
    return load_hubert(path)


def test_its_sizes_are_read_from_the_weights(hubert: Hubert) -> None:
    sizes = {name: tuple(weight.shape) for name, weight in checkpoint().items()}
    shape = hubert.shape
    assert sizes["feature_extractor.conv_layers.0.conv.weight"][0] == shape.convolution == 16
    assert sizes["encoder.layers.2.feed_forward.intermediate_dense.weight"] == (shape.feed_forward, shape.hidden)
    assert shape.heads == 2  # 64 channels each
    assert not any(name.startswith("encoder.layers.3.") for name in sizes) and shape.layers == 3
    assert sizes["encoder.pos_conv_embed.conv.weight_v"] == (
        shape.hidden,
        shape.hidden // shape.position_groups,
        shape.position_kernel,
    )


@pytest.mark.parametrize("layer", range(SHAPE.layers + 1))
def test_every_layer_equals_the_published_model(hubert: Hubert, layer: int) -> None:
    rows = hubert_rows(hubert, waveform(), [layer])[layer]
    assert rows.shape == (49, SHAPE.hidden)
    np.testing.assert_allclose(rows[list(GOLDEN_ROWS), :4], GOLDEN[layer], atol=2e-4)


def test_the_large_one_has_the_published_sizes() -> None:
    with torch.device("meta"):
        large = Hubert(HubertShape())
    # 315,438,720 published weights, less the gains of the position kernel's weight norm (128) and the mask (1024).
    assert sum(weight.numel() for weight in large.parameters()) == 315_438_720 - 128 - 1024


def test_long_sound_in_chunks_changes_little(hubert: Hubert, monkeypatch: pytest.MonkeyPatch) -> None:
    sound = np.tile(waveform(), 4)
    whole = hubert_rows(hubert, sound, [SHAPE.layers])[SHAPE.layers]
    monkeypatch.setattr("likeness_trainer.speech.hubert.CHUNK_SECONDS", 1.0)
    monkeypatch.setattr("likeness_trainer.speech.hubert.CONTEXT_SECONDS", 1.5)
    pieces = hubert_rows(hubert, sound, [SHAPE.layers])[SHAPE.layers]
    assert pieces.shape == whole.shape
    assert np.corrcoef(pieces.ravel(), whole.ravel())[0, 1] > 0.98


def test_pairs_of_rows_become_one() -> None:
    np.testing.assert_array_equal(halved(np.array([[0.0], [2.0], [4.0], [8.0], [9.0]])), [[1.0], [6.0]])


def test_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.bin"
    torch.save({"weight": torch.zeros(3)}, path)
    with pytest.raises(TrainerError) as refused:
        load_hubert(path)
    assert refused.value.code == "bad-checkpoint"
