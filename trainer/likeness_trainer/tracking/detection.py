"""Faces anywhere in a frame, large or small: MediaPipe's full-range detector on the frame and, if need be, on tiles."""

from __future__ import annotations

import numpy as np

from likeness_trainer.media import Planes
from likeness_trainer.media.mediapipe_networks import Graph
from likeness_trainer.tracking.planes_cut import cut_colour
from likeness_trainer.tracking.squares import cut_square

INPUT_SIDE = 384  # the network sees 192 x 192 of it; only what scores .6 or more is taken for a face


class FaceFinder:
    """Finds faces in a full frame. Boxes are (x, y, width, height) in source pixels, from brows to chin made as large
    as the mesh's own box."""

    def __init__(self) -> None:
        self._detector = Graph("face_detection/face_detection_full_range_cpu", "detections")

    def find(self, frame: Planes | np.ndarray) -> list[np.ndarray]:
        """Boxes [4] f32, the most certain first, in planes or in RGB [H,W,3] u8. Tiles are looked at only when the
        whole frame shows no face."""
        width, height = (frame.width, frame.height) if isinstance(frame, Planes) else frame.shape[1::-1]
        for squares in (_whole(width, height), _tiles(width, height, 1), _tiles(width, height, 2)):
            found = [hit for square in squares for hit in self._in_square(frame, square)]
            if found:
                return _without_doubles(found)
        return []

    def _in_square(self, frame: Planes | np.ndarray, square: tuple[int, int, int]) -> list[tuple[float, np.ndarray]]:
        hits = []
        planes = isinstance(frame, Planes)
        seen = cut_colour(frame, square, INPUT_SIDE) if planes else cut_square(frame, square, INPUT_SIDE)
        for detection in self._detector.look(seen):
            box = detection.location_data.relative_bounding_box
            x, y, w, h = np.array([box.xmin, box.ymin, box.width, box.height]) * square[2]
            # The detector's box ends at the brows; the mesh reaches the hairline.
            grown = np.array([square[0] + x, square[1] + y - 0.2 * h, w, 1.2 * h], np.float32)
            hits.append((float(detection.score[0]), grown))
        return hits


def _whole(width: int, height: int) -> list[tuple[int, int, int]]:
    side = max(width, height)
    return [((width - side) // 2, (height - side) // 2, side)]


def _tiles(width: int, height: int, divisions: int) -> list[tuple[int, int, int]]:
    """Squares of the shorter side over `divisions`, overlapping by half."""
    side = min(width, height) // divisions

    def starts(length: int) -> list[int]:
        steps = max(1, int(np.ceil((length - side) / (side / 2))))
        return [round((length - side) * step / steps) for step in range(steps + 1)] if length > side else [0]

    return [(x, y, side) for y in starts(height) for x in starts(width)]


def overlap(one: np.ndarray, other: np.ndarray) -> float:
    """Intersection over union of two boxes."""
    low = np.maximum(one[:2], other[:2])
    high = np.minimum(one[:2] + one[2:], other[:2] + other[2:])
    shared = float(np.prod(np.maximum(0, high - low)))
    return shared / max(1e-6, float(one[2] * one[3] + other[2] * other[3]) - shared)


def _without_doubles(hits: list[tuple[float, np.ndarray]]) -> list[np.ndarray]:
    kept: list[np.ndarray] = []
    for _, box in sorted(hits, key=lambda hit: -hit[0]):
        if all(overlap(box, other) < 0.3 for other in kept):
            kept.append(box)
    return kept
