"""Orders out, films back."""

from __future__ import annotations

import errno
import json
import queue
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TextIO

import ray  # pyright: ignore[reportMissingImports] (of the farm's own environment)

from likeness_farm.making import Made, Order, make_film

# How often a film is begun again whose computer was lost. What a film itself fails of is not tried twice.
RETRIES = 3
# What a computer offers: so many films at a time.
PLACE = "likeness"
WAIT_SECONDS = 0.2

_UNREAD = {"message": "A file of this film cannot be read.", "hint": "Check whether it was moved or deleted."}
_UNWRITTEN = {
    "message": "A film that came back could not be written.",
    "hint": "See that its disk has room and can be written to, then give the same command again.",
}

Answer = Callable[[dict[str, object]], None]


def computers(address: str) -> list[dict[str, object]]:
    """Every computer that is or was in the farm: its address, whether it answers, and how many films at a time."""
    _join(address)
    return [
        {
            "address": node["NodeManagerAddress"],
            "alive": bool(node["Alive"]),
            "films": int(node["Resources"].get(PLACE, 0)),
        }
        for node in ray.nodes()
    ]


def hand_out(address: str, folder: Path, orders: TextIO, answer: Answer) -> None:
    """Makes films until there are no more orders and all are made.

    Args:
        address: of the farm's first computer, "host:port".
        folder: where films are put that come back, each in a folder of its row's number.
        orders: a JSON document a line, `{"row", "order", "files": {name: {"path", "sha256"}}}`.
        answer: is given `{"type": "made", "row", "where", "frames", "seconds", "folder"}` or
            `{"type": "failed", "row", "error"}` for each, in the order in which they end.
    """
    _join(address)
    film = ray.remote(num_cpus=0, resources={PLACE: 1}, max_retries=RETRIES)(make_film)
    shipped: dict[str, Any] = {}
    running: dict[Any, int] = {}
    more = _lines(orders)
    ended = False
    while running or not ended:
        for line in _waiting(more):
            if line is None:
                ended = True
                break
            order: Order = json.loads(line)
            try:
                for file in order["files"].values():
                    if file["sha256"] not in shipped:
                        shipped[file["sha256"]] = ray.put(Path(file["path"]).read_bytes())
            except OSError as error:  # the other films are made all the same
                answer(
                    {"type": "failed", "row": order["row"], "error": {"code": "not-found", **_UNREAD, **_detail(error)}}
                )
                continue
            blobs = [shipped[file["sha256"]] for file in order["files"].values()]
            running[film.remote(order, *blobs)] = order["row"]
        if not running:
            continue
        done, _ = ray.wait(list(running), timeout=WAIT_SECONDS)
        for ref in done:
            _tell(running.pop(ref), ref, folder, answer)


def _tell(row: int, ref: Any, folder: Path, answer: Answer) -> None:
    try:
        made: Made = ray.get(ref)
    except ray.exceptions.RayTaskError as error:
        return answer({"type": "failed", "row": row, "error": _error("The program broke off over this film.", error)})
    except ray.exceptions.RayError as error:
        return answer(
            {"type": "failed", "row": row, "error": _error("All that were given this film were lost.", error)}
        )
    if made["error"] is not None:
        return answer({"type": "failed", "row": row, "error": made["error"]})
    place = folder / str(row)
    try:
        place.mkdir(parents=True, exist_ok=True)
        for name, content in made["files"].items():
            (place / Path(name).name).write_bytes(content)
    except OSError as error:
        shutil.rmtree(place, ignore_errors=True)
        code = "disk-full" if error.errno == errno.ENOSPC else "bad-request"
        return answer({"type": "failed", "row": row, "error": {"code": code, **_UNWRITTEN, **_detail(error)}})
    answer({"type": "made", "row": row, "where": made["where"], "folder": str(place), **made["facts"]})


def _error(message: str, error: Exception) -> dict[str, str]:
    return {"message": message, **_detail(error)}


def _detail(error: Exception) -> dict[str, str]:
    return {"detail": str(error)[-2000:]}


def _join(address: str) -> None:
    ray.init(address=address, log_to_driver=False, logging_level="ERROR")


def _lines(stream: TextIO) -> queue.Queue[str | None]:
    """The lines of a stream as they come, and None at its end."""
    lines: queue.Queue[str | None] = queue.Queue()

    def read() -> None:
        for line in stream:
            lines.put(line)
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    return lines


def _waiting(lines: queue.Queue[str | None]) -> Iterator[str | None]:
    """Those that are there, else the next one if it comes soon."""
    try:
        yield lines.get(timeout=WAIT_SECONDS)
        while True:
            yield lines.get_nowait()
    except queue.Empty:
        return
