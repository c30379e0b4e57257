"""One pass over the video: landmarks, person mask, torso, plate and the measures of each frame.

A frame goes through four steps: it is decoded (`read_ahead`), a crop is chosen (`aim`), the networks are asked (`ask`)
and their answers are kept (`finish`). The main thread cuts and writes; the networks run in threads beside it. The crop
of a frame follows the face of the frame `LATENCY` before it, so all of them work at once and the result does not depend
on their speed. Full frames are dropped as soon as they are done: memory does not grow with the clip, save for the
landmarks (11 kB a frame); small grey faces for the photometric fit go to a temporary file.
"""

from __future__ import annotations

from collections import deque
from pathlib import Path

from likeness_trainer.matting.mask_file import MASK_CODEC
from likeness_trainer.media import FrameWriter, Source, read_planes
from likeness_trainer.protocol import Reporter
from likeness_trainer.tracking.aim import Aim
from likeness_trainer.tracking.ask import Ask, Asked
from likeness_trainer.tracking.finish import Finish, Rows
from likeness_trainer.tracking.networks import Networks
from likeness_trainer.tracking.observations import Observations
from likeness_trainer.tracking.people import PersonTrack
from likeness_trainer.tracking.read_ahead import SmallSize, frames_of

LATENCY = 3  # frames between a crop and the face it follows
FACES_FILE = "faces.npy"
_SPARE_FRAMES = 64  # damaged files can hold more than they say
_LOOK_SECONDS = 1.0  # between two searches of the whole frame


def scan(
    ffmpeg: str,
    source: Source,
    path: str,
    networks: Networks,
    out: Path,
    reporter: Reporter,
    target: PersonTrack | None = None,
) -> Observations:
    """Scan the video at `path` for one person; writes `person.mkv` and the temporary `faces.npy` into `out`.
    `target` is that person as an earlier scan saw them, or None: whoever's face is largest when the first faces are
    seen. Raises Cancelled, and TrainerError as `read_planes` does.
    """
    small = SmallSize.of(source)
    capacity = source.frames + _SPARE_FRAMES
    rows = Rows(capacity, out / FACES_FILE)
    look_every = max(1, round(source.fps * _LOOK_SECONDS))
    mask_file = str(out / "person.mkv")
    with FrameWriter(ffmpeg, mask_file, small.width, small.height, source.fps, MASK_CODEC, gray=True) as masks:
        aim = Aim(networks.finder, look_every, target)
        ask = Ask(networks.mesh, networks.segmenter, source, small)
        finish = Finish(aim, networks.mesh, networks.segmenter, masks, rows, source, small)
        pending: deque[Asked] = deque()
        count = 0
        for frame in frames_of(read_planes(ffmpeg, path, source), small):
            if frame.number >= capacity:
                break
            reporter.check_cancelled()
            while len(pending) >= (1 if frame.cut else LATENCY):
                finish.frame(pending.popleft())
            if frame.cut:
                aim.forget_place()
            jumped = aim.at(frame.number, frame.full)
            pending.append(ask.about(frame, aim, jumped, finish.whole_known))
            count = frame.number + 1
            reporter.progress(count, max(source.frames, count), "frames")
        while pending:
            finish.frame(pending.popleft())
    return finish.seen(count, aim.people)
