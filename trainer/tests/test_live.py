"""The chain for sound that is still coming in: near the whole one, deaf to what comes later, the same in ONNX."""

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from speaking_person import speaking_track, spoken

from likeness_trainer.motion.closing import Limits, Openness
from likeness_trainer.motion.finetune import TunedBranch
from likeness_trainer.motion.fit import person_mouth, zero_shot
from likeness_trainer.motion.graph import AdaptedMouth, MotionGraph, RidgeBranch, TunedHead
from likeness_trainer.motion.live import (
    AHEAD_ROWS,
    ANSWERED_ROWS,
    AUDIBLE,
    AUDIBLE_SPECTRUM,
    LOOKAHEAD_SECONDS,
    MARGIN_ROWS,
    PAST_ROWS,
    SPECTRUM,
    STATE,
    STEP_ROWS,
    WINDOW_ROWS,
    WINDOW_SAMPLES,
    LiveGraph,
    export_live,
    first_state,
)
from likeness_trainer.motion.restore import QuantileMap
from likeness_trainer.motion.ridge import Ridge
from likeness_trainer.speech import Layout, SpeechGraph, analyse_speech, load_encoder
from likeness_trainer.speech.normalise import FAR_LIMIT, LIMIT, SMALLEST_DEVIATION, audible, held, level_dbfs
from likeness_trainer.speech.sizes import HOP
from likeness_trainer.tracking.lips import LipMeasures
from likeness_trainer.tracking.track_file import Track


@pytest.fixture(scope="module")
def listener() -> tuple[Track, SpeechGraph, LiveGraph]:
    track = speaking_track(spoken()[1])
    encoder, quantiles = load_encoder()
    speech, motion = SpeechGraph(encoder).eval(), zero_shot(track, track.good, quantiles.numpy())
    return track, speech, LiveGraph(speech, motion, first_state(spoken("voice")[0])).eval()


def live_rows(graph: LiveGraph, waveform: np.ndarray) -> np.ndarray:
    """Step after step over a whole sound [N] at 16 kHz: the rows [T, 64] of `motion.onnx`, as one who heard it live
    would have them."""
    rows = len(waveform) // HOP + 1
    steps = -(-rows // STEP_ROWS)
    before = (PAST_ROWS + MARGIN_ROWS) * HOP
    padded = np.pad(np.asarray(waveform, np.float32), (before, steps * STEP_ROWS * HOP + WINDOW_SAMPLES))
    state, found = torch.zeros(1, STATE), []
    with torch.no_grad():
        for step in range(steps):
            first = step * STEP_ROWS * HOP
            expression, state = graph(torch.from_numpy(padded[None, first : first + WINDOW_SAMPLES]), state)
            found.append(expression[0, :STEP_ROWS].numpy())
    return np.concatenate(found)[:rows]


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


def person_of(track: Track, tuned: TunedBranch) -> MotionGraph:
    """An adapted mouth, with any weights."""
    rng = np.random.default_rng(2)
    ridge, openness = (
        Ridge(rng.normal(0, 0.05, (3 * (heard.stop - heard.start), columns)), np.zeros(columns))
        for heard, columns in ((Layout.general, 66), (Layout.closing, 1))
    )
    opening = QuantileMap.between(rng.normal(size=200), rng.normal(size=200))
    mouth = AdaptedMouth(
        RidgeBranch(ridge, Openness(openness, 0.3)),
        TunedHead(tuned),
        opening,
        Limits(opening, opening),
        opening,
        np.zeros(64),
        np.ones(64),
    )
    return MotionGraph(mouth, *person_mouth(track, track.good)).eval()


def whole_window(speech: SpeechGraph, motion: MotionGraph, waveform: torch.Tensor, state: torch.Tensor) -> torch.Tensor:
    """What a step answers from everything in its window, every row of every layer; `state` is the one after it."""
    inner = slice(MARGIN_ROWS, MARGIN_ROWS + WINDOW_ROWS)
    mel = speech.log_mel(waveform)[..., inner]
    octaves, periodicity = (signal[..., inner] for signal in speech.pitch(waveform))
    level, weight, peak = level_dbfs(mel), state[:, :1, None], state[:, 4:5, None]
    mean = state[:, SPECTRUM, None] / weight
    variance = state[:, 1:2, None] / weight - (mean * mean).mean(dim=1, keepdim=True)
    sound = ((mel - mean) / variance.clamp(min=SMALLEST_DEVIATION**2).sqrt()).clamp(-LIMIT, LIMIT)
    hidden = speech.encoder.hidden(sound)
    presence = held(audible(level, peak))
    pitch = (octaves - state[:, 3:4, None] / state[:, 2:3, None]).clamp(-1, 1) * periodicity * presence
    loudness = ((level - peak) / 20 + 1).clamp(-1, 1) * presence
    rows = [hidden, speech.encoder.heads(hidden)[1], loudness, presence, pitch, periodicity * presence]
    if speech.adapted is not None:
        weight, power = (state[:, k : k + 1, None] for k in range(AUDIBLE.start, AUDIBLE.stop))
        mean = state[:, AUDIBLE_SPECTRUM, None] / weight
        variance = power / weight - mean.mean(dim=1, keepdim=True) ** 2
        far = ((mel - mean) / variance.clamp(min=SMALLEST_DEVIATION**2).sqrt()).clamp(-FAR_LIMIT, FAR_LIMIT)
        rows += [speech.encoder.closing_hidden(far), speech.adapted.hidden(sound)]
    return motion(torch.cat(rows, dim=1).transpose(1, 2))[:, PAST_ROWS : PAST_ROWS + ANSWERED_ROWS]


def test_a_step_answers_what_the_whole_window_would(listener):
    track, general, zero = listener
    torch.manual_seed(1)
    tuned = TunedBranch(general.encoder.each()[0], 66).eval()
    torch.nn.init.normal_(tuned.head.weight, std=0.05)
    speech, motion = SpeechGraph(general.encoder, tuned.encoder).eval(), person_of(track, tuned)
    sound = np.pad(spoken("other-voice")[0], (WINDOW_SAMPLES // 2, WINDOW_SAMPLES))
    for live, heard in ((LiveGraph(speech, motion, zero.first).eval(), speech), (zero, general)):
        state, answers = torch.zeros(1, STATE), []
        with torch.no_grad():
            for begin in range(0, len(sound) - WINDOW_SAMPLES, 9600):
                window = torch.from_numpy(sound[None, begin : begin + WINDOW_SAMPLES])
                rows, state = live(window, state)
                answers.append(rows[0].numpy())
                np.testing.assert_allclose(
                    answers[-1], whole_window(heard, live.motion, window, state)[0].numpy(), atol=1e-4
                )
        assert np.concatenate(answers).std(axis=0).mean() > 0.01


def test_it_hears_nothing_beyond_its_look_ahead(listener):
    *_, live = listener
    assert LOOKAHEAD_SECONDS <= 0.12
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
