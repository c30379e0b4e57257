"""What a bundle carries of how the person's own words were said."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from made_person import MadePerson, make_person
from safetensors.numpy import load

from likeness_trainer.bundle.contents import idle_bytes
from likeness_trainer.bundle.heard import COLUMNS, heard
from likeness_trainer.sample.voice import load_voice
from likeness_trainer.speech import SpeechGraph, analyse_speech, export_speech, load_encoder

LAG = 0.05


@pytest.fixture(scope="module")
def speech(tmp_path_factory: pytest.TempPathFactory) -> onnxruntime.InferenceSession:
    path = tmp_path_factory.mktemp("speech") / "speech.onnx"
    export_speech(SpeechGraph(load_encoder()[0]).eval(), path)
    return onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])


def test_the_columns_are_the_ones_the_engine_reads():
    assert COLUMNS == (293, 295, 296)  # src/main/studio/engine/speech/accents.ts


def test_rows_lie_on_the_clock_of_the_picture(speech: onnxruntime.InferenceSession):
    sound = load_voice("voice").samples[: 4 * 16000]
    rows = heard(speech, sound, LAG, 3.0)
    assert rows.shape == (301, 3) and rows.dtype == np.float32
    features = analyse_speech(speech, sound).features[:, COLUMNS]
    np.testing.assert_allclose(rows[:290], features[5:295], atol=1e-5)
    assert rows[:, 0].max() > 0.5 and rows[:, 2].max() > 0.9  # somebody speaks


def test_idle_motion_carries_them_where_the_sound_is_known(tmp_path: Path, ffmpeg: str, ffprobe: str):
    person: MadePerson = make_person(tmp_path, ffmpeg, ffprobe)
    rows = np.arange(12, dtype=np.float32).reshape(4, 3)
    plain, told = load(idle_bytes(person.track)), load(idle_bytes(person.track, rows))
    assert set(told) - set(plain) == {"heard"}
    np.testing.assert_array_equal(told["heard"], rows)
