"""What the networks are asked about a frame: its landmarks and its person mask."""

from __future__ import annotations

from dataclasses import dataclass

from likeness_trainer.matting.person_mask import NETWORK_SIDE, WHOLE_EVERY, person_square
from likeness_trainer.media import Source
from likeness_trainer.tracking.aim import Aim
from likeness_trainer.tracking.landmarks import CROP_SIDE, Landmarker
from likeness_trainer.tracking.planes_cut import cut_colour
from likeness_trainer.tracking.read_ahead import Frame, SmallSize
from likeness_trainer.tracking.squares import cut_square
from likeness_trainer.tracking.workers import Worker


@dataclass(frozen=True)
class Asked:
    """A frame whose answers are still to come."""

    frame: Frame
    square: tuple[int, int, int] | None  # of the crop the landmarks are in; None: there was no face to ask about
    mask_square: tuple[int, int, int]
    whole: bool  # the mask of the whole picture was asked for too


class Ask:
    """Cuts what the networks see and hands it to their workers, which answer in the same order."""

    def __init__(self, mesh: Landmarker, segmenter: Worker, source: Source, small: SmallSize) -> None:
        self._mesh, self._segmenter, self._source, self._small = mesh, segmenter, source, small
        self._restart = True  # the landmarks' tracking begins anew

    def about(self, frame: Frame, aim: Aim, jumped: bool, whole_known: bool) -> Asked:
        """jumped: the crop is not about where it was; whole_known: a mask of the whole picture has come."""
        self._restart |= jumped
        width, height = self._source.width, self._source.height
        mask_square = person_square(width, height, aim.mask_box)
        covers = mask_square[2] >= max(width, height)
        whole = not covers and (not whole_known or frame.number % WHOLE_EVERY == 0 or frame.cut)
        if aim.square is not None:
            self._ask_landmarks(frame, aim.square)
        self._ask_mask(frame, mask_square)
        if whole:
            self._ask_whole_mask(frame)
        return Asked(frame, aim.square, mask_square, whole)

    def _ask_landmarks(self, frame: Frame, square: tuple[int, int, int]) -> None:
        converted = self._small.size == (self._source.width, self._source.height)  # the whole frame already
        cut = cut_square(frame.colour, square, CROP_SIDE) if converted else cut_colour(frame.full, square, CROP_SIDE)
        self._mesh.submit(cut, self._restart)
        self._restart = False

    def _ask_mask(self, frame: Frame, square: tuple[int, int, int]) -> None:
        to_source = self._small.to_source
        if square[2] / to_source >= NETWORK_SIDE:  # the small picture holds all that the network can see
            in_small = tuple(value / to_source for value in square)
            self._segmenter.submit(cut_square(frame.colour, in_small, NETWORK_SIDE))
        else:
            self._segmenter.submit(cut_colour(frame.full, square, NETWORK_SIDE))

    def _ask_whole_mask(self, frame: Frame) -> None:
        width, height = self._small.size
        longer = max(width, height)
        whole = ((width - longer) // 2, (height - longer) // 2, longer)
        self._segmenter.submit(cut_square(frame.colour, whole, NETWORK_SIDE))
