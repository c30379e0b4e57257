"""What each command is asked for: the job on the first line of standard input (`src/shared/contract/trainer.ts`).

Paths are absolute. What a field must be is checked when the job is read (`job_fields`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from likeness_trainer.protocol.job_fields import Above, Between

Preset: TypeAlias = Literal["instant", "draft", "standard", "full"]
Device: TypeAlias = Literal["auto", "cpu", "cuda"]
DEFAULT_THREADS = 2


@dataclass(frozen=True, kw_only=True)
class Job:
    """What every job says."""

    producer: str  # What asks, and its version: it goes into what is written.
    ffmpeg: str  # The program that decodes and encodes.
    ffprobe: str  # The program that tells what a media file holds.
    threads: Annotated[int, Between(1, 64)] | None = None  # How many cores it may keep busy; None: its own choice.

    @property
    def cores(self) -> int:
        """How many threads to compute with."""
        return self.threads or DEFAULT_THREADS


@dataclass(frozen=True, kw_only=True)
class Streams:
    """Which streams of a video were chosen, by their indices in the file."""

    picture: Annotated[int, Between(0)]  # The film.
    sound: Annotated[int, Between(0)] | None = None  # What is heard; None: it has no sound.
    opposite: bool  # Whether its two channels cancel each other out: one is turned over before they are mixed.


@dataclass(frozen=True, kw_only=True)
class AnalysedJob(Job):
    """A job about an analysed video."""

    source: str  # The person's video.
    streams: Streams | None = None  # Of the video; None: the first ones.
    analysis_dir: Path  # The folder of what is known of the video, `track.safetensors` among it.

    @property
    def track_path(self) -> Path:
        """What was measured of the person (`tracking.track_file`)."""
        return self.analysis_dir / "track.safetensors"

    @property
    def sound_path(self) -> Path:
        """The video's sound at 16 kHz; no such file where there is none."""
        return self.analysis_dir / "audio16k.wav"


@dataclass(frozen=True, kw_only=True)
class Consent:
    """Why this person may be made an avatar of."""

    basis: Literal["self", "permission", "synthetic"]  # Whose face it is.
    id: str  # The record of the consent in the library.
    recorded_at: str  # When it was given, as ISO 8601 has it.


@dataclass(frozen=True, kw_only=True)
class AvatarJob(AnalysedJob):
    """A job that writes an avatar of a training's run."""

    run_dir: Path  # The run's folder: crops, checkpoint, log and proofs.
    preset: Preset  # The recipe that the run follows.
    name: str  # What the avatar is called.
    consent: Consent  # The consent that goes into the avatar.
    avatar_path: Path  # The avatar, written whole at the end or not at all.


@dataclass(frozen=True, kw_only=True)
class AnalyzeJob(AnalysedJob):
    """`analyze`: measure a video."""

    person: Annotated[int, Between(0)] | None = None  # Which of the report's people; None: who fills most of the video.
    face_basis: Path | None = None  # What the shape of faces is like, of a model the user has added; None: not known.


@dataclass(frozen=True, kw_only=True)
class FollowJob(Job):
    """`follow`: tell what the face does in pictures that come on standard input, until it is cancelled."""

    width: Annotated[int, Between(64, 640)]  # Of the pictures, pixels; even.
    height: Annotated[int, Between(64, 640)]  # Likewise.


@dataclass(frozen=True, kw_only=True)
class FaceBasisJob(Job):
    """`face-basis`: make a small basis of a published face model."""

    file: Path  # A MATLAB file, a ZIP archive, or a folder.
    out_dir: Path  # The folder that the basis is written to, under the model's name.


@dataclass(frozen=True, kw_only=True)
class HubertGraphsJob(Job):
    """`hubert-graphs`: make the avatar engine's graphs of a HuBERT."""

    weights: Path  # The checkpoint as it was published.
    out_dir: Path  # The folder of the graphs, named by the checkpoint's SHA-256; replaced whole.


@dataclass(frozen=True, kw_only=True)
class HubertModel:
    """A HuBERT that the user has added."""

    weights: Path  # The checkpoint as it was published.
    sha256: str  # Of that file: an avatar says by it what it was fitted on.
    graphs: Path  # The folder of the avatar engine's graphs of it; made where it is not there.


@dataclass(frozen=True, kw_only=True)
class TrainJob(AvatarJob):
    """`train`: make an avatar."""

    device: Device  # What computes.
    resume: bool  # Whether to go on from the run's last checkpoint.
    seed: int  # Everything random follows from it.
    minutes: Annotated[float, Above(0)] | None = None  # How long to train, in place of the preset's length.
    further: tuple[Annotated[float, Above(0)], ...] = ()  # Minutes of each time the training went on after its end.
    hubert: HubertModel | None = None  # What is to hear the person's speech too; None: the embedded encoder alone.


@dataclass(frozen=True, kw_only=True)
class CheckpointJob(AvatarJob):
    """`checkpoint`: make an avatar of a run's newest checkpoint, whether the training goes on or was stopped."""


@dataclass(frozen=True, kw_only=True)
class EstimateJob(AnalysedJob):
    """`estimate`: time some steps of every stage; nothing is kept."""

    device: Device  # What computes.


@dataclass(frozen=True, kw_only=True)
class Recognition:
    """The weights of a face recognition network."""

    weights: Path  # Bytes, one tensor after the other.
    manifest: Path  # Their names, shapes and scales, as JSON.


@dataclass(frozen=True, kw_only=True)
class EvaluateJob(AnalysedJob):
    """`evaluate`: measure an avatar on the frames that its training never saw."""

    avatar_path: Path  # The avatar to measure.
    video_path: Path | None = None  # Where to write the filmed mouth beside the driven one, if that is wanted.
    report_dir: Path | None = None  # The folder for the page of figures and pictures, if that is wanted.
    perceptual: Path | None = None  # The weights of EfficientNet-Lite0, where the user has added them.
    recognition: Recognition | None = None  # Those of the face recognition network, likewise.
    hubert: HubertModel | None = None  # What the avatar was fitted on beside the embedded encoder, likewise.


@dataclass(frozen=True, kw_only=True)
class SamePersonJob(AnalysedJob):
    """`same-person`: compare the face in another video with the avatar's."""

    other: str  # That video.
    recognition: Recognition  # The weights of the network that compares.


@dataclass(frozen=True, kw_only=True)
class RenderJob(AnalysedJob):
    """`render`: write an avatar's frames as PNG."""

    avatar_path: Path  # The avatar to render.
    out_dir: Path  # The folder for the pictures.
    split: Literal["train", "test"]  # The frames trained on, or those held out.
    drive: Literal["track", "speech"]  # What moves the mouth: the tracked motion, or the video's own sound.
    size: Literal["source", "crop"]  # The whole filmed picture with the head put back, or the head's crop alone.


@dataclass(frozen=True, kw_only=True)
class Hears:
    """Somebody else, whose sound is to be heard too."""

    name: str  # What they are called in the report.
    analysis_dir: Path  # Their video's analysis.


@dataclass(frozen=True, kw_only=True)
class AblateJob(AnalysedJob):
    """`ablate`: measure what each part of the product is worth by leaving it out (`likeness_research`)."""

    subject: Literal["speech", "renderer"]  # What is taken apart: speech to motion, or what draws without training.
    out_dir: Path  # The folder for the report.
    hubert: Path | None = None  # The weights of HuBERT, where the user has added them.
    visemes: Path | None = None  # What a browser's library heard in the sound, where one is installed.
    hears: Hears | None = None  # Somebody else, whose sound the chain is to hear too.


@dataclass(frozen=True, kw_only=True)
class DemoSampleJob(Job):
    """`demo-sample`: film a synthetic person of whom everything is known."""

    out_dir: Path  # The folder for the video and the truth.
    seconds: Annotated[float, Above(0)] = 10.0  # How long it is.
    seed: int = 0  # Which person, and what they do.


@dataclass(frozen=True, kw_only=True)
class OwnCertificate:
    """A certificate of the user's."""

    certificate: Path  # What signs, followed by those that vouch for it; PEM.
    key: Path  # Its private key, PEM.


@dataclass(frozen=True, kw_only=True)
class CertificateJob(Job):
    """`certificate`: tell who signs content credentials."""

    credentials_dir: Path  # The folder of the library's certificates; a local one is made at first use.
    own: OwnCertificate | None = None  # Taken in first, if it can sign.
    trust: Path | None = None  # Likewise: certificates of those whose word counts when others' files are read, PEM.
    forget: tuple[Literal["own", "trust"], ...] = ()  # What was taken in before, and counts no more.


@dataclass(frozen=True, kw_only=True)
class SignJob(Job):
    """`sign`: put content credentials into a file."""

    credentials_dir: Path  # As of `certificate`.
    file: Path  # The finished file, replaced whole.
    format: Literal[  # What it is.
        "video/mp4",
        "video/quicktime",
        "image/png",
        "image/gif",
        "image/webp",
        "audio/wav",
        "audio/mp4",
        "video/webm",
        "application/zip",
    ]
    manifest: str  # What is said of it: a manifest definition of c2pa-rs, as JSON.
    beside: Path | None = None  # Where the manifest goes, for a format that has no place for one.


@dataclass(frozen=True, kw_only=True)
class CredentialsJob(Job):
    """`credentials`: read and check the content credentials of a file."""

    credentials_dir: Path  # As of `certificate`; nothing is made.
    file: Path  # Any file.
