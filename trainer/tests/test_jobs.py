"""Jobs are read into typed fields, and what is wrong with one is called by its name."""

from __future__ import annotations

import dataclasses
import io
import json
from pathlib import Path
from typing import Any, get_args

import pytest

from likeness_trainer.protocol import TrainerError, dispatch
from likeness_trainer.protocol.dispatch import COMMANDS, parse_job
from likeness_trainer.protocol.job_fields import in_json, read
from likeness_trainer.protocol.jobs import AnalyzeJob, Hears, Preset, TrainJob
from likeness_trainer.training.presets import PRESETS

TRAIN: dict[str, Any] = {
    "v": 1,
    "command": "train",
    "producer": "Likeness tested",
    "ffmpeg": "/bin/ffmpeg",
    "ffprobe": "/bin/ffprobe",
    "threads": 4,
    "source": "/a/source.mp4",
    "analysisDir": "/a/analysis",
    "runDir": "/a/runs/1",
    "avatarPath": "/a/avatar.likeness",
    "preset": "draft",
    "minutes": 3,
    "device": "auto",
    "resume": False,
    "further": [5, 2.5],
    "seed": 7,
    "name": "Ida",
    "consent": {"basis": "self", "id": "c1", "recordedAt": "2026-01-01T00:00:00Z"},
}


def parsed(**changes: Any) -> TrainJob:
    command, job = parse_job(json.dumps({**TRAIN, **changes}))
    assert command is COMMANDS["train"] and isinstance(job, TrainJob)
    return job


def refused(**changes: Any) -> str:
    with pytest.raises(TrainerError) as error:
        parsed(**changes)
    assert error.value.code == "bad-request" and error.value.hint
    return error.value.message


def test_a_job_has_typed_fields() -> None:
    job = parsed()
    assert (job.analysis_dir, job.track_path) == (Path("/a/analysis"), Path("/a/analysis/track.safetensors"))
    assert (job.preset, job.minutes, job.further, job.resume) == ("draft", 3.0, (5.0, 2.5), False)
    assert (job.consent.basis, job.consent.recorded_at) == ("self", "2026-01-01T00:00:00Z")
    assert (job.threads, job.cores) == (4, 4)
    with pytest.raises(dataclasses.FrozenInstanceError):
        job.seed = 8  # type: ignore[misc]


def test_what_may_be_left_out_may_be_null_and_what_is_unknown_is_let_be() -> None:
    job = parsed(threads=None, minutes=None, further=None, newer="what a later version adds")
    assert (job.threads, job.minutes, job.further) == (None, None, ())
    assert job.cores == 2


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("source", 5, "source is 5, not text"),
        ("source", None, "source is None, not text"),
        ("source", ["a"] * 99, "..., not text"),
        ("analysisDir", {"x": 1}, "analysisDir is {'x': 1}, not text"),
        ("analysisDir", "/a\0b", "analysisDir holds characters that are none"),
        ("name", "\ud800", "name holds characters that are none"),
        ("preset", "huge", "preset is 'huge', not one of instant, draft, standard, full"),
        ("preset", ["draft"], "preset is ['draft'], not one of"),
        ("device", True, "device is True, not one of auto, cpu, cuda"),
        ("threads", 0, "threads is 0, but must be 1 to 64"),
        ("threads", 65, "threads is 65, but must be 1 to 64"),
        ("threads", 2.5, "threads is 2.5, not a whole number"),
        ("threads", True, "threads is True, not a whole number"),
        ("minutes", 0, "minutes is 0.0, but must be more than 0"),
        ("minutes", "3", "minutes is '3', not a number"),
        ("minutes", float("nan"), "minutes is not a number that can be reckoned with"),
        ("minutes", 10**400, "minutes is not a number that can be reckoned with"),
        ("further", 5, "further is 5, not a list"),
        ("further", [5, -1], "further[1] is -1.0, but must be more than 0"),
        ("resume", 1, "resume is 1, not true or false"),
        ("seed", "7", "seed is '7', not a whole number"),
        ("consent", "self", "consent is 'self', not an object"),
        ("consent", {"basis": "self"}, "missing consent.id, consent.recordedAt"),
        ("consent", {**TRAIN["consent"], "basis": "none"}, "consent.basis is 'none', not one of self, permission"),
    ],
)
def test_a_field_that_is_not_what_it_should_be_is_named(field: str, value: Any, says: str) -> None:
    assert says in refused(**{field: value})


def test_every_field_that_is_missing_is_named() -> None:
    line = json.dumps({name: value for name, value in TRAIN.items() if name not in ("ffmpeg", "runDir")})
    with pytest.raises(TrainerError, match="missing ffmpeg, runDir"):
        parse_job(line)


def test_a_person_is_counted_from_zero() -> None:
    fields = {"producer": "", "ffmpeg": "", "ffprobe": "", "source": "", "analysisDir": ""}
    assert read(AnalyzeJob, {**fields, "person": 0}).person == 0
    with pytest.raises(TrainerError, match="person is -1, but must be 0 or more"):
        read(AnalyzeJob, {**fields, "person": -1})


def test_speech_or_renderer_is_taken_apart_and_somebody_else_may_be_heard() -> None:
    fields = {"producer": "", "ffmpeg": "", "ffprobe": "", "source": "/s", "analysisDir": "/a", "outDir": "/b"}
    fields["subject"] = "speech"
    hears = {"name": "Ida", "analysisDir": "/c"}
    job = read(COMMANDS["ablate"].job, {**fields, "hears": hears})
    assert job.hears == Hears(name="Ida", analysis_dir=Path("/c"))  # type: ignore[attr-defined]
    with pytest.raises(TrainerError, match="subject is 'voice', not one of speech, renderer"):
        read(COMMANDS["ablate"].job, {**fields, "subject": "voice"})


@pytest.mark.parametrize("damage", [b'{"v":1,"name":"\xff\xfe"}\n', b"[" * 100_000 + b"\n", b"\n"])
def test_a_line_that_is_no_job_ends_as_a_bad_request(damage: bytes) -> None:
    out = io.StringIO()
    assert dispatch.run(io.TextIOWrapper(io.BytesIO(damage), "utf-8"), out) == 2
    event = json.loads(out.getvalue())
    assert (event["type"], event["code"]) == ("error", "bad-request")


def test_one_that_is_left_without_a_job_ends_and_says_nothing() -> None:
    out = io.StringIO()
    assert dispatch.run(io.StringIO(""), out) == 3
    assert out.getvalue() == ""


def test_the_presets_are_those_there_are_recipes_for() -> None:
    assert get_args(Preset) == tuple(PRESETS)


def test_every_field_has_its_sentence() -> None:
    lines = Path(dispatch.jobs.__file__).read_text(encoding="utf-8").splitlines()
    said = {line.split(":")[0].strip() for line in lines if ": " in line and line.rstrip().endswith(".")}
    for command in COMMANDS.values():
        for field in dataclasses.fields(command.job):
            assert field.name in said, f"{command.job.__name__}.{field.name}"


def test_a_field_stands_in_the_json_by_its_name_there() -> None:
    names = ("source", "analysis_dir", "recorded_at")
    assert [in_json(name) for name in names] == ["source", "analysisDir", "recordedAt"]
