"""Make the sample's two voices again: `python -m likeness_trainer.sample.make_voice`.

Only this module needs the speech synthesiser flite (2.2, with the voices slt and rms); its output is kept in
`resources/sample`. flite prints the end time of every phone it speaks, which is the truth the mouth is driven by.
"""

from __future__ import annotations

import json
import subprocess

from likeness_trainer.sample.voice import RESOURCES

SAMPLE_TEXT = (
    "Hello, I am Robin. Every pixel of my face was made by a program. Look at the camera, speak clearly for a few "
    "minutes, and both of us will move our mouths together, wave after wave."
)
OTHER_TEXT = "The old boat moved slowly over blue water, while five young people watched from the beach."


def speak(text: str, voice: str, name: str) -> None:
    """Write `name.wav` (16 kHz mono) and `name.phones.json`: a list of {phone, start, end}, seconds."""
    RESOURCES.mkdir(parents=True, exist_ok=True)
    command = ["flite", "-voice", voice, "-psdur", "-t", text, "-o", str(RESOURCES / f"{name}.wav")]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    phones, start = [], 0.0
    for entry in printed.split():
        phone, end = entry.rsplit(":", 1)
        phones.append({"phone": phone, "start": round(start, 4), "end": round(float(end), 4)})
        start = float(end)
    rows = ",\n".join("  " + json.dumps(row) for row in phones)
    (RESOURCES / f"{name}.phones.json").write_text(f"[\n{rows}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    speak(SAMPLE_TEXT, "slt", "voice")
    speak(OTHER_TEXT, "rms", "other-voice")
