"""Reads ICT-FaceKit (Li et al. 2020): a folder of OBJ meshes in centimetres, y up, z out of the face.

`generic_neutral_mesh.obj` is the mean, `identityNNN.obj` the mean moved by one standard deviation of a component, and
every expression of the kit's `vertex_indices.json` a mesh at full strength. All have 26,719 vertices, of which the
first 11,248 are skin.
"""

from __future__ import annotations

import numpy as np

from likeness_trainer.bases.dense import DenseModel
from likeness_trainer.bases.members import Members
from likeness_trainer.bases.obj_file import LARGEST, triangles_of, vertices_of
from likeness_trainer.bases.refusal import refuse

NAME, TITLE = "ict-facekit", "ICT-FaceKit"
NEUTRAL = "generic_neutral_mesh.obj"
VERTICES, SKIN = 26_719, 11_248
FACES = 26_384
_MOST_IDENTITIES = 200
_BLENDSHAPE_SPREAD = 0.3  # of its full strength: how far a blendshape is taken to go
EXPRESSIONS = (
    *("browDown_L", "browDown_R", "browInnerUp_L", "browInnerUp_R", "browOuterUp_L", "browOuterUp_R"),
    *("cheekPuff_L", "cheekPuff_R", "cheekSquint_L", "cheekSquint_R", "eyeBlink_L", "eyeBlink_R"),
    *("eyeLookDown_L", "eyeLookDown_R", "eyeLookIn_L", "eyeLookIn_R", "eyeLookOut_L", "eyeLookOut_R"),
    *("eyeLookUp_L", "eyeLookUp_R", "eyeSquint_L", "eyeSquint_R", "eyeWide_L", "eyeWide_R"),
    *("jawForward", "jawLeft", "jawOpen", "jawRight", "mouthClose", "mouthDimple_L", "mouthDimple_R"),
    *("mouthFrown_L", "mouthFrown_R", "mouthFunnel", "mouthLeft", "mouthLowerDown_L", "mouthLowerDown_R"),
    *("mouthPress_L", "mouthPress_R", "mouthPucker", "mouthRight", "mouthRollLower", "mouthRollUpper"),
    *("mouthShrugLower", "mouthShrugUpper", "mouthSmile_L", "mouthSmile_R", "mouthStretch_L", "mouthStretch_R"),
    *("mouthUpperUp_L", "mouthUpperUp_R", "noseSneer_L", "noseSneer_R"),
)
# Vertices of the face mesh and of the kit that show the same place, after the 68 points of Multi-PIE that its page
# lists: corners of eyes and mouth, lids, middles of the lips' edges, tip and foot of the nose, chin.
LANDMARKS = {
    **{33: 1507, 160: 1542, 158: 1537, 133: 1528, 153: 1518, 144: 1511},
    **{362: 3742, 385: 3751, 387: 3756, 263: 3721, 373: 3725, 380: 3732},
    **{4: 4857, 2: 1147, 152: 966},
    **{61: 5708, 37: 2081, 0: 0, 267: 4275, 291: 6213, 17: 5518},
    **{78: 5702, 13: 5533, 308: 6207, 14: 5517},
}


def read_ict(members: Members, neutral: str) -> DenseModel:
    """The kit in whose folder the neutral mesh lies. Raises TrainerError('bad-request') for one that is not it."""
    content = members.read(neutral, LARGEST)
    mean = vertices_of(content, VERTICES, SKIN, NEUTRAL)
    names = [f"identity{k:03d}" for k in range(_MOST_IDENTITIES)]
    last = next((k for k, name in enumerate(names) if members.beside(neutral, f"{name}.obj") is None), len(names))
    if last == 0:
        raise refuse(f"There is no identity000.obj beside {NEUTRAL}.")
    return DenseModel(
        name=NAME,
        title=TITLE,
        mean=mean,
        triangles=triangles_of(content, SKIN, 2 * FACES, NEUTRAL),
        landmarks=LANDMARKS,
        identity=_moved(members, neutral, mean, names[:last]),
        expression=_moved(members, neutral, mean, list(EXPRESSIONS)) * np.float32(_BLENDSHAPE_SPREAD),
    )


def _moved(members: Members, neutral: str, mean: np.ndarray, names: list[str]) -> np.ndarray:
    """What those meshes are beside the mean [11248, 3, K] f32; the ones that are not there left out."""
    steps = []
    for name in names:
        path = members.beside(neutral, f"{name}.obj")
        if path is not None:
            points = vertices_of(members.read(path, LARGEST), VERTICES, SKIN, f"{name}.obj")
            steps.append((points - mean).astype(np.float32))
    return np.stack(steps, -1) if steps else np.zeros((SKIN, 3, 0), np.float32)
