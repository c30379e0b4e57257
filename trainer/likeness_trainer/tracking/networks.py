"""The networks that a scan asks, which load beside whatever else there is to do first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from likeness_trainer.matting.person_mask import make_segmenter
from likeness_trainer.tracking.detection import FaceFinder
from likeness_trainer.tracking.landmarks import Landmarker
from likeness_trainer.tracking.workers import Worker


class Networks:
    """Landmarks and person mask in threads of their own; the search for faces in that of whoever asks."""

    def __init__(self, mesh: Landmarker | None = None) -> None:
        self.segmenter = Worker(make_segmenter, "person-mask")
        self.mesh = mesh or Landmarker()
        self._making = ThreadPoolExecutor(1, thread_name_prefix="face-finder")
        self._finder = self._making.submit(FaceFinder)

    @property
    def finder(self) -> FaceFinder:
        """Waits until it is made."""
        return self._finder.result()

    def wait(self) -> None:
        """Until all of them are made, or cannot be, which whoever asks them is told."""
        self._finder.exception()
        self.mesh.wait()
        self.segmenter.wait()

    def __enter__(self) -> Networks:
        return self

    def __exit__(self, *_: object) -> None:
        self.segmenter.close()
        self.mesh.__exit__()
        self._making.shutdown(cancel_futures=True)
