"""Pictures and sound through ffmpeg: the trainer's only door to video files."""

from .audio import read_audio
from .frames import FrameWriter, mp4, read_frames
from .planes import Planes, read_planes
from .probe import Source, probe

__all__ = ["FrameWriter", "Planes", "Source", "mp4", "probe", "read_audio", "read_frames", "read_planes"]
