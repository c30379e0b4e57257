"""Rates and sizes of what is heard: known without PyTorch, which takes longer to load than a sound takes to hear."""

from dataclasses import dataclass
from pathlib import Path

SAMPLE_RATE = 16000
HOP = 160  # 10 ms
FEATURE_RATE = SAMPLE_RATE // HOP
MEL_BANDS = 80
TOWERS = 3  # each pretrained on other draws: together they hear better than any of them (docs/speech.md)
TOWER_CHANNELS = 96
CHANNELS = TOWERS * TOWER_CHANNELS
CLOSING_TOWERS = 3  # hear when a mouth shuts, and nothing else is asked of them
CLOSING_CHANNELS = CLOSING_TOWERS * TOWER_CHANNELS
DILATIONS = (1, 2, 4, 1, 2, 4)
CONTEXT_FRAMES = 2 + sum(3 * d for d in DILATIONS)  # frames on each side that an output can see, 0.44 s
REACH = 600  # frames on each side that the statistics of a spectrum come from
# Sound further away than this changes no feature: what a chunk of long sound needs on each side.
CONTEXT_SECONDS = (2 * REACH + CONTEXT_FRAMES + 5) / FEATURE_RATE

ENCODER_PATH = Path(__file__).parents[3] / "resources" / "speech" / "encoder.safetensors"
LISTENER_PATH = ENCODER_PATH.with_name("listener.onnx")  # the general speech graph; its weights are the encoder's file


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


def frame_count(samples: int) -> int:
    """Frames of a waveform: frame k is centred at sample 160 k."""
    return samples // HOP + 1
