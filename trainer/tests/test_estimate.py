"""How long a training will take: worked out from a few steps of each stage, measured on the person's own frames."""

from __future__ import annotations

from pathlib import Path

import pytest

from likeness_trainer.protocol import Cancelled, Reporter
from likeness_trainer.protocol.job_fields import read
from likeness_trainer.protocol.jobs import EstimateJob
from likeness_trainer.training import estimate as estimating
from likeness_trainer.training import step_costs
from likeness_trainer.training.presets import PRESETS, Recipe


def test_a_training_takes_its_steps_and_its_pictures() -> None:
    recipe = Recipe(
        minutes=2,
        fixed_minutes=1,
        volume_steps=100,
        refine_steps=200,
        adversarial_steps=50,
        fast_steps=50,
        measure_steps=100,
        proof_steps=50,
    )
    cost = {"volume": 0.1, "refine": 0.2, "adversarial": 0.4, "fast": 0.3, "picture": 0.05}
    # 10 + 40 + 20 + 15 s of steps; 4 measurements and 4 at the stages' ends of 12 pictures; 8 and 4 strips of 4.
    assert step_costs.training_seconds(recipe, cost) == pytest.approx(85 + (8 * 12 + 12 * 4) * 0.05)


def test_every_preset_gets_a_time_and_nothing_stays_on_disk(
    tmp_path: Path, clip: dict, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(step_costs, "WARM_STEPS", 1)
    monkeypatch.setattr(step_costs, "TIMED_STEPS", 1)
    monkeypatch.setattr(estimating, "choose_precision", lambda device: None)
    monkeypatch.setattr(estimating.tempfile, "tempdir", str(tmp_path))
    job = read(EstimateJob, clip | {"device": "cpu", "threads": 2})
    result = estimating.estimate(job, Reporter.silent())
    seconds = result["secondsByPreset"]
    assert list(seconds) == list(PRESETS)
    assert 0 < seconds["instant"] < seconds["draft"] <= seconds["standard"] <= seconds["full"]
    fixed = {name: PRESETS[name].fixed_minutes / PRESETS["instant"].fixed_minutes for name in PRESETS}
    for name in ("draft", "standard", "full"):  # what they promise, where the instant avatar leaves time for it
        assert seconds[name] <= max(60 * PRESETS[name].minutes, 2 * fixed[name] * seconds["instant"])
    assert result["device"] == "cpu" and result["threads"] == 2
    per_step = result["secondsPerStep"]
    assert per_step["8"]["refine"] == pytest.approx(
        4 * per_step["2"]["refine"]
    )  # a processor takes it piece after piece
    assert not list(tmp_path.glob("likeness-estimate-*"))

    stopped = Reporter.silent()
    stopped.cancel()
    with pytest.raises(Cancelled):
        estimating.estimate(job, stopped)
    assert not list(tmp_path.glob("likeness-estimate-*"))
