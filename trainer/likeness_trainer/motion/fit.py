"""Speech to motion for one person: adapted to them as far as their video's sound is theirs, general otherwise."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from likeness_trainer.motion.closing import SHARES, Limits, Openness, Witnesses
from likeness_trainer.motion.examples import (
    NEIGHBOURS_SECONDS,
    SIGHT_ROWS,
    Examples,
    closing_inputs,
    heard_closure,
    ridge_inputs,
)
from likeness_trainer.motion.finetune import STEPS, TunedBranch, fine_tune
from likeness_trainer.motion.graph import (
    LIPS,
    AdaptedMouth,
    HubertBranch,
    LipCorrection,
    MotionGraph,
    PartlyAdaptedMouth,
    RidgeBranch,
    TunedHead,
    ZeroShotMouth,
    export_hubert_motion,
    export_motion,
)
from likeness_trainer.motion.hubert import HubertSound, thinned
from likeness_trainer.motion.live import LiveGraph, export_live, first_state
from likeness_trainer.motion.restore import LEVELS, QuantileMap
from likeness_trainer.motion.ridge import Ridge, contiguous_folds, fit_ridge
from likeness_trainer.protocol import Reporter
from likeness_trainer.sample.voice import load_voice
from likeness_trainer.speech import (
    Layout,
    SpeechGraph,
    estimate,
    export_speech,
    in_sight,
    load_encoder,
    sample_at,
    speech_pieces,
)
from likeness_trainer.speech.encoder import SpeechEncoder
from likeness_trainer.speech.normalise import level_dbfs, normalise
from likeness_trainer.speech.sizes import FEATURE_RATE, frame_count
from likeness_trainer.speech.spectrum import LogMel
from likeness_trainer.speech.sync import DEFAULT_LAG_SECONDS
from likeness_trainer.tracking.lips import LipMeasures, Mouth
from likeness_trainer.tracking.track_file import Track

FOLDS = 3  # to learn how predictions on unheard sound are distributed
_HEARD_BY_HUBERT = 0.6  # of the fitting's work, where HuBERT has to hear the sound first
CLOSED_SHARE = 0.05  # the least open training frames show what closed looks like
LARGEST_GAIN = 1.6


@dataclass(frozen=True)
class HubertFit:
    """The motion graph that hears HuBERT, and what of it that hears."""

    path: Path
    layer: int
    size: int  # of a row


@dataclass(frozen=True)
class MotionFit:
    """The graphs of a bundle and what their manifest entry says."""

    speech_path: Path
    motion_path: Path
    live_path: Path | None  # for sound that is still coming in; a checkpoint's avatar has none
    features: int
    lag_seconds: float
    share: float  # how far the mouth is adapted to the video's sound, 0..1: as far as that is theirs
    variation_path: Path | None = None  # how else the person might say it; only where the sound is theirs
    hubert: HubertFit | None = None  # where it was to hear the sound, and that is the person's


@dataclass(frozen=True)
class HubertMotion:
    """The motion graph that hears features and behind them rows of a layer of HuBERT."""

    motion: MotionGraph
    layer: int
    size: int  # of a row


HearByHubert = Callable[[Reporter], HubertSound]
"""What HuBERT hears in the person's sound; it takes long, so it is asked for once it is wanted."""


@dataclass(frozen=True)
class PersonGraphs:
    """The same graphs as modules."""

    speech: SpeechGraph
    motion: MotionGraph
    lag_seconds: float
    share: float  # as `MotionFit`
    heard: np.ndarray | None = None  # [N] at 16 kHz: a voice like those to be expected, where live sound is
    hubert: HubertMotion | None = None


@dataclass(frozen=True)
class Restored:
    """What gives the averaged branches the person's own distribution back."""

    opening: QuantileMap
    limits: Limits
    width: QuantileMap
    centre: np.ndarray  # [64]
    gains: np.ndarray  # [64]

    @classmethod
    def by(cls, ridge: np.ndarray, tuned: np.ndarray, openness: np.ndarray, truth: np.ndarray) -> "Restored":
        """From both branches' predictions [n, 66] and the openness [n] of sound they were not fitted on, and the
        truth."""
        both = (ridge + tuned) / 2
        return cls(
            opening=QuantileMap.between(both[:, 0], truth[:, 0]),
            limits=Limits.between(openness, truth[:, 0]),
            width=QuantileMap.between(both[:, 1], truth[:, 1]),
            centre=truth[:, LIPS:].mean(axis=0),
            gains=spread_gains(both[:, LIPS:], truth[:, LIPS:]),
        )


def general_person(track: Track, train_idx: np.ndarray, out_dir: Path) -> MotionFit:
    """The same two graphs without listening to the person: general speech, mapped to how far their mouth moves."""
    encoder, speech_quantiles = load_encoder()
    motion = zero_shot(track, train_idx, speech_quantiles.numpy())
    return write_graphs(PersonGraphs(SpeechGraph(encoder).eval(), motion, DEFAULT_LAG_SECONDS, 0.0), out_dir)


def write_graphs(graphs: PersonGraphs, out_dir: Path, *, varied: bool = False) -> MotionFit:
    """Export the graphs into a folder; `varied` ones take a shift of what they would say."""
    out_dir.mkdir(parents=True, exist_ok=True)
    fit = MotionFit(
        speech_path=out_dir / "speech.onnx",
        motion_path=out_dir / "motion.onnx",
        live_path=None if graphs.heard is None else out_dir / "live.onnx",
        features=graphs.speech.features,
        lag_seconds=graphs.lag_seconds,
        share=graphs.share,
        hubert=graphs.hubert and HubertFit(out_dir / "motion-hubert.onnx", graphs.hubert.layer, graphs.hubert.size),
    )
    export_speech(graphs.speech, fit.speech_path)
    export_motion(graphs.motion, fit.features, fit.motion_path, varied=varied)
    if fit.hubert is not None and graphs.hubert is not None:
        export_hubert_motion(graphs.hubert.motion, fit.features, fit.hubert.size, fit.hubert.path, varied=varied)
    if fit.live_path is not None and graphs.heard is not None:
        export_live(LiveGraph(graphs.speech, graphs.motion, first_state(graphs.heard)).eval(), fit.live_path)
    return fit


def fit_graphs(
    track: Track,
    audio: np.ndarray | None,
    train_idx: np.ndarray,
    reporter: Reporter,
    seed: int = 0,
    steps: int = STEPS,
    hubert: HearByHubert | None = None,
) -> PersonGraphs:
    """Adapt as far as the sync gate says, on the training frames alone; on what HuBERT hears too where that is asked
    for."""
    encoder, speech_quantiles = load_encoder()
    general = zero_shot(track, train_idx, speech_quantiles.numpy())
    sync = None if audio is None else estimate(audio, Mouth.of(track, train_idx))
    if audio is None or sync is None or sync.share == 0:
        voice = load_voice("voice").samples
        return PersonGraphs(SpeechGraph(encoder).eval(), general, DEFAULT_LAG_SECONDS, 0.0, voice)
    heard = None
    if hubert is not None:
        heard = hubert(reporter.part(0, _HEARD_BY_HUBERT))
        reporter = reporter.part(_HEARD_BY_HUBERT, 1)
    tuned, motion, by_hubert = adapt(track, audio, train_idx, sync.lag_seconds, encoder, reporter, seed, steps, heard)
    if sync.share < 1:
        for graph in (motion, by_hubert and by_hubert.motion):
            if graph is not None:
                graph.mouth = PartlyAdaptedMouth(general.mouth, graph.mouth, sync.share)
    speech = SpeechGraph(encoder, tuned.encoder).eval()
    return PersonGraphs(speech, motion, sync.lag_seconds, sync.share, audio, by_hubert)


def adapt(
    track: Track,
    audio: np.ndarray,
    train_idx: np.ndarray,
    lag: float,
    encoder: SpeechEncoder,
    reporter: Reporter,
    seed: int,
    steps: int,
    by_hubert: HubertSound | None = None,
) -> tuple[TunedBranch, MotionGraph, HubertMotion | None]:
    """Fit both branches; their cross-validated predictions give the maps that restore the person's distribution. By
    HuBERT the ridge is another, and the rest the same."""
    examples = Examples.of(track, train_idx)
    mel = normalised_mel(audio)
    inputs, closing, heard = _heard_at(examples.time + lag, audio, encoder)
    layer = None if by_hubert is None else by_hubert.best_layer(examples, lag)
    rows = None if by_hubert is None or layer is None else by_hubert.inputs(layer, examples.time + lag)
    unheard_ridge, unheard_tuned, unheard_hubert = (np.empty_like(examples.targets) for _ in range(3))
    witnessed = np.empty((len(examples.time), len(SHARES)))
    for done, (train, test) in enumerate(contiguous_folds(examples.time, FOLDS)):
        reporter.progress(done, FOLDS + 1, "folds")
        part = Examples(examples.time[train], examples.targets[train], examples.importance)
        unheard_ridge[test] = fit_targets(inputs[train], part)(inputs[test])
        if rows is not None:
            unheard_hubert[test] = fit_targets(*thinned(rows[train], part))(rows[test])
        witnessed[test] = Witnesses.fit(closing[train], part.targets[:, 0], part.time)(closing[test], heard[test])
        unheard_tuned[test] = predict(
            fine_tune(encoder, mel, part, lag, seed, reporter, steps), mel, examples.time[test] + lag
        )
    reporter.progress(FOLDS, FOLDS + 1, "folds")
    ridge, tuned = fit_targets(inputs, examples), fine_tune(encoder, mel, examples, lag, seed, reporter, steps)
    reporter.progress(FOLDS + 1, FOLDS + 1, "folds")
    deviations = witnessed.std(axis=0)
    openness = Witnesses.fit(closing, examples.targets[:, 0], examples.time).openness(deviations)
    person = person_mouth(track, train_idx)
    embedded = RidgeBranch(ridge, openness)

    def graph(branch: RidgeBranch | HubertBranch, unheard: np.ndarray) -> MotionGraph:
        restored = Restored.by(unheard, unheard_tuned, Openness.of(witnessed), examples.targets)
        return MotionGraph(AdaptedMouth(branch, TunedHead(tuned), **vars(restored)), *person).eval()

    motion = graph(embedded, unheard_ridge)
    if rows is None or layer is None:
        return tuned, motion, None
    size, width = rows.shape[1] // 3, Layout.adapted.stop
    branch = HubertBranch(fit_targets(*thinned(rows, examples)), slice(width, width + size), embedded)
    return tuned, motion, HubertMotion(graph(branch, unheard_hubert), layer, size)


def _heard_at(
    seconds: np.ndarray, audio: np.ndarray, encoder: SpeechEncoder
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What is heard at times [n] of a sound: `ridge_inputs`, `closing_inputs` and `heard_closure`, piece by piece of
    it, since all features of ten minutes are 140 MB and as much again while they are smoothed."""
    heard = (features for features, _ in speech_pieces(SpeechGraph(encoder, closing=True).eval(), audio))
    count, widths = len(NEIGHBOURS_SECONDS), (Layout.general, Layout.closing)
    general, closing = (np.empty((len(seconds), count * (part.stop - part.start))) for part in widths)
    closure = np.empty(len(seconds))
    row = np.clip((seconds * FEATURE_RATE).astype(int), 0, frame_count(len(audio)) - 1)
    first = 0
    for features, own in in_sight(heard, SIGHT_ROWS):
        past = first + own.stop - own.start
        here = (row >= first) & (row < past)
        moments = seconds[here] - (first - own.start) / FEATURE_RATE
        general[here] = ridge_inputs(features[:, Layout.general], moments)
        closing[here] = closing_inputs(features[:, Layout.closing], moments)
        closure[here] = heard_closure(features, moments)
        first = past
    return general, closing, closure


def zero_shot(track: Track, train_idx: np.ndarray, speech_quantiles: np.ndarray) -> MotionGraph:
    """The pretrained lip head, its opening and width over speech mapped to the person's own quantiles."""
    lips = LipMeasures.of(track)(track.expression[train_idx].astype(np.float64))
    levels = np.linspace(0, 1, speech_quantiles.shape[1])
    opening, width = (
        QuantileMap.of_quantiles(np.interp(LEVELS, levels, heard), np.quantile(own, LEVELS))
        for heard, own in zip(speech_quantiles, lips.T)
    )
    mouth = ZeroShotMouth(opening, width, track.expression[train_idx].mean(axis=0))
    return MotionGraph(mouth, *person_mouth(track, train_idx)).eval()


def person_mouth(track: Track, train_idx: np.ndarray) -> tuple[LipCorrection, np.ndarray]:
    """How this person's expression follows opening and width, and their expression [64] with the mouth closed."""
    measures = LipMeasures.of(track)
    expression = track.expression[train_idx].astype(np.float64)
    opening = measures(expression)[:, 0]
    least_open = np.argsort(opening)[: max(1, int(CLOSED_SHARE * len(opening)))]
    return LipCorrection(measures, measures.directions(expression)), expression[least_open].mean(axis=0)


def fit_targets(inputs: np.ndarray, examples: Examples) -> Ridge:
    """One ridge for opening and width, one for the expression: their best penalties differ."""
    lips = fit_ridge(inputs, examples.targets[:, :LIPS], examples.time, examples.importance[:LIPS])
    face = fit_ridge(inputs, examples.targets[:, LIPS:], examples.time, examples.importance[LIPS:])
    return Ridge(np.concatenate([lips.weights, face.weights], axis=1), np.concatenate([lips.bias, face.bias]))


def spread_gains(predicted: np.ndarray, true: np.ndarray) -> np.ndarray:
    """Gain [K] that restores each coefficient's spread, as far as its prediction deserves it (r from .2 to .5)."""
    centred_predicted, centred_true = predicted - predicted.mean(axis=0), true - true.mean(axis=0)
    spread = centred_true.std(axis=0) / (centred_predicted.std(axis=0) + 1e-9)
    r = (centred_predicted * centred_true).mean(axis=0) / (
        centred_predicted.std(axis=0) * centred_true.std(axis=0) + 1e-9
    )
    return 1 + (np.clip(spread, 1, LARGEST_GAIN) - 1) * np.clip((r - 0.2) / 0.3, 0, 1)


def predict(branch: TunedBranch, mel: torch.Tensor, seconds: np.ndarray) -> np.ndarray:
    """Targets [n, K] of a tuned branch at given times of the sound."""
    with torch.no_grad():
        return sample_at(branch(mel[None])[0].T.numpy(), seconds).astype(np.float64)


def normalised_mel(audio: np.ndarray) -> torch.Tensor:
    """Encoder input [80, T] of a waveform [N] at 16 kHz."""
    with torch.no_grad():
        mel = LogMel()(torch.from_numpy(np.asarray(audio, np.float32))[None])
        return normalise(mel, level_dbfs(mel))[0]
