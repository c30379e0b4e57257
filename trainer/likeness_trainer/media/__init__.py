"""Pictures and sound through ffmpeg: the trainer's only door to video files."""

from likeness_trainer.media.audio import read_audio
from likeness_trainer.media.frames import FrameWriter, mp4, read_frames
from likeness_trainer.media.planes import Planes, read_planes
from likeness_trainer.media.probe import Colours, Source, probe
from likeness_trainer.media.source import probe_source

__all__ = [
    "Colours",
    "FrameWriter",
    "Planes",
    "Source",
    "mp4",
    "probe",
    "probe_source",
    "read_audio",
    "read_frames",
    "read_planes",
]
