"""How ffmpeg and ffprobe are started."""

from __future__ import annotations

import os

from likeness_trainer.format import MEDIA

# A renamed playlist must not make ffmpeg open other files or the network.
ONLY_MEDIA = (
    "-protocol_whitelist",
    ",".join(MEDIA["protocols"]),
    "-format_whitelist",
    " ".join(MEDIA["containers"]).replace(" ", ","),
)
_OUT = ("FFREPORT", "AV_LOG_FORCE_COLOR")  # write reports, colour what is read as words


def environment() -> dict[str, str]:
    """This process's environment less what changes what the two do. Without character converters (GCONV_PATH) a
    static program cannot crash over the computer's, which may be of another version than it was made with."""
    kept = {name: value for name, value in os.environ.items() if name not in _OUT}
    return {**kept, "GCONV_PATH": "/nowhere", "AV_LOG_FORCE_NOCOLOR": "1"}
