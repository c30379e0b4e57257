"""The chain for sound that is still coming in: near the whole one, deaf to what comes later, the same in ONNX."""

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from speaking_person import speaking_track, spoken

from likeness_trainer.motion.fit import zero_shot
from likeness_trainer.motion.lips import LipMeasures
from likeness_trainer.motion.live import (
    AHEAD_ROWS,
    LOOKAHEAD_SECONDS,
    STATE,
    WINDOW_SAMPLES,
    LiveGraph,
    export_live,
    first_state,
    live_rows,
)
from likeness_trainer.speech import SpeechGraph, analyse_speech, load_encoder
from likeness_trainer.tracking.track_file import Track


@pytest.fixture(scope="module")
def listener() -> tuple[Track, SpeechGraph, LiveGraph]:
    track = speaking_track(spoken()[1])
    encoder, quantiles = load_encoder()
    speech, motion = SpeechGraph(encoder).eval(), zero_shot(track, track.good, quantiles.numpy())
    return track, speech, LiveGraph(speech, motion, first_state(spoken("voice")[0])).eval()


def test_it_follows_the_whole_chain_once_it_knows_the_voice(listener):
    track, speech, live = listener
    sound, _ = spoken("other-voice")  # of the other sex than the voice it expects
    features = torch.from_numpy(analyse_speech(speech, sound).features)[None]
    with torch.no_grad():
        whole = live.motion(features)[0].numpy()
    heard = live_rows(live, sound)
    assert heard.shape == whole.shape
    measures = LipMeasures.of(track)
    opening, expected = (measures(rows)[200:, 0] for rows in (heard, whole))
    assert np.corrcoef(opening, expected)[0, 1] > 0.85


def test_it_hears_nothing_beyond_its_look_ahead(listener):
    *_, live = listener
    assert LOOKAHEAD_SECONDS <= 0.16
    sound = spoken()[0][:16000]
    changed = sound.copy()
    changed[8000:] = np.random.default_rng(0).normal(0, 0.1, 8000)
    first, second = live_rows(live, sound), live_rows(live, changed)
    known = 50 - AHEAD_ROWS - 3 - 4  # rows of steps that ended before the change
    np.testing.assert_array_equal(first[:known], second[:known])
    assert np.abs(first[50:] - second[50:]).max() > 0.01


def test_silence_closes_the_mouth(listener):
    track, _, live = listener
    rows = live_rows(live, np.zeros(3 * 16000, np.float32))
    least_open = np.quantile(LipMeasures.of(track)(track.expression)[:, 0], 0.12)
    assert LipMeasures.of(track)(rows)[50:, 0].max() < least_open


def test_the_exported_graph_equals_the_module(tmp_path: Path, listener):
    *_, live = listener
    export_live(live, tmp_path / "live.onnx")
    session = onnxruntime.InferenceSession(tmp_path / "live.onnx", providers=["CPUExecutionProvider"])
    rng, state = np.random.default_rng(0), np.zeros((1, STATE), np.float32)
    for _ in range(3):
        window = rng.normal(0, 0.1, (1, WINDOW_SAMPLES)).astype(np.float32)
        expression, after = session.run(["expression", "next"], {"waveform": window, "state": state})
        with torch.no_grad():
            expected, state_after = live(torch.from_numpy(window), torch.from_numpy(state))
        np.testing.assert_allclose(expression, expected.numpy(), atol=1e-3)
        np.testing.assert_allclose(after, state_after.numpy(), rtol=1e-4, atol=1e-3)
        state = after
