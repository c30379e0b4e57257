"""All that speech does to one person's mouth: the likely motion, and how else they might say it."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from likeness_trainer.motion.examples import Examples
from likeness_trainer.motion.finetune import STEPS
from likeness_trainer.motion.fit import HearByHubert, MotionFit, fit_graphs, write_graphs
from likeness_trainer.protocol import Reporter
from likeness_trainer.tracking.track_file import Track
from likeness_trainer.variational.variation import export_variation, fit_variation

# Where fitting the graphs and the variation end, of all the work; the rest writes the graphs.
_GRAPHS, _VARIED = 0.6, 0.85
VARIATION_SHARE = 4.0  # of its usual length, at the usual length of fine-tuning: most presets learn it whole


def fit_person(
    track: Track,
    audio: np.ndarray | None,
    *,
    train_idx: np.ndarray,
    out_dir: Path,
    reporter: Reporter,
    seed: int = 0,
    steps: int = STEPS,
    hubert: HearByHubert | None = None,
) -> MotionFit:
    """Fit a person's speech to motion on the frames `train_idx` and write `speech.onnx`, `motion.onnx` and what goes
    with them.

    `audio` is the video's sound, [N] at 16 kHz on the picture's clock, or None when it has none. `steps` is the length
    of each fine-tuning; how the person varies is learnt for a time in proportion, when the sound may be theirs. Where
    `hubert` is given, and the sound may be theirs, `motion-hubert.onnx` is written too. Raises Cancelled.
    """
    graphs = fit_graphs(track, audio, train_idx, reporter.part(0, _GRAPHS), seed, steps, hubert)
    variation = None
    if audio is not None and graphs.share > 0:
        examples, share = Examples.of(track, train_idx), min(1, VARIATION_SHARE * steps / STEPS)
        variation = fit_variation(audio, graphs.speech.encoder, examples, graphs.lag_seconds, reporter, seed, share)
    reporter.progress(_VARIED, 1, "parts")
    fit = write_graphs(graphs, out_dir, varied=variation is not None)
    if variation is None:
        return fit
    path = out_dir / "variation.onnx"
    export_variation(variation, fit.features, path)
    return replace(fit, variation_path=path)
