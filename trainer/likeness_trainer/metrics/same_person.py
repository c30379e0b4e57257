"""`same-person`: whether the face in another video, such as a recording of somebody's consent, is the one that an
avatar is made of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from likeness_trainer.media import Source, probe_source, read_frames
from likeness_trainer.metrics.identity import SAME_PERSON, FaceRecognition
from likeness_trainer.metrics.untrained import spread
from likeness_trainer.protocol import Reporter, TrainerError
from likeness_trainer.protocol.jobs import SamePersonJob
from likeness_trainer.tracking.agreed_face import agreed_face
from likeness_trainer.tracking.detection import FaceFinder
from likeness_trainer.tracking.landmarks import CROP_SIDE, Landmarker
from likeness_trainer.tracking.reduced import reduced
from likeness_trainer.tracking.squares import cut_square, square_around, whole_pixels
from likeness_trainer.tracking.track_file import Track

FILMED = 24  # frames of the avatar's video: more change the mean descriptor by less than another expression does
LOOKED_AT = 48  # of the other video; faces are missed in some of them
LEAST_FACES = 5  # of which anything is said
# Below it is said that it is one person, from SAME_PERSON on that it is another, in between nothing
# (docs/decisions/consent.md has what was measured).
SAME = 0.45
_CROP_SCALE = 2.0  # crop over face, as a scan cuts it


def same_person(job: SamePersonJob, reporter: Reporter) -> dict[str, Any]:
    """Returns {verdict: 'same' | 'other' | 'unsure', distance, faces, looked}: `distance` is the median distance of the
    other video's faces from the mean descriptor of the avatar's, None where fewer than LEAST_FACES were seen, of
    `looked` frames. In frames with several people the one that is nearest counts, so that a witness does not harm.

    Raises TrainerError('bad-video' | 'bad-checkpoint' | 'too-short') and Cancelled.
    """
    recognition = FaceRecognition(job.recognition.weights, job.recognition.manifest)
    known = _known(job, recognition, reporter)
    other = probe_source(job.ffmpeg, job.ffprobe, job.other)
    looked = spread(np.arange(other.frames), LOOKED_AT)
    reporter.stage("other", 1, 2)
    apart = [
        min(float(np.linalg.norm(face - known)) for face in faces)
        for faces in _faces(job, other, looked, recognition, reporter)
        if faces
    ]
    distance = float(np.median(apart)) if len(apart) >= LEAST_FACES else None
    return {"verdict": verdict(distance), "distance": distance, "faces": len(apart), "looked": len(looked)}


def verdict(distance: float | None) -> str:
    """What a distance of descriptors says."""
    if distance is None or SAME <= distance < SAME_PERSON:
        return "unsure"
    return "same" if distance < SAME else "other"


def _known(job: SamePersonJob, recognition: FaceRecognition, reporter: Reporter) -> np.ndarray:
    """The mean descriptor [128] of the avatar's person."""
    track = Track.load(job.track_path)
    frames = spread(track.good, FILMED)
    source = probe_source(job.ffmpeg, job.ffprobe, job.source, job.streams)
    reporter.stage("filmed", 0, 2)
    faces: list[np.ndarray] = []
    for done, (frame, picture) in enumerate(_pictures(job.ffmpeg, job.source, source, frames)):
        reporter.check_cancelled()
        scale = picture.shape[1] / source.width
        face = recognition(picture, track.landmarks[frame, :, :2] * scale)
        if face is not None:
            faces.append(face)
        reporter.progress(done + 1, len(frames), "frames")
    if not faces:
        raise TrainerError(
            "too-short", "The video shows no face that could be compared.", "Analyse a video that shows the face well."
        )
    return np.mean(faces, 0)


def _faces(
    job: SamePersonJob, source: Source, frames: np.ndarray, recognition: FaceRecognition, reporter: Reporter
) -> Iterator[list[np.ndarray]]:
    """Descriptors of everybody in each frame."""
    finder = FaceFinder()
    with Landmarker() as mesh:
        for done, (_, picture) in enumerate(_pictures(job.ffmpeg, job.other, source, frames)):
            reporter.check_cancelled()
            found: list[np.ndarray] = []
            for box in finder.find(picture):
                square = whole_pixels(square_around(box, _CROP_SCALE))
                mesh.submit(cut_square(picture, square, CROP_SIDE), True)  # each picture for itself
                seen = agreed_face(mesh.result(), square)
                face = None if seen is None else recognition(picture, seen[0].mean(0)[:, :2])
                if face is not None:
                    found.append(face)
            yield found
            reporter.progress(done + 1, len(frames), "frames")


def _pictures(ffmpeg: str, path: str, source: Source, frames: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """Numbers of frames and their pictures [H,W,3] u8 RGB; very large ones as a scan sees them."""
    small = reduced(source)
    wanted = frames.tolist()
    yield from zip(wanted, read_frames(ffmpeg, path, source, size=(small.width, small.height), frames=wanted))
