"""What one optimiser step sees: frames' proxies, their truth and a random background, made ahead in a thread."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from likeness_trainer.morphable.topology import INNER_LIP, OUTER_LIP
from likeness_trainer.renderer.fast_inputs import texel_centres
from likeness_trainer.renderer.proxies import FACE, MOUTH, OFF_MESH, SIDE, Proxies, control_of, frame_proxies
from likeness_trainer.training.peers import ALONE, Peers

if TYPE_CHECKING:
    from likeness_trainer.renderer.rig import Rig
    from likeness_trainer.tracking.track_file import Track
    from likeness_trainer.training.crops import CropStore

FACE_SIDE, MOUTH_SIDE = 144, 64  # pixels at 256 of the squares the face and mouth losses look at
LIPS = list(INNER_LIP + OUTER_LIP)


@dataclass(frozen=True)
class Batch:
    """Proxies and truth of some frames; pictures 0..1."""

    points: Tensor  # [B,4096,3]
    directions: Tensor  # [B,4096,3]
    half_width: Tensor  # [B,4096,1]
    condition: Tensor  # [B,36]
    texture: Tensor  # [B,256,256,2]
    texels: Tensor  # [B,256,256,2] texture at the fast graph's texel centres
    region: Tensor  # [B,3,256,256]
    picture: Tensor  # [B,3,256,256]
    mask: Tensor  # [B,1,256,256]
    plate: Tensor  # [B,3,256,256]
    inside: Tensor  # [B,1,256,256] 1 where the crop lies in the source picture
    backdrop: Tensor  # [B,3,1,1] random colour
    face: tuple[tuple[int, int], ...]  # x, y of each frame's face square
    mouth: tuple[tuple[int, int], ...]
    seed: int  # of the jitter

    def random(self) -> torch.Generator:
        """The piece's own source of randomness: threads must not share one."""
        return torch.Generator(self.points.device).manual_seed(self.seed)

    def cut_face(self, image: Tensor) -> Tensor:
        """[B,C,144,144] of [B,C,256,256]."""
        return _cut(image, self.face, FACE_SIDE)

    def cut_mouth(self, image: Tensor) -> Tensor:
        """[B,C,64,64] of [B,C,256,256]."""
        return _cut(image, self.mouth, MOUTH_SIDE)


def _cut(image: Tensor, corners: tuple[tuple[int, int], ...], side: int) -> Tensor:
    return torch.stack([picture[:, y : y + side, x : x + side] for picture, (x, y) in zip(image, corners)])


def _corner(vertices: np.ndarray, side: int) -> tuple[int, int]:
    centre = (vertices[:, :2].min(0) + vertices[:, :2].max(0)) / 2
    x, y = np.clip(centre - side / 2, 0, SIDE - side).astype(int)
    return int(x), int(y)


class Batches:
    """Draws training frames without replacement, epoch by epoch.

    Everything random follows from (seed, step), so a resumed training sees what an uninterrupted one would have.
    """

    def __init__(
        self,
        rig: Rig,
        track: Track,
        crops: CropStore,
        frames: np.ndarray,
        size: int,
        pieces: int,
        seed: int,
        device: torch.device,
        peers: Peers = ALONE,
    ):
        """size: frames a step, of all processes; pieces: into how many this one cuts its part."""
        self._rig, self._track, self._crops, self._frames = rig, track, crops, frames
        self._size, self._pieces, self._seed, self._device, self._peers = size, pieces, seed, device, peers

    def cut_smaller(self) -> bool:
        """Twice as many pieces from the next step on, each half as large; False where they are single frames."""
        if self._size % (2 * self._pieces * self._peers.count):
            return False
        self._pieces *= 2
        return True

    def frames_of(self, step: int) -> list[int]:
        """Source frames of one step."""
        places = range(step * self._size, (step + 1) * self._size)
        return [self._drawn(*divmod(place, len(self._frames))) for place in places]

    def _drawn(self, epoch: int, place: int) -> int:
        return int(self._frames[np.random.default_rng((self._seed, epoch)).permutation(len(self._frames))[place]])

    def at(self, step: int, every: bool = False) -> list[Batch]:
        """This process's part of a step's batch, in pieces; `every`: the pieces of all processes."""
        random = np.random.default_rng((self._seed, step, 1))
        count = self._pieces * self._peers.count
        each = self._size // count
        frames = self.frames_of(step)
        drawn = [(random.random((each, 3), np.float32), int(random.integers(2**62))) for _ in range(count)]
        own = range(self._peers.rank * self._pieces, (self._peers.rank + 1) * self._pieces)
        wanted = range(count) if every else own
        return [self.of(frames[place * each : (place + 1) * each], *drawn[place]) for place in wanted]

    def of(self, frames: list[int], colours: np.ndarray, seed: int = 0) -> Batch:
        """A batch of given frames over given backdrops [B,3]."""
        proxies = [frame_proxies(self._rig, control_of(self._track, frame)) for frame in frames]
        crops = self._crops

        def stacked(arrays: list[np.ndarray]) -> Tensor:
            return torch.from_numpy(np.stack(arrays)).to(self._device)

        def pictures(arrays: list[np.ndarray]) -> Tensor:
            return stacked(arrays).permute(0, 3, 1, 2).float() / 255

        return Batch(
            points=stacked([p.points for p in proxies]),
            directions=stacked([p.directions for p in proxies]),
            half_width=stacked([p.half_width for p in proxies]),
            condition=stacked([p.condition for p in proxies]),
            texture=stacked([p.texture for p in proxies]),
            texels=stacked([texel_centres(p.texture) for p in proxies]),
            region=stacked([_one_hot(p) for p in proxies]),
            picture=pictures([crops.picture(frame) for frame in frames]),
            mask=pictures([crops.mask(frame)[..., None] for frame in frames]),
            plate=pictures([crops.plate(frame) for frame in frames]),
            inside=stacked([crops.inside(frame)[None] for frame in frames]).float(),
            backdrop=stacked(list(colours))[..., None, None],
            face=tuple(_corner(p.vertices, FACE_SIDE) for p in proxies),
            mouth=tuple(_corner(p.vertices[LIPS], MOUTH_SIDE) for p in proxies),
            seed=seed,
        )

    def ahead(self, first: int, stop: int, depth: int = 3) -> Iterator[tuple[int, list[Batch]]]:
        """(step, pieces of its batch) for the steps `first..stop-1`, the next `depth` made while this one trains."""
        with ThreadPoolExecutor(1) as pool:
            waiting = [pool.submit(self.at, step) for step in range(first, min(stop, first + depth))]
            for step in range(first, stop):
                batch = waiting.pop(0).result()
                if step + depth < stop:
                    waiting.append(pool.submit(self.at, step + depth))
                yield step, batch


def _one_hot(proxies: Proxies) -> np.ndarray:
    return np.stack([proxies.region == kind for kind in (FACE, MOUTH, OFF_MESH)]).astype(np.float32)
