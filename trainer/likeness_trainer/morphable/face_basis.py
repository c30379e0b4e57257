"""A statistical model of faces over the mesh's 468 vertices: what people's shapes and expressions are like.

One comes from a face model that the user adds (`likeness_trainer.bases`); without one the fit knows of no statistics.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, deserialize
from safetensors.numpy import save

from likeness_trainer.format import TABLES
from likeness_trainer.morphable.topology import VERTICES
from likeness_trainer.protocol import TrainerError

TABLE = TABLES["face-basis"]
MOST_COMPONENTS = 79  # of each kind: what the track's identity has beside the person's own
_LARGEST = 64 * 2**20  # bytes of a file: ten times what the most components take
_HEADER = 8  # bytes before the safetensors header: its length


@dataclass(frozen=True)
class FaceBasis:
    """Shapes are `mean + sum_k a_k identity_k`, a_k with deviation `identity_spread_k`; an expression adds likewise.

    Head space, cm; a head's place, turn and size are no part of it. Rows are orthonormal, the widest first.
    """

    model: str  # its name in the model registry
    mean: np.ndarray  # [468, 3]
    identity: np.ndarray  # [K, 468, 3]
    identity_spread: np.ndarray  # [K] cm
    expression: np.ndarray  # [E, 468, 3], E may be 0
    expression_spread: np.ndarray  # [E] cm

    def validate(self) -> None:
        """Raise ValueError where the numbers are no such model."""
        if self.mean.shape != (VERTICES, 3) or np.abs(self.mean).max() > 30:
            raise ValueError("the mean is no face of 468 vertices in centimetres")
        for kind in ("identity", "expression"):
            rows, spread = getattr(self, kind), getattr(self, f"{kind}_spread")
            if rows.shape != (len(spread), VERTICES, 3) or len(rows) > MOST_COMPONENTS:
                raise ValueError(f"{kind} is {list(rows.shape)} with {len(spread)} deviations")
            flat = rows.reshape(len(rows), VERTICES * 3)
            if np.abs(flat @ flat.T - np.eye(len(flat))).max(initial=0) > 1e-3:
                raise ValueError(f"{kind} is not orthonormal")
            if (spread <= 0).any() or (np.diff(spread) > 0).any():
                raise ValueError(f"{kind}'s deviations do not fall from the widest on")
        if not len(self.identity):
            raise ValueError("it has no identities")

    def save(self, path: Path) -> str:
        """Write the file, and answer its `content`: the SHA-256 of everything behind its header, by which a reader
        knows it whole."""
        self.validate()
        tensors = {
            name: np.ascontiguousarray(getattr(self, name), tensor.dtype) for name, tensor in TABLE.tensors.items()
        }
        content = hashlib.sha256(_behind_header(save(tensors))).hexdigest()
        path.write_bytes(save(tensors, TABLE.metadata | {"model": self.model, "content": content}))
        return content

    @staticmethod
    def load(path: Path) -> FaceBasis:
        """Raises TrainerError('not-found' or 'bad-request')."""
        hint = "Add the face model again, or analyse with the generic face."
        if not path.is_file():
            raise TrainerError("not-found", "The face model is not there any more.", hint, str(path))
        try:
            return _read(path)
        except (SafetensorError, ValueError, KeyError) as error:
            raise TrainerError("bad-request", "The face model's file is damaged.", hint, f"{path}: {error}") from error


def _read(path: Path) -> FaceBasis:
    if path.stat().st_size > _LARGEST:
        raise ValueError("it is too large")
    whole = path.read_bytes()
    length = int.from_bytes(whole[:_HEADER], "little")
    metadata = json.loads(whole[_HEADER : _HEADER + length]).get("__metadata__", {})
    if {key: metadata.get(key) for key in TABLE.metadata} != TABLE.metadata:
        raise ValueError(f"format {metadata.get('format')!r}, version {metadata.get('version')!r}")
    if hashlib.sha256(_behind_header(whole)).hexdigest() != metadata["content"]:
        raise ValueError("its content is not what was written")
    stored = {name: _array(tensor) for name, tensor in deserialize(whole)}
    basis = FaceBasis(model=metadata["model"], **{name: stored[name] for name in TABLE.tensors})
    basis.validate()
    return basis


def _array(tensor: dict) -> np.ndarray:
    """f64 of a tensor as `deserialize` gives it."""
    if tensor["dtype"] != "F32":
        raise ValueError(f"a tensor of {tensor['dtype']}")
    array = np.frombuffer(tensor["data"], "<f4").reshape(tensor["shape"]).astype(np.float64)
    if not np.isfinite(array).all():
        raise ValueError("values that are not finite")
    return array


def _behind_header(whole: bytes) -> memoryview:
    return memoryview(whole)[_HEADER + int.from_bytes(whole[:_HEADER], "little") :]
