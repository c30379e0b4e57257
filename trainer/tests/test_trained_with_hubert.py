"""An avatar that is trained with a small HuBERT holds both mouths, and is measured by both where its weights are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from made_person import MadePerson, give_voice, make_person
from test_hubert import SHAPE, checkpoint

from likeness_trainer.bundle.archive import read_archive
from likeness_trainer.bundle.drive import speech_expression
from likeness_trainer.bundle.load import Bundle
from likeness_trainer.media import read_audio
from likeness_trainer.metrics.evaluate import evaluate
from likeness_trainer.motion import fit
from likeness_trainer.protocol import Reporter
from likeness_trainer.protocol.job_fields import read
from likeness_trainer.protocol.jobs import EvaluateJob, TrainJob
from likeness_trainer.speech.hubert import halved, hubert_rows, load_hubert, standardised
from likeness_trainer.speech.hubert_graph import graph_name
from likeness_trainer.speech.sync import SyncEstimate
from likeness_trainer.training import train as training

SHA256 = "0123456789abcdef" * 4


@pytest.fixture(scope="module")
def person(tmp_path_factory: pytest.TempPathFactory, ffmpeg: str, ffprobe: str) -> MadePerson:
    """A made person whose two seconds of sound are taken for theirs, trained with the preset `instant`."""
    folder = tmp_path_factory.mktemp("hubert")
    made = make_person(folder / "person", ffmpeg, ffprobe)
    give_voice(made)
    torch.save(checkpoint(), folder / "hubert.bin")
    hubert = {"weights": str(folder / "hubert.bin"), "sha256": SHA256, "graphs": str(folder / "graphs")}
    made.job["hubert"] = hubert
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fit, "estimate", lambda *_: SyncEstimate("yes", 1.0, 0.05))
        patch.setattr(training, "INSTANT_SPEECH_STEPS", 3)
        training.train(read(TrainJob, made.job | {"preset": "instant"}), Reporter.silent())
    return made


def sound_of(person: MadePerson) -> np.ndarray:
    return read_audio(person.job["ffmpeg"], str(Path(person.job["analysisDir"]) / "audio16k.wav"))


def test_the_avatar_says_what_it_hears_and_holds_none_of_its_weights(person: MadePerson) -> None:
    manifest, files = read_archive(person.job["avatarPath"])
    said = manifest["speech"]["hubert"]
    assert said["sha256"] == SHA256 and said["size"] == SHAPE.hidden and 1 <= said["layer"] <= SHAPE.layers
    assert {"speech.onnx", "motion.onnx", "live.onnx", "variation.onnx", "motion-hubert.onnx"} <= files.keys()
    assert len(files["motion-hubert.onnx"]) < 2_000_000


def test_what_the_graph_of_its_layer_hears_drives_it_otherwise_than_the_embedded_encoder(person: MadePerson) -> None:
    bundle, sound = Bundle.load(person.job["avatarPath"]), sound_of(person)
    assert bundle.hubert is not None
    layer, model = bundle.hubert["layer"], person.job["hubert"]
    session = onnxruntime.InferenceSession(str(Path(model["graphs"]) / graph_name(layer)))
    rows = np.asarray(session.run(["rows"], {"waveform": standardised(sound)[None]})[0])[0]
    heard = hubert_rows(load_hubert(Path(model["weights"])), sound, [layer])[layer]
    np.testing.assert_allclose(rows, halved(heard), atol=2e-4)
    embedded, by_hubert = speech_expression(bundle, sound), speech_expression(bundle, sound, rows)
    assert by_hubert.shape == embedded.shape and np.isfinite(by_hubert).all()
    assert np.abs(by_hubert - embedded).max() > 0.01


def test_both_are_measured_where_its_weights_are_and_one_where_not(person: MadePerson) -> None:
    report = Bundle.load(person.job["avatarPath"]).report
    assert report["encoders"].keys() == {"embedded", "hubert"}
    other = person.job["hubert"] | {"sha256": "f" * 64}
    for job, rows in ((person.job, {"embedded", "hubert"}), (person.job | {"hubert": other}, {"embedded"})):
        result = evaluate(read(EvaluateJob, job), Reporter.silent())
        assert result["encoders"].keys() == rows
        assert result["encoders"]["embedded"] == pytest.approx(report["encoders"]["embedded"])
