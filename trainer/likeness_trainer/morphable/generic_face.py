"""The generic face: a mean shape and the mesh's topology, shipped as one small file.

The mean shape is an anonymous average of several people's landmark shapes, in head space (cm, y up, z towards
the camera). `write_generic_face` writes the file.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np

GENERIC_FACE = Path(__file__).with_name("generic_face.npz")


@lru_cache(maxsize=1)
def _generic_face() -> dict[str, np.ndarray]:
    with np.load(GENERIC_FACE) as stored:
        arrays = {name: stored[name] for name in stored.files}
    for array in arrays.values():
        array.setflags(write=False)
    return arrays


def mean_shape() -> np.ndarray:
    """The generic mean face [468, 3] f32, cm, head space, centred on its vertices."""
    return _generic_face()["mean_shape"]


def stored_triangles() -> np.ndarray:
    """Mesh triangles [898, 3] i32."""
    return _generic_face()["triangles"]


def stored_uv() -> np.ndarray:
    """Texture coordinates [468, 2] f32 of the mean face."""
    return _generic_face()["uv"]
