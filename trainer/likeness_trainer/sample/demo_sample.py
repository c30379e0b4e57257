"""The command `demo-sample`: film the synthetic person speaking, with everything about it known."""

from __future__ import annotations

import collections
import os
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import cv2
import numpy as np

from likeness_trainer.matting.mask_file import MASK_CODEC
from likeness_trainer.media import FrameWriter, mp4
from likeness_trainer.protocol import Reporter, TrainerError
from likeness_trainer.protocol.jobs import DemoSampleJob
from likeness_trainer.sample.lighting import encode
from likeness_trainer.sample.performance import perform
from likeness_trainer.sample.person import SIZE, Person
from likeness_trainer.sample.truth import true_track
from likeness_trainer.sample.voice import fit_voice, load_voice, write_wave

FPS = 25.0
LONGEST_SECONDS = 600.0
_COSTS = (1, 9)  # of drawing the person beside the frames


def demo_sample(job: DemoSampleJob, reporter: Reporter) -> dict[str, Any]:
    """Write `sample.mp4`, `truth.safetensors`, `truth-person.mkv`, `plate.png` into `job.out_dir`.

    The same length and seed give the same pictures. Raises TrainerError('bad-request') for a length that is not between
    one frame and ten minutes.
    """
    seconds, seed = job.seconds, job.seed
    frames = round(seconds * FPS)
    if not 1 <= frames <= LONGEST_SECONDS * FPS:
        raise TrainerError(
            "bad-request", f"A sample of {seconds:g} seconds cannot be made.", "Ask for 0.04 to 600 seconds."
        )
    out = job.out_dir
    out.mkdir(parents=True, exist_ok=True)
    reporter.stage("person", 0, 2, _COSTS)
    voice = fit_voice(load_voice(), frames / FPS)
    person = Person(seed)
    moments = perform(voice, frames, FPS, seed)
    reporter.check_cancelled()
    true_track(person, moments, FPS).save(out / "truth.safetensors")
    cv2.imwrite(str(out / "plate.png"), encode(person.plate)[..., ::-1])

    reporter.stage("frames", 1, 2, _COSTS)
    sound = out / "voice.part.wav"
    write_wave(sound, voice)
    video, mask = out / "sample.part.mp4", out / "truth-person.part.mkv"
    try:
        with (
            FrameWriter(job.ffmpeg, str(video), SIZE, SIZE, FPS, mp4(crf=14), audio=str(sound)) as picture_file,
            FrameWriter(job.ffmpeg, str(mask), SIZE, SIZE, FPS, MASK_CODEC, gray=True) as mask_file,
            ThreadPoolExecutor(job.threads or min(4, os.cpu_count() or 1)) as pool,
        ):
            person.draw(moments[0])  # compiles what is not compiled yet, before threads would each do it
            waiting: collections.deque[Future[tuple[np.ndarray, np.ndarray]]] = collections.deque()
            queue = iter(moments)
            done = 0
            while done < frames:
                while len(waiting) < 6 and (moment := next(queue, None)) is not None:
                    waiting.append(pool.submit(person.draw, moment))
                picture, cover = waiting.popleft().result()
                picture_file.write(picture)
                mask_file.write(cover)
                done += 1
                reporter.progress(done, frames, "frames")
                reporter.check_cancelled()
        os.replace(video, out / "sample.mp4")
        os.replace(mask, out / "truth-person.mkv")
    finally:
        for part in (video, mask, sound):
            part.unlink(missing_ok=True)
    for kind, name in (
        ("sample", "sample.mp4"),
        ("truth", "truth.safetensors"),
        ("person", "truth-person.mkv"),
        ("plate", "plate.png"),
    ):
        reporter.artifact(kind, str(out / name))
    return {"frames": frames, "seconds": frames / FPS, "fps": FPS, "width": SIZE, "height": SIZE, "seed": seed}
