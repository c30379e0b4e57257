"""Frames as they were filmed, for the detail of an appearance."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from likeness_trainer.media import probe, read_frames
from likeness_trainer.protocol import Reporter
from likeness_trainer.protocol.jobs import AnalysedJob
from likeness_trainer.training.crops import source_frames


def test_chosen_frames_come_in_their_order_and_at_the_size_asked_for(clip: dict) -> None:
    named = {name: clip[name] for name in ("producer", "ffmpeg", "ffprobe", "source")}
    job = AnalysedJob(**named, analysis_dir=Path(clip["analysisDir"]))
    every = list(read_frames(job.ffmpeg, job.source, probe(job.ffprobe, job.source), size=(48, 40)))
    chosen = list(source_frames(job, [3, 4, 9], (48, 40), Reporter.silent()))
    np.testing.assert_array_equal(chosen, [every[frame] for frame in (3, 4, 9)])
