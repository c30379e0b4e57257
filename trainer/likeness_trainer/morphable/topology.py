"""Topology of the face mesh: MediaPipe's 468 vertices, its 852 triangles and 46 that close mouth and eyes.

The open mesh is a disc with three holes. `triangles()` closes them: 18 triangles fill the mouth, 14 each eye,
so the mesh is a topological disc whose boundary is `FACE_OVAL`. "Right" and "left" are the person's.
"""

from __future__ import annotations

import numpy as np

from likeness_trainer.morphable.generic_face import stored_triangles, stored_uv

VERTICES = 468
LANDMARKS = 478

# Closed loops, from one corner along the upper chain and back along the lower one.
INNER_LIP = (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308, 324, 318, 402, 317, 14, 87, 178, 88, 95)
UPPER_INNER_LIP, LOWER_INNER_LIP = list(INNER_LIP[1:10]), list(INNER_LIP[:10:-1])  # each point and the one it meets
OUTER_LIP = (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146)
EYE_RIGHT = (33, 246, 161, 160, 159, 158, 157, 173, 133, 155, 154, 153, 145, 144, 163, 7)
EYE_LEFT = (263, 466, 388, 387, 386, 385, 384, 398, 362, 382, 381, 380, 374, 373, 390, 249)
FACE_OVAL = (
    *(10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377),  # down the left
    *(152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109),  # up the right
)
# The boundary from ear to ear: in a picture it is where the cheek turns away, not a point of the skin.
CONTOUR = (93, 127, 132, 234, 323, 356, 361, 454)
UPPER_LIDS = (160, 159, 158, 157, 161, 385, 386, 387, 384, 388)
# Skin over bone: hardly moved by speech or brows.
STABLE = (
    *(4, 6, 10, 33, 263, 54, 284, 67, 297, 117, 346, 119, 348, 121, 350, 127, 356),
    *(129, 358, 133, 362, 143, 372, 198, 420, 168, 197, 195, 5, 151, 9, 50, 280),
)

IRIS_RIGHT = (468, 469, 470, 471, 472)  # centre first
IRIS_LEFT = (473, 474, 475, 476, 477)
EYE_CORNERS_RIGHT = (33, 133)  # outer, inner
EYE_CORNERS_LEFT = (362, 263)  # inner, outer: both pairs run towards the picture's right
UPPER_LIP_CENTRE, LOWER_LIP_CENTRE, CHIN, FOREHEAD = 13, 14, 152, 10

MOUTH_FILL = 18
EYE_FILL = 14
TRIANGLES = 898


def triangles() -> np.ndarray:
    """All triangles [898, 3] i32, read-only; rows 852..869 fill the mouth, 870..897 the eyes."""
    return stored_triangles()


def mouth_triangles() -> np.ndarray:
    """Rows of `triangles()` that fill the mouth, [18] i32."""
    first = TRIANGLES - MOUTH_FILL - 2 * EYE_FILL
    return np.arange(first, first + MOUTH_FILL, dtype=np.int32)


def fill_loop(loop: tuple[int, ...]) -> list[tuple[int, int, int]]:
    """Close a loop that starts in a corner with a ladder between its two chains: `len(loop) - 2` triangles."""
    half = len(loop) // 2
    upper = loop[: half + 1]
    lower = (loop[0], *loop[: half - 1 : -1])
    ladder: list[tuple[int, int, int]] = []
    for step in range(half):
        a, b, c, d = upper[step], upper[step + 1], lower[step], lower[step + 1]
        if step == 0:
            ladder.append((a, b, d))
        elif step == half - 1:
            ladder.append((a, b, c))
        else:
            ladder += [(a, b, c), (b, d, c)]
    return ladder


def rebuild_triangles() -> np.ndarray:
    """The triangles [898, 3] i32 from MediaPipe's tessellation, whose edges come three to a triangle."""
    from mediapipe.tasks.python.vision.face_landmarker import FaceLandmarksConnections

    edges = [(edge.start, edge.end) for edge in FaceLandmarksConnections.FACE_LANDMARKS_TESSELATION]
    rows: list[tuple[int, int, int]] = []
    for (a, b), (b2, c), (c2, a2) in zip(edges[0::3], edges[1::3], edges[2::3]):
        if (b2, c2, a2) != (b, c, a):
            raise ValueError("the tessellation's edges are not in triangle order")
        rows.append((a, b, c))
    surface = np.array(rows, np.int32)
    fills = np.array(fill_loop(INNER_LIP) + fill_loop(EYE_RIGHT) + fill_loop(EYE_LEFT), np.int32)
    return np.concatenate([surface, _like_surface(fills, surface)])


def _like_surface(fills: np.ndarray, surface: np.ndarray) -> np.ndarray:
    """Turn the filling triangles so that shared edges run against the surface's, as in an oriented mesh."""
    directed = {(int(t[k]), int(t[(k + 1) % 3])) for t in surface for k in range(3)}
    turned = []
    for loop in (fills[:MOUTH_FILL], fills[MOUTH_FILL : MOUTH_FILL + EYE_FILL], fills[MOUTH_FILL + EYE_FILL :]):
        clash = any((int(t[k]), int(t[(k + 1) % 3])) in directed for t in loop for k in range(3))
        turned.append(loop[:, ::-1] if clash else loop)
    return np.ascontiguousarray(np.concatenate(turned))


def uv(neutral: np.ndarray | None = None, faces: np.ndarray | None = None) -> np.ndarray:
    """Fold-free texture coordinates [468, 2] f32 in 0..1, v downwards; of the mean face when no shape is given.

    Mean-value embedding (Floater 2003): the face oval goes to a circle by arc length, every inner vertex to the
    mean-value average of its neighbours, which cannot fold over a convex boundary.
    """
    if neutral is None:
        return stored_uv()
    faces = triangles() if faces is None else faces
    shape = np.asarray(neutral, np.float64)
    weights = np.zeros((VERTICES, VERTICES))
    for corner in range(3):
        i, j, k = faces[:, corner], faces[:, (corner + 1) % 3], faces[:, (corner + 2) % 3]
        a, b = shape[j] - shape[i], shape[k] - shape[i]
        length_a, length_b = np.linalg.norm(a, axis=1), np.linalg.norm(b, axis=1)
        half_tangent = np.tan(np.arccos(np.clip((a * b).sum(1) / (length_a * length_b), -1.0, 1.0)) / 2)
        np.add.at(weights, (i, j), half_tangent / length_a)
        np.add.at(weights, (i, k), half_tangent / length_b)
    boundary = np.array(FACE_OVAL)
    inner = np.setdiff1d(np.arange(VERTICES), boundary)
    steps = np.linalg.norm(shape[np.roll(boundary, -1)] - shape[boundary], axis=1)
    angle = 2 * np.pi * np.concatenate([[0.0], np.cumsum(steps)[:-1]]) / steps.sum()
    placed = np.zeros((VERTICES, 2))
    placed[boundary] = np.stack([0.5 + 0.48 * np.sin(angle), 0.5 - 0.48 * np.cos(angle)], 1)
    laplacian = np.diag(weights.sum(1)) - weights
    placed[inner] = np.linalg.solve(
        laplacian[np.ix_(inner, inner)], -laplacian[np.ix_(inner, boundary)] @ placed[boundary]
    )
    return placed.astype(np.float32)
