"""Writes the generic face's file again: `python -m likeness_trainer.morphable.write_generic_face SHAPE.npy`.

The mean shape [468, 3] is in cm and in MediaPipe's axes (y down, z away).
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from likeness_trainer.morphable.generic_face import GENERIC_FACE
from likeness_trainer.morphable.topology import rebuild_triangles, uv


def write_generic_face(source: Path) -> None:
    """Write `generic_face.npz` from a mean shape's file."""
    shape = np.load(source).astype(np.float64) * np.array([1.0, -1.0, -1.0])
    shape -= shape.mean(0)
    triangles = rebuild_triangles()
    np.savez_compressed(
        GENERIC_FACE,
        mean_shape=shape.astype(np.float32),
        triangles=triangles,
        uv=uv(shape, triangles).astype(np.float32),
    )


if __name__ == "__main__":
    write_generic_face(Path(sys.argv[1]))
