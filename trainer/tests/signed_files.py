"""What tests of content credentials sign, and how they read it back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from likeness_trainer.credentials.read import credentials
from likeness_trainer.protocol import Reporter
from likeness_trainer.protocol.jobs import CredentialsJob

AI = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
MANIFEST = {
    "claim_generator_info": [{"name": "Likeness", "version": "0.1.0"}],
    "title": "Ada",
    "assertions": [
        {
            "label": "c2pa.actions.v2",
            "data": {
                "actions": [
                    {"action": "c2pa.created", "digitalSourceType": AI, "parameters": {"ingredientIds": ["avatar"]}}
                ]
            },
        }
    ],
    "ingredients": [{"title": "Ada", "format": "application/zip", "relationship": "inputTo", "label": "avatar"}],
}


def job_at(folder: Path, **fields: Any) -> dict[str, Any]:
    return {"producer": "Likeness tested", "ffmpeg": "", "ffprobe": "", "credentials_dir": folder / "keys", **fields}


def read(folder: Path, file: Path, **fields: Any) -> dict[str, Any]:
    return credentials(CredentialsJob(**job_at(folder, file=file, **fields)), Reporter.silent())
