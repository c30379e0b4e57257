"""The input check: what the measures say about this video, each with what to do about it."""

from __future__ import annotations

from typing import Literal

import numpy as np

from likeness_trainer.tracking.frame_states import spans
from likeness_trainer.tracking.measured import Measured
from likeness_trainer.tracking.track_file import FrameState

Level = Literal["ok", "warning", "problem"]
_MOST_SPANS = 40
GENERAL = "Speech is driven by the general model."


def check(code: str, level: Level, message: str, hint: str, frames: np.ndarray | None = None) -> dict:
    """One row of the report (contract schema `Check`)."""
    row: dict = {"code": code, "level": level, "message": message, "hint": hint}
    if frames is not None and len(frames):
        row["frames"] = spans(frames)[:_MOST_SPANS]
    return row


def in_order(rows: list[dict]) -> list[dict]:
    """Problems first."""
    order = {"problem": 0, "warning": 1, "ok": 2}
    return sorted(rows, key=lambda row: order[row["level"]])


def all_checks(m: Measured) -> list[dict]:
    """Every check of what is seen and heard."""
    return [
        _duration(m),
        _good_frames(m),
        _face_size(m),
        _sharpness(m),
        _light(m),
        _pose_range(m),
        _occlusion(m),
        _mouth_motion(m),
        _speech(m),
        *([] if m.heard is None else [_sync(m)]),  # of no sound one row is enough
        _people(m),
        _camera(m),
    ]


def _good_seconds(m: Measured) -> float:
    return float((m.state == FrameState.GOOD).sum() / m.fps)


def _duration(m: Measured) -> dict:
    seconds = _good_seconds(m)
    if seconds < 4:
        return check(
            "duration",
            "problem",
            f"Only {seconds:.1f} s show the face well.",
            "Use at least 10 s; 20 s to 3 minutes of talking give the best result.",
        )
    if seconds < 10:
        return check(
            "duration",
            "warning",
            f"{seconds:.1f} s show the face well.",
            "20 s or more let the mouth learn more sounds.",
        )
    return check("duration", "ok", f"{seconds:.1f} s show the face well.", "Nothing to do.")


def _good_frames(m: Measured) -> dict:
    good = m.state == FrameState.GOOD
    share = float(good.mean())
    message = f"{int(good.sum())} of {len(good)} frames are good ({share:.0%})."
    bad = np.flatnonzero(~good)
    if share < 0.5:
        return check(
            "good-frames",
            "problem",
            message,
            "Cut the video to the part where the face is seen, or record again with the face in view.",
            bad,
        )
    if share < 0.9:
        return check(
            "good-frames",
            "warning",
            message,
            "The other frames are left out of training. Look at them in the timeline.",
            bad,
        )
    return check("good-frames", "ok", message, "Nothing to do.", bad)


def _face_size(m: Measured) -> dict:
    message = f"The face is {m.face_height:.0f} px tall"
    if m.face_height < 64:
        return check(
            "face-size",
            "problem",
            f"{message}: too small for a clear mouth.",
            "Move closer or zoom in: 128 px or more is needed.",
        )
    if m.face_height < 128:
        return check(
            "face-size",
            "warning",
            f"{message}; 128 or more gives a sharper mouth.",
            "Move closer, zoom in or record at a higher resolution.",
        )
    return check("face-size", "ok", f"{message}.", "Nothing to do.")


def _counted(frames: int) -> str:
    return "one frame" if frames == 1 else f"{frames} frames"


def _sharpness(m: Measured) -> dict:
    blurred = np.flatnonzero(m.state == FrameState.BLURRED)
    share = len(blurred) / len(m.state)
    if m.sharpness < 0.06:
        return check(
            "sharpness",
            "problem",
            "The face is out of focus.",
            "Record again with the focus on the eyes.",
            blurred,
        )
    if share > 0.1 or m.sharpness < 0.1:
        return check(
            "sharpness",
            "warning",
            f"{share:.0%} of the frames are blurred by motion." if share > 0.1 else "The face is a little soft.",
            "More light and a shorter exposure keep moving faces sharp.",
            blurred,
        )
    return check("sharpness", "ok", "The face is sharp.", "Nothing to do.", blurred)


def _light(m: Measured) -> dict:
    if m.brightness < 45:
        return check(
            "light",
            "warning",
            "The face is dark.",
            "Put a lamp or a window in front of the face.",
        )
    if m.brightness > 215 or m.clipped > 0.15:
        return check(
            "light",
            "warning",
            f"{m.clipped:.0%} of the face is pure black or white.",
            "Use softer light or lower the exposure.",
        )
    if m.brightness_change > 18:
        return check(
            "light",
            "warning",
            "The light on the face changes.",
            "Use steady light and fix the camera's exposure.",
        )
    return check("light", "ok", "The face is well lit.", "Nothing to do.")


def _pose_range(m: Measured) -> dict:
    message = f"The head turns {m.yaw_range:.0f} degrees sideways and {m.pitch_range:.0f} up and down."
    if m.yaw_range < 8:
        return check(
            "pose-range",
            "warning",
            message,
            "The avatar is held to the turns it has seen. For more, turn the head a little while talking.",
        )
    if m.yaw_range > 70:
        return check(
            "pose-range",
            "warning",
            message,
            "Strong turns are hard to follow; keep the face towards the camera most of the time.",
        )
    return check("pose-range", "ok", message, "Nothing to do.")


def _occlusion(m: Measured) -> dict:
    covered = np.flatnonzero(m.state == FrameState.OCCLUDED)
    share = len(covered) / len(m.state)
    if share > 0.03:
        return check(
            "occlusion",
            "warning",
            f"Something covers the face in {_counted(len(covered))} ({share:.0%}).",
            "These frames are left out. Keep hands and microphones away from the face.",
            covered,
        )
    message = f"Little covers the face: in {_counted(len(covered))}." if len(covered) else "Nothing covers the face."
    return check("occlusion", "ok", message, "Nothing to do.", covered)


def _mouth_motion(m: Measured) -> dict:
    opening = m.aperture[m.state == FrameState.GOOD]
    spread = float(opening.std()) if len(opening) else 0.0
    if spread < 0.01:
        return check(
            "mouth-motion",
            "problem",
            "The mouth never opens.",
            "Use a video in which the person talks: the avatar can only open its mouth as far as it has seen.",
        )
    return check("mouth-motion", "ok", "The mouth moves.", "Nothing to do.")


def _speech(m: Measured) -> dict:
    if not m.has_sound:
        return check(
            "speech",
            "warning",
            "The video has no sound.",
            "Speech is then driven by the general model. A video with the person's own speech gives truer lips.",
        )
    if m.heard is None:
        return check(
            "speech",
            "warning",
            "The sound could not be read.",
            "Check the video's sound track, or convert the video to mp4.",
        )
    seconds = m.heard.speech_seconds
    if seconds < 3:
        return check(
            "speech",
            "warning",
            f"Only {seconds:.1f} s of sound are loud enough to be speech.",
            "Use a video in which the person talks most of the time.",
        )
    return check("speech", "ok", f"{seconds:.0f} s of sound are loud enough to be speech.", "Nothing to do.")


def _sync(m: Measured) -> dict:
    lag = 1000 * m.sound_lag_seconds
    where = f"{abs(lag):.0f} ms {'after' if lag >= 0 else 'before'} the lips"
    if m.sound_belongs == "yes":
        if abs(lag) > 160:
            return check(
                "sync",
                "warning",
                f"The sound comes {where}.",
                "Training corrects for it; a recording in step is safer.",
            )
        return check("sync", "ok", f"Sound and lips belong together; the sound comes {where}.", "Nothing to do.")
    if m.sound_belongs == "no" and lag:
        return check(
            "sync",
            "warning",
            f"The sound is out of step: it comes {where}.",
            f"{GENERAL} Use a video whose sound and picture are in step.",
        )
    if m.sound_belongs == "no":
        return check(
            "sync",
            "warning",
            "The sound does not belong to these lips.",
            f"{GENERAL} Use a video with its own, undubbed sound.",
        )
    learns = f"The mouth learns from it by {m.heard.share:.0%}." if m.heard and m.heard.share else GENERAL
    return check(
        "sync",
        "warning",
        "Whether the sound belongs to these lips cannot be told yet.",
        f"{learns} {_more(m)} with the mouth in view would tell.",
    )


def _more(m: Measured) -> str:
    if m.heard is None or m.heard.more_seconds is None:
        return "More clear speech"
    seconds = int(5 * np.ceil(m.heard.more_seconds / 5))
    length = f"{seconds} s" if seconds < 90 else f"{np.ceil(seconds / 60):.0f} minutes"
    return f"About {length} more of clear speech"


def _people(m: Measured) -> dict:
    if m.people > 1:
        return check(
            "people",
            "warning",
            f"{m.people} people were found; one of them was followed.",
            "Choose the person if it is the wrong one, or cut the video so that only one is seen.",
        )
    return check("people", "ok", "One person was found.", "Nothing to do.")


def _camera(m: Measured) -> dict:
    if m.camera_motion > 0.02:
        return check(
            "camera",
            "warning",
            f"The camera moves (by {m.camera_motion:.0%} of the picture).",
            "The background behind the avatar will be soft. Put the camera on a stand.",
        )
    return check("camera", "ok", "The camera stands still.", "Nothing to do.")
