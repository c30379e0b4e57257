"""`render`: the avatar's frames as pictures, in the place of the filmed ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np

from likeness_trainer.bundle.composite import crop_picture, over, put_back
from likeness_trainer.bundle.load import Bundle
from likeness_trainer.media import read_frames
from likeness_trainer.metrics.clip import Clip
from likeness_trainer.protocol import Reporter, TrainerError
from likeness_trainer.protocol.jobs import RenderJob
from likeness_trainer.renderer.proxies import SIDE


def render(job: RenderJob, reporter: Reporter) -> dict[str, Any]:
    """The `render` command: `outDir/NNNNNN.png`, numbered as the source's frames (contract schema `RenderResult`).

    `split` picks the training or held-out frames, `drive` the tracked motion or the clip's own sound (pose and eyes
    stay tracked). `size` 'source' puts the head back into the filmed frame, blended in over the crop's rim; 'crop'
    writes the 256 x 256 head crop and the filmed one beside it as `truth-NNNNNN.png`.
    """
    reporter.stage("render", 0, 1)
    bundle = Bundle.load(job.avatar_path, job.cores)
    clip = Clip(bundle, job)
    frames = clip.split()[0 if job.split == "train" else 1]
    if len(frames) == 0:
        raise TrainerError("too-short", "There are no frames of this kind.", "Use a longer video.")
    expressions = dict(zip(frames.tolist(), clip.spoken(frames))) if job.drive == "speech" else {}
    folder = job.out_dir
    folder.mkdir(parents=True, exist_ok=True)
    done = 0
    for number, filmed in zip(
        frames.tolist(), read_frames(job.ffmpeg, job.source, clip.source, frames=frames.tolist())
    ):
        reporter.check_cancelled()
        crop = clip.idle.crop[number]
        side = SIDE if job.size == "crop" else max(SIDE, round(float(crop[2])))
        rgba = bundle.draw(clip.control(number, expressions.get(number)), side=side)
        head = over(rgba, clip.plate(number, len(rgba)))
        if job.size == "crop":
            _write(folder / f"{number:06d}.png", head)
            _write(folder / f"truth-{number:06d}.png", crop_picture(filmed, crop))
        else:
            _write(folder / f"{number:06d}.png", put_back(filmed, head, crop))
        done += 1
        reporter.progress(done, len(frames), "frames")
    return {"dir": str(folder), "frames": done}


def _write(path: Path, picture: np.ndarray) -> None:
    # not imwrite, which returns False instead of raising and fails on names outside the system's code page
    path.write_bytes(cv2.imencode(".png", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))[1].tobytes())
