"""Speech to motion of the person whose avatar is written."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from likeness_trainer.motion.fit import MotionFit
from likeness_trainer.protocol import Reporter
from likeness_trainer.tracking.track_file import Track
from likeness_trainer.variational.person import fit_person


class Spoken:
    """What is fitted on one person's training frames, with one seed: once for each length of fine-tuning, however often
    their avatar is written."""

    def __init__(self, track: Track, seed: int) -> None:
        self._track = track
        self._seed = seed
        self._fits: dict[int, tuple[MotionFit, dict[str, bytes]]] = {}

    def fitted(self, audio: np.ndarray | None, steps: int, reporter: Reporter) -> tuple[MotionFit, dict[str, bytes]]:
        """The fit and its graphs, by their names in a bundle. `audio` is the video's sound, [N] at 16 kHz on the
        picture's clock; `steps` are those of each fine-tuning. Raises Cancelled."""
        if steps not in self._fits:
            with tempfile.TemporaryDirectory() as folder:
                fit = fit_person(
                    self._track,
                    audio,
                    train_idx=self._track.split()[0],
                    out_dir=Path(folder),
                    reporter=reporter,
                    seed=self._seed,
                    steps=steps,
                )
                paths = (fit.speech_path, fit.motion_path, fit.live_path, fit.variation_path)
                self._fits[steps] = fit, {path.name: path.read_bytes() for path in paths if path is not None}
        return self._fits[steps]
