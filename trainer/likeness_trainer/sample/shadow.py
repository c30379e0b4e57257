"""Soft shadows of the key light, and how open each point is to the room: both from depth pictures taken by the
light."""

from __future__ import annotations

import cv2
import numpy as np

from likeness_trainer.morphable.rasterize import rasterize

SPAN = 46.0  # cm the light's picture covers


def _frame(direction: np.ndarray) -> np.ndarray:
    """Rows: right, up and towards the light."""
    forward = np.asarray(direction) / np.linalg.norm(direction)
    right = np.cross([0.0, 1.0, 0.01], forward)
    right /= np.linalg.norm(right)
    return np.stack([right, np.cross(forward, right), forward])


def light_seen(
    receivers: np.ndarray,
    casters: np.ndarray,
    triangles: np.ndarray,
    direction: np.ndarray,
    size: int,
    softness: float,
    bias: float = 0.35,
) -> np.ndarray:
    """[P] 0..1: how much of the light from a direction reaches points [P, 3] past a mesh.

    Exponential shadow map (Annen et al. 2008) blurred by `softness` cm; bias in cm.
    """
    frame = _frame(direction)
    centre = casters.mean(0)
    place = (casters - centre) @ frame.T
    scale = size / SPAN
    screen = np.stack([size / 2 + place[:, 0] * scale, size / 2 - place[:, 1] * scale, -place[:, 2]], 1)
    _, depth = rasterize(screen, np.zeros((len(casters), 0), np.float32), triangles, size, size)
    sharp = 4.0  # per cm
    depth = np.where(np.isfinite(depth), depth, 30.0).astype(np.float32)
    stored = cv2.GaussianBlur(np.exp(sharp * np.clip(depth, -20, 8) - 0.0), (0, 0), max(0.6, softness * scale))
    seen = (receivers - centre) @ frame.T
    x = (size / 2 + seen[:, 0] * scale - 0.5).astype(np.float32)
    y = (size / 2 - seen[:, 1] * scale - 0.5).astype(np.float32)
    width = 1 + int(len(x) ** 0.5)  # OpenCV's pictures are at most 32767 wide
    across, down = (np.resize(axis, (width, width)) for axis in (x, y))
    sampled = cv2.remap(stored, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE).ravel()[: len(x)]
    return np.clip(sampled * np.exp(-sharp * (-seen[:, 2] - bias)), 0, 1)


def openness(
    points: np.ndarray, normals: np.ndarray, casters: np.ndarray, triangles: np.ndarray, directions: int = 48
) -> np.ndarray:
    """[P] 0..1: the share of the sky each point sees, weighted by the cosine to its normal (ambient occlusion)."""
    k = np.arange(directions) + 0.5
    polar, turn = np.arccos(1 - 2 * k / directions), np.pi * (1 + 5**0.5) * k
    total, weight = np.zeros(len(points)), np.full(len(points), 1e-6)
    for direction in np.stack([np.cos(turn) * np.sin(polar), np.sin(turn) * np.sin(polar), np.cos(polar)], 1):
        cosine = np.maximum(normals @ direction, 0)
        seen = light_seen(points + 0.12 * normals, casters, triangles, direction, 160, 0.35, 0.25)
        total += cosine * seen
        weight += cosine
    return total / weight
