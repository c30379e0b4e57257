"""Speech features: frames, spectrum, normalisation, silence, chunks, and the exported graph."""

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from scipy.signal import stft

from likeness_trainer.speech import Layout, SpeechGraph, analyse_speech, export_speech, load_encoder, sample_at
from likeness_trainer.speech.sizes import frame_count
from likeness_trainer.speech.spectrum import log_mel, mel_filters

RATE = 16000


def babble(seconds: float, seed: int = 0) -> np.ndarray:
    """Speech-like sound: a buzz and noise, both coming and going a few times a second, with pauses."""
    rng = np.random.default_rng(seed)
    time = np.arange(int(seconds * RATE)) / RATE
    phase = 2 * np.pi * np.cumsum(140 + 30 * np.sin(2 * np.pi * 0.4 * time)) / RATE
    buzz = sum(np.sin(k * phase) / k for k in range(1, 15)) * np.clip(np.sin(2 * np.pi * 3.1 * time), 0, None)
    hiss = rng.normal(0, 0.3, len(time)) * np.clip(np.sin(2 * np.pi * 2.3 * time + 1), 0, None) ** 4
    return (0.1 * (buzz + hiss) * (np.sin(2 * np.pi * 0.11 * time) > -0.8)).astype(np.float32)


@pytest.fixture(scope="module")
def graph() -> SpeechGraph:
    return SpeechGraph(load_encoder()[0]).eval()


def test_log_mel_equals_a_reference_spectrogram():
    sound = babble(1.0)
    _, _, spectrum = stft(sound, RATE, np.hanning(400), 400, 240, 512, boundary="zeros", padded=False)
    power = np.abs(spectrum * np.hanning(400).sum()) ** 2  # SciPy divides by the window's sum
    expected = np.log(np.maximum(mel_filters() @ power, 1e-7)).T
    measured = log_mel(sound)
    assert len(measured) == frame_count(len(sound)) == 101
    np.testing.assert_allclose(measured[: len(expected)], expected, atol=2e-2)


def test_frame_k_is_centred_at_ten_milliseconds_times_k():
    click = np.zeros(RATE, np.float32)
    click[160 * 37] = 0.9
    level = np.exp(log_mel(click)).sum(axis=1)
    assert level.argmax() == 37
    assert level[36] == pytest.approx(level[38], rel=0.15)  # the window has an even length


@pytest.mark.parametrize("samples", [1, 100, 159, 160, 5000, 16000])
def test_any_length_gives_its_frames(graph, samples):
    speech = analyse_speech(graph, babble(1.0)[:samples])
    assert speech.features.shape == (samples // 160 + 1, Layout.count)
    assert np.isfinite(speech.features).all() and np.isfinite(speech.pitch).all()


def test_features_do_not_depend_on_loudness(graph):
    sound = babble(4.0)
    loud, quiet = (analyse_speech(graph, sound * gain).features for gain in (3.0, 0.3))
    assert np.abs(loud[:, Layout.lips] - quiet[:, Layout.lips]).mean() < 0.05


def test_silence_has_no_presence_and_no_voice(graph):
    rng = np.random.default_rng(0)
    for sound in (np.zeros(2 * RATE, np.float32), rng.normal(0, 1e-4, 2 * RATE).astype(np.float32)):
        features = analyse_speech(graph, sound).features
        assert features[:, Layout.presence].max() < 0.05
        assert features[:, Layout.voicing].max() < 0.05
    assert analyse_speech(graph, babble(2.0)).features[:, Layout.presence].max() > 0.9


def test_long_sound_in_chunks_equals_the_whole(graph):
    sound = babble(75.0)
    with torch.no_grad():
        whole, pitch = graph(torch.from_numpy(sound)[None])
    chunked = analyse_speech(graph, sound)
    assert chunked.features.shape == tuple(whole.shape[1:])
    np.testing.assert_allclose(chunked.features, whole[0].numpy(), atol=1e-3)
    np.testing.assert_allclose(chunked.pitch, pitch[0].numpy(), atol=1e-3)


def test_the_exported_graph_equals_the_module(tmp_path: Path, graph):
    adapted = SpeechGraph(load_encoder()[0], load_encoder()[0].each()[1]).eval()
    for module, name in ((graph, "general"), (adapted, "adapted")):
        export_speech(module, tmp_path / f"{name}.onnx")
        session = onnxruntime.InferenceSession(tmp_path / f"{name}.onnx", providers=["CPUExecutionProvider"])
        for seconds in (0.01, 0.5, 3.7):
            here, there = (analyse_speech(g, babble(seconds)) for g in (module, session))
            assert here.features.shape[1] == module.features
            np.testing.assert_allclose(there.features, here.features, atol=1e-3)
            np.testing.assert_allclose(there.pitch, here.pitch, atol=1e-3)


def test_sampling_is_linear_and_holds_the_ends():
    signal = np.array([[0.0], [1.0], [4.0]])
    np.testing.assert_allclose(sample_at(signal, np.array([-1.0, 0.005, 0.015, 9.0]))[:, 0], [0, 0.5, 2.5, 4])
