"""Frames laid out on the chart, and laid out anew where a registration says better where their texels are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from likeness_trainer.appearance.chart import Chart
from likeness_trainer.appearance.kernel_choice import FEW_VALUES, kernel_for
from likeness_trainer.appearance.laying import Laying
from likeness_trainer.appearance.person_texels import person_texels, surely_person
from likeness_trainer.appearance.registration import Registration
from likeness_trainer.appearance.registration_gain import SEEN_SIDE, Seen, registration_gain
from likeness_trainer.appearance.shares import held_still
from likeness_trainer.appearance.side_by_side import side_by_side
from likeness_trainer.appearance.traits import LIPS
from likeness_trainer.renderer.proxies import Control
from likeness_trainer.renderer.rig import Rig

_LOOKED_AT = 4000  # values, for whether a background moves


@dataclass(frozen=True)
class Laid:
    """Frames in the order of time, as they lie on the chart."""

    laying: Laying
    textures: np.ndarray  # [N,S,S,C] f32, less the mean
    mean: np.ndarray  # [S,S,C] f32
    person: np.ndarray  # [S,S] bool: texels in which most frames show the person

    @classmethod
    def of(
        cls,
        laying: Laying,
        pictures: Sequence[np.ndarray],
        layout: Callable[[int, np.ndarray], np.ndarray],
    ) -> Laid:
        """Of the frames' head crops [S,S,C] u8, each as `layout` of its row and itself has it, [S,S,C] f32."""
        textures = np.empty((len(pictures), *pictures[0].shape), np.float32)

        def lay_out(row: int) -> None:
            textures[row] = layout(row, pictures[row])

        side_by_side(laying.cores, lay_out, range(len(pictures)))
        person = person_texels(textures)
        mean = textures.mean(0)
        textures -= mean
        return cls(laying, textures, mean, person)

    @classmethod
    def registered(
        cls,
        rig: Rig,
        controls: Sequence[Control],
        pictures: Sequence[np.ndarray],
        posture: Control,
        banks: Sequence[np.ndarray],
        shares: Sequence[np.ndarray],
        seed: int,
        cores: int = 1,
    ) -> Laid:
        """Of the frames' controls and head crops [S,S,C] u8 on the chart of a posture, restored, and registered where
        that pays.

        banks [N,d] and shares [S,S] are those of mouth, eyes and rest. Where what is behind the person moves by itself
        it has no part in it.
        """
        plain = Laying(rig, Chart.of(rig, posture, controls), controls, cores=cores)
        laid = cls.of(plain, pictures, plain.plain)
        registration = laid._registration(pictures, banks, shares, seed)
        del laid  # which has 400 MB, as the one that takes its place
        laying = replace(plain, registration=registration)
        return cls.of(laying, pictures, laying.restored)

    def _registration(
        self, pictures: Sequence[np.ndarray], banks: Sequence[np.ndarray], shares: Sequence[np.ndarray], seed: int
    ) -> Registration | None:
        """Where the frames' texels are; None where to say so does not pay."""
        still = self._stands_still(banks[-1], shares[-1], seed)
        person = np.ones_like(self.person) if still else self.person
        cores = self.laying.cores
        registration = Registration.of(self.textures, self.mean, held_still(self.laying.chart), person, cores)
        registered = replace(self.laying, registration=registration)
        gain = registration_gain(
            banks,
            shares,
            lambda row: self.textures[row] + self.mean,
            lambda row: registered.plain(row, pictures[row]),
            registration,
            lambda row: self._seen(row, pictures[row], still),
            seed,
            cores,
        )
        return registration if gain > 0 else None

    def _stands_still(self, bank: np.ndarray, share: np.ndarray, seed: int) -> bool:
        """Whether what is behind the person has a say in how a part of the chart, of a share [S,S], is regressed."""
        random, channels = np.random.default_rng(seed), self.textures.shape[-1]
        values = np.flatnonzero(np.repeat(share.ravel() > 0, channels))
        some = random.choice(values, min(_LOOKED_AT, len(values)), replace=False)
        of_person = np.repeat(self.person.ravel(), channels)
        seen = self.textures.reshape(len(self.textures), -1)
        _, chosen = kernel_for(bank, seen, some, of_person, random, FEW_VALUES)
        return bool(of_person[some].all()) or not of_person[chosen].all()

    def _seen(self, row: int, picture: np.ndarray, still: bool) -> Seen:
        """Judged on the whole crop, the face and the mouth; on what of them is the person where what is behind does not
        stand still."""
        side = SEEN_SIDE
        small = cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA).astype(np.float32)
        person = np.ones((side, side), bool) if still else surely_person(small)
        boxes = (self.laying.face(row, side), self.laying.face(row, side, list(LIPS)))
        places = [person, *(box & person for box in boxes)]
        addresses = self.laying.addresses(row, side)
        return Seen(small, addresses, places)
