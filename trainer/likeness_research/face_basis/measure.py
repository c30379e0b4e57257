"""What a face model is worth to the fit: `python -m likeness_research.face_basis.measure OUT` (some ten minutes).

People are drawn from a population and filmed with truth. Each film is scanned once and fitted without a model, with
models of the same population in both published formats, and with a model of other people. `--table PAGE` puts the
table into a page; made files and bases stay in OUT.
"""

import argparse
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np

from likeness_research.any_video.cases import at
from likeness_research.any_video.film import Actor, Film, Truth, shoot
from likeness_research.any_video.measure import into_page
from likeness_research.face_basis.made_files import write_bfm, write_ict
from likeness_research.face_basis.population import Population, kin, strangers
from likeness_trainer.bases.convert import face_basis
from likeness_trainer.media import probe_source
from likeness_trainer.morphable.face_basis import FaceBasis
from likeness_trainer.morphable.mesh import Camera, Pose
from likeness_trainer.morphable.rotations import similarity
from likeness_trainer.morphable.topology import CONTOUR, INNER_LIP, OUTER_LIP
from likeness_trainer.protocol import Reporter
from likeness_trainer.protocol.jobs import FaceBasisJob
from likeness_trainer.sample.performance import NECK_PIVOT, perform
from likeness_trainer.sample.person import MEAN_POSE, Person, turned
from likeness_trainer.sample.voice import fit_voice, load_voice
from likeness_trainer.tracking.eyes_and_mouth import inter_ocular
from likeness_trainer.tracking.face_fit import FaceFit, fit_face
from likeness_trainer.tracking.frame_states import first_states
from likeness_trainer.tracking.networks import Networks
from likeness_trainer.tracking.observations import Frames, Observations
from likeness_trainer.tracking.scan import scan
from likeness_trainer.tracking.track_file import FrameState

BEGIN, END = "<!-- face bases -->", "<!-- /face bases -->"
HEAD = (
    "| fitted with | shape, mm | its depth, mm | depth of the mouth's motion, mm | landmarks, % | turn, degrees "
    "| focal, % |",
    "|---|---|---|---|---|---|---|",
)
_SECONDS, _FPS, _WIDTH, _HEIGHT, _FACE = 2.0, 25.0, 480, 360, 127  # a face that the person is drawn small for
_YAW = 14.0  # degrees to either side, in the films where heads turn
_INNER = np.setdiff1d(np.arange(468), CONTOUR)
_MOUTH = np.array(sorted({*INNER_LIP, *OUTER_LIP}))


@dataclass(frozen=True)
class Worth:
    """Errors of a fit: the mean shape of the frames against the true one after a similarity, millimetres a vertex, and
    of its depth alone; depth of what lips and chin do about their mean; landmarks in the picture over the eyes'
    distance; the head's turn in degrees, a constant one left out; the focal length over the true one."""

    shape: float
    depth: float
    motion: float
    landmarks: float
    turn: float
    focal: float


def worth(fit: FaceFit, usable: np.ndarray, truth: Truth, scale: float) -> Worth:
    """Compare a fit of the usable frames with what is true; `scale` is how many picture pixels the truth's one is."""
    true = truth.track
    posed = true.face.posed(true.expression[usable])
    found = fit.face.posed(fit.motion.expression)
    size, rotation, shift = similarity(found.mean(0)[_INNER], posed.mean(0)[_INNER])
    laid = size * found @ rotation.T + shift
    apart = (laid.mean(0) - posed.mean(0))[_INNER]
    moved = (laid - laid.mean(0)) - (posed - posed.mean(0))
    pixels, _ = fit.camera.project(found, fit.motion.pose)
    away = np.linalg.norm(pixels - true.landmarks[usable, :468, :2], axis=-1)[:, _INNER].mean()
    eyes = np.median(truth.scale[usable]) * inter_ocular(true.neutral)
    return Worth(
        10 * float(np.linalg.norm(apart, axis=1).mean()),
        10 * float(np.sqrt((apart[:, 2] ** 2).mean())),
        10 * float(np.sqrt((moved[:, _MOUTH, 2] ** 2).mean())),
        100 * float(away / eyes),
        _turns_apart(fit.motion.pose.rotation, true.rotation[usable]),
        100 * abs(fit.camera.focal / (true.focal[0] * scale) - 1),
    )


def _turns_apart(found: np.ndarray, true: np.ndarray) -> float:
    from scipy.spatial.transform import Rotation

    between = Rotation.from_matrix(true).inv() * Rotation.from_matrix(found)
    return float(np.degrees((between.mean().inv() * between).magnitude()).mean())


def film_of(neutral: np.ndarray, seed: int, *, turning: bool, seconds: float = _SECONDS) -> Film:
    """Somebody who speaks, and turns the head or does not."""
    frames = round(seconds * _FPS)
    moments = perform(fit_voice(load_voice(), seconds), frames, _FPS, seed)
    if turning:
        for k, yaw in enumerate(_YAW * np.sin(np.linspace(0, 2 * np.pi, frames))):
            rotation = turned(float(yaw), 0, 0) @ moments[k].pose.rotation
            place = MEAN_POSE.translation + NECK_PIVOT - rotation @ NECK_PIVOT
            moments[k] = replace(moments[k], pose=Pose(rotation, place))
    place = at(_WIDTH / 2, _HEIGHT * 0.46, _FACE, frames)
    return Film(_WIDTH, _HEIGHT, _FPS, [Actor(Person(0, neutral), moments, place)])


def fits_of(film: Film, bases: dict[str, FaceBasis | None], ffmpeg: str, ffprobe: str) -> dict[str, Worth]:
    """Shoot and scan a film once, fit it with every basis, and compare."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film.mp4"
        truth = shoot(film, path, ffmpeg)
        source = probe_source(ffmpeg, ffprobe, str(path), None)
        with Networks() as networks:
            seen = scan(ffmpeg, source, str(path), networks, Path(folder), Reporter.silent())
        usable, frames = usable_in(seen)
        landmarks = seen.landmarks.mean(1)[usable, :468]
        scale = float(np.median(truth.scale) / np.median(truth.track.focal[0] / -truth.track.translation[:, 2]))
        camera = Camera.typical(source.width, source.height)
        return {
            name: worth(fit_face(landmarks, frames, seen.faces, camera, source.fps, basis=basis), usable, truth, scale)
            for name, basis in bases.items()
        }


def usable_in(seen: Observations) -> tuple[np.ndarray, Frames]:
    state = first_states(np.isfinite(seen.landmarks[:, 0, 0, 0]), seen.cuts, seen.sharpness)
    usable = np.flatnonzero((state == FrameState.GOOD) | (state == FrameState.BLURRED))
    return usable, Frames(usable, np.cumsum(seen.cuts)[usable])


def basis_of(out: Path, people: Population, write: Callable[[Path, Population], object]) -> FaceBasis:
    """A population's model, written in a published format and taken in as the program does."""
    if not any(out.glob("*.safetensors")):
        write(out / "published", people)
        face_basis(
            FaceBasisJob(producer="", ffmpeg="", ffprobe="", file=out / "published", out_dir=out), Reporter.silent()
        )
    return FaceBasis.load(next(out.glob("*.safetensors")))


def mean_of(found: list[Worth]) -> Worth:
    """Each figure's mean."""
    return Worth(*(float(np.mean([getattr(one, field.name) for one in found])) for field in fields(Worth)))


def row(name: str, figures: Worth) -> str:
    """A line of the table."""
    cells = [f"{getattr(figures, field.name):.2f}" for field in fields(Worth)]
    return f"| {name} | {' | '.join(cells)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--people", type=int, default=4)
    parser.add_argument("--table", type=Path)
    parser.add_argument("--ffmpeg", default="ffmpeg")
    parser.add_argument("--ffprobe", default="ffprobe")
    arguments = parser.parse_args()
    people, out = kin(), arguments.out
    bases = {
        "no model": None,
        "the people's own, as BFM 2009": basis_of(
            out / "bfm", people, lambda to, who: write_bfm(to, who, expressions=True)
        ),
        "the people's own, as ICT-FaceKit": basis_of(out / "ict", people, write_ict),
        "a model of other people": basis_of(
            out / "other", strangers(), lambda to, who: write_bfm(to, who, expressions=True)
        ),
    }
    rows: list[str] = []
    for what, turning in (("heads still", False), ("heads turning", True)):
        found: dict[str, list[Worth]] = {name: [] for name in bases}
        for seed in range(arguments.people):
            film = film_of(people.face(100 + seed), seed, turning=turning)
            for name, figures in fits_of(film, bases, arguments.ffmpeg, arguments.ffprobe).items():
                found[name].append(figures)
                print(row(f"{what}, {seed}, {name}", figures), flush=True)
        rows += [row(f"{name}, {what}", mean_of(figures)) for name, figures in found.items()]
    print("\n".join([*HEAD, *rows]))
    if arguments.table:
        into_page(arguments.table, rows, (BEGIN, END), HEAD)


if __name__ == "__main__":
    main()
