"""The `sign` command: a finished file gets its manifest."""

from __future__ import annotations

import os
from typing import Any

import c2pa

from likeness_trainer.credentials.certificate import (
    Credential,
    certificates_in,
    credential,
    forget,
    own,
    trusted_names,
    use_own,
    use_trusted,
)
from likeness_trainer.credentials.library import context
from likeness_trainer.protocol import Reporter, TrainerError
from likeness_trainer.protocol.jobs import CertificateJob, SignJob

_ALGORITHMS = {
    "es256": c2pa.C2paSigningAlg.ES256,
    "es384": c2pa.C2paSigningAlg.ES384,
    "es512": c2pa.C2paSigningAlg.ES512,
    "ps256": c2pa.C2paSigningAlg.PS256,
    "ed25519": c2pa.C2paSigningAlg.ED25519,
}


def sign(job: SignJob, reporter: Reporter) -> dict[str, Any]:
    """Put the job's manifest, signed, into its file, which is replaced whole or left as it is; or beside it.

    Raises TrainerError: bad-request (a certificate or manifest that cannot be used), not-found, disk-full.
    """
    signing = credential(job.credentials_dir)
    # Large films are written once more on the way: where there is room for one, not wherever the system's folder lies.
    os.environ.update(dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(job.file.parent)))
    signed = job.file.with_name(f"{job.file.name}.signed")
    try:
        with _signer(signing) as signer, c2pa.Builder(job.manifest, context=context()) as builder:
            reporter.check_cancelled()
            if job.beside is not None:
                builder.set_no_embed()
            with open(job.file, "rb") as source, open(signed, "w+b") as target:
                manifest = builder.sign(signer, job.format, source, target)
        reporter.check_cancelled()
        if job.beside is not None:
            signed.write_bytes(manifest)  # in the place of a copy of the file
        os.replace(signed, job.beside or job.file)
    except c2pa.C2paError as error:
        raise TrainerError(
            "bad-request",
            "The file could not be signed.",
            "Look at the certificate in the settings; the file itself is whole.",
            str(error)[:2000],
        ) from error
    finally:
        signed.unlink(missing_ok=True)
    return _told(signing)


def certificate(job: CertificateJob, _reporter: Reporter) -> dict[str, Any]:
    """Take in what the job names, and tell who signs from now on; the local certificate is made where there is none.

    Raises TrainerError: bad-request (it cannot sign), not-found; what was there before then stays.
    """
    folder = job.credentials_dir
    taken = None if job.own is None else own(job.own.certificate, job.own.key)
    trust = None if job.trust is None else certificates_in(job.trust)
    if taken is not None:
        _signer(taken).close()
    for name in job.forget:
        forget(folder, name)
    if taken is not None:
        use_own(folder, taken)
    if trust is not None:
        use_trusted(folder, trust)
    used = credential(folder)
    return {**_told(used), "issuer": used.issuer, "expires": used.expires, "trusted": trusted_names(folder)}


def _signer(signing: Credential) -> c2pa.Signer:
    """Raises TrainerError('bad-request')."""
    told = c2pa.C2paSignerInfo(_ALGORITHMS[signing.algorithm], signing.chain_pem, signing.key, None)
    try:
        return c2pa.Signer.from_info(told)
    except c2pa.C2paError as error:
        raise TrainerError(
            "bad-request",
            "This certificate cannot sign Content Credentials.",
            "Choose another one.",
            str(error)[:2000],
        ) from error


def _told(signing: Credential) -> dict[str, Any]:
    return {"certificate": signing.origin, "signer": signing.signer}
