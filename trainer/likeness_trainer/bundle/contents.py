"""The files of a bundle (docs/formats.md, "Avatar bundle"), one by one, for a finished avatar and for one of a
checkpoint."""

from __future__ import annotations

import copy
import datetime
import tempfile
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from safetensors.numpy import save
from torch import nn

from likeness_trainer.bundle import probe
from likeness_trainer.bundle.archive import FORMAT, VERSION
from likeness_trainer.bundle.composite import crop_picture, over
from likeness_trainer.bundle.fast_graph import FastGraph, trace_fast
from likeness_trainer.bundle.idle import IDLE, idle_bytes
from likeness_trainer.bundle.inputs import fast_inputs, std_inputs
from likeness_trainer.bundle.load import Bundle
from likeness_trainer.bundle.quantise import CALIBRATION_FRAMES, quantise
from likeness_trainer.bundle.render_graph import OPSET, std_graph
from likeness_trainer.format import TABLES
from likeness_trainer.motion.fit import MotionFit
from likeness_trainer.protocol import Reporter, TrainerError
from likeness_trainer.protocol.jobs import AvatarJob, HubertModel
from likeness_trainer.protocol.reporter import sha256_of
from likeness_trainer.renderer.fast import FastRenderer
from likeness_trainer.renderer.proxies import Control, Proxies, control_of, frame_proxies
from likeness_trainer.renderer.pruning import pruned
from likeness_trainer.renderer.rig import Rig
from likeness_trainer.tracking.track_file import Track

# IPTC's term for media made by a model trained on other media; c2pa and platforms read it.
DIGITAL_SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
STD_TOLERANCE = 1e-3  # of the std graph against PyTorch, in 0..1
_JPEG_QUALITY = 92


def calibration(track: Track, rig: Rig, train: np.ndarray) -> list[Proxies]:
    """Frames spread over the training ones: what a graph is traced, quantised and checked on."""
    chosen = train[np.linspace(0, len(train) - 1, min(CALIBRATION_FRAMES, len(train))).round().astype(int)]
    return [frame_proxies(rig, control_of(track, int(frame))) for frame in chosen]


def person_files(job: AvatarJob, track: Track, rig: Rig, sway: np.ndarray | None = None) -> dict[str, bytes]:
    """Rig, idle motion (with the sway [T,8,8,2] where it was tracked) and background."""
    return {
        "rig.safetensors": _rig_bytes(rig),
        IDLE: idle_bytes(track, sway=sway),
        "plate.jpg": _plate(job.analysis_dir / "plate.png"),
    }


def std_bytes(std: nn.Module, frame: Proxies) -> bytes:
    """The std graph, in single precision."""
    return std_graph(std, std_inputs(frame))


def fast_bytes(fast: FastRenderer, frames: list[Proxies], reporter: Reporter) -> bytes:
    """The fast renderer's weights, without its quiet channels, as the 8-bit graph."""
    graph = FastGraph(pruned(fast, frames))
    inputs = [fast_inputs(proxies) for proxies in frames]
    reporter.check_cancelled()
    return quantise(trace_fast(graph, inputs[0]), inputs, graph.texture_scale)


def manifest_of(job: AvatarJob, track: Track, motion: MotionFit, hubert: HubertModel | None = None) -> dict[str, Any]:
    """Contract schema `Manifest`, less `files`; `hubert` is what the motion may have been fitted on beside the embedded
    encoder."""
    (train, held_out), consent = track.split(), job.consent
    return {
        "format": FORMAT,
        "version": VERSION,
        "name": job.name,
        "createdAt": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "producer": job.producer,
        "tracker": track.tracker,
        "opset": OPSET,
        "source": {"width": track.width, "height": track.height, "fps": track.fps, "frames": len(track)},
        "renderSize": 256,
        "colourRange": "full-rgb",
        "preset": job.preset,
        "trainingFrames": len(train),
        "heldOutFrames": len(held_out),
        "speech": {
            "sampleRate": 16000,
            "featureRate": 100,
            "features": motion.features,
            "lagSeconds": motion.lag_seconds,
            "adapted": motion.share > 0,
            "share": round(motion.share, 3),
            **_by_hubert(motion, hubert),
        },
        "consent": {"basis": consent.basis, "id": consent.id, "recordedAt": consent.recorded_at},
        "provenance": {"digitalSourceType": DIGITAL_SOURCE_TYPE, "sourceSha256": sha256_of(job.source)},
    }


def _by_hubert(motion: MotionFit, hubert: HubertModel | None) -> dict[str, Any]:
    if motion.hubert is None or hubert is None:
        return {}
    return {"hubert": {"sha256": hubert.sha256, "layer": motion.hubert.layer, "size": motion.hubert.size}}


def check_std(bundle: Bundle, std: nn.Module, proxies: Proxies) -> None:
    """Raises TrainerError('internal') when the bundle's std graph does not draw what the trained model draws."""
    # on the CPU, where both compute in full single precision
    trained = copy.deepcopy(std).cpu().float().eval()
    with torch.no_grad():
        expected = trained(*(torch.from_numpy(value) for value in std_inputs(proxies).values()))
    off = float(np.abs(bundle.render(proxies) - expected[0].permute(1, 2, 0).numpy()).max())
    if not off <= STD_TOLERANCE:
        raise TrainerError(
            "internal",
            "The exported avatar does not look like the trained one.",
            "Try again; if it happens again, send a debug report.",
            f"render.onnx differs from PyTorch by {off:.5f}",
        )


def probe_files(bundle: Bundle, control: Control, waveform: np.ndarray) -> dict[str, bytes]:
    """The probe, and the thumbnail of its frame."""
    tensors = probe.probe_tensors(bundle, control, waveform)
    return {
        "probe.safetensors": save(tensors, TABLES["probe"].metadata),
        "thumbnail.jpg": _jpeg(over(bundle.draw(control), crop_picture(bundle.plate, control.crop))),
    }


def _rig_bytes(rig: Rig) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rig.safetensors"
        rig.save(path)
        return path.read_bytes()


def _plate(path: Path) -> bytes:
    picture = cv2.imread(str(path))
    if picture is None:
        raise TrainerError(
            "not-found",
            "The background of this video is missing from its analysis.",
            "Analyse the video again.",
            str(path),
        )
    return _jpeg(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB))


def _jpeg(picture: np.ndarray) -> bytes:
    parameters = [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY]
    return cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), parameters)[1].tobytes()
