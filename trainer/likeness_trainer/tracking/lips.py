"""Opening and width of the mouth as linear measures of the expression."""

from dataclasses import dataclass

import numpy as np

from likeness_trainer.tracking.track_file import Track

UPPER, LOWER = (13, 82, 312), (14, 87, 317)  # middle of the inner lips
CORNERS = (61, 291)
MOUTH = (
    *(0, 13, 14, 17, 37, 39, 40, 61, 78, 80, 81, 82, 84, 87, 88, 91, 95, 146, 178, 181, 185, 191),
    *(267, 269, 270, 291, 308, 310, 311, 312, 314, 317, 318, 321, 324, 375, 402, 405, 409, 415),
)


@dataclass(frozen=True)
class LipMeasures:
    """`rest + slopes . expression` is (opening, width) in cm; opening is below zero where the lips overlap."""

    slopes: np.ndarray  # [2, 64]
    rest: np.ndarray  # [2]
    energy: np.ndarray  # [64] how far one unit of each coefficient moves the mouth, cm rms

    @classmethod
    def of(cls, track: Track) -> "LipMeasures":
        """Measures of a person's rig."""

        def measure(shape: np.ndarray) -> np.ndarray:
            opening = shape[..., UPPER, 1].mean(axis=-1) - shape[..., LOWER, 1].mean(axis=-1)
            return np.stack([opening, shape[..., CORNERS[1], 0] - shape[..., CORNERS[0], 0]], axis=-1)

        basis = track.expression_basis.astype(np.float64)
        energy = np.sqrt((basis[:, MOUTH] ** 2).sum(axis=2).mean(axis=1))
        return cls(measure(basis).T, measure(track.neutral.astype(np.float64)), energy)

    def directions(self, expression: np.ndarray) -> np.ndarray:
        """How a person's expressions [n, 64] go along with a cm of opening and with one of width: [64, 2].

        Exact in both: one cm along the first changes the opening by one and the width not, where both of them move.
        """
        lips = self(expression)
        centred, moved = expression - expression.mean(axis=0), lips - lips.mean(axis=0)
        found = np.linalg.solve(moved.T @ moved + 1e-6 * len(moved) * np.eye(len(self.slopes)), moved.T @ centred).T
        # (slopes found) is 2x2 and near the identity; dividing by it makes them exact.
        return found @ np.linalg.pinv(self.slopes @ found)

    def __call__(self, expression: np.ndarray) -> np.ndarray:
        """(opening, width) [..., 2] in cm of expressions [..., 64]."""
        return self.rest + expression @ self.slopes.T


@dataclass(frozen=True)
class Mouth:
    """What was seen of a mouth in some frames, all of them good: what speech is compared with."""

    time: np.ndarray  # [n] seconds, ascending
    aperture: np.ndarray  # [n] inter-ocular distances
    width: np.ndarray  # [n] cm

    @classmethod
    def of(cls, track: Track, frames: np.ndarray) -> "Mouth":
        """The given frames of a track."""
        width = LipMeasures.of(track)(track.expression[frames].astype(np.float64))[:, 1]
        return cls(track.time[frames], track.aperture[frames], width)
