"""How a video's pictures are read: the same as in the core, from the same words (`format/reading.json`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from likeness_trainer.format import READING
from likeness_trainer.media.looks import brightest, field_order
from likeness_trainer.media.probe import Colours, Reading

_BT709 = Colours("bt709")


@dataclass(frozen=True)
class Read:
    """A reading, what its pictures' colours are then, and what is told of the video."""

    reading: Reading
    colours: Colours
    hdr: str | None  # 'HLG' | 'PQ'
    interlaced: bool


def reading_of(ffmpeg: str, path: str, stream: dict[str, Any], colours: Colours) -> Read:
    """stream: ffprobe's words of it; colours: what they say. Raises TrainerError('bad-video' | 'interrupted')."""
    index = int(stream["index"])
    order = field_order(ffmpeg, path, index, int(stream["height"]), stream.get("field_order", ""))
    hdr = READING["hdr"].get(stream.get("color_transfer"))
    bright = hdr is not None and brightest(ffmpeg, path, index) >= hdr["bright"]
    filters, then = _colour_filters(stream, colours, hdr is not None, bright)
    fields = tuple(part.replace("{order}", order) for part in READING["fields"]["filters"]) if order else ()
    reading = Reading(fields, READING["fields"]["lead"] if order else 0, filters)
    return Read(reading, then, hdr["name"] if hdr else None, order is not None)


def _colour_filters(
    stream: dict[str, Any], colours: Colours, hdr: bool, bright: bool
) -> tuple[tuple[str, ...], Colours]:
    primaries, matrix = (stream.get(name, "unknown") for name in ("color_primaries", "color_space"))
    wide, transfer = hdr or primaries in READING["wide"], stream.get("color_transfer")
    # ffmpeg's scaler refuses what it cannot take apart.
    scaled = matrix in READING["scaled"]["matrices"] and transfer not in READING["scaled"]["not"]
    if not wide and scaled:
        if not _taken_as_bt709(stream, primaries, matrix):
            return (), colours
        return ("setparams=colorspace=bt709",), Colours("bt709", colours.full_range, colours.halved_chroma)
    named = READING["from"].format(
        primaries=primaries if primaries in READING["primaries"] else "bt2020" if wide else "bt709",
        transfer=stream["color_transfer"] if hdr else "bt709",
        matrix=matrix if matrix in READING["matrices"] else "bt2020nc" if hdr else "bt709",
        range="full" if colours.full_range else "limited",
    )
    tones = READING["toneMap"]["bright" if bright else "dim"] if hdr else []
    return (named, *tones, *READING["to"]), _BT709


def _taken_as_bt709(stream: dict[str, Any], primaries: str, matrix: str) -> bool:
    """Of what does not say, players take larger pictures for BT.709 and the others for BT.601; so does ffmpeg's
    scaler."""
    large = READING["untagged"]
    is_large = int(stream["width"]) >= large["width"] or int(stream["height"]) >= large["lines"]
    return matrix == "unknown" and (primaries == "bt709" or (primaries == "unknown" and is_large))
