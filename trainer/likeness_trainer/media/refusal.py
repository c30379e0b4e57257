"""What is said of a file that cannot be read."""

from __future__ import annotations

from likeness_trainer.protocol import TrainerError


def bad_video(detail: str) -> TrainerError:
    """`detail`: what a tool said, or what was found."""
    return TrainerError(
        "bad-video",
        "This file cannot be read as a video.",
        "Use an mp4, mov, mkv, webm or avi file that plays in a video player.",
        detail[-2000:],
    )
