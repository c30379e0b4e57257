"""What is signed reads back as it was said, by whom it says, and any change is found."""

from __future__ import annotations

import datetime
import json
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from media_tools import FFMPEG
from signed_files import MANIFEST, job_at, read

from likeness_trainer.credentials import certificate as certificates
from likeness_trainer.credentials.made_locally import key_pem, key_usage
from likeness_trainer.credentials.sign import certificate, sign
from likeness_trainer.protocol import Reporter, TrainerError
from likeness_trainer.protocol.jobs import CertificateJob, OwnCertificate, SignJob

FORMATS = {
    "film.mp4": ("video/mp4", ["-c:v", "libx264", "-pix_fmt", "yuv420p", "-movflags", "+faststart"]),
    "film.mov": ("video/quicktime", ["-c:v", "prores_ks"]),
    "frame.png": ("image/png", ["-frames:v", "1"]),
    "film.gif": ("image/gif", []),
    "film.webp": ("image/webp", ["-c:v", "libwebp_anim"]),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One file of every format that holds a manifest."""
    folder = tmp_path_factory.mktemp("made")
    for name, (_, coding) in FORMATS.items():
        drawn = ["-f", "lavfi", "-i", "testsrc2=s=128x96:r=10:d=0.5"]
        subprocess.run([FFMPEG, "-v", "error", *drawn, *coding, str(folder / name)], check=True)
    return folder


def signed(made: Path, folder: Path, name: str = "film.mp4", **fields: Any) -> Path:
    file = folder / name
    file.write_bytes((made / name).read_bytes())
    manifest = json.dumps(MANIFEST)
    asked = SignJob(**job_at(folder, file=file, format=FORMATS[name][0], manifest=manifest, **fields))
    sign(asked, Reporter.silent())
    return file


@pytest.mark.parametrize("name", FORMATS)
def test_what_is_signed_reads_back_as_it_was_said(made: Path, tmp_path: Path, name: str) -> None:
    file = signed(made, tmp_path, name)
    assert read(tmp_path, file) == {
        "kind": "valid",
        "signer": "Likeness local, not verified by anybody",
        "certificate": "local",
        "generator": "Likeness 0.1.0",
        "title": "Ada",
        "generated": True,
        "actions": ["c2pa.created"],
        "ingredients": [{"title": "Ada", "relationship": "inputTo"}],
    }
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([name, "keys"])


def test_a_film_that_was_signed_shows_and_sounds_as_before(made: Path, tmp_path: Path) -> None:
    def frames(file: Path) -> bytes:
        told = [FFMPEG, "-v", "error", "-i", str(file), "-f", "framemd5", "-"]
        return subprocess.run(told, check=True, capture_output=True).stdout

    for name in FORMATS:
        if name != "film.webp":  # this ffmpeg reads none that moves
            assert frames(signed(made, tmp_path, name)) == frames(made / name), name


@pytest.mark.parametrize("name", FORMATS)
def test_a_changed_picture_is_found(made: Path, tmp_path: Path, name: str) -> None:
    file = signed(made, tmp_path, name)
    content = bytearray(file.read_bytes())
    content[-40] ^= 1  # of a film its pictures lie there, or what says where they are
    file.write_bytes(content)
    found = read(tmp_path, file)
    assert found["kind"] == "changed" and found["problems"], found


def test_a_flipped_bit_in_the_pictures_of_a_film_is_found(made: Path, tmp_path: Path) -> None:
    file = signed(made, tmp_path)
    content = bytearray(file.read_bytes())
    at = content.index(b"mdat") + 100
    content[at] ^= 1
    file.write_bytes(content)
    found = read(tmp_path, file)
    assert (found["problems"], found["certificate"]) == (["assertion.bmffHash.mismatch"], "local")


@pytest.mark.parametrize("word", [b"Ada", b"c2pa.created", b"Likeness"])
def test_other_words_in_the_manifest_are_found(made: Path, tmp_path: Path, word: bytes) -> None:
    file = signed(made, tmp_path)
    content = file.read_bytes()
    assert word in content
    file.write_bytes(content.replace(word, word[:-1] + b"x"))
    assert read(tmp_path, file)["kind"] == "changed"


def test_what_has_none_and_what_is_damaged_say_so(made: Path, tmp_path: Path) -> None:
    assert read(tmp_path, made / "film.mp4") == {"kind": "none"}
    for number, content in enumerate((b"", b"no film", b"\0\0\0\x18ftypmp42" + b"\xff" * 50)):
        file = tmp_path / str(number)
        file.write_bytes(content)
        assert read(tmp_path, file)["kind"] in ("none", "invalid")
    with pytest.raises(TrainerError) as error:
        read(tmp_path, tmp_path / "gone.mp4")
    assert error.value.code == "not-found"


def test_a_cut_film_is_no_longer_valid(made: Path, tmp_path: Path) -> None:
    file = signed(made, tmp_path)
    content = file.read_bytes()
    for length in range(100, len(content), 997):
        file.write_bytes(content[:length])
        assert read(tmp_path, file)["kind"] != "valid", length


def test_the_local_certificate_is_made_once_and_for_nobody_else(made: Path, tmp_path: Path) -> None:
    first = certificates.local(tmp_path)
    assert certificates.local(tmp_path) == first
    assert [path.name for path in tmp_path.iterdir()] == ["local.pem"]
    if sys.platform != "win32":
        assert stat.S_IMODE((tmp_path / "local.pem").stat().st_mode) == 0o600


def test_what_another_library_signed_is_whole_but_nobody_known(made: Path, tmp_path: Path) -> None:
    file = signed(made, tmp_path)
    other = tmp_path / "other"
    other.mkdir()
    found = read(other, file)
    assert (found["kind"], found["certificate"]) == ("valid", "unknown")
    assert not (other / "keys").exists()  # reading makes none
    root = certificates.local(tmp_path / "keys").chain[1]
    (other / "anchors.pem").write_bytes(root.public_bytes(serialization.Encoding.PEM))
    certificate(CertificateJob(**job_at(other, trust=other / "anchors.pem")), Reporter.silent())
    assert read(other, file)["certificate"] == "trusted"


def test_a_file_that_cannot_be_signed_stays_as_it_was(made: Path, tmp_path: Path) -> None:
    file = tmp_path / "film.mp4"
    file.write_bytes(b"\0\0\0\x18ftypmp42 this is no film at all")
    before = file.read_bytes()
    asked = SignJob(**job_at(tmp_path, file=file, format="image/png", manifest=json.dumps(MANIFEST)))
    with pytest.raises(TrainerError) as error:
        sign(asked, Reporter.silent())
    assert error.value.code == "bad-request" and error.value.hint
    assert file.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["film.mp4", "keys"]


DAY = datetime.timedelta(days=1)


def issued(folder: Path, *, use: Any = ExtendedKeyUsageOID.EMAIL_PROTECTION, days: int = 30) -> OwnCertificate:
    """A certificate of somebody's with its key, and the root's, in PEM files."""
    now = datetime.datetime.now(datetime.timezone.utc)
    keys = [ec.generate_private_key(ec.SECP384R1()) for _ in range(2)]
    names = [x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, name)]) for name in ("Root", "Ada Studio")]
    chain = []
    for number in (0, 1):
        builder = (
            x509.CertificateBuilder()
            .subject_name(names[number])
            .issuer_name(names[0])
            .public_key(keys[number].public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - 60 * DAY)
            .not_valid_after(now + (days if number else 90) * DAY)
            .add_extension(x509.BasicConstraints(ca=number == 0, path_length=None), critical=True)
            .add_extension(key_usage(digital_signature=number == 1, key_cert_sign=number == 0), critical=True)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(keys[0].public_key()), critical=False)
        )
        if number:
            builder = builder.add_extension(x509.ExtendedKeyUsage([use]), critical=False)
        chain.append(builder.sign(keys[0], hashes.SHA384()))
    pems = [one.public_bytes(serialization.Encoding.PEM) for one in chain]
    for name, content in {
        "chain.pem": pems[1] + pems[0],
        "turned.pem": pems[0] + pems[1],
        "root.pem": pems[0],
        "alone.pem": pems[1],
        "key.pem": key_pem(keys[1]),
        "other.pem": key_pem(keys[0]),
        "locked.pem": keys[1].private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"secret"),
        ),
    }.items():
        (folder / name).write_bytes(content)
    return OwnCertificate(certificate=folder / "chain.pem", key=folder / "key.pem")


def used(folder: Path, own: OwnCertificate) -> dict[str, Any]:
    return certificate(CertificateJob(**job_at(folder, own=own)), Reporter.silent())


def test_a_certificate_of_the_users_signs(made: Path, tmp_path: Path) -> None:
    told = used(tmp_path, issued(tmp_path))
    assert (told["certificate"], told["signer"]) == ("own", "Ada Studio")
    if sys.platform != "win32":
        assert stat.S_IMODE((tmp_path / "keys" / "own.pem").stat().st_mode) == 0o600
    file = signed(made, tmp_path)
    found = read(tmp_path, file)
    assert (found["kind"], found["certificate"], found["signer"]) == ("valid", "own", "Ada Studio")
    (tmp_path / "keys" / "own.pem").unlink()
    assert read(tmp_path, file)["certificate"] == "unknown"
    trusting = CertificateJob(**job_at(tmp_path, trust=tmp_path / "root.pem"))
    assert certificate(trusting, Reporter.silent())["certificate"] == "local"
    assert read(tmp_path, file)["certificate"] == "trusted"


def test_what_the_same_issuer_gave_to_somebody_else_is_not_the_users(made: Path, tmp_path: Path) -> None:
    used(tmp_path, issued(tmp_path))
    file = signed(made, tmp_path)
    (tmp_path / "keys" / "own.pem").unlink()
    used(tmp_path, issued(tmp_path))
    assert read(tmp_path, file)["certificate"] == "unknown"


@pytest.mark.parametrize(
    ("options", "files", "said"),
    [
        ({"days": -1}, {}, "ended on"),
        ({"use": ExtendedKeyUsageOID.SERVER_AUTH}, {}, "issued for something else"),
        ({}, {"key": "other.pem"}, "does not belong"),
        ({}, {"certificate": "turned.pem"}, "does not belong"),
        ({}, {"certificate": "root.pem", "key": "other.pem"}, "issued by itself"),
        ({}, {"certificate": "alone.pem"}, "Who issued the certificate"),
        ({}, {"key": "locked.pem"}, "passphrase"),
        ({}, {"key": "chain.pem"}, "no private key"),
        ({}, {"certificate": "key.pem"}, "no certificate"),
        ({}, {"key": "gone.pem"}, "cannot be read"),
    ],
)
def test_a_certificate_that_cannot_sign_says_why(
    tmp_path: Path, options: dict[str, Any], files: dict[str, str], said: str
) -> None:
    mine = replace(issued(tmp_path, **options), **{name: tmp_path / file for name, file in files.items()})
    with pytest.raises(TrainerError, match=said) as error:
        used(tmp_path, mine)
    assert error.value.hint
    assert not (tmp_path / "keys").exists()


def test_what_was_taken_in_is_told_by_name_and_forgotten_again(tmp_path: Path) -> None:
    def told(**fields: Any) -> dict[str, Any]:
        return certificate(CertificateJob(**job_at(tmp_path, **fields)), Reporter.silent())

    own = issued(tmp_path)
    (tmp_path / "two.pem").write_bytes(2 * (tmp_path / "root.pem").read_bytes() + (tmp_path / "alone.pem").read_bytes())
    taken = told(own=own, trust=tmp_path / "two.pem")
    assert (taken["signer"], taken["issuer"], taken["trusted"]) == ("Ada Studio", "Root", ["Root", "Ada Studio"])
    assert told() == taken
    left = told(forget=("own",))
    assert (left["certificate"], left["issuer"]) == ("local", "Likeness local, not verified by anybody")
    assert (left["trusted"], told(forget=("trust",))["trusted"]) == (["Root", "Ada Studio"], [])
    assert told(forget=("own", "trust")) == told()


@pytest.mark.parametrize("wrong", ["own", "trust"])
def test_of_two_that_are_given_none_is_taken_in_where_one_will_not_do(tmp_path: Path, wrong: str) -> None:
    own, trust = issued(tmp_path), tmp_path / "root.pem"
    given = {
        "own": {"own": replace(own, key=tmp_path / "other.pem"), "trust": trust},
        "trust": {"own": own, "trust": tmp_path / "key.pem"},
    }[wrong]
    with pytest.raises(TrainerError):
        certificate(CertificateJob(**job_at(tmp_path, **given)), Reporter.silent())
    assert not (tmp_path / "keys").exists()


def test_a_certificate_that_has_ended_is_given_up_for_another(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    mine = issued(tmp_path, days=-1)
    (tmp_path / "keys" / "own.pem").write_bytes(mine.key.read_bytes() + mine.certificate.read_bytes())
    with pytest.raises(TrainerError, match="ended on"):
        certificate(CertificateJob(**job_at(tmp_path)), Reporter.silent())
    forgetting = CertificateJob(**job_at(tmp_path, forget=("own",)))
    assert certificate(forgetting, Reporter.silent())["certificate"] == "local"


def test_a_film_is_not_signed_with_a_certificate_that_has_ended(made: Path, tmp_path: Path) -> None:
    mine = issued(tmp_path, days=-1)
    (tmp_path / "keys").mkdir()
    content = mine.key.read_bytes() + mine.certificate.read_bytes()
    (tmp_path / "keys" / "own.pem").write_bytes(content)
    with pytest.raises(TrainerError, match="ended on"):
        signed(made, tmp_path)
    assert (tmp_path / "film.mp4").read_bytes() == (made / "film.mp4").read_bytes()
