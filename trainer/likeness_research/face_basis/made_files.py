"""Files of the formats that BFM 2009 and ICT-FaceKit are published in, made of a population."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from scipy.io import savemat
from scipy.spatial.transform import Rotation

from likeness_research.face_basis.dense_face import DenseFace, dense_face
from likeness_research.face_basis.population import Population
from likeness_trainer.bases import bfm, ict

# A model stands and is sized as its makers had it, not as head space is.
_TURN = Rotation.from_euler("xyz", [4, -2, 1], degrees=True).as_matrix()
_SHIFT, _SCALE = np.array([0.3, -1.1, 7.5]), 1.07
_BFM_PARTS, _ICT_PARTS = 10, 4


def bfm_face() -> DenseFace:
    """The mesh of a made BFM file, its vertices in the file's order."""
    return dense_face(bfm.VERTICES, _BFM_PARTS).arranged(bfm.LANDMARKS)


def ict_face() -> DenseFace:
    """The skin of a made kit, its vertices in the files' order."""
    return dense_face(ict.SKIN, _ICT_PARTS).arranged(ict.LANDMARKS)


def as_published(points: np.ndarray) -> np.ndarray:
    """Head space to where a model's makers have put it, still cm."""
    return _SCALE * points @ _TURN.T + _SHIFT


def write_bfm(folder: Path, people: Population, *, expressions: bool = False, compressed: bool = False) -> DenseFace:
    """Write `01_MorphableModel.mat`, and the three files of expressions if they are wanted."""
    face = bfm_face()
    rows = np.stack([_SCALE * face.moved(row) @ _TURN.T for row in people.identity]).reshape(len(people.identity), -1)
    _, spread, components = np.linalg.svd(rows, full_matrices=False)
    content = {
        "shapeMU": _column(as_published(face.laid(people.mean)) / bfm.CM),
        "shapePC": components.T.astype(np.float32),
        "shapeEV": _column(spread / bfm.CM),
        "tl": (face.triangles[:, ::-1] + 1).astype(np.float64),  # from 1, and the wrong way round
    }
    folder.mkdir(parents=True, exist_ok=True)
    savemat(folder / bfm.FILE, content, do_compression=compressed)
    if expressions:
        _write_expressions(folder, people, face)
    return face


def _write_expressions(folder: Path, people: Population, face: DenseFace) -> None:
    """Some vertices have none; the deviations lie in a file of their own."""
    unmoved = np.setdiff1d(np.arange(bfm.VERTICES), face.own)[: bfm.VERTICES - bfm.MOVED_VERTICES]
    moved = np.setdiff1d(np.arange(bfm.VERTICES), unmoved)
    rows = np.stack([_SCALE * face.moved(row) @ _TURN.T for row in people.expression])[:, moved] / bfm.CM
    spread = np.linalg.norm(rows.reshape(len(rows), -1), axis=1)
    savemat(folder / bfm.INDICES, {"trimIndex": (moved[:, None] + 1).astype(np.float64)})
    (folder / bfm.DEVIATIONS).write_text(" ".join(f"{value:.8g}" for value in spread))
    with open(folder / bfm.EXPRESSIONS, "wb") as file:
        file.write(np.int32(len(rows)).tobytes())
        file.write(np.zeros(3 * len(moved), "<f4").tobytes())
        file.write((rows / spread[:, None, None]).astype("<f4").tobytes())


def _column(values: np.ndarray) -> np.ndarray:
    return values.reshape(-1, 1).astype(np.float32)


def write_ict(folder: Path, people: Population, *, expressions: int = 53) -> DenseFace:
    """Write the kit's folder: the neutral mesh, an identity for each of the population's, and expressions."""
    face = ict_face()
    folder.mkdir(parents=True, exist_ok=True)
    inside = np.random.default_rng(5).normal(0, 2.0, (ict.VERTICES - ict.SKIN, 3))
    lines = "".join("f " + " ".join(f"{k + 1}/{k + 1}" for k in row) + "\n" for row in face.triangles)
    shapes = {"generic_neutral_mesh": people.mean}
    shapes |= {f"identity{k:03d}": people.mean + row for k, row in enumerate(people.identity)}
    # Full strength is what the population takes for over three deviations of an expression.
    shapes |= {
        name: people.mean + people.expression[k % len(people.expression)] / 0.3
        for k, name in enumerate(ict.EXPRESSIONS[:expressions])
    }
    for name, shape in shapes.items():
        points = np.concatenate([as_published(face.laid(shape)), inside])
        text = "".join(f"v {x:.6g} {y:.6g} {z:.6g}\n" for x, y, z in points.tolist())
        faces = lines if name == "generic_neutral_mesh" else ""
        (folder / f"{name}.obj").write_text(f"# a kit\nmtllib made.mtl\n{text}{faces}", newline="\n")
    return face
