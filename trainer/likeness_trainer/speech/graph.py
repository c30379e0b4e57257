"""`speech.onnx`: waveform in, features and pitch out. The same module serves fitting, evaluation and export."""

import warnings
from dataclasses import dataclass
from pathlib import Path

import torch
from jaxtyping import Float
from safetensors.torch import load_file
from torch import Tensor, nn

from likeness_trainer.protocol import TrainerError
from likeness_trainer.speech.encoder import (
    CHANNELS,
    CLOSING_CHANNELS,
    CONTEXT_FRAMES,
    TOWER_CHANNELS,
    SpeechEncoder,
    Tower,
)
from likeness_trainer.speech.normalise import (
    REACH,
    level_dbfs,
    local_mean,
    normalise,
    normalise_audible,
    peak_level,
    presence,
)
from likeness_trainer.speech.pitch import Pitch
from likeness_trainer.speech.spectrum import FEATURE_RATE, SAMPLE_RATE, LogMel

ENCODER_PATH = Path(__file__).parents[3] / "resources" / "speech" / "encoder.safetensors"
OPSET = 18
# Sound further away than this changes no feature: what a chunk of long sound needs on each side.
CONTEXT_SECONDS = (2 * REACH + CONTEXT_FRAMES + 5) / FEATURE_RATE


@dataclass(frozen=True)
class Layout:
    """Where each feature sits in a row of `features`."""

    hidden = slice(0, CHANNELS)
    lips = slice(CHANNELS, CHANNELS + 5)
    closure = CHANNELS + 4  # the last of the lips
    level = CHANNELS + 5  # 0 at 20 dB under the loudest of the surroundings, 1 at the loudest
    presence = CHANNELS + 6  # 0 silence .. 1 sound
    pitch = CHANNELS + 7  # octaves from the speaker's mean, 0 where unvoiced
    voicing = CHANNELS + 8
    count = CHANNELS + 9
    general = slice(0, count)  # all of the above: what mouths are predicted from
    closing = slice(count, count + CLOSING_CHANNELS)  # hidden features of the towers that hear when a mouth shuts
    width = closing.stop
    adapted = slice(
        width, width + TOWER_CHANNELS
    )  # hidden features of the tower tuned to the person, when there is one


class SpeechGraph(nn.Module):
    """Waveform [1, N] -> features [1, T, 297, 585 or 681] and pitch [1, T, 2] (octaves above 50 Hz, voicing 0..1)."""

    def __init__(self, encoder: SpeechEncoder, adapted: Tower | None = None, *, closing: bool = False) -> None:
        """An adapted mouth needs the closing towers; a general one does not, and neither does what only listens."""
        super().__init__()
        self.log_mel, self.pitch = LogMel(), Pitch()
        self.encoder, self.adapted, self.closing = encoder, adapted, closing or adapted is not None

    @property
    def features(self) -> int:
        """Width of a row of features."""
        return (Layout.width if self.closing else Layout.count) if self.adapted is None else Layout.adapted.stop

    def forward(self, waveform: Float[Tensor, "1 samples"]) -> tuple[Tensor, Tensor]:
        mel = self.log_mel(waveform)
        level = level_dbfs(mel)
        spectrum = normalise(mel, level)
        hidden = self.encoder.hidden(spectrum)
        sound = presence(level)
        octaves, periodicity = self.pitch(waveform)
        voicing = periodicity * sound
        relative_pitch = (octaves - local_mean(octaves, voicing + 1e-3)).clamp(-1, 1) * voicing
        relative_level = ((level - peak_level(level)) / 20 + 1).clamp(-1, 1) * sound
        rows = [hidden, self.encoder.heads(hidden)[1], relative_level, sound, relative_pitch, voicing]
        if self.closing:
            rows.append(self.encoder.closing_hidden(normalise_audible(mel, level)))
        if self.adapted is not None:
            rows.append(self.adapted.hidden(spectrum))
        return torch.cat(rows, dim=1).transpose(1, 2), torch.cat([octaves, voicing], dim=1).transpose(1, 2)


def load_encoder(path: Path = ENCODER_PATH) -> tuple[SpeechEncoder, Tensor]:
    """The pretrained encoder, and quantiles [2, 33] of its opening and width over speech.

    Raises TrainerError `bad-checkpoint` when the file is missing or does not fit.
    """
    encoder = SpeechEncoder()
    try:
        weights = load_file(path)
        quantiles = weights.pop("speech_quantiles")
        encoder.load_state_dict(weights)
    except Exception as problem:
        raise TrainerError(
            "bad-checkpoint",
            "The speech encoder's weights cannot be read.",
            "Restore resources/speech/encoder.safetensors, or make it: python -m likeness_research.encoder.pretrain",
            str(problem),
        ) from problem
    return encoder.eval(), quantiles


Axes = dict[str, dict[int, str]]


def export_graph(
    module: nn.Module, inputs: dict[str, Tensor], outputs: list[str], path: Path, axes: Axes | None = None
) -> None:
    """Write a module as ONNX, called with examples of its named inputs in order; `axes` are those of any length."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracer warns about Python numbers that are constants by design
        torch.onnx.export(
            module.eval(),
            tuple(inputs.values()),
            str(path),
            input_names=list(inputs),
            output_names=outputs,
            dynamic_axes=axes,
            opset_version=OPSET,
            dynamo=False,
        )


def export_speech(graph: SpeechGraph, path: Path) -> None:
    """Write `speech.onnx`."""
    axes = {"waveform": {1: "samples"}, "features": {1: "frames"}, "pitch": {1: "frames"}}
    export_graph(graph, {"waveform": torch.randn(1, SAMPLE_RATE) * 0.1}, ["features", "pitch"], path, axes)
