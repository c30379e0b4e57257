"""A distance of pictures as a network sees them, after LPIPS (Zhang et al. 2018) without its fitted weights.

The network is EfficientNet-Lite0 (Tan and Le 2019, without squeeze-and-excitation and with ReLU6), trained on ImageNet.
Its weights are the user's to add. What its stages make of two pictures is scaled to unit length along the channels and
compared; figures are not those of LPIPS, whose backbones are others.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from pickle import UnpicklingError

import cv2
import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from likeness_trainer.protocol import TrainerError

SIDE = 224  # pixels of what the network sees
# Repeats, kernel, stride, expansion and channels of each stage.
STAGES = (
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)
STEM, HEAD, CLASSES = 32, 1280, 1000
COMPARED = (0, 1, 2, 4, 6)  # stages, each the last of its resolution
_MEAN, _DEVIATION = 127, 128  # of the grey levels that the network was trained on
_EPSILON = 1e-3  # of the batch norms


class _Convolution(nn.Conv2d):
    """Padded as TensorFlow's `SAME`: what is odd goes to the right and below."""

    def forward(self, input: Tensor) -> Tensor:
        edges: list[int] = []
        for size, kernel, stride in zip(input.shape[:1:-1], self.kernel_size[::-1], self.stride[::-1]):
            missing = max((-(-size // stride) - 1) * stride + kernel - size, 0)
            edges += [missing // 2, missing - missing // 2]
        return super().forward(F.pad(input, edges))


class _Block(nn.Module):
    """An inverted bottleneck; its input is added where the shapes allow."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int, expansion: int) -> None:
        super().__init__()
        wide = inputs * expansion
        self.adds = stride == 1 and inputs == outputs
        if expansion > 1:
            self._expand_conv = _Convolution(inputs, wide, 1, bias=False)
            self._bn0 = nn.BatchNorm2d(wide, eps=_EPSILON)
        self.expands = expansion > 1
        self._depthwise_conv = _Convolution(wide, wide, kernel, stride, groups=wide, bias=False)
        self._bn1 = nn.BatchNorm2d(wide, eps=_EPSILON)
        self._project_conv = _Convolution(wide, outputs, 1, bias=False)
        self._bn2 = nn.BatchNorm2d(outputs, eps=_EPSILON)

    def forward(self, x: Tensor) -> Tensor:
        wide = F.relu6(self._bn0(self._expand_conv(x))) if self.expands else x
        wide = F.relu6(self._bn1(self._depthwise_conv(wide)))
        out = self._bn2(self._project_conv(wide))
        return out + x if self.adds else out


class EfficientNetLite0(nn.Module):
    """Names of modules follow the published checkpoint's."""

    def __init__(self) -> None:
        super().__init__()
        self._conv_stem = _Convolution(3, STEM, 3, 2, bias=False)
        self._bn0 = nn.BatchNorm2d(STEM, eps=_EPSILON)
        blocks, self.ends, inputs = [], [], STEM
        for repeats, kernel, stride, expansion, outputs in STAGES:
            for number in range(repeats):
                blocks.append(_Block(inputs, outputs, kernel, stride if number == 0 else 1, expansion))
                inputs = outputs
            self.ends.append(len(blocks) - 1)
        self._blocks = nn.ModuleList(blocks)
        self._conv_head = _Convolution(inputs, HEAD, 1, bias=False)
        self._bn1 = nn.BatchNorm2d(HEAD, eps=_EPSILON)
        self._fc = nn.Linear(HEAD, CLASSES)

    def stages(self, x: Tensor) -> Iterator[Tensor]:
        """What each stage makes of pictures [n,3,H,W], about -1..1."""
        x = F.relu6(self._bn0(self._conv_stem(x)))
        for number, block in enumerate(self._blocks):
            x = block(x)
            if number in self.ends:
                yield x

    def forward(self, x: Tensor) -> Tensor:
        """[n,1000] scores of ImageNet's classes."""
        *_, last = self.stages(x)
        return self._fc(F.relu6(self._bn1(self._conv_head(last))).mean((2, 3)))


class Perceptual:
    """The distance by a network whose weights lie in a file."""

    def __init__(self, path: Path) -> None:
        """Raises TrainerError('bad-checkpoint') for a file that does not hold this network."""
        self._network = EfficientNetLite0().eval()
        try:
            self._network.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
        except (RuntimeError, OSError, UnpicklingError, EOFError) as error:
            raise TrainerError(
                "bad-checkpoint",
                "The weights of EfficientNet-Lite0 cannot be read.",
                "Add them again with likeness models add.",
                str(error)[:500],
            ) from error

    def __call__(self, picture: np.ndarray, truth: np.ndarray) -> float:
        """Distance of two pictures [H,W,3] u8 RGB; 0 when equal."""
        with torch.no_grad():
            stages = list(self._network.stages(seen(picture, truth)))
            distances = [_distance(stages[number]) for number in COMPARED]
        return float(np.mean(distances))


def seen(*pictures: np.ndarray) -> Tensor:
    """Pictures [H,W,3] u8 RGB as the network sees them, [n,3,224,224]."""
    scaled = np.stack([cv2.resize(picture, (SIDE, SIDE), interpolation=cv2.INTER_AREA) for picture in pictures])
    normal = (scaled.astype(np.float32) - _MEAN) / _DEVIATION
    return torch.from_numpy(np.ascontiguousarray(normal.transpose(0, 3, 1, 2)))


def _distance(pair: Tensor) -> float:
    """Of features [2,C,h,w]: squared difference of unit vectors, mean over the places."""
    unit = F.normalize(pair, dim=1)
    return float((unit[0] - unit[1]).square().sum(0).mean())
