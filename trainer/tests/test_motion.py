"""Speech to motion of one person: held-out accuracy, closures, silence, the general head, and the exported graphs."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from speaking_person import LAG_SECONDS, speaking_track, spoken
from torch import Tensor

from likeness_trainer.morphable.rotations import rodrigues
from likeness_trainer.motion import fit as fitting
from likeness_trainer.motion import ridge as ridges
from likeness_trainer.motion.closing import CEILING, Limits, Openness, Witnesses, closedness
from likeness_trainer.motion.examples import Examples, closing_inputs, heard_closure, ridge_inputs, without_rotation
from likeness_trainer.motion.fit import PersonGraphs, fit_graphs, write_graphs
from likeness_trainer.motion.graph import PartlyAdaptedMouth, RidgeBranch
from likeness_trainer.motion.restore import QuantileMap
from likeness_trainer.motion.ridge import Ridge, contiguous_folds, fit_ridge
from likeness_trainer.protocol import Cancelled, Reporter
from likeness_trainer.speech import Layout, SpeechGraph, analyse, analyse_speech, in_sight, sample_at
from likeness_trainer.tracking.lips import LipMeasures
from likeness_trainer.tracking.track_file import Track
from likeness_trainer.variational.person import fit_person

STEPS = 40  # of fine-tuning: a quarter of what a real person gets


@pytest.fixture(scope="module")
def person() -> tuple[Track, np.ndarray, PersonGraphs]:
    sound, lips = spoken()
    track = speaking_track(lips)
    return track, sound, fit_graphs(track, sound, track.split()[0], Reporter.silent(), steps=STEPS)


def drive(graphs: PersonGraphs, sound: np.ndarray) -> np.ndarray:
    """Expression [T, 64] at 100 Hz."""
    features = analyse_speech(graphs.speech, sound).features
    with torch.no_grad():
        return graphs.motion(torch.from_numpy(features)[None])[0].numpy()


def test_the_driven_mouth_follows_held_out_speech(person):
    track, sound, graphs = person
    assert graphs.share == 1 and graphs.lag_seconds == pytest.approx(LAG_SECONDS, abs=0.03)
    expression = sample_at(drive(graphs, sound), track.time + graphs.lag_seconds)
    measures, (train, held_out) = LipMeasures.of(track), track.split()
    driven, true = measures(expression)[:, 0], measures(track.expression)[:, 0]
    assert np.corrcoef(driven[held_out], true[held_out])[0, 1] > 0.6
    assert 0.75 < driven[train].std() / true[train].std() < 1.25
    low, high = np.quantile(true[train], [0.0, 1.0])
    assert low - 0.01 <= driven.min() and driven.max() <= high + 0.01


def test_held_out_frames_change_nothing(person):
    track, sound, graphs = person
    train, held_out = track.split()
    other = Track(**{**vars(track), "expression": track.expression.copy(), "aperture": track.aperture.copy()})
    other.expression[held_out] = 7
    other.aperture[held_out] = 0.3
    again = fit_graphs(other, sound, train, Reporter.silent(), steps=STEPS)
    np.testing.assert_allclose(drive(again, sound), drive(graphs, sound), atol=1e-4)


@pytest.mark.parametrize("kind", ["zeros", "faint hiss"])
def test_silence_closes_the_mouth(person, kind):
    track, _, graphs = person
    noise = np.random.default_rng(0).normal(0, 1e-4, 3 * 16000).astype(np.float32)
    quiet = np.zeros_like(noise) if kind == "zeros" else noise
    opening = LipMeasures.of(track)(drive(graphs, quiet))[:, 0]
    assert opening.max() < np.quantile(LipMeasures.of(track)(track.expression)[:, 0], 0.12)


def test_another_persons_sound_is_not_adapted_to(person):
    track, sound, _ = person
    wrong = np.roll(sound, 5 * 16000)
    for audio in (wrong, None):
        graphs = fit_graphs(track, audio, track.split()[0], Reporter.silent())
        assert graphs.share == 0 and graphs.speech.features == Layout.count
        expression = sample_at(drive(graphs, sound), track.time + LAG_SECONDS)
        opening, true = (LipMeasures.of(track)(e)[:, 0] for e in (expression, track.expression))
        assert np.corrcoef(opening, true)[0, 1] > 0.6
        assert 0.6 < opening.std() / true.std() < 1.4


def test_what_may_be_theirs_is_adapted_to_as_far_as_the_evidence_goes(tmp_path: Path, person):
    track, sound, _ = person
    few = track.good[(track.time >= 1) & (track.time < 4.4)]
    track = replace(track, aperture=weakened(track.aperture), expression=weakened(track.expression))
    graphs = fit_graphs(track, sound, few, Reporter.silent(), steps=2)
    mouth = graphs.motion.mouth
    assert isinstance(mouth, PartlyAdaptedMouth) and 0 < graphs.share == mouth.share < 1
    features = torch.from_numpy(analyse_speech(graphs.speech, sound).features).T[None]
    with torch.no_grad():
        for mixed, general, own in zip(mouth(features), mouth.general(features), mouth.own(features)):
            torch.testing.assert_close(mixed, general + graphs.share * (own - general))
    fit = write_graphs(graphs, tmp_path, varied=True)
    motion = onnxruntime.InferenceSession(fit.motion_path, providers=["CPUExecutionProvider"])
    rows = np.ascontiguousarray(features.numpy().transpose(0, 2, 1))
    (expression,) = motion.run(["expression"], {"features": rows, "shift": np.zeros((1, rows.shape[1], 66), "f4")})
    np.testing.assert_allclose(expression[0], drive(graphs, sound), atol=1e-3)


def weakened(values: np.ndarray) -> np.ndarray:
    """A mouth [T, ...] half of whose movement is of another moment."""
    return (0.6 * values + 0.8 * np.roll(values, len(values) // 2, axis=0)).astype(values.dtype)


def test_the_exported_graphs_equal_the_modules(tmp_path: Path, person):
    _, sound, graphs = person
    fit = write_graphs(graphs, tmp_path / "fit")
    assert fit.share == 1 and fit.features == graphs.speech.features
    speech, motion = (
        onnxruntime.InferenceSession(p, providers=["CPUExecutionProvider"]) for p in (fit.speech_path, fit.motion_path)
    )
    for piece in (sound, sound[:100], sound[:12345]):
        features = analyse_speech(speech, piece).features
        (expression,) = motion.run(["expression"], {"features": features[None]})
        np.testing.assert_allclose(expression[0], drive(graphs, piece), atol=1e-3)


def test_what_is_heard_in_pieces_is_what_is_heard_in_one(person, monkeypatch: pytest.MonkeyPatch):
    track, sound, graphs = person
    monkeypatch.setattr(analyse, "CHUNK_SECONDS", 1.5)
    seconds = np.concatenate([[-0.3], track.time + LAG_SECONDS, [len(sound) / 16000 + 1]])
    encoder = graphs.speech.encoder
    features = analyse_speech(SpeechGraph(encoder, closing=True).eval(), sound).features
    general, closing, closure = fitting._heard_at(seconds, sound, encoder)
    np.testing.assert_allclose(general, ridge_inputs(features[:, Layout.general], seconds), atol=1e-5)
    np.testing.assert_allclose(closing, closing_inputs(features[:, Layout.closing], seconds), atol=1e-5)
    np.testing.assert_allclose(closure, heard_closure(features, seconds), atol=1e-5)


@pytest.mark.parametrize("count", [5, 6, 11, 12])
def test_each_piece_sees_what_lies_beside_it(count: int):
    rows = np.arange(count)[:, None]
    pieces = [rows[first : first + 5] for first in range(0, count, 5)]
    seen = list(in_sight(pieces, 2))
    np.testing.assert_array_equal(np.concatenate([some[own] for some, own in seen]), rows)
    for some, own in seen:
        first, past = int(some[own][0, 0]), int(some[own][-1, 0]) + 1
        assert some[:, 0].tolist() == list(range(max(0, first - 2), min(count, past + 2)))


@pytest.fixture(scope="module")
def varied(person) -> tuple[Tensor, Tensor]:
    """Features [1, T, F], and a shift [1, T, 66] far beyond what a person does."""
    track, sound, graphs = person
    features = torch.from_numpy(analyse_speech(graphs.speech, sound).features)[None]
    examples = Examples.of(track, track.split()[0])
    noise = np.random.default_rng(2).normal(size=(features.shape[1], 66)) * examples.targets.std(axis=0)
    return features, torch.from_numpy(noise.astype(np.float32))[None]


def test_a_shift_moves_the_mouth_within_the_persons_range_and_keeps_silence_shut(person, varied):
    track, _, graphs = person
    features, shift = varied
    with torch.no_grad():
        likely, moved = graphs.motion(features), graphs.motion(features, shift)
        assert torch.equal(graphs.motion(features, 0 * shift), likely)
        silence = features.clone()
        silence[..., Layout.presence] = 0
        assert torch.equal(graphs.motion(silence, shift), graphs.motion(silence))
    measures, (train, _) = LipMeasures.of(track), track.split()
    true, driven, before = (measures(np.asarray(rows))[:, 0] for rows in (track.expression[train], moved[0], likely[0]))
    assert true.min() - 0.01 <= driven.min() and driven.max() <= true.max() + 0.01
    assert np.abs(driven - before).mean() > 0.2 * true.std()


def test_what_is_called_shut_stays_as_shut_whatever_the_shift(person, varied):
    graphs = person[2]
    features, shift = varied
    mouth = graphs.motion.mouth
    with torch.no_grad():
        openness = mouth.ridge(features.transpose(1, 2))[1]
        ceiling = mouth.ceiling(openness)[0, 0].numpy()
        opening = mouth(features.transpose(1, 2), shift.transpose(1, 2))[0][0, 0].numpy()
    assert (opening <= ceiling + 1e-5).all() and (ceiling < np.quantile(ceiling, 0.5)).any()


def test_the_exported_motion_of_one_who_varies_equals_the_module(tmp_path: Path, person, varied):
    graphs = person[2]
    features, shift = varied
    fit = write_graphs(graphs, tmp_path, varied=True)
    motion = onnxruntime.InferenceSession(fit.motion_path, providers=["CPUExecutionProvider"])
    for drawn in (shift, 0 * shift):
        (expression,) = motion.run(["expression"], {"features": features.numpy(), "shift": drawn.numpy()})
        with torch.no_grad():
            np.testing.assert_allclose(expression, graphs.motion(features, drawn).numpy(), atol=1e-3)


def test_a_video_without_sound_gets_the_general_graphs(tmp_path: Path, person):
    track, sound, _ = person
    fit = fit_person(track, None, train_idx=track.split()[0], out_dir=tmp_path, reporter=Reporter.silent())
    assert fit.share == 0 and fit.features == Layout.count and fit.variation_path is None
    motion = onnxruntime.InferenceSession(fit.motion_path, providers=["CPUExecutionProvider"])
    speech = onnxruntime.InferenceSession(fit.speech_path, providers=["CPUExecutionProvider"])
    (expression,) = motion.run(["expression"], {"features": analyse_speech(speech, sound).features[None]})
    assert expression.shape == (1, len(sound) // 160 + 1, 64)


def test_fitting_can_be_cancelled(person):
    track, sound, _ = person
    reporter = Reporter.silent()
    reporter.cancel()
    with pytest.raises(Cancelled):
        fit_graphs(track, sound, track.split()[0], reporter)


def test_lip_measures_are_those_of_the_posed_mesh(person):
    track, _, _ = person
    posed = track.face.posed(track.expression)
    opening = np.mean([posed[:, a, 1] - posed[:, b, 1] for a, b in ((13, 14), (82, 87), (312, 317))], axis=0)
    np.testing.assert_allclose(LipMeasures.of(track)(track.expression)[:, 0], opening, atol=1e-4)
    np.testing.assert_allclose(
        LipMeasures.of(track)(track.expression)[:, 1], posed[:, 291, 0] - posed[:, 61, 0], atol=1e-4
    )


def test_head_rotation_is_regressed_out():
    rng = np.random.default_rng(0)
    angles = rng.normal(0, 0.1, (400, 3))
    spoken_part = rng.normal(size=(400, 64))
    leaked = spoken_part + 8 * angles[:, :1] + 60 * angles[:, 1:2] ** 2
    cleaned = without_rotation(leaked, rodrigues(angles))
    assert np.corrcoef(cleaned[:, 0], spoken_part[:, 0])[0, 1] > 0.98
    assert np.corrcoef(leaked[:, 0], spoken_part[:, 0])[0, 1] < 0.8


@pytest.mark.parametrize("inputs", [6, 300])
def test_a_ridge_in_pieces_is_the_same(monkeypatch: pytest.MonkeyPatch, inputs: int):
    rng = np.random.default_rng(4)
    x, seconds = rng.normal(size=(200, inputs)), np.arange(200) / 25
    targets = x[:, :2] + rng.normal(size=(200, 2))
    whole = fit_ridge(x, targets, seconds)
    monkeypatch.setattr(ridges, "AT_ONCE", 37)
    pieces = fit_ridge(x, targets, seconds)
    np.testing.assert_allclose(pieces.weights, whole.weights, atol=1e-12)
    np.testing.assert_allclose(pieces.bias, whole.bias, atol=1e-12)


def test_ridge_is_the_closed_form_with_one_of_its_penalties():
    rng = np.random.default_rng(0)
    inputs, truth = rng.normal(size=(200, 6)) * [1, 2, 3, 1, 1, 1] + 4, rng.normal(size=(6, 2))
    ridge = fit_ridge(inputs, inputs @ truth + 3, np.arange(200) / 25)
    np.testing.assert_allclose(ridge.weights, truth, atol=1e-2)
    noise = fit_ridge(inputs, rng.normal(size=(200, 2)), np.arange(200) / 25)
    assert np.abs(noise.weights).max() < 0.05  # nothing to learn: the largest penalty wins


def test_what_hardly_varied_while_fitting_stays_small_when_it_does():
    rng = np.random.default_rng(0)
    inputs = np.concatenate([rng.normal(size=(200, 3)), 1 - 1e-6 * rng.random((200, 1))], axis=1)
    ridge = fit_ridge(inputs, inputs[:, :1] + 0.3 * rng.normal(size=(200, 1)), np.arange(200) / 25)
    assert abs(ridge(np.array([[0.0, 0, 0, 0]])) - ridge(np.array([[0.0, 0, 0, 1]]))) < 0.1


def test_folds_are_contiguous_with_a_purge():
    time = np.arange(250) / 25
    tested = np.zeros(250, int)
    for train, test in contiguous_folds(time, 5):
        tested += test
        assert np.ptp(np.flatnonzero(test)) == test.sum() - 1
        assert np.abs(time[train][:, None] - time[test][None]).min() > 0.4
    assert (tested == 1).all()


def test_a_few_seconds_are_folded_without_a_purge_that_leaves_nothing():
    time = np.concatenate([np.arange(1, 1.5, 0.04), np.arange(2.4, 2.9, 0.04)])
    for train, test in contiguous_folds(time, 3):
        assert train.sum() >= 0.25 * len(time) and not (train & test).any()


@pytest.mark.parametrize("closing", [Layout.closing, Layout.general])
def test_the_ridge_branch_of_the_graph_equals_numpy(closing):
    rng = np.random.default_rng(0)
    features = rng.normal(size=(60, Layout.width)).astype(np.float32)
    ridge, openness = (
        Ridge(rng.normal(size=(3 * (heard.stop - heard.start), targets)) * 0.05, rng.normal(size=targets))
        for heard, targets in ((Layout.general, 66), (closing, 1))
    )
    branch, inner = RidgeBranch(ridge, Openness(openness, 0.7), closing), np.arange(10, 50)
    with torch.no_grad():
        targets, witnessed = (found[0].T.numpy() for found in branch(torch.from_numpy(features.T[None])))
    np.testing.assert_allclose(targets[inner], ridge(ridge_inputs(features[:, Layout.general], inner / 100)), atol=1e-4)
    expected = openness(closing_inputs(features[:, closing], inner / 100))[:, 0] - 0.7 * heard_closure(
        features, inner / 100
    )
    np.testing.assert_allclose(witnessed[inner, 0], expected, atol=1e-4)


def test_a_quantile_map_restores_a_distribution_and_keeps_order():
    rng = np.random.default_rng(0)
    true, predicted = rng.gamma(1.5, 1.0, 3000), 0.4 * rng.normal(size=3000)
    mapping = QuantileMap.between(predicted, true)
    restored = mapping(predicted)
    assert restored.std() == pytest.approx(true.std(), rel=0.1)
    assert np.median(restored) == pytest.approx(np.median(true), rel=0.05)
    assert (np.diff(mapping(np.sort(predicted))) >= 0).all()
    knots, gains, start = mapping.hinges()
    x = np.linspace(-3, 3, 50)
    np.testing.assert_allclose((np.maximum(x[:, None] - knots, 0) * gains).sum(1) + start, mapping(x), atol=1e-9)
    constant = QuantileMap.between(np.zeros(50), np.ones(50))
    assert constant(0.0) == pytest.approx(1.0)


def test_closedness_is_one_on_the_least_open_frames_and_zero_on_the_open_ones():
    openings = np.linspace(0, 1, 101)
    np.testing.assert_allclose(
        closedness(np.array([0.0, 0.08, 0.19, 0.3, 1.0]), openings), [1, 1, 0.5, 0, 0], atol=1e-9
    )


def test_openness_is_the_sum_of_its_witnesses_each_over_its_deviation():
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(250, 30))
    opening = inputs[:, 3] + 0.1 * rng.normal(size=250)
    witnesses = Witnesses.fit(inputs, opening, np.arange(250) / 25)
    heard = rng.random(250)
    columns = witnesses(inputs, heard)
    assert np.corrcoef(columns[:, 0], opening)[0, 1] > 0.9 and np.corrcoef(columns[:, 1], opening)[0, 1] > 0.6
    openness = witnesses.openness(columns.std(axis=0))
    np.testing.assert_allclose(openness.ridge(inputs)[:, 0] - openness.heard * heard, Openness.of(columns), atol=1e-9)
    assert np.corrcoef(Openness.of(columns), heard)[0, 1] < -0.1


def test_what_is_called_shut_is_shut_and_what_is_not_stays_open():
    true = np.linspace(0, 1, 1001) ** 2
    limits = Limits.between(np.linspace(-3, 3, 1001), true)
    shut, open_ = -3 + 6 * 0.04, -3 + 6 * 0.5
    assert limits.ceiling(shut) == pytest.approx(0.04**2, abs=2e-3)
    assert limits.ceiling(open_) == pytest.approx(1.0)
    assert limits.floor(shut) == pytest.approx(0.0, abs=1e-6)
    assert limits.floor(open_) == pytest.approx(0.2**2, abs=1e-3)
    for level, _ in CEILING:
        assert limits.floor(-3 + 6 * level) <= limits.ceiling(-3 + 6 * level)
