"""Speech to motion of the person whose avatar is written."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from likeness_trainer.motion.fit import HearByHubert, MotionFit
from likeness_trainer.motion.hubert import HubertSound
from likeness_trainer.protocol import Reporter
from likeness_trainer.protocol.jobs import HubertModel
from likeness_trainer.speech.hubert import load_hubert
from likeness_trainer.speech.hubert_graph import are_there, write_graphs
from likeness_trainer.tracking.track_file import Track
from likeness_trainer.variational.person import fit_person


class Spoken:
    """What is fitted on one person's training frames, with one seed: once for each length of fine-tuning, however often
    their avatar is written."""

    def __init__(self, track: Track, seed: int, hubert: HubertModel | None = None) -> None:
        self._track = track
        self._seed = seed
        self.hubert = hubert
        self._heard: HubertSound | None = None
        self._fits: dict[int, tuple[MotionFit, dict[str, bytes]]] = {}

    def fitted(self, audio: np.ndarray | None, steps: int, reporter: Reporter) -> tuple[MotionFit, dict[str, bytes]]:
        """The fit and its graphs, by their names in a bundle. `audio` is the video's sound, [N] at 16 kHz on the
        picture's clock; `steps` are those of each fine-tuning. Warns where HuBERT was to hear it and it is not the
        person's. Raises Cancelled."""
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
                    hubert=self._hearing(audio),
                )
                by_hubert = fit.hubert and fit.hubert.path
                paths = (fit.speech_path, fit.motion_path, fit.live_path, fit.variation_path, by_hubert)
                if self.hubert and not self._fits and not by_hubert:
                    reporter.warning(
                        "hubert",
                        "HuBERT was not used: nothing says that the sound of this video is the person's.",
                        "Use a video in which the person seen is the one heard.",
                    )
                self._fits[steps] = fit, {path.name: path.read_bytes() for path in paths if path is not None}
        return self._fits[steps]

    def heard_by_hubert(self, layer: int) -> np.ndarray | None:
        """What that layer hears in the video's sound, [R, hidden] at 25 Hz, once it was asked while fitting."""
        return self._heard and self._heard.layers.get(layer)

    def _hearing(self, audio: np.ndarray | None) -> HearByHubert | None:
        model = self.hubert
        if model is None or audio is None:
            return None

        def hear(reporter: Reporter) -> HubertSound:
            if self._heard is None:
                hubert = load_hubert(model.weights)
                if not are_there(model.graphs):
                    write_graphs(hubert, model.graphs)
                self._heard = HubertSound.of(hubert, audio, reporter)
            return self._heard

        return hear
