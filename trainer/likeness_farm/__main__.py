"""`python -m likeness_farm films ADDRESS FOLDER` and `python -m likeness_farm status ADDRESS`.

The token is in the file that `RAY_AUTH_TOKEN_PATH` names. Answers one JSON document a line on standard output.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from likeness_farm.hand_out import computers, hand_out


def main(words: list[str]) -> int:
    # Ray prints as it pleases; the real standard output is for the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)

    def answer(document: dict[str, object]) -> None:
        answers.write(json.dumps(document) + "\n")

    match words:
        case ["status", address]:
            answer({"type": "computers", "computers": computers(address)})
        case ["films", address, folder]:
            hand_out(address, Path(folder), sys.stdin, answer)
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
