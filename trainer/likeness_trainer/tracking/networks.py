"""The networks that a scan asks, which load beside whatever else there is to do first."""

from __future__ import annotations

from functools import cached_property

from likeness_trainer.matting.person_mask import make_segmenter
from likeness_trainer.tracking.detection import FaceFinder
from likeness_trainer.tracking.landmarks import Landmarker
from likeness_trainer.tracking.workers import Worker


class Networks:
    """Landmarks and person mask in threads of their own; the search for faces in that of whoever asks."""

    def __init__(self, mesh: Landmarker | None = None) -> None:
        self.segmenter = Worker(make_segmenter, "person-mask")
        self.mesh = mesh or Landmarker()

    @cached_property
    def finder(self) -> FaceFinder:
        """Made when it is first wanted."""
        return FaceFinder()

    def __enter__(self) -> Networks:
        return self

    def __exit__(self, *_: object) -> None:
        self.segmenter.close()
        self.mesh.__exit__()
