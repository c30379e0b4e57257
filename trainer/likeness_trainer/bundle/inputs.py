"""A frame's proxies under the input names of each graph (docs/formats.md, the table of graphs)."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np

from likeness_trainer.renderer import fast_inputs as fast
from likeness_trainer.renderer.proxies import FACE, MOUTH, OFF_MESH, Proxies


def std_inputs(proxies: Proxies) -> dict[str, np.ndarray]:
    """Inputs of `render.onnx`."""
    region = np.stack([proxies.region == kind for kind in (FACE, MOUTH, OFF_MESH)])
    return {
        "points": proxies.points,
        "directions": proxies.directions,
        "half_width": proxies.half_width,
        "condition": proxies.condition[None],
        "texture": proxies.texture[None],
        "region": region[None].astype(np.float32),
    }


def fast_inputs(proxies: Proxies) -> dict[str, np.ndarray]:
    """Inputs of `render-fast.onnx`."""
    return asdict(fast.fast_inputs(proxies))
