"""Writes `appearance.safetensors` and `probe-closed.safetensors`: the tiny avatar's closed form, for tests of the
engine.

    cd trainer && .venv/bin/python -m tests.tiny_appearance [FOLDER]

FOLDER is `src/main/studio/engine/fixtures` by default. Painted frames are laid out on a chart of 24 texels, and are
see-through in the corners: every step of the drawing shows in the picture. Their detail has 40 texels a side; a
displacement moves them by up to ten 256ths of the chart, and a sway by as much. The probe holds every fourth pixel of
every fourth row, for the frame of the tiny avatar's probe, the same at 48 pixels a side, and that with a `sway`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from safetensors.numpy import save

from likeness_trainer.appearance.appearance import Appearance
from likeness_trainer.appearance.detail import Footage, with_detail
from likeness_trainer.appearance.likeness_file import AppearanceFile, DisplacementBasis
from likeness_trainer.appearance.reduction import reduced
from likeness_trainer.appearance.sway import KNOTS
from likeness_trainer.bundle.load import Bundle
from likeness_trainer.renderer.proxies import Control, control_of
from tests.tiny_avatar import FIXTURE, FRAMES, OPEN_MOUTH

SIDE, DETAIL, PROBE = 24, 40, 48


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


def painted(control: Control, k: int, side: int = SIDE, see_through: bool = True) -> np.ndarray:
    """[side,side,4] u8, or 3 channels: stripes that move a little with the frame, see-through in the corners; finer
    ones where there are pixels for them."""
    rows, columns = (np.mgrid[:side, :side] + 0.5) * SIDE / side - 0.5
    alpha = np.clip(20 - np.hypot(rows - 11.5, columns - 11.5) * 1.3, 0, 5) / 5
    waves = [np.sin(columns * (0.3 + 0.1 * c) + rows * 0.2 + 0.3 * np.sin(k)) for c in range(3)]
    colour = (0.5 + 0.4 * np.stack(waves, -1)) * (0.8 + 0.2 * control.expression[OPEN_MOUTH] / 1.4)
    if side > SIDE:
        colour = colour + 0.1 * np.sin(columns * 2.6 + 0.4 * np.sin(k))[..., None]
    multiplied = np.concatenate([colour * alpha[..., None], alpha[..., None]], -1)
    return (255 * (multiplied if see_through else colour)).round().astype(np.uint8)


def tiny_appearance(bundle: Bundle) -> AppearanceFile:
    controls = frames_of(bundle)
    pictures = [painted(control, k) for k, control in enumerate(controls)]
    appearance = Appearance.of(bundle.rig, controls, pictures)
    file = reduced(appearance, {"mouth": 4, "eyes": 3, "rest": 6})

    left, top, crop_side = controls[0].crop.astype(int)  # of all frames
    width, height = bundle.manifest["source"]["width"], bundle.manifest["source"]["height"]

    def filmed(rows: Sequence[int], _: tuple[int, int]) -> Iterator[np.ndarray]:
        for row in rows:
            picture = np.zeros((height, width, 3), np.uint8)
            picture[top : top + crop_side, left : left + crop_side] = painted(controls[row], row, crop_side, False)
            yield picture

    footage = Footage(width, height, filmed)
    detailed = with_detail(file, appearance, controls, pictures.__getitem__, footage, DETAIL)
    loose = np.linspace(0, 1, 36, dtype=np.float32).reshape(6, 6)
    return replace(detailed, displacement=displacing(len(controls)), loose=loose)


def displacing(frames: int) -> DisplacementBasis:
    """Two fields of 6 by 6 places, of any frame a little."""
    rows, columns = np.mgrid[:6, :6].astype(np.float32)
    mean = np.stack([np.sin(rows), np.cos(columns)], -1)
    fields = np.stack([np.stack([np.cos(columns + k), np.sin(rows - k)], -1) for k in range(2)])
    mixed = 4 * np.sin(np.arange(frames * 2, dtype=np.float32)).reshape(frames, 2)
    return DisplacementBasis(mean, fields, mixed, 6.0)


def main(folder: Path) -> None:
    bundle = Bundle.load(FIXTURE)
    appearance = tiny_appearance(bundle)
    probe = bundle.probe
    control = Control(
        *(probe[name][0] for name in ("expression", "gaze", "rotation", "translation", "crop", "torso")),
        bundle.idle.torso_pose,
    )
    drawn = appearance.multiplied(bundle.rig, control)
    finer = appearance.multiplied(bundle.rig, control, PROBE)
    sway = (10 * np.sin(1.7 * np.arange(KNOTS * KNOTS * 2))).reshape(KNOTS, KNOTS, 2).astype(np.float32)
    swayed = appearance.multiplied(bundle.rig, replace(control, sway=sway), PROBE)
    files = {
        "appearance.safetensors": appearance.content(),
        "probe-closed.safetensors": save(
            {
                "rgba_closed": np.ascontiguousarray(drawn[::4, ::4]),
                "rgba_finer": finer,
                "sway": sway,
                "rgba_swayed": swayed,
            }
        ),
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
        print(folder / name, len(content))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FIXTURE.parent)
