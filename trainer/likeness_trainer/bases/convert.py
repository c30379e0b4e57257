"""The `face-basis` command: a face model's published file becomes a small basis over the face mesh's vertices."""

from __future__ import annotations

import os
from typing import Any

import numpy as np

from likeness_trainer.bases import bfm, ict
from likeness_trainer.bases.dense import DenseModel
from likeness_trainer.bases.mat_file import MAGIC
from likeness_trainer.bases.members import Members, opened
from likeness_trainer.bases.refusal import refuse
from likeness_trainer.bases.register import correspondence
from likeness_trainer.bases.restrict import restricted
from likeness_trainer.protocol import Reporter
from likeness_trainer.protocol.jobs import FaceBasisJob

_STAGES = ("read", "register", "save")


def face_basis(job: FaceBasisJob, reporter: Reporter) -> dict[str, Any]:
    """Read the job's file, lay the mesh on it, and write `<model>.safetensors` into its folder.

    Raises TrainerError: bad-request (it is no such model), not-found.
    """
    reporter.stage("read", 0, len(_STAGES))
    with opened(job.file) as members:
        model = _read(members)
    reporter.check_cancelled()
    _refuse_numbers(model)
    reporter.stage("register", 1, len(_STAGES))
    places = correspondence(model)
    basis = restricted(model, places)
    reporter.stage("save", 2, len(_STAGES))
    job.out_dir.mkdir(parents=True, exist_ok=True)
    path = job.out_dir / f"{model.name}.safetensors"
    partial = path.with_name(f"{path.name}.part")
    try:
        content = basis.save(partial)
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
    return {
        "model": model.name,
        "path": str(path),
        "identities": len(basis.identity),
        "expressions": len(basis.expression),
        "apart": round(float(np.median(places.distance)), 4),
        "content": content,
    }


def _read(members: Members) -> DenseModel:
    neutral, matrices = members.named(ict.NEUTRAL), members.named(bfm.FILE)
    if neutral is not None:
        return ict.read_ict(members, neutral)
    if matrices is None and len(members.names) == 1:  # a file of another name, alone
        matrices = members.names[0]
        if members.start(matrices, len(MAGIC))[:6] != MAGIC[:6]:
            matrices = None
    if matrices is not None:
        return bfm.read_bfm(members, matrices)
    raise refuse("This is none of the face models that Likeness reads.")


def _refuse_numbers(model: DenseModel) -> None:
    """What is read must be numbers of a face: nothing endless, nothing larger than a room."""
    for name in ("mean", "identity", "expression"):
        values = getattr(model, name)
        if not np.isfinite(values).all() or np.abs(values).max(initial=0) > 100:
            raise refuse(f"{model.title} holds lengths that no face has.", name)
