"""`speech.onnx`: waveform in, features and pitch out. The same module serves fitting, evaluation and export."""

import json
import warnings
from pathlib import Path

import onnx
import torch
from jaxtyping import Float
from onnx.external_data_helper import set_external_data
from safetensors.torch import load_file
from torch import Tensor, nn

from likeness_trainer.protocol import TrainerError
from likeness_trainer.speech.encoder import SpeechEncoder, Tower
from likeness_trainer.speech.normalise import (
    level_dbfs,
    local_mean,
    normalise,
    normalise_audible,
    peak_level,
    presence,
)
from likeness_trainer.speech.pitch import Pitch
from likeness_trainer.speech.sizes import ENCODER_PATH, SAMPLE_RATE, Layout
from likeness_trainer.speech.spectrum import LogMel

OPSET = 18


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
    module: nn.Module,
    inputs: dict[str, Tensor],
    outputs: list[str],
    path: Path,
    axes: Axes | None = None,
    *,
    weighted: bool = True,
) -> None:
    """Write a module as ONNX, called with examples of its named inputs in order; `axes` are those of any length. Of one
    that is not `weighted` the weights are further inputs, by their names in the module."""
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
            export_params=weighted,
            do_constant_folding=weighted,
            dynamo=False,
        )


def export_speech(graph: SpeechGraph, path: Path) -> None:
    """Write `speech.onnx`."""
    axes = {"waveform": {1: "samples"}, "features": {1: "frames"}, "pitch": {1: "frames"}}
    export_graph(graph, {"waveform": torch.randn(1, SAMPLE_RATE) * 0.1}, ["features", "pitch"], path, axes)


def export_listener(encoder: SpeechEncoder, weights: Path, path: Path) -> None:
    """Write the general speech graph as ONNX whose weights stay where they are: in the encoder's file `weights`, in the
    same folder. Its sound is of any length."""
    export_speech(SpeechGraph(encoder), path)
    model = onnx.load(path)
    header_length = int.from_bytes(weights.read_bytes()[:8], "little")
    places = json.loads(weights.read_bytes()[8 : 8 + header_length])
    for tensor in model.graph.initializer:
        place = places.get(tensor.name.removeprefix("encoder."))
        if place is None:
            continue
        first, last = place["data_offsets"]
        set_external_data(tensor, weights.name, offset=8 + header_length + first, length=last - first)
        tensor.ClearField("raw_data")
    path.write_bytes(model.SerializeToString())
