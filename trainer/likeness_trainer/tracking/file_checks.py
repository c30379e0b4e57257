"""The input check of the file itself: its colours, fields, rate and length."""

from __future__ import annotations

from likeness_trainer.media import Source
from likeness_trainer.tracking.checks import check


def file_checks(source: Source) -> list[dict]:
    """One row each, as `checks.check` makes them."""
    return [_colours(source), _fields(source), _rate(source), _whole(source)]


def _colours(source: Source) -> dict:
    if source.hdr:
        return check(
            "colours",
            "warning",
            f"The video is HDR ({source.hdr}). It is read, shown and dubbed in SDR (BT.709).",
            "Nothing to do if that will do. What is brighter than white is softened; a recording in SDR keeps its own.",
        )
    return check("colours", "ok", f"The colours are SDR ({_NAMES[source.colours.matrix]}).", "Nothing to do.")


_NAMES = {"bt601": "BT.601", "bt709": "BT.709", "bt2020": "BT.2020", "smpte240m": "SMPTE 240M", "fcc": "FCC"}


def _fields(source: Source) -> dict:
    if source.interlaced:
        return check(
            "fields",
            "warning",
            "The video is interlaced or telecined. Whole pictures are made of its fields.",
            "Record whole pictures (1080p, not 1080i) for a sharper face.",
        )
    return check("fields", "ok", "The video is of whole pictures.", "Nothing to do.")


def _rate(source: Source) -> dict:
    rate = f"{source.fps:.4g} frames a second"
    if source.variable_frame_rate:
        return check(
            "rate",
            "warning",
            f"The time between frames changes; usually it is {rate}.",
            "Times are kept, but motion may look uneven. A constant frame rate is an option of most recorders.",
        )
    return check("rate", "ok", f"The video has {rate}.", "Nothing to do.")


def _whole(source: Source) -> dict:
    if source.missing_seconds > 0:
        return check(
            "whole",
            "warning",
            f"The file is cut short: {source.missing_seconds:.1f} s are missing at its end. What is there is used.",
            "Copy it again from where it came, if that one is whole.",
        )
    if source.damaged:
        return check(
            "whole",
            "warning",
            f"The file is damaged; {source.frames} frames of it can be read.",
            "Copy it again from where it came, if that one is whole.",
        )
    return check("whole", "ok", "The file is whole.", "Nothing to do.")
