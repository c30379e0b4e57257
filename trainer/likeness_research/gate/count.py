"""Count the sync gate's verdicts: `python -m likeness_research.gate.count PROJECT... --sound FILE...`.

Every project is the folder of an analysed video whose sound is known to be the person's; sounds are of anybody else.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import torch

from likeness_research.gate.pieces import Clip, Sound, own, shifted, still_needed, swapped
from likeness_trainer.media import read_audio
from likeness_trainer.speech.sync import SyncEstimate, compare
from likeness_trainer.tracking.lips import Mouth
from likeness_trainer.tracking.track_file import Track

LENGTHS = (4.0, 6.0, 8.0, 12.0)
WEAK_SHARE = 0.3  # of the mouth's movement goes with the sound: r of .15 where it is .5


def load_clip(project: Path, ffmpeg: str) -> Clip:
    """Of a project's analysis. Raises what `Track.load` and `read_audio` raise."""
    track = Track.load(project / "analysis" / "track.safetensors")
    samples = read_audio(ffmpeg, str(project / "analysis" / "audio16k.wav"))
    return Clip(Mouth.of(track, track.good), Sound(project.name, samples))


def row(name: str, length: float, verdicts: Iterable[SyncEstimate]) -> str:
    """One row of the table."""
    found = Counter(verdict.belongs for verdict in verdicts)
    count = found.total()
    shares = " | ".join(f"{found[belongs] / max(count, 1):.1%}" for belongs in ("yes", "no", "unknown"))
    return f"| {name} | {length:.0f} s | {count} | {shares} |"


def foretold(clips: list[Clip], lengths: Iterable[float]) -> str:
    """How what was said to be needed compares with what was."""
    said, needed = [], []
    for clip in clips:
        for length in lengths:
            for start in clip.starts(length):
                verdict = compare(clip.sound.heard(float(start), length), clip.piece(float(start), length))
                more = still_needed(clip, float(start), length) if verdict.more_seconds else None
                if more is not None and verdict.more_seconds is not None:
                    said.append(verdict.more_seconds)
                    needed.append(more)
    if not said:
        return "No piece left it open."
    return (
        f"{len(said)} pieces left it open: {np.median(said):.1f} s more were said to be needed (median), "
        f"{np.median(needed):.1f} s were; {np.mean(np.array(needed) <= 5 * np.ceil(np.array(said) / 5)):.0%} had a "
        "verdict by what was said, rounded up to 5 s."
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Count the sync gate's verdicts on pieces of clips.")
    parser.add_argument("projects", type=Path, nargs="+", help="folders of analysed videos with their own sound")
    parser.add_argument("--sound", type=Path, nargs="*", default=[], help="other people's speech")
    options = parser.parse_args()
    torch.set_num_threads(1)
    ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()
    clips = [load_clip(project, ffmpeg) for project in options.projects]
    strangers = [Sound(file.name, read_audio(ffmpeg, str(file))) for file in options.sound]
    print("| pieces | length | count | belongs | does not | can't tell yet |\n|---|---|---|---|---|---|")
    for clip in clips:
        others = [other for other in clips if other is not clip]
        foreign = [*(other.sound for other in others), *strangers]
        for length in LENGTHS:
            print(row(f"{clip.sound.name}, own sound", length, own(clip, length)), flush=True)
            for other in others:
                weak = clip.weakened(other, WEAK_SHARE)
                print(row(f"{clip.sound.name}, own sound, weak link", length, own(weak, length)), flush=True)
            print(row(f"{clip.sound.name}, shifted sound", length, shifted(clip, length)), flush=True)
            print(row(f"{clip.sound.name}, other sound", length, swapped(clip, foreign, length)), flush=True)
    print(f"\n{foretold(clips, LENGTHS)}")


if __name__ == "__main__":
    main()
