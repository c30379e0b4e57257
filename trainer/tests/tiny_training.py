"""A training of a few steps on the small synthetic clip, and a person who stops it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from likeness_trainer.protocol import Reporter
from likeness_trainer.protocol.jobs import Consent, TrainJob
from likeness_trainer.training.presets import Recipe

TINY = Recipe(
    minutes=1,
    fixed_minutes=0.5,
    volume_steps=10,
    refine_steps=3,
    adversarial_steps=2,
    fast_steps=3,
    frames=24,
    checkpoint_seconds=1e9,
    measure_steps=1000,
    proof_steps=1000,
)


class CancelAt(Reporter):
    """A reporter whose person presses cancel after some steps."""

    def __init__(self, steps: int) -> None:
        super().__init__(None)
        self._left = steps

    def progress(self, done: float, total: float, unit: str, *, eta_seconds: float | None = None) -> None:
        if unit == "steps":
            self._left -= 1
            if self._left == 0:
                self.cancel()


def job_in(clip: dict, directory: Path, **more: Any) -> TrainJob:
    """A training on the clip; more: fields that differ."""
    return TrainJob(
        producer="Likeness tested",
        ffmpeg=clip["ffmpeg"],
        ffprobe=clip["ffprobe"],
        source=clip["source"],
        analysis_dir=Path(clip["analysisDir"]),
        run_dir=directory / "run",
        avatar_path=directory / "avatar.pt",
        **{"preset": "draft", "device": "cpu", "resume": False, "seed": 3, "name": "test", "threads": 2, **more},
        consent=Consent(basis="synthetic", id="test", recorded_at="2026-01-01T00:00:00Z"),
    )
