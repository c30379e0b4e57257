"""What stands in `format/` is what the trainer does, where it does not read it from there."""

from __future__ import annotations

import dataclasses
import json
import types
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import numpy as np
import pytest

from likeness_trainer.format import FOLDER, GEOMETRY, NAMES, SOUND, TABLES
from likeness_trainer.morphable import topology
from likeness_trainer.motion import live
from likeness_trainer.protocol.dispatch import COMMANDS
from likeness_trainer.protocol.job_fields import in_json
from likeness_trainer.renderer import proxies
from likeness_trainer.renderer.rig import Rig
from likeness_trainer.speech import sizes
from likeness_trainer.tracking.track_file import FrameState, Track
from likeness_trainer.training.presets import PRESETS


def test_lengths_of_the_proxies_are_those_of_the_format() -> None:
    assert {
        "side": proxies.SIDE,
        "raySide": proxies.RAY_SIDE,
        "boxCm": proxies.BOX,
        "meshHalfWidthCm": proxies.MESH_HALF_WIDTH,
        "skullHalfWidthCm": proxies.SKULL_HALF_WIDTH,
        "torsoHalfWidthCm": proxies.TORSO_HALF_WIDTH,
        "pocketDepthCm": proxies.POCKET_DEPTH,
        "mouthReachCm": proxies.MOUTH_REACH,
        "torsoBehindCm": proxies.TORSO_BEHIND,
        "chinMarginCm": proxies.CHIN_MARGIN,
        "chinFadeCm": proxies.CHIN_FADE,
        "atlas": {"rows": proxies.ATLAS_ROWS, "columns": proxies.ATLAS_COLUMNS},
        "vertices": topology.VERTICES,
        "triangles": len(topology.triangles()),
        "mouthTriangles": len(topology.mouth_triangles()),
        "innerLip": len(topology.INNER_LIP),
    }.items() <= GEOMETRY.items()


def test_patches_of_the_atlas_are_those_of_the_format() -> None:
    numbers = {"none": proxies.NONE, "face": proxies.FACE, "mouth": proxies.MOUTH, "offMesh": proxies.OFF_MESH}
    regions = GEOMETRY["regions"]
    assert {name: region["number"] for name, region in regions.items()} == numbers
    for name, number in numbers.items():
        place = [regions[name][key] for key in ("left", "top", "side")]
        np.testing.assert_array_equal(proxies.PATCHES[number], place)


def test_windows_of_live_sound_are_those_of_the_format() -> None:
    assert SOUND["live"] == {
        "stepRows": live.STEP_ROWS,
        "answeredRows": live.ANSWERED_ROWS,
        "pastRows": live.PAST_ROWS,
        "aheadRows": live.AHEAD_ROWS,
        "marginRows": live.MARGIN_ROWS,
        "state": live.STATE,
    }
    assert (SOUND["rowSamples"], SOUND["featureRate"]) == (sizes.HOP, sizes.FEATURE_RATE)


def test_presets_and_frame_states_are_those_of_the_format() -> None:
    assert list(NAMES["presets"]) == list(PRESETS)
    assert NAMES["frameStates"] == {state.name.lower(): int(state) for state in FrameState}


def test_tracks_and_rigs_have_a_field_for_every_tensor() -> None:
    assert TABLES["track"].tensors.keys() <= Track.__dataclass_fields__.keys()
    assert TABLES["rig"].tensors.keys() == Rig.__dataclass_fields__.keys()


@pytest.mark.parametrize("command", COMMANDS)
def test_jobs_are_those_of_the_contract(command: str) -> None:
    schema = json.loads((FOLDER / "jobs.schema.json").read_text(encoding="utf-8"))
    assert {job["properties"]["command"]["const"] for job in schema["oneOf"]} == set(COMMANDS)
    [job] = [job for job in schema["oneOf"] if job["properties"]["command"]["const"] == command]
    told = {name: property for name, property in job["properties"].items() if name not in ("v", "command")}
    required = set(job["required"]) - {"v", "command"}
    same_fields(COMMANDS[command].job, told, required)


def same_fields(kind: type, told: dict[str, Any], required: set[str]) -> None:
    """The dataclass has the fields that the schema tells of, of the same types, and the same may be left out."""
    hints = get_type_hints(kind, include_extras=True)
    fields = {in_json(field.name): field for field in dataclasses.fields(kind)}
    assert fields.keys() == told.keys(), kind.__name__
    assert {name for name, field in fields.items() if field.default is dataclasses.MISSING} == required, kind.__name__
    for name, field in fields.items():
        same_type(hints[field.name], told[name], f"{kind.__name__}.{field.name}")


def same_type(hint: Any, told: dict[str, Any], where: str) -> None:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        same_type(next(one for one in arguments if one is not types.NoneType), told, where)
    elif origin is Annotated:
        same_type(arguments[0], told, where)
    elif origin is Literal:
        assert list(arguments) == told.get("enum", [told.get("const")]), where
    elif origin is tuple:
        assert told["type"] == "array", where
        same_type(arguments[0], told["items"], where)
    elif dataclasses.is_dataclass(hint):
        assert isinstance(hint, type) and told["type"] == "object", where
        same_fields(hint, told["properties"], set(told["required"]))
    else:
        names = {str: "string", Path: "string", bool: "boolean", int: "integer", float: "number"}
        assert names[hint] == told["type"], where
