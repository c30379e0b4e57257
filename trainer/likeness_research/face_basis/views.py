"""What more looks at each picture are worth to the tracking: `python -m likeness_research.face_basis.views`.

The landmark network sees every crop once more for each view of it: turned, noisy, in other contrast and colours, or
compressed; what it finds is led back and averaged. People are filmed with truth, as `measure` films them; the tracker
has one view (some minutes of one core).
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from likeness_research.any_video.film import Film, shoot
from likeness_research.face_basis.measure import Worth, film_of, usable_in, worth
from likeness_research.face_basis.population import kin
from likeness_trainer.media import probe_source
from likeness_trainer.morphable.mesh import Camera
from likeness_trainer.protocol import Reporter
from likeness_trainer.tracking.eyes_and_mouth import inter_ocular
from likeness_trainer.tracking.face_fit import fit_face
from likeness_trainer.tracking.landmarks import Landmarker
from likeness_trainer.tracking.networks import Networks
from likeness_trainer.tracking.scan import scan

_DEGREES, _NOISE, _QUALITY = 6.0, 6.0, 40  # of turns, grey levels, of a JPEG
_CONTRAST, _COLOURS = 0.75, (1.15, 1.0, 0.85)

View = Callable[[np.ndarray], np.ndarray]  # of a crop [S,S,3] u8: the same size


def turned(degrees: float) -> View:
    """Round its centre, counter-clockwise as it is seen."""

    def view(crop: np.ndarray) -> np.ndarray:
        middle = ((crop.shape[1] - 1) / 2, (crop.shape[0] - 1) / 2)
        there = cv2.getRotationMatrix2D(middle, degrees, 1)
        return cv2.warpAffine(crop, there, crop.shape[1::-1], borderMode=cv2.BORDER_REPLICATE)

    return view


def noisy(crop: np.ndarray) -> np.ndarray:
    """The same noise in every picture of a size would be taken for the face's own; it follows from the crop."""
    random = np.random.default_rng(int(crop[::16, ::16].sum()))
    return _bytes(crop + random.normal(0, _NOISE, crop.shape))


def flat(crop: np.ndarray) -> np.ndarray:
    """With less contrast."""
    return _bytes(128 + _CONTRAST * (crop.astype(np.float32) - 128))


def tinted(crop: np.ndarray) -> np.ndarray:
    """In warmer light."""
    return _bytes(crop * np.array(_COLOURS, np.float32))


def compressed(crop: np.ndarray) -> np.ndarray:
    """As a JPEG of little quality."""
    return cv2.imdecode(cv2.imencode(".jpg", crop, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1], cv2.IMREAD_COLOR)


# Views, each with how far it is turned.
TURNED: list[tuple[View, float]] = [(turned(_DEGREES), _DEGREES), (turned(-_DEGREES), -_DEGREES)]
CHANGED: list[tuple[View, float]] = [(view, 0.0) for view in (noisy, flat, tinted, compressed)]
ROWS = {
    "one view, as the tracker": [],
    "and two turned": TURNED,
    "and four in other light, noise and compression": CHANGED,
    "and all six": TURNED + CHANGED,
}


class Looks(Landmarker):
    """The mean of what is found in a crop and in views of it. Every view is followed by networks of its own."""

    def __init__(self, views: list[tuple[View, float]]) -> None:
        super().__init__()
        self._views = [(view, degrees, Landmarker()) for view, degrees in views]

    def submit(self, crop: np.ndarray, restart: bool) -> None:
        super().submit(crop, restart)
        for view, _, mesh in self._views:
            mesh.submit(view(crop), restart)

    def result(self) -> np.ndarray:
        """As a Landmarker's; a mode that finds no face in the crop itself has none."""
        own = super().result()
        others = [led_back(mesh.result(), degrees) for _, degrees, mesh in self._views]
        found = np.nanmean(np.stack([own, *others]), 0) if others else own
        return np.where(np.isnan(own), own, found).astype(np.float32)

    def __exit__(self, *_: object) -> None:
        super().__exit__()
        for _view, _degrees, mesh in self._views:
            mesh.__exit__()


def led_back(points: np.ndarray, degrees: float) -> np.ndarray:
    """Points [...,3], shares of a side, of a crop that was turned so far, where they are in the crop itself."""
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    x, y = points[..., 0] - 0.5, points[..., 1] - 0.5
    return np.stack([cos * x - sin * y + 0.5, sin * x + cos * y + 0.5, points[..., 2]], -1)


def looks_at(film: Film, ffmpeg: str, ffprobe: str) -> dict[str, tuple[float, float, Worth]]:
    """Shoot a film once and track it with every row's views: distance of the landmarks as they are found, and of its
    change from frame to frame, in % of the eyes' distance; and what the fit of them makes."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film.mp4"
        truth = shoot(film, path, ffmpeg)
        source = probe_source(ffmpeg, ffprobe, str(path), None)
        scale = float(np.median(truth.scale) / np.median(truth.track.focal[0] / -truth.track.translation[:, 2]))
        camera = Camera.typical(source.width, source.height)
        for name, views in ROWS.items():
            with Networks(Looks(views)) as networks:
                seen = scan(ffmpeg, source, str(path), networks, Path(folder), Reporter.silent())
            usable, frames = usable_in(seen)
            landmarks = seen.landmarks.mean(1)[usable, :468]
            away = landmarks[..., :2] - truth.track.landmarks[usable, :468, :2]
            eyes = np.median(truth.scale[usable]) * inter_ocular(truth.track.neutral)
            error, change = (100 / eyes * np.linalg.norm(one, axis=-1).mean() for one in (away, np.diff(away, axis=0)))
            fit = fit_face(landmarks, frames, seen.faces, camera, source.fps)
            found[name] = (float(error), float(change), worth(fit, usable, truth, scale))
    return found


def _bytes(levels: np.ndarray) -> np.ndarray:
    return np.clip(levels, 0, 255).round().astype(np.uint8)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=4)
    parser.add_argument("--ffmpeg", default="ffmpeg")
    parser.add_argument("--ffprobe", default="ffprobe")
    asked = parser.parse_args()
    people = kin()
    measured: dict[str, list[list[float]]] = {name: [] for name in ROWS}
    for seed in range(asked.people):
        film = film_of(people.face(100 + seed), seed, turning=seed % 2 == 1)
        for name, (error, change, fit) in looks_at(film, asked.ffmpeg, asked.ffprobe).items():
            measured[name].append([error, change, fit.landmarks, fit.turn, fit.shape, fit.motion])
            print(name, *(f"{value:.2f}" for value in measured[name][-1]), flush=True)
    print("| views | found, % | change, % | fitted, % | turn, degrees | shape, mm | depth of the mouth's motion, mm |")
    print("|---|---|---|---|---|---|---|")
    for name, rows in measured.items():
        print(f"| {name} |", " | ".join(f"{value:.2f}" for value in np.mean(rows, 0)), "|")


if __name__ == "__main__":
    main()
