"""A bundle in memory: checked files, and graphs that turn a frame's control into a picture."""

from __future__ import annotations

import io
import json
import tempfile
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import cv2
import numpy as np
import onnx
import onnxruntime
from safetensors import SafetensorError
from safetensors.numpy import load as load_tensors

from likeness_trainer.appearance.likeness_file import AppearanceFile
from likeness_trainer.appearance.sway import KNOTS
from likeness_trainer.bundle.archive import bad_bundle, read_archive
from likeness_trainer.bundle.idle import TABLE, Idle
from likeness_trainer.bundle.inputs import fast_inputs, std_inputs
from likeness_trainer.format import inputs_of
from likeness_trainer.protocol.jobs import DEFAULT_THREADS
from likeness_trainer.renderer.proxies import SIDE, Control, Proxies, frame_proxies
from likeness_trainer.renderer.rig import Rig

Graph = Literal["render", "render-fast"]
Draws = Literal["std", "closed"]
APPEARANCE = "appearance.safetensors"
HUBERT_MOTION = "motion-hubert.onnx"
_FARTHEST_SWAY = 64  # 256ths of the chart, as the engine has it; those that are tracked go to 12


class Bundle:
    """An avatar ready to run. Sessions are made when first used."""

    def __init__(self, manifest: dict[str, Any], files: dict[str, bytes], threads: int = DEFAULT_THREADS) -> None:
        """Raises TrainerError('bad-bundle') when a file cannot be read, lacks a tensor or is not the graph it should
        be."""
        self.manifest, self._files, self._threads = manifest, files, threads
        self._sessions: dict[str, onnxruntime.InferenceSession] = {}
        self.rig = _rig(files["rig.safetensors"])
        idle = _tensors("idle.safetensors", files["idle.safetensors"], TABLE.required)
        self.idle = Idle(**{name: idle[name] for name in TABLE.required}, sway=_sway(idle))
        self.closed = _appearance(files[APPEARANCE]) if APPEARANCE in files else None

    @classmethod
    def load(cls, path: str | Path, threads: int = DEFAULT_THREADS) -> Bundle:
        """Raises TrainerError('not-found' or 'bad-bundle')."""
        return cls(*read_archive(path), threads)

    @property
    def has_std(self) -> bool:
        """One whose person was laid out and not trained holds the closed form alone."""
        return "render.onnx" in self._files

    @property
    def has_fast(self) -> bool:
        """A checkpoint of a training that has not come to its fast stage has the std graph alone."""
        return "render-fast.onnx" in self._files

    @property
    def has_sway(self) -> bool:
        """Whether its idle motion says what its controls do not."""
        return self.idle.sway is not None and self.closed is not None and self.closed.loose is not None

    @property
    def forms(self) -> tuple[Draws, ...]:
        """What its pictures may be drawn by."""
        held: dict[Draws, bool] = {"std": self.has_std, "closed": self.closed is not None}
        return tuple(form for form, there in held.items() if there)

    @property
    def draws(self) -> Draws:
        """What its pictures are drawn by: the form that was better on held-out frames; where nothing says so, the std
        graph if it has one."""
        named = self.manifest.get("draws")
        return named if named in self.forms else self.forms[0]

    @property
    def varies(self) -> bool:
        """Whether it knows how else its person might say things; only one adapted to their voice can."""
        return "variation.onnx" in self._files

    @property
    def hubert(self) -> dict[str, Any] | None:
        """Which HuBERT its mouth was fitted on beside the embedded encoder: `sha256`, `layer` and `size`."""
        return self.manifest["speech"].get("hubert") if HUBERT_MOTION in self._files else None

    @property
    def report(self) -> dict[str, Any]:
        """The held-out figures measured at its export (contract schema `EvaluateResult`). A checkpoint's avatar has
        none."""
        return json.loads(self._files["report.json"])

    @cached_property
    def plate(self) -> np.ndarray:
        """The background behind the person, [H, W, 3] u8 RGB at source size."""
        picture = cv2.imdecode(np.frombuffer(self._files["plate.jpg"], np.uint8), cv2.IMREAD_COLOR)
        if picture is None:
            raise bad_bundle("plate.jpg in the avatar is not a picture.")
        return cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)

    @cached_property
    def probe(self) -> dict[str, np.ndarray]:
        """One frame's control, proxies and both graphs' pictures, as the exporting machine computed them."""
        return _tensors("probe.safetensors", self._files["probe.safetensors"], ("expression", "rotation", "crop"))

    def session(self, name: str) -> onnxruntime.InferenceSession:
        """The session of `render`, `render-fast`, `speech`, `motion`, `motion-hubert` or `variation`."""
        if name not in self._sessions:
            self._sessions[name] = _session(f"{name}.onnx", self._files[f"{name}.onnx"], self._threads)
        return self._sessions[name]

    def proxies(self, control: Control) -> Proxies:
        """Everything the graphs need for a frame's control."""
        return frame_proxies(self.rig, control)

    def draw(self, control: Control, by: Draws | None = None, side: int = SIDE) -> np.ndarray:
        """As `render`, by what the avatar draws with unless another is asked for. The closed form draws [side,side,4];
        what the graphs draw has 256 pixels a side all the same."""
        if (by or self.draws) == "closed" and self.closed is not None:
            return self.closed.draw(self.rig, control, side)
        return self.render(self.proxies(control))

    def render(self, proxies: Proxies, graph: Graph = "render") -> np.ndarray:
        """Colour and alpha of the head crop, [256, 256, 4] f32 in 0..1; colour is not multiplied by alpha."""
        if graph == "render":
            rgba = self.session(graph).run(["rgba"], std_inputs(proxies))[0]
            return np.clip(np.moveaxis(np.asarray(rgba, np.float32)[0], 0, -1), 0, 1)
        rgba = self.session(graph).run(["rgba"], fast_inputs(proxies))[0]
        return np.asarray(rgba)[0].astype(np.float32) / 255


def _appearance(content: bytes) -> AppearanceFile:
    try:
        return AppearanceFile.read(content)
    except ValueError as error:
        raise bad_bundle(f"{APPEARANCE} in the avatar does not fit the format.", str(error)) from error


def _sway(idle: dict[str, np.ndarray]) -> np.ndarray | None:
    sway = idle.get("sway")
    if sway is None:
        return None
    if sway.shape != (len(idle["time"]), KNOTS, KNOTS, 2) or not (np.abs(sway) <= _FARTHEST_SWAY).all():
        raise bad_bundle("The sway in the avatar's idle motion does not fit the format.")
    return sway


def _rig(content: bytes) -> Rig:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rig.safetensors"
        path.write_bytes(content)
        return Rig.load(path)


def _tensors(name: str, content: bytes, required: tuple[str, ...]) -> dict[str, np.ndarray]:
    try:
        tensors = load_tensors(content)
    except (SafetensorError, ValueError, KeyError) as error:
        raise bad_bundle(f"{name} in the avatar cannot be read.", str(error)) from error
    missing = [tensor for tensor in required if tensor not in tensors]
    if missing:
        raise bad_bundle(f"{name} in the avatar lacks {', '.join(missing)}.")
    return tensors


def _session(name: str, content: bytes, threads: int) -> onnxruntime.InferenceSession:
    try:
        model = onnx.load_model(io.BytesIO(content))
    except Exception as error:  # protobuf's own error types differ between its versions
        raise bad_bundle(f"{name} in the avatar is not a graph.", str(error)) from error
    if any(tensor.data_location == onnx.TensorProto.EXTERNAL for tensor in model.graph.initializer):
        raise bad_bundle(f"{name} in the avatar refers to other files.")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.set_denormal_as_zero", "1")
    # without VNNI the fastest 8-bit kernel overflows; with it this changes nothing
    options.add_session_config_entry("session.x64quantprecision", "1")
    try:
        session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises a family of pybind exceptions without a common base
        raise bad_bundle(f"{name} in the avatar cannot be run.", str(error)) from error
    found = {entry.name for entry in session.get_inputs()}
    wanted, optional = inputs_of(name)
    if not wanted <= found <= wanted | optional:
        raise bad_bundle(f"{name} in the avatar has inputs {sorted(found)}, expected {sorted(wanted)}.")
    return session
