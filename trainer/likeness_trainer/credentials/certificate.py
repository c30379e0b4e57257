"""Whom credentials are signed by: a certificate of the user's, or one that is made here and says that nobody vouches
for it. Both follow C2PA's certificate profile (specification 2.2, 14.5)."""

from __future__ import annotations

import contextlib
import datetime
import itertools
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, SignatureAlgorithmOID

from likeness_trainer.credentials.made_locally import key_pem, made_locally, pem
from likeness_trainer.protocol import TrainerError

# Each the private key, its certificate, and those that vouch for it.
LOCAL_FILE = "local.pem"
OWN_FILE = "own.pem"
TRUSTED_FILE = "trusted.pem"  # certificates of those whose word counts
Algorithm: TypeAlias = Literal["es256", "es384", "es512", "ps256", "ed25519"]
_CURVES: dict[str, Algorithm] = {"secp256r1": "es256", "secp384r1": "es384", "secp521r1": "es512"}
_LEAST_RSA_BITS = 2048
# emailProtection, documentSigning, and C2PA's own for claims.
_USES = {ExtendedKeyUsageOID.EMAIL_PROTECTION.dotted_string, "1.3.6.1.5.5.7.3.36", "1.3.6.1.4.1.62558.2.1"}
_OUTDATED = {
    SignatureAlgorithmOID.RSA_WITH_SHA1,
    SignatureAlgorithmOID.RSA_WITH_MD5,
    SignatureAlgorithmOID.ECDSA_WITH_SHA1,
}
_CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----\s*", re.DOTALL)
_MOST_LETTERS = 300  # of a name that is told
_MOST_BYTES = 1 << 20  # of a file of certificates or a key; real ones have some kilobytes


@dataclass(frozen=True)
class Credential:
    """What signs: a key, its certificate, and the certificates that vouch for it."""

    origin: Literal["local", "own"]
    chain: tuple[x509.Certificate, ...]  # What signs first, each issued by the next.
    key: bytes  # PKCS#8, PEM.
    algorithm: Algorithm

    @property
    def chain_pem(self) -> bytes:
        return b"".join(map(pem, self.chain))

    @property
    def anchors_pem(self) -> str:
        """Who vouches for it."""
        return b"".join(map(pem, self.chain[1:])).decode()

    @property
    def serial(self) -> str:
        return str(self.chain[0].serial_number)

    @property
    def signer(self) -> str:
        """Who signs, in the certificate's words."""
        return name_of(self.chain[0].subject)

    @property
    def issuer(self) -> str:
        """Who issued the certificate, in its words."""
        return name_of(self.chain[0].issuer)

    @property
    def expires(self) -> str:
        """ISO 8601."""
        return self.chain[0].not_valid_after_utc.isoformat().replace("+00:00", "Z")


def credential(folder: Path) -> Credential:
    """What signs in that folder: the user's own certificate where there is one, else the local one, which is made at
    first use.

    Raises TrainerError('bad-request') where the user's own cannot sign any more.
    """
    path = folder / OWN_FILE
    return own(path, path) if path.exists() else local(folder)


def local(folder: Path) -> Credential:
    """The local certificate of that folder; made where there is none, or the last one has ended."""
    known = known_local(folder)
    if known is not None and known.chain[0].not_valid_after_utc > _now():
        return known
    _keep(folder / LOCAL_FILE, made_locally(), replace=(folder / LOCAL_FILE).exists())
    made = known_local(folder)
    if made is None:
        raise TrainerError("internal", "The local certificate could not be kept.", "Try again.", str(folder))
    return made


def use_own(folder: Path, taken: Credential) -> None:
    """Take the user's certificate and key into that folder."""
    _keep(folder / OWN_FILE, taken.key + taken.chain_pem, replace=True)


def certificates_in(file: Path) -> tuple[x509.Certificate, ...]:
    """Those of a PEM file, at least one. Raises TrainerError('bad-request', 'not-found')."""
    return _chain_of(_content(file))


def use_trusted(folder: Path, taken: tuple[x509.Certificate, ...]) -> None:
    """Take certificates in whose word counts, in place of those before."""
    _keep(folder / TRUSTED_FILE, b"".join(map(pem, taken)), replace=True)


def forget(folder: Path, taken: Literal["own", "trust"]) -> None:
    """What was taken in before counts no more."""
    (folder / {"own": OWN_FILE, "trust": TRUSTED_FILE}[taken]).unlink(missing_ok=True)


def trusted(folder: Path) -> str:
    """Those certificates, PEM; empty where there are none."""
    try:
        return (folder / TRUSTED_FILE).read_text("ascii")
    except (OSError, ValueError):
        return ""


def trusted_names(folder: Path) -> list[str]:
    """Whose word counts, each once, in the certificates' words."""
    kept = trusted(folder)
    if not kept:
        return []
    return list(dict.fromkeys(name_of(one.subject) for one in _chain_of(kept.encode())))


def name_of(name: x509.Name) -> str:
    """An organisation or a person as a certificate calls them, in letters that can be shown."""
    named = name.get_attributes_for_oid(NameOID.ORGANIZATION_NAME) or name.get_attributes_for_oid(NameOID.COMMON_NAME)
    text = str(named[0].value) if named else name.rfc4514_string()
    return "".join(letter if letter.isprintable() else " " for letter in text)[:_MOST_LETTERS]


def known_local(folder: Path) -> Credential | None:
    """The local certificate where there is one that can be read; nothing is made."""
    try:
        content = (folder / LOCAL_FILE).read_bytes()
        key = serialization.load_pem_private_key(content, None)
        chain = tuple(x509.load_pem_x509_certificates(content))
    except (OSError, ValueError, TypeError):
        return None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or len(chain) != 2 or not _belongs(key, chain[0]):
        return None
    return Credential("local", chain, key_pem(key), "es256")


def own(certificate: Path, key_file: Path) -> Credential:
    """The user's certificate with what vouches for it, checked as a reader will: C2PA's profile, dates, key, chain.

    Raises TrainerError('bad-request', 'not-found') that says what is wrong.
    """
    chain = _chain_of(_content(certificate))
    key = _key_of(_content(key_file))
    first = chain[0]
    if not _belongs(key, first):
        raise _refused(
            "The key does not belong to the certificate.",
            "Choose the key that the certificate was issued for; the certificate must stand first in its file.",
        )
    for one in chain:
        _refuse_dates(one)
    _refuse_profile(first)
    if len(chain) == 1:
        raise _refused(
            "Who issued the certificate is not in its file.",
            "Put the certificate that issued it behind it, in one file.",
        )
    for issued, issuer in itertools.pairwise(chain):
        try:
            issued.verify_directly_issued_by(issuer)
        except (ValueError, TypeError, InvalidSignature) as error:
            raise _refused(
                "The certificates do not follow each other.",
                "Put them into one file, the one that signs first, each followed by the one that issued it.",
            ) from error
    return Credential("own", chain, key_pem(key), _algorithm_of(key))


def _keep(path: Path, content: bytes, *, replace: bool) -> None:
    """Write a file whole that nobody else on this computer may read, not even for a moment."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    try:
        with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            os.replace(partial, path)
        else:
            with contextlib.suppress(FileExistsError):
                _give_name(partial, path)  # another process may have been first: then its certificate counts
    finally:
        partial.unlink(missing_ok=True)


def _give_name(partial: Path, path: Path) -> None:
    """Raises FileExistsError where another process was first, on file systems that can tell."""
    try:
        os.link(partial, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        os.replace(partial, path)


def _content(path: Path) -> bytes:
    try:
        with open(path, "rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise TrainerError(
            "not-found", f"{path.name} cannot be read.", "Choose the file again.", str(error.strerror)
        ) from error
    if len(content) > _MOST_BYTES:
        raise _refused(f"{path.name} is no certificate and no key.", "Choose a PEM file.")
    return content


def _chain_of(content: bytes) -> tuple[x509.Certificate, ...]:
    try:
        chain = tuple(x509.load_pem_x509_certificate(one) for one in _CERTIFICATE.findall(content))
    except ValueError as error:
        raise _refused("The certificate cannot be read.", "Choose a PEM file of X.509 certificates.") from error
    if not chain:
        raise _refused("There is no certificate in this file.", "Choose a PEM file of X.509 certificates.")
    return chain


def _key_of(content: bytes) -> ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(content, None)
    except TypeError as error:
        raise _refused(
            "The key is locked with a passphrase.",
            "Unlock it into a file that only you can read, such as with: openssl pkey -in KEY -out UNLOCKED",
        ) from error
    except Exception as error:  # what OpenSSL cannot read has errors of several kinds
        raise _refused("There is no private key in this file that can be read.", "Choose a PEM file.") from error
    if not isinstance(key, (ec.EllipticCurvePrivateKey, rsa.RSAPrivateKey, ed25519.Ed25519PrivateKey)):
        raise _refused("Keys of this kind cannot sign credentials.", "Use one for ECDSA, RSA or Ed25519.")
    _algorithm_of(key)
    return key


def _algorithm_of(
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey,
) -> Algorithm:
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return "ed25519"
    if isinstance(key, rsa.RSAPrivateKey):
        if key.key_size < _LEAST_RSA_BITS:
            raise _refused("The key is too short.", f"RSA keys have {_LEAST_RSA_BITS} bits or more.")
        return "ps256"
    algorithm = _CURVES.get(key.curve.name)
    if algorithm is None:
        raise _refused("The key's curve cannot be used.", "Use P-256, P-384 or P-521.")
    return algorithm


def _refuse_dates(certificate: x509.Certificate) -> None:
    now = _now()
    if certificate.not_valid_after_utc < now:
        day = certificate.not_valid_after_utc.date().isoformat()
        raise _refused(f"The certificate ended on {day}.", "Ask for a new one from whoever issued it.")
    if certificate.not_valid_before_utc > now:
        day = certificate.not_valid_before_utc.date().isoformat()
        raise _refused(f"The certificate only begins on {day}.", "Use it from then on, or check this computer's clock.")


def _refuse_profile(certificate: x509.Certificate) -> None:
    why = _misfit(certificate)
    if why is not None:
        raise _refused(
            f"This certificate cannot sign Content Credentials: {why}.",
            "Ask for one for C2PA, or for the protection of e-mail (S/MIME), from whoever issues certificates.",
        )


def _misfit(certificate: x509.Certificate) -> str | None:
    """What of C2PA's profile it does not keep."""
    if certificate.subject == certificate.issuer:
        return "it was issued by itself"
    if certificate.signature_algorithm_oid in _OUTDATED:
        return "its own signature is of an outdated kind"
    extensions = certificate.extensions
    with contextlib.suppress(x509.ExtensionNotFound):
        if extensions.get_extension_for_class(x509.BasicConstraints).value.ca:
            return "it is for issuing others"
    try:
        if not extensions.get_extension_for_class(x509.KeyUsage).value.digital_signature:
            return "it is not for signatures"
        uses = {use.dotted_string for use in extensions.get_extension_for_class(x509.ExtendedKeyUsage).value}
        extensions.get_extension_for_class(x509.AuthorityKeyIdentifier)
    except x509.ExtensionNotFound:
        return "it does not say what for and by which key it was issued"
    return None if uses & _USES else "it was issued for something else"


def _belongs(key: object, certificate: x509.Certificate) -> bool:
    form = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return key.public_key().public_bytes(*form) == certificate.public_key().public_bytes(*form)  # type: ignore


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone.utc)


def _refused(message: str, hint: str) -> TrainerError:
    return TrainerError("bad-request", message, hint)
