"""A face model as it was published: a mesh of thousands of vertices, and how it varies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class DenseModel:
    """Lengths in cm, the axes the model's own; a component is what one standard deviation moves."""

    name: str  # in the model registry
    title: str  # what people call it
    mean: np.ndarray  # [V, 3] f64
    triangles: np.ndarray  # [F, 3] i32
    landmarks: dict[int, int]  # vertices of the face mesh to the vertices that show the same place
    identity: np.ndarray  # [V, 3, K] f32
    expression: np.ndarray  # [V, 3, E] f32, E may be 0
