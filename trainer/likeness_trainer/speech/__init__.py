"""Speech: features, the pretrained encoder, and whether sound and mouth belong together.

A name is loaded when it is asked for: what needs PyTorch does not keep those waiting who do without.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from likeness_trainer.speech.analyse import SpeechAnalysis, analyse_speech, in_sight, sample_at, speech_pieces
    from likeness_trainer.speech.graph import SpeechGraph, export_speech, load_encoder
    from likeness_trainer.speech.sizes import CONTEXT_SECONDS, Layout
    from likeness_trainer.speech.sync import SyncEstimate, estimate

__all__ = [
    "CONTEXT_SECONDS",
    "Layout",
    "SpeechAnalysis",
    "SpeechGraph",
    "SyncEstimate",
    "analyse_speech",
    "estimate",
    "export_speech",
    "in_sight",
    "load_encoder",
    "sample_at",
    "speech_pieces",
]

_ROOMS = {
    "analyse": ("SpeechAnalysis", "analyse_speech", "in_sight", "sample_at", "speech_pieces"),
    "graph": ("SpeechGraph", "export_speech", "load_encoder"),
    "sizes": ("CONTEXT_SECONDS", "Layout"),
    "sync": ("SyncEstimate", "estimate"),
}


def __getattr__(name: str) -> Any:
    for room, names in _ROOMS.items():
        if name in names:
            return getattr(import_module(f"{__name__}.{room}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
