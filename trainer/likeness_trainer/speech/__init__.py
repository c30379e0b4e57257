"""Speech: features, the pretrained encoder, and whether sound and mouth belong together."""

from likeness_trainer.speech.analyse import SpeechAnalysis, analyse_speech, sample_at
from likeness_trainer.speech.graph import CONTEXT_SECONDS, Layout, SpeechGraph, export_speech, load_encoder
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
    "load_encoder",
    "sample_at",
]
