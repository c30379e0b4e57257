"""Face models in their published formats become a basis over the mesh's vertices; what is none of them is refused."""

from __future__ import annotations

import os
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from scipy.io import savemat

from likeness_research.face_basis.dense_face import DenseFace
from likeness_research.face_basis.made_files import write_bfm, write_ict
from likeness_research.face_basis.population import Population, kin
from likeness_trainer.bases import bfm, ict, mat_file, members
from likeness_trainer.bases.bfm import read_bfm
from likeness_trainer.bases.convert import face_basis
from likeness_trainer.bases.dense import DenseModel
from likeness_trainer.bases.ict import read_ict
from likeness_trainer.bases.members import Members, opened
from likeness_trainer.bases.register import Correspondence, correspondence
from likeness_trainer.bases.restrict import restricted
from likeness_trainer.bases.surface import Surface
from likeness_trainer.morphable.face_basis import FaceBasis
from likeness_trainer.morphable.generic_face import mean_shape
from likeness_trainer.morphable.rotations import similarity
from likeness_trainer.morphable.topology import EYE_LEFT, EYE_RIGHT, FACE_OVAL, INNER_LIP, OUTER_LIP, STABLE
from likeness_trainer.protocol import Reporter, TrainerError
from likeness_trainer.protocol.jobs import FaceBasisJob

PEOPLE = kin()
FEW = Population(PEOPLE.mean, PEOPLE.identity[:3], PEOPLE.expression[:2])
INNER = np.setdiff1d(np.arange(468), FACE_OVAL)


@pytest.fixture(scope="module")
def made_bfm(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, DenseFace]:
    folder = tmp_path_factory.mktemp("bfm")
    return folder, write_bfm(folder, FEW, expressions=True, compressed=True)


@pytest.fixture(scope="module")
def made_ict(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, DenseFace]:
    folder = tmp_path_factory.mktemp("kit") / "FaceXModel"
    return folder, write_ict(folder, FEW, expressions=2)


@dataclass(frozen=True)
class Laid:
    """A made model, read and laid under the mesh."""

    face: DenseFace
    model: DenseModel
    places: Correspondence
    basis: FaceBasis


def _laid(folder: Path, face: DenseFace, read: Callable[[Members, str], DenseModel], file: str) -> Laid:
    with opened(folder) as files:
        model = read(files, file)
    places = correspondence(model)
    return Laid(face, model, places, restricted(model, places))


@pytest.fixture(scope="module")
def laid_bfm(made_bfm: tuple[Path, DenseFace]) -> Laid:
    return _laid(*made_bfm, read_bfm, bfm.FILE)


@pytest.fixture(scope="module")
def laid_ict(made_ict: tuple[Path, DenseFace]) -> Laid:
    return _laid(*made_ict, read_ict, ict.NEUTRAL)


def converted(file: Path, out: Path) -> tuple[dict, FaceBasis]:
    job = FaceBasisJob(producer="", ffmpeg="", ffprobe="", file=file, out_dir=out)
    summary = face_basis(job, Reporter.silent())
    return summary, FaceBasis.load(Path(summary["path"]))


def refusal(file: Path, out: Path) -> str:
    with pytest.raises(TrainerError) as error:
        converted(file, out)
    assert error.value.code == "bad-request" and error.value.hint
    assert not list(out.glob("*"))
    return error.value.message


def test_a_file_of_the_size_of_bfm_2009_is_read_in_centimetres(laid_bfm: Laid) -> None:
    model, face = laid_bfm.model, laid_bfm.face
    assert model.mean.shape == (53_490, 3) and model.identity.shape == (53_490, 3, 3)
    assert model.expression.shape == (53_490, 3, 2)
    # A model of 1.07 the size: what lies where the oval is widest is so much wider.
    wide = np.ptp(model.mean[face.own][:, 0]) / np.ptp(PEOPLE.mean[:, 0])
    assert wide == pytest.approx(1.07, abs=0.02)
    variance = (model.identity[face.own].astype(np.float64) ** 2).sum()
    assert variance == pytest.approx(1.07**2 * (FEW.identity**2).sum(), rel=1e-3)
    moved = (model.expression[face.own].astype(np.float64) ** 2).sum((0, 1))
    np.testing.assert_allclose(moved, 1.07**2 * (FEW.expression**2).sum((1, 2)), rtol=1e-3)


def test_a_kit_of_the_size_of_ict_facekit_is_read_in_centimetres(laid_ict: Laid) -> None:
    model, face = laid_ict.model, laid_ict.face
    assert model.mean.shape == (11_248, 3) and model.identity.shape[2] == 3 and model.expression.shape[2] == 2
    moved = (model.identity[face.own].astype(np.float64) ** 2).sum((0, 1))
    np.testing.assert_allclose(moved, 1.07**2 * (FEW.identity**2).sum((1, 2)), rtol=1e-2)


@pytest.mark.parametrize("kind", ["laid_bfm", "laid_ict"])
def test_the_mesh_lies_on_a_model_where_it_truly_lies(kind: str, request: pytest.FixtureRequest) -> None:
    laid: Laid = request.getfixturevalue(kind)
    model, places = laid.model, laid.places
    assert (places.weights >= -1e-9).all() and np.allclose(places.weights.sum(1), 1)
    found = (model.mean[model.triangles[places.triangle]] * places.weights[..., None]).sum(1)
    apart = np.linalg.norm(found - model.mean[laid.face.own], axis=1)
    assert apart[INNER].mean() < 0.1 and np.percentile(apart[INNER], 95) < 0.25  # cm
    assert apart[list(EYE_LEFT + EYE_RIGHT)].mean() < 0.08
    assert apart[list(INNER_LIP + OUTER_LIP)].mean() < 0.15


@pytest.mark.parametrize("kind", ["laid_bfm", "laid_ict"])
def test_a_basis_says_of_people_what_the_population_is(kind: str, request: pytest.FixtureRequest) -> None:
    basis: FaceBasis = request.getfixturevalue(kind).basis
    basis.validate()
    assert basis.identity.shape == (3, 468, 3) and basis.expression.shape == (2, 468, 3)
    # In the place, turn and size of the generic face, whatever those of the model were.
    size, turn, _ = similarity(basis.mean[list(STABLE)], mean_shape()[list(STABLE)].astype(np.float64))
    assert size == pytest.approx(1, abs=1e-6) and np.allclose(turn, np.eye(3), atol=1e-6)
    scale, rotation, shift = similarity(PEOPLE.mean, basis.mean)
    laid = scale * PEOPLE.mean @ rotation.T + shift
    assert np.linalg.norm(laid - basis.mean, axis=1)[INNER].mean() < 0.1
    # How somebody of the population differs from its mean, but for place, turn and size, is something it can say.
    somebody = PEOPLE.mean + np.tensordot([1.5, -1.0, 0.7], FEW.identity, 1)
    scale, rotation, shift = similarity(somebody, laid)
    away = (scale * somebody @ rotation.T + shift - laid).reshape(-1)
    rows = basis.identity.reshape(3, -1)
    assert np.linalg.norm(away - (rows @ away) @ rows) < 0.3 * np.linalg.norm(away)
    variance, true = (basis.identity_spread**2).sum(), (FEW.identity**2).sum()
    assert 0.5 * true < variance < 1.3 * true  # less what moves, turns or scales the whole head


def test_an_archive_of_a_whole_repository_is_as_good_as_its_folder(
    made_ict: tuple[Path, DenseFace], laid_ict: Laid, tmp_path: Path
) -> None:
    archive = tmp_path / "ICT-FaceKit-master.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("ICT-FaceKit-master/README.md", "a kit")
        packed.writestr("ICT-FaceKit-master/sample/deeper/generic_neutral_mesh.obj", "v 0 0 0\n")
        for file in made_ict[0].iterdir():
            packed.write(file, f"ICT-FaceKit-master/FaceXModel/{file.name}")
    summary, basis = converted(archive, tmp_path / "out")
    assert (summary["model"], summary["identities"], summary["expressions"]) == ("ict-facekit", 3, 2)
    assert 0 <= summary["apart"] < 0.05 and Path(summary["path"]).name == "ict-facekit.safetensors"
    np.testing.assert_allclose(basis.mean, laid_ict.basis.mean, atol=1e-5)
    np.testing.assert_allclose(basis.identity_spread, laid_ict.basis.identity_spread, rtol=1e-5)


def test_a_matlab_file_alone_may_have_any_name_and_no_expressions(
    made_bfm: tuple[Path, DenseFace], tmp_path: Path
) -> None:
    alone = tmp_path / "download.bin"
    os.link(made_bfm[0] / bfm.FILE, alone)
    summary, basis = converted(alone, tmp_path / "out")
    assert summary["model"] == basis.model == "bfm-2009" and summary["expressions"] == 0
    assert basis.expression.shape == (0, 468, 3)


def _small_model(folder: Path, **changes: np.ndarray) -> Path:
    """A MATLAB file of BFM's names, whose content is not worth reading."""
    content = {
        "shapeMU": np.zeros((3 * bfm.VERTICES, 1), np.float32),
        "shapePC": np.zeros((3 * bfm.VERTICES, 1), np.float32),
        "shapeEV": np.ones((1, 1), np.float32),
        "tl": np.ones((4, 3)),
    }
    path = folder / bfm.FILE
    savemat(
        path, {name: value for name, value in (content | changes).items() if value is not None}, do_compression=True
    )
    return path


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"shapePC": None}, "has no shapePC: it is not BFM 2009"),
        ({"shapeMU": np.zeros((35_709 * 3, 1))}, "has 35709 vertices"),
        ({"shapePC": np.zeros((3, 1))}, "shapePC does not go with"),
        ({"shapeEV": np.ones((300, 1))}, "shapePC does not go with"),
        ({"shapeEV": np.full((1, 1), np.nan)}, "no deviations"),
        ({"tl": np.full((4, 3), 60_000.0)}, "vertices that there are not"),
        ({"tl": np.zeros((4, 3))}, "vertices that there are not"),
        ({"tl": np.ones((4, 4))}, "no list of triangles"),
        ({"shapeMU": np.array(["words"])}, "not a matrix of numbers"),
        ({"shapeMU": np.full((3 * bfm.VERTICES, 1), np.inf)}, "lengths that no face has"),
        ({"shapeMU": np.full((3 * bfm.VERTICES, 1), 1e20)}, "lengths that no face has"),
        ({}, "not where Basel Face Model 2009 has them"),
    ],
)
def test_a_matlab_file_that_is_no_bfm_2009_is_told_what_is_wrong(changes: dict, says: str, tmp_path: Path) -> None:
    assert says in refusal(_small_model(tmp_path, **changes), tmp_path / "out")


def test_vertices_in_another_order_are_found_out(made_ict: tuple[Path, DenseFace], tmp_path: Path) -> None:
    folder = tmp_path / "kit"
    folder.mkdir()
    for file in made_ict[0].iterdir():
        lines = file.read_text().splitlines(keepends=True)
        points = [line for line in lines if line.startswith("v ")]
        skin = points[: ict.SKIN]
        skin = skin[1:] + skin[:1]
        np.random.default_rng(2).shuffle(skin)
        (folder / file.name).write_text(
            "".join([*skin, *points[ict.SKIN :], *(line for line in lines if line[0] == "f")])
        )
    assert "its vertices are in another order" in refusal(folder, tmp_path / "out")


def _cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "none of the face models"),
        (b"solid cube", "none of the face models"),
        (mat_file.MAGIC + b" " * 109, "damaged"),
        (b"MATLAB 7.3 MAT-file" + b" " * 200, "version 7.3"),
        (
            mat_file.MAGIC + b" " * 105 + b"\x00\x01IM" + (15).to_bytes(4, "little") + b"\xff" * 4 + b"\x00" * 64,
            "damaged",
        ),
        (
            mat_file.MAGIC + b" " * 105 + b"\x00\x01IM" + (14).to_bytes(4, "little") + b"\xff" * 4 + b"\x07" * 64,
            "damaged",
        ),
    ],
)
def test_other_files_and_damaged_ones_are_refused(content: bytes, says: str, tmp_path: Path) -> None:
    file = tmp_path / "file.mat"
    file.write_bytes(content)
    assert says in refusal(file, tmp_path / "out")


@pytest.mark.parametrize("change", [_cut, lambda content: content[:300_000] + b"\x55" * 64 + content[300_064:]])
def test_a_broken_off_or_flipped_download_is_refused(
    change: Callable[[bytes], bytes], made_bfm: tuple[Path, DenseFace], tmp_path: Path
) -> None:
    file = tmp_path / "half.mat"
    file.write_bytes(change((made_bfm[0] / bfm.FILE).read_bytes()))
    assert "damaged" in refusal(file, tmp_path / "out")


def test_what_unpacks_without_end_is_stopped_at_its_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bfm, "_UNPACKED", 2**20)
    body = zlib.compress(b"\x00" * 2**22)
    element = (15).to_bytes(4, "little") + len(body).to_bytes(4, "little") + body
    file = tmp_path / "bomb.mat"
    file.write_bytes(mat_file.MAGIC + b" " * 105 + b"\x00\x01IM" + element)
    assert "unpacks to more" in refusal(file, tmp_path / "out")
    monkeypatch.setattr(members, "MOST_MEMBERS", 3)
    with zipfile.ZipFile(tmp_path / "many.zip", "w") as packed:
        for k in range(5):
            packed.writestr(f"{k}.obj", "")
    assert "too many files" in refusal(tmp_path / "many.zip", tmp_path / "out")
    folder = tmp_path / "many"
    folder.mkdir()
    for k in range(5):
        (folder / f"{k}.obj").write_text("")
    assert "too many files" in refusal(folder, tmp_path / "out")


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("identity000.obj", None, "no identity000.obj"),
        ("identity001.obj", "v 1 2 3\n", "has 1 vertices"),
        ("generic_neutral_mesh.obj", "v 1 2 3\n" * ict.VERTICES, "has no faces"),
        ("generic_neutral_mesh.obj", "v 1 2 x\n" * ict.VERTICES, "no numbers"),
        ("generic_neutral_mesh.obj", "v 1 2\n" * ict.VERTICES, "three numbers"),
        ("generic_neutral_mesh.obj", "v 1 2 nan\n" * ict.VERTICES + "f 1 2 3\n", "three numbers"),
        ("generic_neutral_mesh.obj", "v 1 2 3\n" * ict.VERTICES + "f 1 2 3 4 5 6 7 8 9\n", "9 corners"),
        ("generic_neutral_mesh.obj", "v 1 2 3\n" * ict.VERTICES + "f 1 2 3\n", "vertices are in another order or unit"),
    ],
)
def test_a_kit_whose_files_are_none_is_told_which_one_it_is(
    name: str, text: str | None, says: str, made_ict: tuple[Path, DenseFace], tmp_path: Path
) -> None:
    folder = tmp_path / "kit"
    folder.mkdir()
    for file in made_ict[0].glob("*.obj"):
        if file.name != name:
            os.link(file, folder / file.name)
    if text is not None:
        (folder / name).write_text(text)
    assert says in refusal(folder, tmp_path / "out")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        (bfm.EXPRESSIONS, b"\x02\x00\x00\x00", "is not the expression basis"),
        (bfm.EXPRESSIONS, b"\xff\xff\xff\xff", "is not the expression basis"),
        (bfm.DEVIATIONS, b"one two", "no list of numbers"),
        (bfm.DEVIATIONS, b"1.0", "does not go with"),
        (bfm.INDICES, b"?", "no MATLAB file"),
    ],
)
def test_expressions_that_are_none_are_told_by_their_file(
    name: str, content: bytes, says: str, made_bfm: tuple[Path, DenseFace], tmp_path: Path
) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    for file in made_bfm[0].iterdir():
        if file.name != name:
            os.link(file, folder / file.name)
    (folder / name).write_bytes(content)
    assert says in refusal(folder, tmp_path / "out")


def test_a_basis_that_was_changed_is_found_out(laid_bfm: Laid, tmp_path: Path) -> None:
    path = tmp_path / "bfm-2009.safetensors"
    laid_bfm.basis.save(path)
    np.testing.assert_allclose(FaceBasis.load(path).identity, laid_bfm.basis.identity, atol=1e-6)
    whole = path.read_bytes()
    for content in (whole[:-4], whole[:-1] + bytes([whole[-1] ^ 1]), b"", whole.replace(b'"1"', b'"9"', 1)):
        path.write_bytes(content)
        with pytest.raises(TrainerError) as error:
            FaceBasis.load(path)
        assert error.value.code == "bad-request" and "damaged" in error.value.message
    path.unlink()
    with pytest.raises(TrainerError) as error:
        FaceBasis.load(path)
    assert error.value.code == "not-found"


def test_the_nearest_point_of_a_surface_is_inside_at_an_edge_or_at_a_corner() -> None:
    # The triangle (0,0,0), (2,0,0), (0,2,0); worked out by hand.
    surface = Surface(np.array([[0.0, 0, 0], [2, 0, 0], [0, 2, 0]]), np.array([[0, 1, 2]]))
    found = surface.nearest(np.array([[0.5, 0.5, 3], [1, -2, 0], [-1, -1, 1], [2, 2, 0], [5, -1, 0]]))
    np.testing.assert_allclose(found.point, [[0.5, 0.5, 0], [1, 0, 0], [0, 0, 0], [1, 1, 0], [2, 0, 0]], atol=1e-12)
    np.testing.assert_allclose(found.weights[0], [0.5, 0.25, 0.25], atol=1e-12)
    np.testing.assert_allclose(found.normal, np.tile([0, 0, 1.0], (5, 1)))
