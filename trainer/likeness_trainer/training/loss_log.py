"""`log.ndjson`: one line a logged step. A resumed training cuts it back to its checkpoint, so the curve has no seam."""

from __future__ import annotations

import json
import os
from pathlib import Path


class LossLog:
    """Appends lines; `size` is what a checkpoint remembers."""

    def __init__(self, path: Path, keep_bytes: int = 0) -> None:
        """Keeps the first `keep_bytes` of an existing log."""
        path.touch(exist_ok=True)
        os.truncate(path, min(keep_bytes, path.stat().st_size))
        self._file = open(path, "a", encoding="utf-8")  # noqa: SIM115 - closed by close()

    def append(self, step: int, stage: str, values: dict[str, float]) -> None:
        """A line for a step: its stage and losses, six decimals each."""
        self._file.write(
            json.dumps({"step": step, "stage": stage, **{k: round(v, 6) for k, v in values.items()}}) + "\n"
        )

    def size(self) -> int:
        """Bytes on disk after a flush."""
        self._file.flush()
        return os.fstat(self._file.fileno()).st_size

    def close(self) -> None:
        self._file.close()
