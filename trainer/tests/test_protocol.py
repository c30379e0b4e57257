"""The protocol's promises: one JSON object a line, named errors, cancel, exit codes."""

from __future__ import annotations

import errno
import gc
import importlib
import io
import json
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from likeness_trainer.format import NAMES
from likeness_trainer.protocol import (
    ERROR_CODES,
    Cancelled,
    ErrorCode,
    Reporter,
    TrainerError,
    dispatch,
    exit_code,
    from_exception,
)
from likeness_trainer.protocol import reporter as reporter_module
from likeness_trainer.protocol.dispatch import COMMANDS, RESEARCH, function_of, parse_job
from likeness_trainer.protocol.jobs import Job
from likeness_trainer.protocol.loading import loading

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 120  # a busy computer may take for what is there at once on a quiet one


def lines(stream: io.StringIO) -> list[dict]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_error_codes_and_exit_codes_are_those_of_the_format() -> None:
    assert tuple(NAMES["errors"]) == ERROR_CODES
    for code, error in NAMES["errors"].items():
        assert error["exit"] == exit_code(code)


def test_every_command_exists() -> None:
    for command in COMMANDS.values():
        assert callable(function_of(command))


def test_a_command_of_the_research_package_says_where_it_is_when_that_is_not_installed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == RESEARCH]:
        monkeypatch.delitem(sys.modules, name)
    paths = [path for path in sys.path if not (Path(path or ".") / RESEARCH).exists()]
    monkeypatch.setattr(sys, "path", paths)
    importlib.invalidate_caches()
    with pytest.raises(TrainerError, match="research") as error:
        function_of(COMMANDS["ablate"])
    assert error.value.code == "missing-tool" and "source code" in error.value.hint


def test_progress_tells_rate_and_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(reporter_module, "time", SimpleNamespace(monotonic=lambda: now, time=lambda: 0.0))
    out = io.StringIO()
    reporter = Reporter(out)
    reporter.stage("fit", 0, 2, costs=[1, 3])
    reporter.progress(10, 100, "frames")
    now += 0.5
    reporter.progress(15, 100, "frames")  # too early for a rate
    now += 1.0
    reporter.progress(40, 100, "frames")
    stage, first, early, event = lines(out)
    assert stage["ends"] == [0.25, 1]
    assert (first["rate"], early["rate"]) == (None, None)
    assert event["type"] == "progress" and event["stage"] == "fit"
    assert event["rate"] == pytest.approx(30 / 1.5)  # only what this run did counts
    assert event["etaSeconds"] == pytest.approx((60 + 300) / 20)  # the other stage takes three times as long


def test_a_job_that_lasts_as_long_as_was_said_has_that_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(reporter_module, "time", SimpleNamespace(monotonic=lambda: now, time=lambda: 0.0))
    out = io.StringIO()
    reporter = Reporter(out)
    reporter.stage("instant", 1, 7, ends_at=700.0)
    reporter.part(0, 1).progress(0, 100, "frames")
    now = 200.0
    reporter.part(0, 1).progress(50, 100, "frames")  # at this rate the other six stages would take 20 minutes
    now = 690.0
    reporter.part(0, 1).progress(59, 100, "frames")  # what is left of the stage alone does not end by then
    _, _, early, late = lines(out)
    assert early["etaSeconds"] == 500
    assert late["etaSeconds"] == pytest.approx(41 / (59 / 590))


def test_end_of_input_cancels() -> None:
    reporter = Reporter.silent()
    reporter.listen(io.StringIO('{"type":"other"}\nnot json\n'))
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not reporter.cancelled and time.monotonic() < deadline:
        time.sleep(0.01)
    with pytest.raises(Cancelled):
        reporter.check_cancelled()


ORPHAN = """
import subprocess, sys, time
from likeness_trainer.protocol import guard
guard.GRACE_SECONDS = 0.5
guard.keep_guard()
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(child.pid, flush=True)
if sys.argv[1] == "busy":
    import re
    re.match("(a+)+$", "a" * 60 + "b")  # keeps the interpreter to itself for ever
time.sleep(600)
"""


def _gone(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state == "Z"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
@pytest.mark.parametrize("at", ["busy", "idle"])
def test_a_job_that_is_alone_is_gone_soon_with_its_children_whatever_it_is_at(at: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", ORPHAN, at],
        cwd=ROOT / "trainer",
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdin is not None and process.stdout is not None
    child = int(process.stdout.readline())
    time.sleep(1)
    assert process.poll() is None and not _gone(child)
    process.stdin.close()  # as when the parent is killed
    assert process.wait(PATIENCE_SECONDS) == -9
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not _gone(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert _gone(child)


def test_messages_that_are_none_are_passed_over_and_cancel_still_comes() -> None:
    reporter = Reporter.silent()
    reporter.listen(io.StringIO("[" * 100_000 + "\n{\n7\n" + '{"type":"cancel"}\n'))
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not reporter.cancelled and time.monotonic() < deadline:
        time.sleep(0.01)
    assert reporter.cancelled


def test_a_part_of_a_stage_fills_its_share_of_the_bar_and_never_goes_back() -> None:
    stream = io.StringIO()
    whole = Reporter(stream)
    whole.stage("export", 0, 1)
    part = whole.part(0.2, 0.6)
    shown = []
    for done, total in ((0, 4), (2, 4), (1, 10), (4, 4)):  # it counts anew in between
        whole._last_progress = 0.0
        part.progress(done, total, "folds")
        shown.append(json.loads(stream.getvalue().splitlines()[-1])["done"])
    assert shown == [20, 40, 40, 60]
    part.metric(1, "test", "figure", 2.0)
    assert json.loads(stream.getvalue().splitlines()[-1])["type"] == "metric"
    whole.cancel()
    with pytest.raises(Cancelled):
        part.check_cancelled()


@pytest.mark.parametrize(
    "line",
    [
        "",
        "not json",
        "[]",
        '{"v":2,"command":"train"}',
        '{"v":1,"command":"format-disk"}',
        '{"v":1,"command":"analyze"}',
        '{"v":1,"command":["analyze"]}',
        '{"v":1,"command":null}',
        '{"v":' + "[" * 100_000,
    ],
)
def test_a_bad_job_is_refused_with_a_reason(line: str) -> None:
    with pytest.raises(TrainerError) as error:
        parse_job(line)
    assert error.value.code == "bad-request" and error.value.hint


def test_machine_errors_get_their_names() -> None:
    assert from_exception(OSError(28, "No space left on device"), "").code == "disk-full"
    assert from_exception(MemoryError(), "").code == "out-of-memory"
    # the library deleted under a job, no folder for passing files, a disk of the network that went away
    assert from_exception(FileNotFoundError(errno.ENOENT, "No usable temporary directory"), "").code == "not-found"
    assert from_exception(OSError(errno.ENAMETOOLONG, "File name too long"), "").code == "bad-request"
    assert from_exception(OSError(errno.ESTALE, "Stale file handle"), "").code == "not-found"
    assert from_exception(KeyError("x"), "").code == "internal"
    codes: tuple[ErrorCode, ...] = ("disk-full", "no-face", "cancelled", "internal")
    assert [exit_code(code) for code in codes] == [4, 2, 3, 1]


@pytest.mark.parametrize(
    ("raised", "code", "status"),
    [
        (MemoryError(), "out-of-memory", 4),
        (OSError(28, "No space left on device"), "disk-full", 4),
        (ValueError("I/O error: No space left on device (os error 28)"), "disk-full", 4),
        (OSError(30, "Read-only file system"), "bad-request", 2),
        (PermissionError(13, "Permission denied"), "not-found", 2),
        (OSError(24, "Too many open files"), "busy", 2),
        (KeyError("x"), "internal", 1),
    ],
)
def test_whatever_a_command_meets_is_named_at_the_end(
    monkeypatch: pytest.MonkeyPatch, raised: Exception, code: str, status: int
) -> None:
    def function(job: Job, reporter: Reporter) -> dict:
        raise raised

    monkeypatch.setattr(dispatch, "function_of", lambda command: function)
    out = io.StringIO()
    job = {"v": 1, "command": "demo-sample", "ffmpeg": "", "ffprobe": "", "producer": "", "outDir": ""}
    assert dispatch.run(io.StringIO(json.dumps(job) + "\n"), out) == status
    assert [(event["type"], event["code"]) for event in lines(out)] == [("error", code)]


def test_a_bad_job_ends_the_process_with_exit_code_2() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "likeness_trainer"],
        input="nonsense\n",
        capture_output=True,
        text=True,
        cwd=ROOT / "trainer",
    )
    assert done.returncode == 2
    event = json.loads(done.stdout)
    assert event["type"] == "error" and event["code"] == "bad-request"


def test_a_process_that_began_without_a_job_has_loaded_its_command_and_ends_quietly() -> None:
    done = subprocess.run(
        [sys.executable, "-v", "-m", "likeness_trainer", "analyze"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        cwd=ROOT / "trainer",
    )
    assert done.returncode == 3 and done.stdout == ""
    assert "import 'likeness_trainer.tracking.analyze'" in done.stderr


def test_what_is_loaded_ahead_may_be_missing_and_what_is_unknown_is_let_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(dispatch.COMMANDS, "lost", dispatch.Command(Job, "likeness_trainer.nowhere:lost"))
    dispatch.load("lost")
    dispatch.load("format-disk")


def test_what_can_be_done_before_there_is_a_job_is_begun_when_its_command_is_loaded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun: list[str] = []
    monkeypatch.setitem(sys.modules, "early", SimpleNamespace(work=lambda: None, begin=lambda: begun.append("early")))
    monkeypatch.setitem(dispatch.COMMANDS, "early", dispatch.Command(Job, "early:work", begin="begin"))
    dispatch.load("early")
    assert begun == ["early"]
    dispatch.function_of(dispatch.COMMANDS["early"])
    assert begun == ["early"]


def test_nothing_is_collected_while_modules_load_and_they_are_passed_over_afterwards() -> None:
    frozen = gc.get_freeze_count()
    with loading():
        assert not gc.isenabled()
        made = [[] for _ in range(1000)]
    assert gc.isenabled() and gc.get_freeze_count() >= frozen + len(made)
    gc.unfreeze()


def test_nothing_is_collected_until_the_last_of_several_threads_has_loaded() -> None:
    with loading():
        with loading():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
    gc.unfreeze()
