"""A mouth by what HuBERT hears: the layer that tells most is chosen, and the embedded encoder's mouth stays."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from speaking_person import FPS, speaking_track, spoken
from test_hubert import SHAPE, checkpoint

from likeness_trainer.bundle.spoken import Spoken
from likeness_trainer.motion.examples import Examples
from likeness_trainer.motion.fit import PersonGraphs, fit_graphs
from likeness_trainer.motion.graph import HubertMotionGraph, export_hubert_motion
from likeness_trainer.motion.hubert import HubertSound, at_feature_rate, candidate_layers, hubert_inputs, thinned
from likeness_trainer.protocol import Reporter
from likeness_trainer.protocol.jobs import HubertModel
from likeness_trainer.speech import analyse_speech, sample_at
from likeness_trainer.speech.hubert import HALVED_CENTRE_SECONDS
from likeness_trainer.speech.hubert_graph import are_there
from likeness_trainer.tracking.lips import LipMeasures
from likeness_trainer.tracking.track_file import Track

STEPS = 3  # of fine-tuning: what HuBERT tells is the question here
SIZE = 24  # of a row
TELLING, OTHERS = 3, (2, 4)


def telling(lips: np.ndarray) -> HubertSound:
    """A layer that knows the lips, among other numbers, and two that know nothing."""
    rng = np.random.default_rng(3)
    count = int(len(lips) / 4)
    known = sample_at(lips, np.arange(count) / 25 + HALVED_CENTRE_SECONDS) @ rng.normal(size=(lips.shape[1], SIZE))
    rows = {layer: rng.normal(size=(count, SIZE)).astype(np.float32) for layer in OTHERS}
    return HubertSound({TELLING: (known + 0.1 * rng.normal(size=known.shape)).astype(np.float32), **rows})


@pytest.fixture(scope="module")
def person() -> tuple[Track, np.ndarray, HubertSound, PersonGraphs]:
    sound, lips = spoken()
    track, heard = speaking_track(lips), telling(lips)
    train, _ = track.split()
    graphs = fit_graphs(track, sound, train, Reporter.silent(), steps=STEPS, hubert=lambda _: heard)
    return track, sound, heard, graphs


def test_the_layer_that_tells_the_mouth_is_chosen_and_drives_it(person):
    track, sound, heard, graphs = person
    assert graphs.hubert is not None and (graphs.hubert.layer, graphs.hubert.size) == (TELLING, SIZE)
    features = torch.from_numpy(analyse_speech(graphs.speech, sound).features)[None]
    rows = torch.from_numpy(at_feature_rate(heard.layers[TELLING], 0, features.shape[1]))[None]
    with torch.no_grad():
        expression = HubertMotionGraph(graphs.hubert.motion)(features, rows)[0].numpy()
    measures, (_, held_out) = LipMeasures.of(track), track.split()
    driven = measures(sample_at(expression, track.time + graphs.lag_seconds))[:, 0]
    assert np.corrcoef(driven[held_out], measures(track.expression)[held_out, 0])[0, 1] > 0.7


def test_the_embedded_mouth_is_the_one_without_it(person):
    track, sound, _, graphs = person
    alone = fit_graphs(track, sound, track.split()[0], Reporter.silent(), steps=STEPS)
    assert alone.hubert is None
    features = torch.from_numpy(analyse_speech(alone.speech, sound).features)[None]
    with torch.no_grad():
        np.testing.assert_allclose(graphs.motion(features).numpy(), alone.motion(features).numpy(), atol=1e-5)


@pytest.mark.parametrize("varied", [False, True])
def test_the_exported_graph_equals_the_module(tmp_path: Path, person, varied: bool):
    _, _, _, graphs = person
    path, width = tmp_path / "motion-hubert.onnx", graphs.speech.features
    export_hubert_motion(graphs.hubert.motion, width, SIZE, path, varied=varied)
    rng = np.random.default_rng(1)
    inputs = {name: rng.normal(size=(1, 77, count)) for name, count in (("features", width), ("hubert", SIZE))}
    if varied:
        inputs["shift"] = 0.1 * rng.normal(size=(1, 77, 66))
    arrays = {name: value.astype(np.float32) for name, value in inputs.items()}
    (expression,) = onnxruntime.InferenceSession(str(path)).run(["expression"], arrays)
    with torch.no_grad():
        expected = HubertMotionGraph(graphs.hubert.motion)(*map(torch.from_numpy, arrays.values()))
    np.testing.assert_allclose(np.asarray(expression), expected.numpy(), atol=2e-3)


def test_moments_between_rows_are_between_them():
    rows = np.arange(10, dtype=np.float32)[:, None]
    # Row k lies at k * 40 ms + 22.5 ms.
    np.testing.assert_allclose(hubert_inputs(rows, np.array([0.1825]))[0], [3, 4, 5], atol=1e-5)
    np.testing.assert_allclose(at_feature_rate(rows, 0, 12)[[0, 4, 8], 0], [0, 0.4375, 1.4375], atol=1e-5)
    np.testing.assert_allclose(at_feature_rate(rows, 8, 2), at_feature_rate(rows, 0, 10)[8:])


def test_layers_to_choose_among_are_of_the_upper_three_quarters():
    assert candidate_layers(24) == [6, 12, 15, 18, 21, 24] and candidate_layers(3) == [1, 2, 3]


def test_a_long_video_is_thinned_evenly(person):
    track, _, heard, _ = person
    examples = Examples.of(track, np.arange(len(track)))
    many = Examples(
        np.arange(7000) / FPS, np.resize(examples.targets, (7000, examples.targets.shape[1])), examples.importance
    )
    inputs, few = thinned(np.arange(7000)[:, None], many)
    np.testing.assert_array_equal(inputs[:3, 0], [0, 3, 6])
    assert len(few.time) == len(few.targets) == len(inputs) == 2334
    assert len(thinned(heard.inputs(TELLING, examples.time), examples)[0]) == len(examples.time)


def test_a_checkpoint_of_the_published_kind_is_fitted_once_and_leaves_its_graphs(tmp_path: Path):
    torch.save(checkpoint(), tmp_path / "hubert.bin")
    model = HubertModel(weights=tmp_path / "hubert.bin", sha256="0" * 64, graphs=tmp_path / "graphs")
    sound, lips = spoken()
    fitted = Spoken(speaking_track(lips), 0, model)
    fit, files = fitted.fitted(sound, 2, Reporter.silent())
    assert fit.hubert is not None and fit.hubert.size == SHAPE.hidden and fit.hubert.layer in (1, 2, 3)
    ports = {port.name: port.shape for port in onnxruntime.InferenceSession(files["motion-hubert.onnx"]).get_inputs()}
    assert ports["hubert"][2] == SHAPE.hidden and ports.keys() == {"features", "hubert", "shift"}
    assert are_there(model.graphs)
    rows = fitted.heard_by_hubert(fit.hubert.layer)
    assert rows is not None and rows.shape[1] == SHAPE.hidden
    model.weights.unlink()  # the second length of fine-tuning hears what was heard
    assert fitted.fitted(sound, 3, Reporter.silent())[0].hubert is not None


def test_a_sound_that_is_not_theirs_is_not_heard_by_it(tmp_path: Path):
    model = HubertModel(weights=tmp_path / "none.bin", sha256="0" * 64, graphs=tmp_path / "graphs")
    _, lips = spoken()
    told = io.StringIO()
    fit, files = Spoken(speaking_track(lips), 0, model).fitted(None, 2, Reporter(told))
    assert fit.hubert is None and "motion-hubert.onnx" not in files
    events = [json.loads(line) for line in told.getvalue().splitlines()]
    assert [event["code"] for event in events if event["type"] == "warning"] == ["hubert"]
