"""Reads the job, runs its command and turns every ending into an event and an exit code."""

from __future__ import annotations

import contextlib
import importlib
import json
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import IO, Any

from likeness_trainer.protocol import jobs
from likeness_trainer.protocol.errors import Cancelled, TrainerError, exit_code, from_exception
from likeness_trainer.protocol.job_fields import read, refuse
from likeness_trainer.protocol.loading import loading
from likeness_trainer.protocol.reporter import PROTOCOL_VERSION, Reporter

RESEARCH = "likeness_research"  # a package that installers leave out


@dataclass(frozen=True)
class Command:
    """What a command is asked for, and the function that does it: `module:name`, called with the job and a reporter.
    `begin` of the same module, called without anything, begins what can be done before there is a job."""

    job: type[jobs.Job]
    function: str
    begin: str | None = None


# Modules load only when asked for: `analyze` needs no PyTorch, `train` no MediaPipe.
COMMANDS = {
    "analyze": Command(jobs.AnalyzeJob, "likeness_trainer.tracking.analyze:analyze", begin="begin"),
    "follow": Command(jobs.FollowJob, "likeness_trainer.tracking.follow:follow"),
    "face-basis": Command(jobs.FaceBasisJob, "likeness_trainer.bases.convert:face_basis"),
    "hubert-graphs": Command(jobs.HubertGraphsJob, "likeness_trainer.speech.hubert_graph:hubert_graphs"),
    "train": Command(jobs.TrainJob, "likeness_trainer.training.train:train"),
    "checkpoint": Command(jobs.CheckpointJob, "likeness_trainer.training.checkpoint_avatar:checkpoint_avatar"),
    "estimate": Command(jobs.EstimateJob, "likeness_trainer.training.estimate:estimate"),
    "evaluate": Command(jobs.EvaluateJob, "likeness_trainer.metrics.evaluate:evaluate"),
    "same-person": Command(jobs.SamePersonJob, "likeness_trainer.metrics.same_person:same_person"),
    "render": Command(jobs.RenderJob, "likeness_trainer.metrics.render:render"),
    "ablate": Command(jobs.AblateJob, f"{RESEARCH}.ablation.ablate:ablate"),
    "demo-sample": Command(jobs.DemoSampleJob, "likeness_trainer.sample.demo_sample:demo_sample"),
    "certificate": Command(jobs.CertificateJob, "likeness_trainer.credentials.sign:certificate"),
    "sign": Command(jobs.SignJob, "likeness_trainer.credentials.sign:sign"),
    "credentials": Command(jobs.CredentialsJob, "likeness_trainer.credentials.read:credentials"),
}


def parse_job(line: str) -> tuple[Command, jobs.Job]:
    """The command and the job of the first line. Raises TrainerError('bad-request')."""
    try:
        content = json.loads(line)
    except (ValueError, RecursionError) as error:  # the latter: deeper than any job is
        raise refuse("the first line is not JSON") from error
    if not isinstance(content, dict) or content.get("v") != PROTOCOL_VERSION:
        raise refuse(f"it is not a version {PROTOCOL_VERSION} job")
    name = content.get("command")
    command = COMMANDS.get(name) if isinstance(name, str) else None
    if command is None:
        raise refuse(f"there is no command {ascii(name)[:40]}")
    return command, read(command.job, content)


def function_of(command: Command) -> Callable[[Any, Reporter], dict[str, Any]]:
    """Raises TrainerError('missing-tool') for a command of the research package where that is not installed."""
    module, name = command.function.split(":")
    return getattr(_module(module), name)


def _module(name: str) -> ModuleType:
    try:
        with loading():
            return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != RESEARCH:
            raise
        raise TrainerError(
            "missing-tool",
            "This installation of Likeness has no research commands.",
            "Run it from a copy of the source code, which has them.",
        ) from error


def load(name: str) -> None:
    """Loads what a command needs, before there is a job; what goes wrong is told when there is one."""
    if name in COMMANDS:
        command = COMMANDS[name]
        with contextlib.suppress(Exception):
            function_of(command)
            if command.begin:
                getattr(_module(command.function.split(":")[0]), command.begin)()


def _first_line(stdin: IO[str]) -> str:
    try:
        return stdin.readline()
    except UnicodeDecodeError as error:
        raise refuse("the first line is not text") from error


def run(stdin: IO[str], stdout: IO[str]) -> int:
    """Runs the job on `stdin`'s first line; returns the process's exit code."""
    reporter = Reporter(stdout)
    try:
        line = _first_line(stdin)
        if not line:  # whoever began this process has gone without a job
            return exit_code("cancelled")
        command, job = parse_job(line)
        reporter.listen(stdin)
        summary = function_of(command)(job, reporter)
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
