"""The held-out frames at the source's own resolution, where a crop that was enlarged shows that it was."""

from __future__ import annotations

import numpy as np

from likeness_trainer.bundle.composite import over
from likeness_trainer.metrics.clip import Clip
from likeness_trainer.metrics.crops import Boxes
from likeness_trainer.metrics.quality import Truth
from likeness_trainer.metrics.untrained import Untrained, View
from likeness_trainer.protocol import Reporter

MOST_BYTES = 320_000_000  # of crops and masks in memory: a large head is measured on fewer frames


def native_view(
    clip: Clip, test: np.ndarray, boxes: list[Boxes], untrained: Untrained, reporter: Reporter
) -> tuple[Truth, View]:
    """The first of the held-out frames, as many as fit into memory with what is warped to them."""
    side = clip.native_side
    count = len(test)
    while count > 1 and side**2 * (4 * count + 4 * len(untrained.masked(count, by_sound=False))) > MOST_BYTES:
        count -= 1
    frames, warped = test[:count], untrained.masked(count, by_sound=False)
    pictures = clip.pictures(warped | set(frames.tolist()), reporter, side)
    masks = clip.masks(warped | set(frames.tolist()), reporter, side)
    scale = side / 256
    truth = Truth(
        frames,
        [pictures[frame] for frame in frames.tolist()],
        [part.scaled(scale) for part in boxes[:count]],
        [masks[frame] for frame in frames.tolist()],
        cores=clip.cores,
    )
    return truth, View(side, pictures, masks, [clip.plate(frame, side) for frame in frames.tolist()])


def laid_over(rgba: np.ndarray, plate: np.ndarray) -> np.ndarray:
    """A drawn crop [S,S,4] 0..1 (colour not multiplied by alpha) over its background [P,P,3] u8, enlarged where the
    background is larger."""
    single = rgba.astype(np.float32)
    return over(single if len(single) == len(plate) else enlarged(single, len(plate)), plate)


def enlarged(rgba: np.ndarray, side: int) -> np.ndarray:
    """A crop [S,S,4] as the avatar engine enlarges one for export: Catmull-Rom (Keys 1981, a = -1/2), colours times
    alpha."""
    weights = _catmull_rom(len(rgba), side)
    layer = np.concatenate([rgba[..., :3] * rgba[..., 3:], rgba[..., 3:]], -1)
    across = np.tensordot(layer, weights, (1, 1)).transpose(0, 2, 1)
    large = np.clip(np.tensordot(weights, across, (1, 0)), 0, 1)
    alpha = large[..., 3:]
    return np.concatenate([np.minimum(large[..., :3] / np.maximum(alpha, 1e-6), 1), alpha], -1).astype(np.float32)


def _catmull_rom(count: int, side: int) -> np.ndarray:
    """[side,count] f32 weights of the old pixels in each new one; the edge is repeated."""
    weights = np.zeros((side, count), np.float32)
    position = (np.arange(side) + 0.5) * count / side - 0.5
    base = np.floor(position).astype(int)
    for tap in range(-1, 3):
        x = np.abs(position - base - tap)
        near, far = 1 + x * x * (1.5 * x - 2.5), 2 - x * (4 - x * (2.5 - 0.5 * x))
        np.add.at(weights, (np.arange(side), np.clip(base + tap, 0, count - 1)), np.where(x < 1, near, far))
    return weights
