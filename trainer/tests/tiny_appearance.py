"""Writes `appearance.safetensors` and `probe-closed.safetensors`: the tiny avatar's closed form, for tests of the
engine.

    cd trainer && .venv/bin/python -m tests.tiny_appearance [FOLDER]

FOLDER is `src/main/studio/engine/fixtures` by default. Painted frames are laid out on a chart of 24 texels, and are
see-through in the corners: every step of the drawing shows in the picture. The probe
holds every fourth pixel of every fourth row, for the frame of the tiny avatar's probe.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
from safetensors.numpy import save

from likeness_trainer.appearance.appearance import Appearance
from likeness_trainer.appearance.likeness_file import AppearanceFile
from likeness_trainer.appearance.reduction import reduced
from likeness_trainer.bundle.load import Bundle
from likeness_trainer.renderer.proxies import Control, control_of
from tests.tiny_avatar import FIXTURE, FRAMES, OPEN_MOUTH

SIDE = 24


def frames_of(bundle: Bundle) -> list[Control]:
    """The idle motion with a mouth that opens and shuts, and looks that wander."""
    controls = [control_of(bundle.idle, frame) for frame in range(FRAMES)]
    moved = []
    for k, control in enumerate(controls):
        expression = control.expression.copy()
        expression[OPEN_MOUTH] = 0.7 + 0.7 * np.sin(k)
        torso = control.torso + np.array([[0, 0, 0.5 * np.sin(k / 2)], [0, 0, 0.3 * np.cos(k / 3)]])
        gaze = control.gaze + 0.1 * np.sin(k + np.arange(4))
        moved.append(replace(control, expression=expression, torso=torso, gaze=gaze))
    return moved


def painted(control: Control, k: int) -> np.ndarray:
    """[24,24,4] u8: stripes that move a little with the frame, see-through in the corners."""
    rows, columns = np.mgrid[:SIDE, :SIDE]
    alpha = np.clip(20 - np.hypot(rows - 11.5, columns - 11.5) * 1.3, 0, 5) / 5
    waves = [np.sin(columns * (0.3 + 0.1 * c) + rows * 0.2 + 0.3 * np.sin(k)) for c in range(3)]
    colour = (0.5 + 0.4 * np.stack(waves, -1)) * (0.8 + 0.2 * control.expression[OPEN_MOUTH] / 1.4)
    return (255 * np.concatenate([colour * alpha[..., None], alpha[..., None]], -1)).round().astype(np.uint8)


def tiny_appearance(bundle: Bundle) -> AppearanceFile:
    controls = frames_of(bundle)
    pictures = [painted(control, k) for k, control in enumerate(controls)]
    return reduced(Appearance.of(bundle.rig, controls, pictures), {"mouth": 4, "eyes": 3, "rest": 6})


def main(folder: Path) -> None:
    bundle = Bundle.load(FIXTURE)
    appearance = tiny_appearance(bundle)
    probe = bundle.probe
    control = Control(
        *(probe[name][0] for name in ("expression", "gaze", "rotation", "translation", "crop", "torso")),
        bundle.idle.torso_pose,
    )
    drawn = appearance.multiplied(bundle.rig, control)
    files = {
        "appearance.safetensors": appearance.content(),
        "probe-closed.safetensors": save({"rgba_closed": np.ascontiguousarray(drawn[::4, ::4])}),
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
        print(folder / name, len(content))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FIXTURE.parent)
