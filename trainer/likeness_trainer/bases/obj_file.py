"""Wavefront OBJ as ICT-FaceKit writes it: vertices and faces, within bounds."""

from __future__ import annotations

import re
from itertools import islice

import numpy as np

from likeness_trainer.bases.refusal import refuse

LARGEST = 32 * 2**20  # bytes; the kit's own are under four million
_VERTEX = re.compile(rb"^v[ \t]+(\S{1,30})[ \t]+(\S{1,30})[ \t]+(\S{1,30})", re.MULTILINE)
_FACE = re.compile(rb"^f[ \t]+([0-9/ \t]{1,400})", re.MULTILINE)
_MOST_CORNERS = 8


def vertices_of(content: bytes, count: int, first: int, name: str) -> np.ndarray:
    """The first vertices [first, 3] f64 of a mesh that must have `count`. Raises TrainerError('bad-request')."""
    lines = content.count(b"\nv ") + content.startswith(b"v ")
    if lines != count:
        raise refuse(f"{name} has {lines} vertices; ICT-FaceKit has {count}.")
    found = [match.groups() for match in islice(_VERTEX.finditer(content), first)]
    try:
        points = np.array(found, "S30").astype(np.float64)
    except ValueError as error:
        raise refuse(f"{name} holds vertices that are no numbers.", str(error)) from error
    if points.shape != (first, 3) or not np.isfinite(points).all():
        raise refuse(f"{name} holds vertices that are no three numbers.")
    return points


def triangles_of(content: bytes, vertices: int, most: int, name: str) -> np.ndarray:
    """The faces among the first `vertices`, cut into triangles [F, 3] i32. Raises TrainerError('bad-request')."""
    triangles: list[tuple[int, int, int]] = []
    for match in islice(_FACE.finditer(content), most):
        try:
            face = [int(corner.split(b"/")[0]) - 1 for corner in match[1].split()]
        except ValueError as error:
            raise refuse(f"{name} holds faces that name no vertices.", str(error)) from error
        if len(face) > _MOST_CORNERS:
            raise refuse(f"{name} holds a face of {len(face)} corners.")
        if min(face) >= 0 and max(face) < vertices:
            triangles += [(face[0], face[k], face[k + 1]) for k in range(1, len(face) - 1)]
    if not triangles:
        raise refuse(f"{name} has no faces.")
    return np.array(triangles, np.int32)
