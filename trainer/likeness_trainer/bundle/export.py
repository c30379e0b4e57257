"""Write a trained person as a `.likeness` bundle (docs/formats.md, "Avatar bundle")."""

from __future__ import annotations

import copy
import datetime
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from safetensors.numpy import save
from torch import nn

from ..media import read_audio
from ..motion.finetune import STEPS
from ..motion.fit import MotionFit, fit_person
from ..protocol import Reporter, TrainerError
from ..protocol.reporter import sha256_of
from ..renderer.fast import FastRenderer
from ..renderer.proxies import Proxies, control_of, frame_proxies
from ..renderer.rig import Rig
from ..tracking.track_file import Track
from . import probe
from .archive import FORMAT, VERSION, write_archive
from .composite import crop_picture, over
from .fast_graph import FastGraph, trace_fast
from .inputs import fast_inputs, std_inputs
from .load import DEFAULT_THREADS, Bundle
from .quantise import CALIBRATION_FRAMES, quantise
from .render_graph import OPSET, std_graph

PRODUCER = "Likeness 0.1.0"
# IPTC's term for media made by a model trained on other media; c2pa and platforms read it.
DIGITAL_SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
STD_TOLERANCE = 1e-3  # of the std graph against PyTorch, in 0..1
_IDLE = ("time", "state", "expression", "rotation", "translation", "gaze", "crop", "torso", "aperture", "torso_pose")
_JPEG_QUALITY = 92


def export_bundle(
    *,
    job: dict[str, Any],
    track: Track,
    rig: Rig,
    std: nn.Module,
    fast: FastRenderer,
    reporter: Reporter,
    measure: Callable[[Bundle], dict[str, Any]],
    speech_steps: int = STEPS,
) -> tuple[Path, dict[str, Any]]:
    """Write `job["avatarPath"]` whole, or not at all, and return its path and the held-out report inside it.

    `job` is the `train` job: `source`, `analysisDir` (audio16k.wav, plate.png), `avatarPath`, `name`, `preset`,
    `consent`, `seed`, `threads` and `ffmpeg` are read. `track` and `rig` describe the person; training and held-out
    frames are `track.split()`. Speech to motion is fitted here, on the training frames, `speech_steps` each fine-tuning. `std` and `fast` are the
    trained models (the averaged weights, on any device; they are copied, never changed):

    * `std(points [4096,3], directions [4096,3], half_width [4096,1], condition [1,36], texture [1,256,256,2],
      region [1,3,256,256]) -> rgba [1,4,256,256]`, as the inputs of `render.onnx`;
    * `fast`: its weights are rewritten into the 8-bit graph.

    `measure(bundle)` is called once, with everything but the report in place, and its answer becomes `report.json`
    (contract schema `EvaluateResult`): `metrics.evaluate.measure_bundle` bound to the job.

    Opens no stage and reports no artifact: the caller does. Raises `TrainerError` ('disk-full', or 'internal' when a graph does not equal its
    PyTorch form) and `Cancelled`.
    """
    train, held_out = track.split()
    calibration = [
        frame_proxies(rig, control_of(track, int(frame)))
        for frame in train[np.linspace(0, len(train) - 1, min(CALIBRATION_FRAMES, len(train))).round().astype(int)]
    ]
    reporter.check_cancelled()
    files = {
        "rig.safetensors": _rig_bytes(rig),
        "idle.safetensors": save({name: getattr(track, name) for name in _IDLE}, {"format": "likeness.idle", "version": "1"}),
        "plate.jpg": _plate(Path(job["analysisDir"]) / "plate.png"),
        "render.onnx": std_graph(std, std_inputs(calibration[0])),
        "render-fast.onnx": _fast_bytes(fast, calibration, reporter),
    }
    reporter.check_cancelled()
    audio = _audio(job)
    motion, graphs = _motion(track, audio, train, job, reporter, speech_steps)
    files |= graphs
    manifest = _manifest(job, track, len(train), len(held_out), motion)

    bundle = Bundle(manifest, files, job.get("threads") or DEFAULT_THREADS)
    _check_std(bundle, std, calibration[len(calibration) // 2])
    middle = control_of(track, int(train[len(train) // 2]))
    tensors = probe.probe_tensors(bundle, middle, probe.probe_sound(audio))
    files["probe.safetensors"] = save(tensors, {"format": probe.FORMAT, "version": probe.VERSION})
    files["thumbnail.jpg"] = _jpeg(_thumbnail(bundle, tensors["rgba"], middle.crop))
    reporter.check_cancelled()
    report = measure(bundle)
    files["report.json"] = json.dumps(report, indent=1, allow_nan=False).encode()

    path = Path(job["avatarPath"])
    write_archive(path, manifest, files)
    return path, report


def _manifest(job: dict[str, Any], track: Track, train: int, held_out: int, motion: MotionFit) -> dict[str, Any]:
    """Contract schema `Manifest`, less `files`."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "name": job["name"],
        "createdAt": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "producer": PRODUCER,
        "opset": OPSET,
        "source": {"width": track.width, "height": track.height, "fps": track.fps, "frames": len(track)},
        "renderSize": 256,
        "colourRange": "full-rgb",
        "preset": job["preset"],
        "trainingFrames": train,
        "heldOutFrames": held_out,
        "speech": {
            "sampleRate": 16000,
            "featureRate": 100,
            "features": motion.features,
            "lagSeconds": motion.lag_seconds,
            "adapted": motion.adapted,
        },
        "consent": {key: job["consent"][key] for key in ("basis", "id", "recordedAt")},
        "provenance": {"digitalSourceType": DIGITAL_SOURCE_TYPE, "sourceSha256": sha256_of(job["source"])},
    }


def _rig_bytes(rig: Rig) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rig.safetensors"
        rig.save(path)
        return path.read_bytes()


def _audio(job: dict[str, Any]) -> np.ndarray | None:
    path = Path(job["analysisDir"]) / "audio16k.wav"
    return read_audio(job["ffmpeg"], str(path)) if path.is_file() else None


def _motion(
    track: Track, audio: np.ndarray | None, train: np.ndarray, job: dict[str, Any], reporter: Reporter, steps: int
) -> tuple[MotionFit, dict[str, bytes]]:
    with tempfile.TemporaryDirectory() as folder:
        fit = fit_person(track, audio, train_idx=train, out_dir=Path(folder), reporter=reporter, seed=job["seed"], steps=steps)
        return fit, {"speech.onnx": fit.speech_path.read_bytes(), "motion.onnx": fit.motion_path.read_bytes()}


def _fast_bytes(fast: FastRenderer, frames: list[Proxies], reporter: Reporter) -> bytes:
    graph = FastGraph(fast)
    inputs = [fast_inputs(proxies) for proxies in frames]
    reporter.check_cancelled()
    return quantise(trace_fast(graph, inputs[0]), inputs, graph.texture_scale)


def _check_std(bundle: Bundle, std: nn.Module, proxies: Proxies) -> None:
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


def _plate(path: Path) -> bytes:
    picture = cv2.imread(str(path))
    if picture is None:
        raise TrainerError(
            "not-found", "The background of this video is missing from its analysis.", "Analyse the video again.", str(path)
        )
    return _jpeg(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB))


def _jpeg(picture: np.ndarray) -> bytes:
    parameters = [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY]
    return cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), parameters)[1].tobytes()


def _thumbnail(bundle: Bundle, rgba: np.ndarray, crop: np.ndarray) -> np.ndarray:
    """The probe's frame over its background, [256, 256, 3] u8."""
    return over(np.moveaxis(rgba, 0, -1), crop_picture(bundle.plate, crop))
