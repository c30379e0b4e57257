"""Speech to motion of one person, however often their avatar is written."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from synthetic_clip import synthetic_track

from likeness_trainer.bundle import spoken
from likeness_trainer.motion.fit import MotionFit
from likeness_trainer.protocol import Reporter


def test_each_length_is_fitted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, int]] = []

    def fit_person(_track: object, audio: object, *, out_dir: Path, seed: int, steps: int, **_: object) -> MotionFit:
        asked.append((seed, steps))
        for name in ("speech.onnx", "motion.onnx"):
            (out_dir / name).write_text(f"{name} of {steps}")
        return MotionFit(out_dir / "speech.onnx", out_dir / "motion.onnx", None, 0, 0.0, 0.0)

    monkeypatch.setattr(spoken, "fit_person", fit_person)
    person = spoken.Spoken(synthetic_track(8, 64), seed=7)
    first, again, longer = (person.fitted(np.zeros(16000), steps, Reporter.silent()) for steps in (40, 40, 150))
    assert asked == [(7, 40), (7, 150)]
    assert first == again and first[1] == {"speech.onnx": b"speech.onnx of 40", "motion.onnx": b"motion.onnx of 40"}
    assert longer[1]["motion.onnx"] == b"motion.onnx of 150"
