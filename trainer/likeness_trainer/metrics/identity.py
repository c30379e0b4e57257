"""Whether two pictures show the same person, as dlib's face recognition network sees it (King 2017; a ResNet of 29
layers). Its weights are the user's to add, in the form that face-api has them: bytes, and a manifest of their scales.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from likeness_trainer.protocol import TrainerError

SIDE = 150  # pixels of the face that the network sees
SAME_PERSON = 0.6  # descriptors of one person lie nearer, by those who trained it
_MEAN = (122.782, 117.001, 104.298)  # RGB, 0..255
# Where the middle of eyes and mouth lies in the square, and how far eyes and mouth are apart in it.
_ACROSS, _DOWN, _EYES_TO_MOUTH = 0.5, 0.43, 0.45
_EYES, _MOUTH = ((33, 133), (362, 263)), (61, 291, 13, 14)
# (name, residual units after the one that halves the resolution)
GROUPS = (("conv32", 3), ("conv64", 3), ("conv128", 2), ("conv256", 2))


class FaceRecognition:
    """Descriptors [128] of faces."""

    def __init__(self, weights: Path, manifest: Path) -> None:
        """Raises TrainerError('bad-checkpoint') for files that do not hold this network."""
        try:
            self._tensors = read_tensors(weights.read_bytes(), json.loads(manifest.read_text(encoding="utf-8")))
            with torch.no_grad():
                self._descriptors(torch.zeros(1, 3, SIDE, SIDE))
        except (OSError, ValueError, KeyError, TypeError, IndexError, RuntimeError) as error:
            raise TrainerError(
                "bad-checkpoint",
                "The weights of the face recognition network cannot be read.",
                "Add both of its files again with likeness models add.",
                str(error)[:500],
            ) from error

    def __call__(self, picture: np.ndarray, landmarks: np.ndarray) -> np.ndarray | None:
        """Descriptor [128] of the face in a picture [H,W,3] u8 RGB with landmarks [478,2]; None without a face."""
        if not np.isfinite(landmarks).all():
            return None
        normal = (face_square(picture, landmarks).astype(np.float32) - _MEAN) / 256
        with torch.no_grad():
            return self._descriptors(torch.from_numpy(normal.transpose(2, 0, 1)[None].astype(np.float32)))[0].numpy()

    def _descriptors(self, x: Tensor) -> Tensor:
        x = F.relu(self._scaled("conv32_down", x, stride=2, padding=0))
        x = F.max_pool2d(x, 3, 2)
        for name, units in GROUPS:
            if name != "conv32":
                x = self._halved(f"{name}_down", x)
            for number in range(1, units + 1):
                x = self._residual(f"{name}_{number}", x)
        x = self._halved("conv256_down_out", x)
        return x.mean((2, 3)) @ self._tensors["fc"]

    def _residual(self, name: str, x: Tensor) -> Tensor:
        out = F.relu(self._scaled(f"{name}/conv1", x))
        return F.relu(self._scaled(f"{name}/conv2", out) + x)

    def _halved(self, name: str, x: Tensor) -> Tensor:
        out = F.relu(self._scaled(f"{name}/conv1", x, stride=2, padding=0))
        out = self._scaled(f"{name}/conv2", out)
        pooled = F.avg_pool2d(x, 2, 2)
        out = F.pad(out, (0, pooled.shape[3] - out.shape[3], 0, pooled.shape[2] - out.shape[2]))
        return F.relu(out + F.pad(pooled, (0, 0, 0, 0, 0, out.shape[1] - pooled.shape[1])))

    def _scaled(self, name: str, x: Tensor, stride: int = 1, padding: int = 1) -> Tensor:
        tensors = {part: self._tensors[f"{name}/{part}"] for part in ("conv/filters", "conv/bias")}
        filters = tensors["conv/filters"].permute(3, 2, 0, 1)
        out = F.conv2d(x, filters, tensors["conv/bias"], stride, padding)
        weights, biases = (self._tensors[f"{name}/scale/{part}"][:, None, None] for part in ("weights", "biases"))
        return out * weights + biases


def read_tensors(content: bytes, manifest: list[dict[str, Any]]) -> dict[str, Tensor]:
    """Tensors by name, one after the other: bytes in steps of a scale, or single precision. Raises ValueError."""
    found, at = {}, 0
    for entry in manifest[0]["weights"]:
        steps, count = entry.get("quantization"), int(np.prod(entry["shape"]))
        kind = np.dtype(np.float32 if steps is None else np.uint8)
        values = np.frombuffer(content, kind, count, at).astype(np.float32)
        if steps is not None:
            values = values * np.float32(steps["scale"]) + np.float32(steps["min"])
        found[entry["name"]] = torch.from_numpy(values.reshape(entry["shape"]))
        at += count * kind.itemsize
    if at != len(content):
        raise ValueError(f"{len(content)} bytes, but {at} in the manifest")
    return found


def face_square(picture: np.ndarray, landmarks: np.ndarray) -> np.ndarray:
    """The face [150,150,3] of a picture [H,W,3], cut as the network knows faces; landmarks [478,2] pixels."""
    eyes = np.stack([landmarks[list(corners)].mean(0) for corners in _EYES])
    mouth = landmarks[list(_MOUTH)].mean(0)
    side = np.linalg.norm(eyes - mouth, axis=1).mean() / _EYES_TO_MOUTH
    left, top = (eyes.sum(0) + mouth) / 3 - np.array([_ACROSS, _DOWN]) * side
    scale = SIDE / side
    # centre of pixel i is i + .5, and OpenCV's coordinates start at the first pixel's centre
    to_square = np.array([[scale, 0, -left * scale + (scale - 1) / 2], [0, scale, -top * scale + (scale - 1) / 2]])
    return cv2.warpAffine(picture, to_square, (SIDE, SIDE), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)
