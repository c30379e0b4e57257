"""A film of synthetic people before a room, and all that is true of the one who is to be followed."""

from __future__ import annotations

import collections
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from likeness_research.any_video.worn import Hand
from likeness_trainer.media import FrameWriter
from likeness_trainer.sample.lighting import encode
from likeness_trainer.sample.person import SIZE, Moment, Person
from likeness_trainer.sample.room import paint_room
from likeness_trainer.sample.truth import true_track
from likeness_trainer.tracking.track_file import FrameState, Track

MASK_SIDE = 512  # longer side of the true masks, as of an analysis's
UNJUDGED = 255  # a state that may be called one thing or another
_HIDDEN, _IN_VIEW = 0.10, 0.02  # share of the face behind something: above, it is covered; below, it is not
_INSIDE = 40  # pixels of the sample's picture that the hair reaches above the face
_LINEAR_STEPS = 1 << 13  # from no light to twice white
_ENCODED = encode(np.arange(_LINEAR_STEPS, dtype=np.float32) / _LINEAR_STEPS * 2.0)
STAGE = 1.2  # the room's side over the picture's longer one, for a camera that moves


@dataclass
class Actor:
    """One person in the film. place [T, 3]: left, top and side, in picture pixels, of the square that the sample's own
    picture would fill; seen [T] bool; raised [T]: how far the hand is up, 0..1."""

    person: Person
    moments: list[Moment]
    place: np.ndarray
    seen: np.ndarray | None = None
    raised: np.ndarray | None = None


@dataclass
class Film:
    """What is filmed. Actors stand one before the other, the furthest first; the truth is that of `actors[followed]`.

    camera [T, 3]: how the picture is moved (x, y in pixels) and enlarged; room [T]: the seed of the room, a new one is
    a cut; blur [T]: length of the motion's trail in pixels; light [T]: share of the light that is there; noise: grey
    levels; times: seconds of the frames where they are not evenly spaced.
    """

    width: int
    height: int
    fps: float
    actors: list[Actor]
    followed: int = 0
    camera: np.ndarray | None = None
    room: np.ndarray | None = None
    blur: np.ndarray | None = None
    light: np.ndarray | None = None
    noise: float = 1.0
    crf: int = 18
    times: np.ndarray | None = None
    _rooms: dict[int, np.ndarray] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.actors[0].moments)


@dataclass(frozen=True)
class Truth:
    """Of the person followed: track (landmarks in picture pixels), state [T] (`FrameState` or UNJUDGED), in_view [T]
    bool, masks [T, h, w] u8, scale [T] picture pixels of a centimetre."""

    track: Track
    state: np.ndarray
    in_view: np.ndarray
    masks: np.ndarray
    scale: np.ndarray

    def save(self, folder: Path) -> None:
        """Write `truth.safetensors` and `truth.npz` into a folder."""
        self.track.save(folder / "truth.safetensors")
        rows = {"state": self.state, "in_view": self.in_view, "masks": self.masks, "scale": self.scale}
        np.savez_compressed(folder / "truth.npz", **rows)

    @staticmethod
    def load(folder: Path) -> Truth:
        """What `save` has written."""
        with np.load(folder / "truth.npz") as rows:
            return Truth(Track.load(folder / "truth.safetensors"), **rows)


def shoot(film: Film, path: Path, ffmpeg: str) -> Truth:
    """Write the film to `path` (mp4) and return its truth."""
    frames, generator = len(film), np.random.default_rng(7)
    hands = [Hand(actor.person) if actor.raised is not None else None for actor in film.actors]
    scale = min(1.0, MASK_SIDE / max(film.width, film.height))
    mask_size = (2 * round(film.width * scale / 2), 2 * round(film.height * scale / 2))
    masks = np.zeros((frames, mask_size[1], mask_size[0]), np.uint8)
    hidden = np.zeros(frames)
    with (
        FrameWriter(ffmpeg, str(path), film.width, film.height, film.fps, _codec(film)) as writer,
        ThreadPoolExecutor(2) as pool,
    ):
        for k, layers in _ahead(pool, frames, lambda k: _layers(film, hands, k)):
            picture, cover = _backdrop(film, k), np.zeros((film.height, film.width), np.float32)
            for number, (layer, hand) in enumerate(layers):
                alpha = layer[..., 3]
                picture = layer[..., :3] + picture * (1 - alpha[..., None])
                cover = alpha + cover * (1 - alpha) if number == film.followed else cover * (1 - alpha)
                if number == film.followed:
                    hidden[k] = _share_hidden(film, k, hand)
                elif number > film.followed:
                    hidden[k] = max(hidden[k], _share_hidden(film, k, alpha))
            writer.write(_exposed(film, k, picture, generator))
            masks[k] = cv2.resize(cover * 255 + 0.5, mask_size, interpolation=cv2.INTER_AREA).astype(np.uint8)
    return _truth(film, hidden, masks)


def figure(person: Person, moment: Moment, side: int) -> np.ndarray:
    """The person without the room [side, side, 4]: linear colour times cover, cover."""
    if side > SIZE:
        return _drawn(person, moment, side)
    whole = _kept(person, moment, SIZE // 2 if side <= SIZE // 2 else SIZE).astype(np.float32)
    return whole if side == len(whole) else cv2.resize(whole, (side, side), interpolation=cv2.INTER_AREA)


_KEPT: dict[tuple[int, int, int], tuple[Moment, np.ndarray]] = {}
_MOST_KEPT = 360  # pictures, 2 MB each at most: several films show the same moments


def _kept(person: Person, moment: Moment, side: int) -> np.ndarray:
    key = (id(person), id(moment), side)
    if key in _KEPT:
        return _KEPT[key][1]
    drawn = _drawn(person, moment, side).astype(np.float16)
    if len(_KEPT) < _MOST_KEPT and not person.worn:
        _KEPT[key] = moment, drawn  # the moment too: while it lives, no other has its id
    return drawn


def _drawn(person: Person, moment: Moment, side: int) -> np.ndarray:
    whole, *others = person.layers(moment, side)
    for layer in others:
        whole = _over(layer, whole)
    return whole


def _over(layer: np.ndarray, under: np.ndarray) -> np.ndarray:
    return layer + under * (1 - layer[..., 3:])


def placed(film: Film, actor: Actor, frame: int) -> np.ndarray:
    """Left, top and side of an actor's square in the picture as it is filmed."""
    left, top, side = actor.place[frame]
    if film.camera is None:
        return np.array([left, top, side])
    x, y, zoom = film.camera[frame]
    return np.array(
        [
            (left - film.width / 2) * zoom + film.width / 2 + x,
            (top - film.height / 2) * zoom + film.height / 2 + y,
            side * zoom,
        ]
    )


def _ahead(
    pool: ThreadPoolExecutor, frames: int, make: Callable[[int], list]
) -> Iterator[tuple[int, list[tuple[np.ndarray, np.ndarray | None]]]]:
    make(0)  # compiles what is not compiled yet, before two threads would each do it
    waiting: collections.deque[Future] = collections.deque()
    for k in range(frames + 4):
        if k < frames:
            waiting.append(pool.submit(make, k))
        if k >= 4 or k >= frames:
            if not waiting:
                return
            yield k - 4, waiting.popleft().result()


def _layers(film: Film, hands: Sequence[Hand | None], frame: int) -> list[tuple[np.ndarray, np.ndarray | None]]:
    """Every actor's layer [H, W, 4] and, where a hand is up, the hand's cover [H, W]."""
    made = []
    for actor, hand in zip(film.actors, hands):
        if actor.seen is not None and not actor.seen[frame]:
            made.append((np.zeros((film.height, film.width, 4), np.float32), None))
            continue
        place = placed(film, actor, frame)
        side = max(32, 2 * round(place[2] / 2))
        whole, before = figure(actor.person, actor.moments[frame], side), None
        if hand is not None and actor.raised is not None and actor.raised[frame] > 0:
            layer = hand.layer(float(actor.raised[frame]), side)
            whole, before = _over(layer, whole), _laid(film, layer, place)[..., 3]
        made.append((_laid(film, whole, place), before))
    return made


def _laid(film: Film, layer: np.ndarray, place: np.ndarray) -> np.ndarray:
    """A square layer put into the picture [H, W, 4]; the body goes on below it."""
    zoom = place[2] / layer.shape[0]
    below = max(0, int(np.ceil((film.height - place[1] - place[2]) / zoom)) + 2)
    body = cv2.copyMakeBorder(layer, 0, below, 0, 0, cv2.BORDER_REPLICATE) if below else layer
    matrix = np.array([[zoom, 0, place[0] + zoom / 2 - 0.5], [0, zoom, place[1] + zoom / 2 - 0.5]])
    return cv2.warpAffine(body, matrix, (film.width, film.height), flags=cv2.INTER_LINEAR)


def _backdrop(film: Film, frame: int) -> np.ndarray:
    """The room [H, W, 3] linear, with pictures on its walls that a moving camera can be told by."""
    seed = 4 if film.room is None else int(film.room[frame])
    longer = max(film.width, film.height)
    side = round(STAGE * longer)
    if seed not in film._rooms:
        room, generator = cv2.resize(paint_room(512, seed), (side, side)), np.random.default_rng(seed)
        if seed % 2:
            room = room[:, ::-1] * np.array([0.9, 0.6, 0.45], np.float32)
        for _ in range(26):
            x, y = generator.uniform(0, side, 2)
            wide, tall = generator.uniform(0.015, 0.07, 2) * side
            tint = generator.uniform(0.03, 0.45, 3).tolist()
            room = np.ascontiguousarray(room)
            cv2.rectangle(room, (int(x), int(y)), (int(x + wide), int(y + tall)), tint, -1)
        film._rooms[seed] = room.astype(np.float32)
    x, y, zoom = (0.0, 0.0, 1.0) if film.camera is None else film.camera[frame]
    centre = np.array([film.width / 2 + x, film.height / 2 + y])
    matrix = np.array([[zoom, 0, centre[0] - zoom * side / 2], [0, zoom, centre[1] - zoom * side / 2]])
    size = (film.width, film.height)
    return cv2.warpAffine(film._rooms[seed], matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def _exposed(film: Film, frame: int, linear: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """The picture [H, W, 3] u8 that a camera makes of linear light."""
    if film.blur is not None and film.blur[frame] > 0.5:
        trail = max(2, round(float(film.blur[frame])))
        kernel = np.zeros((trail, trail), np.float32)
        cv2.line(kernel, (0, trail // 3), (trail - 1, trail - 1 - trail // 3), (1.0,))
        linear = cv2.filter2D(linear, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REPLICATE)
    light = 1.0 if film.light is None else float(film.light[frame])
    levels = np.minimum(linear * (light * _LINEAR_STEPS / 2.0), _LINEAR_STEPS - 1).astype(np.uint16)
    picture = _ENCODED[levels]
    grain = np.zeros(picture.shape[:2], np.int16)
    if film.noise >= 1:
        cv2.randn(grain, np.zeros(1), np.full(1, film.noise))
    return np.clip(picture + grain[..., None], 0, 255).astype(np.uint8)


def _codec(film: Film) -> list[str]:
    times = []
    scale = "scale=out_color_matrix=bt709:out_range=tv"
    if film.times is not None:  # two rates: pts by the frame's number
        steps = np.round(np.diff(film.times), 4)
        change = int(np.argmax(steps != steps[0]))
        first, then = steps[0], steps[-1]
        scale += f",setpts='if(lt(N,{change}),N*{first},{change * first}+(N-{change})*{then})/TB'"
        times = ["-fps_mode", "passthrough", "-enc_time_base", "1:9000", "-video_track_timescale", "90000"]
    return [
        "-vf",
        scale,
        *times,
        "-c:v",
        "libx264",
        "-preset",
        "veryfast",
        "-crf",
        str(film.crf),
        "-pix_fmt",
        "yuv420p",
        "-colorspace",
        "bt709",
        "-color_primaries",
        "bt709",
        "-color_trc",
        "bt709",
    ]


def _share_hidden(film: Film, frame: int, cover: np.ndarray | None) -> float:
    """The share of the face's vertices behind a cover [H, W]."""
    if cover is None:
        return 0.0
    actor = film.actors[film.followed]
    points = _picture_points(film, actor, true_track(actor.person, actor.moments[frame : frame + 1], film.fps), frame)
    x, y = np.floor(points[:468]).astype(int).T
    inside = (x >= 0) & (x < film.width) & (y >= 0) & (y < film.height)
    return float((cover[y[inside], x[inside]] > 0.5).sum() / 468)


def _picture_points(film: Film, actor: Actor, track: Track, frame: int, row: int = 0) -> np.ndarray:
    left, top, side = placed(film, actor, frame)
    return track.landmarks[row, :, :2] * (side / SIZE) + [left, top]


def _truth(film: Film, hidden: np.ndarray, masks: np.ndarray) -> Truth:
    actor, frames = film.actors[film.followed], len(film)
    track = true_track(actor.person, actor.moments, film.fps)
    places = np.stack([placed(film, actor, k) for k in range(frames)])
    zoom = places[:, 2] / SIZE
    track.landmarks = track.landmarks * zoom[:, None, None]
    track.landmarks[..., :2] += places[:, None, :2]
    seen = np.ones(frames, bool) if actor.seen is None else actor.seen.copy()
    low, high = track.landmarks[..., :2].min(1), track.landmarks[..., :2].max(1)
    inside = ((low > 0) & (high < [film.width, film.height])).all(1)
    out = ((high < 0) | (low > [film.width, film.height])).any(1)
    state = np.full(frames, FrameState.GOOD, np.uint8)
    state[(hidden > _IN_VIEW) | ~inside] = UNJUDGED
    state[hidden > _HIDDEN] = FrameState.OCCLUDED
    if film.blur is not None:
        heights = high[:, 1] - low[:, 1]
        state[film.blur > 0.012 * heights] = UNJUDGED
        state[film.blur > 0.05 * heights] = FrameState.BLURRED
    state[~seen | out] = FrameState.MISSING
    if film.room is not None:
        state[1:][np.diff(film.room) != 0] = FrameState.OTHER
    yaw = np.degrees(np.arcsin(np.clip(track.rotation[:, 0, 2], -1, 1)))
    state[(np.abs(yaw) > 50) & (state == FrameState.GOOD)] = UNJUDGED
    in_view = seen & inside & (hidden <= _HIDDEN)
    depth = -track.translation[:, 2]
    return Truth(track, state, in_view, masks, track.focal[0] / depth * zoom)
