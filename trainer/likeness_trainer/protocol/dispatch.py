"""Reads the job, runs its command and turns every ending into an event and an exit code."""

from __future__ import annotations

import importlib
import json
import sys
import traceback
from collections.abc import Callable
from typing import IO, Any

from likeness_trainer.protocol.errors import Cancelled, TrainerError, exit_code, from_exception
from likeness_trainer.protocol.reporter import PROTOCOL_VERSION, Reporter

# Modules load only when asked for: `analyze` needs no PyTorch, `train` no MediaPipe.
COMMANDS = {
    "analyze": "likeness_trainer.tracking.analyze:analyze",
    "train": "likeness_trainer.training.train:train",
    "checkpoint": "likeness_trainer.training.preview:preview",
    "estimate": "likeness_trainer.training.estimate:estimate",
    "evaluate": "likeness_trainer.metrics.evaluate:evaluate",
    "render": "likeness_trainer.metrics.render:render",
    "ablate": "likeness_research.ablation.ablate:ablate",
    "demo-sample": "likeness_trainer.sample.demo_sample:demo_sample",
}
_REQUIRED = {
    "analyze": ("source", "analysisDir"),
    "train": ("source", "analysisDir", "runDir", "avatarPath", "preset", "device", "resume", "seed", "name", "consent"),
    "checkpoint": ("source", "analysisDir", "runDir", "avatarPath", "preset", "name", "consent"),
    "estimate": ("source", "analysisDir", "device"),
    "evaluate": ("source", "analysisDir", "avatarPath"),
    "render": ("source", "analysisDir", "avatarPath", "outDir", "split", "drive", "size"),
    "ablate": ("subject", "analysisDir", "outDir"),
    "demo-sample": ("outDir",),
}


def parse_job(line: str) -> dict[str, Any]:
    """The job of the first line. Raises TrainerError('bad-request')."""

    def refuse(why: str) -> TrainerError:
        return TrainerError(
            "bad-request",
            f"The job cannot be read: {why}.",
            "Start the trainer from Likeness, or see the trainer protocol in docs.",
        )

    try:
        job = json.loads(line)
    except ValueError as error:
        raise refuse("the first line is not JSON") from error
    if not isinstance(job, dict) or job.get("v") != PROTOCOL_VERSION:
        raise refuse(f"it is not a version {PROTOCOL_VERSION} job")
    command = job.get("command")
    if command not in COMMANDS:
        raise refuse(f"there is no command {command!r}")
    missing = [key for key in ("ffmpeg", "ffprobe", *_REQUIRED[command]) if key not in job]
    if missing:
        raise refuse("missing " + ", ".join(missing))
    return job


def command_function(command: str) -> Callable[[dict[str, Any], Reporter], dict[str, Any]]:
    module, name = COMMANDS[command].split(":")
    return getattr(importlib.import_module(module), name)


def run(stdin: IO[str], stdout: IO[str]) -> int:
    """Runs the job on `stdin`'s first line; returns the process's exit code."""
    reporter = Reporter(stdout)
    try:
        job = parse_job(stdin.readline())
        reporter.listen(stdin)
        summary = command_function(job["command"])(job, reporter)
    except (Cancelled, KeyboardInterrupt):
        reporter.error(
            TrainerError("cancelled", "The job was stopped.", "Resume it to go on from its last checkpoint.")
        )
        return exit_code("cancelled")
    except BaseException as error:
        traceback.print_exc(file=sys.stderr)
        named = from_exception(error, traceback.format_exc())
        reporter.error(named)
        return exit_code(named.code)
    reporter.done(summary)
    return 0
