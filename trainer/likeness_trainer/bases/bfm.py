"""Reads the Basel Face Model 2009 (Paysan et al. 2009): `01_MorphableModel.mat`, and the expressions made for it.

The model has 53,490 vertices in micrometres, x towards the person's left, y up, z out of the face; `shapePC` is
orthonormal and `shapeEV` holds standard deviations. It has no expressions of its own: those of Guo et al. 2018
(`Exp_Pca.bin`, deviations in `std_exp.txt`) are of 53,215 of the vertices, which `BFM_exp_idx.mat` names. They are
taken where all three lie beside the model.
"""

from __future__ import annotations

import numpy as np

from likeness_trainer.bases.dense import DenseModel
from likeness_trainer.bases.mat_file import read_matrices
from likeness_trainer.bases.members import Members
from likeness_trainer.bases.refusal import refuse

NAME, TITLE = "bfm-2009", "Basel Face Model 2009"
FILE, EXPRESSIONS, DEVIATIONS, INDICES = "01_MorphableModel.mat", "Exp_Pca.bin", "std_exp.txt", "BFM_exp_idx.mat"
VERTICES, MOVED_VERTICES = 53_490, 53_215
CM = 1e-4  # of a micrometre
_MOST_IDENTITIES, _MOST_EXPRESSIONS = 199, 79
_MOST_TRIANGLES = 400_000
_UNPACKED = 600 * 2**20  # bytes: twice what the file's shape and texture come to
_SMALL = 4 * 2**20  # bytes of the two small files
# Vertices of the face mesh and of the model that show the same place, after the 68 points of iBUG as the field marks
# them on this model: corners of eyes and mouth, middles of the lips' edges, tip and foot of the nose.
LANDMARKS = {
    33: 2088,
    133: 5959,
    362: 10603,
    263: 14472,
    4: 8319,
    2: 8334,
    61: 5006,
    291: 11714,
    0: 8344,
    13: 8354,
    14: 8366,
    17: 8374,
}


def read_bfm(members: Members, path: str) -> DenseModel:
    """The model of a MATLAB file among others. Raises TrainerError('bad-request') for one that is not it."""
    found = read_matrices(members.read(path), ("shapeMU", "shapePC", "shapeEV", "tl"), _UNPACKED)
    mean, components, deviations, triangles = found.values()
    count = deviations.size
    if mean.size != 3 * VERTICES:
        raise refuse(f"This model has {mean.size // 3} vertices; the Basel Face Model 2009 has {VERTICES}.")
    if components.shape != (3 * VERTICES, count) or not 1 <= count <= _MOST_IDENTITIES:
        raise refuse("The shape of shapePC does not go with shapeMU and shapeEV.", str(components.shape))
    if triangles.ndim != 2 or triangles.shape[1] != 3 or not 1 <= len(triangles) <= _MOST_TRIANGLES:
        raise refuse("tl in this model is no list of triangles.", str(triangles.shape))
    spread = deviations.reshape(-1).astype(np.float64) * CM
    if not (np.isfinite(spread).all() and (spread > 0).all()):
        raise refuse("shapeEV in this model holds values that are no deviations.")
    corners = triangles.astype(np.int64) - 1
    if corners.min() < 0 or corners.max() >= VERTICES:
        raise refuse("tl in this model names vertices that there are not.")
    identity = components.astype(np.float32).reshape(VERTICES, 3, count)
    identity *= spread.astype(np.float32)
    return DenseModel(
        name=NAME,
        title=TITLE,
        mean=mean.reshape(VERTICES, 3).astype(np.float64) * CM,
        triangles=corners.astype(np.int32),
        landmarks=LANDMARKS,
        identity=identity,
        expression=_expressions(members, path),
    )


def _expressions(members: Members, model: str) -> np.ndarray:
    """What the expressions move [53490, 3, E], cm a deviation; E is 0 where their files are not all there."""
    stored, deviations, indices = (members.beside(model, name) for name in (EXPRESSIONS, DEVIATIONS, INDICES))
    if stored is None or deviations is None or indices is None:
        return np.zeros((VERTICES, 3, 0), np.float32)
    content = members.read(stored, 4 + 12 * MOVED_VERTICES * (1 + _MOST_EXPRESSIONS))
    count = int.from_bytes(content[:4], "little", signed=True)
    if not 1 <= count <= _MOST_EXPRESSIONS or len(content) != 4 + 12 * MOVED_VERTICES * (1 + count):
        raise refuse(f"{EXPRESSIONS} is not the expression basis of the Basel Face Model 2009.", f"{count} components")
    try:
        spread = np.array(members.read(deviations, _SMALL).split(), np.float64)
    except ValueError as error:
        raise refuse(f"{DEVIATIONS} is no list of numbers.", str(error)) from error
    if len(spread) < count or not (np.isfinite(spread).all() and (spread > 0).all()):
        raise refuse(f"{DEVIATIONS} does not go with {EXPRESSIONS}.", f"{len(spread)} numbers")
    moved = read_matrices(members.read(indices, _SMALL), ("trimIndex",), _SMALL)["trimIndex"].reshape(-1)
    if len(moved) != MOVED_VERTICES or moved.min() < 1 or moved.max() > VERTICES:
        raise refuse(f"{INDICES} does not go with {EXPRESSIONS}.", f"{len(moved)} vertices")
    rows = np.frombuffer(content, "<f4", offset=4 + 12 * MOVED_VERTICES).reshape(count, MOVED_VERTICES, 3)
    expression = np.zeros((VERTICES, 3, count), np.float32)
    expression[moved.astype(np.int64) - 1] = np.moveaxis(rows, 0, -1) * (spread[:count] * CM).astype(np.float32)
    return expression
