"""Reads a dataclass from what stood in a job's JSON, by the types of its fields; damage is called by its name.

A field `analysis_dir` stands in the JSON as `analysisDir`. Known types are str, bool, int, float, Path, Literal of
strings, another dataclass, `tuple[T, ...]`, `T | None`, and `Annotated[T, Between(low, high)]` or `Above(limit)`. A
field that may be left out has a default; null stands for it too. Fields that the dataclass does not have are let be: a
newer Likeness may say more than this trainer needs.
"""

from __future__ import annotations

import dataclasses
import math
import types
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from likeness_trainer.protocol.errors import TrainerError

T = TypeVar("T")


@dataclass(frozen=True)
class Between:
    """The range of a number, its ends included."""

    low: float
    high: float = math.inf

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high

    def __str__(self) -> str:
        return f"{self.low:g} or more" if math.isinf(self.high) else f"{self.low:g} to {self.high:g}"


@dataclass(frozen=True)
class Above:
    """Every number greater than `limit`."""

    limit: float

    def holds(self, value: float) -> bool:
        return value > self.limit

    def __str__(self) -> str:
        return f"more than {self.limit:g}"


def refuse(why: str) -> TrainerError:
    """The error for a job that cannot be done as it stands."""
    return TrainerError(
        "bad-request",
        f"The job cannot be read: {why}.",
        "Start the trainer from Likeness, or see the trainer protocol in docs.",
    )


def read(kind: type[T], content: dict[str, Any], place: str = "") -> T:
    """A dataclass `kind` of JSON's `content`. Raises TrainerError('bad-request'), naming the field by its place."""
    hints = get_type_hints(kind, include_extras=True)
    values: dict[str, Any] = {}
    missing: list[str] = []
    for field in dataclasses.fields(kind):  # type: ignore[arg-type]
        name = place + in_json(field.name)
        optional = field.default is not dataclasses.MISSING
        value = content.get(in_json(field.name))
        if value is None and optional:
            continue
        if value is None and in_json(field.name) not in content:
            missing.append(name)
            continue
        values[field.name] = _value(hints[field.name], value, name)
    if missing:
        raise refuse("missing " + ", ".join(missing))
    return kind(**values)


def in_json(name: str) -> str:
    """analysis_dir -> analysisDir."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _value(kind: Any, value: Any, name: str) -> Any:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _within(arguments[1], _value(arguments[0], value, name), name)
    if origin in (Union, types.UnionType):
        return _value(next(argument for argument in arguments if argument is not types.NoneType), value, name)
    if origin is Literal:
        if value not in arguments:
            raise refuse(f"{name} is {_shown(value)}, not one of {', '.join(arguments)}")
        return value
    if origin is tuple:
        if not isinstance(value, list):
            raise refuse(f"{name} is {_shown(value)}, not a list")
        return tuple(_value(arguments[0], item, f"{name}[{place}]") for place, item in enumerate(value))
    if dataclasses.is_dataclass(kind):
        if not isinstance(value, dict):
            raise refuse(f"{name} is {_shown(value)}, not an object")
        return read(kind, value, f"{name}.")  # type: ignore[arg-type]
    return _PLAIN[kind](value, name)


def _within(range_: Between | Above, value: float, name: str) -> float:
    if not range_.holds(value):
        raise refuse(f"{name} is {_shown(value)}, but must be {range_}")
    return value


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise refuse(f"{name} is {_shown(value)}, not text")
    # Neither can be part of a file's name, nor of what another program is told.
    if "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        raise refuse(f"{name} holds characters that are none")
    return value


def _path(value: Any, name: str) -> Path:
    return Path(_text(value, name))


def _truth(value: Any, name: str) -> bool:
    if not isinstance(value, bool):
        raise refuse(f"{name} is {_shown(value)}, not true or false")
    return value


def _whole_number(value: Any, name: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise refuse(f"{name} is {_shown(value)}, not a whole number")
    return value


def _number(value: Any, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise refuse(f"{name} is {_shown(value)}, not a number")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise refuse(f"{name} is not a number that can be reckoned with")
    return number


_PLAIN = {str: _text, Path: _path, bool: _truth, int: _whole_number, float: _number}


def _shown(value: Any) -> str:
    """A value in a message, cut where it is long."""
    text = ascii(value)
    return text if len(text) <= 40 else text[:37] + "..."
