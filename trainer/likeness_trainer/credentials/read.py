"""The `credentials` command: what a file's manifest says, who signed it, and whether both still hold."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any, BinaryIO

import c2pa

from likeness_trainer.credentials.certificate import OWN_FILE, Credential, known_local, own, trusted
from likeness_trainer.credentials.library import context
from likeness_trainer.protocol import Reporter, TrainerError
from likeness_trainer.protocol.jobs import CredentialsJob

# What says that the file, or what was signed about it, is not as it was.
_CHANGED = {
    "assertion.dataHash.mismatch",
    "assertion.bmffHash.mismatch",
    "assertion.boxesHash.mismatch",
    "assertion.hashedURI.mismatch",
    "claimSignature.mismatch",
}
_UNTRUSTED = "signingCredential.untrusted"  # says who vouches for the certificate, not that something is wrong
_MOST_BYTES = 1 << 24  # of a manifest beside a file; ours have some kilobytes, others may hold pictures
_MOST = 20  # of actions, ingredients and problems that are told
_MOST_LETTERS = 300
_AI_SOURCES = ("trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia", "algorithmicMedia")


def credentials(job: CredentialsJob, _reporter: Reporter) -> dict[str, Any]:
    """Read and check the manifest of the job's file, in it or in a file beside it; nothing is fetched from anywhere.

    `kind` is `valid`, `changed` (the file or its manifest, since it was signed), `invalid` (something else is wrong) or
    `none`. Texts are cut and hold no control characters: they are somebody's. Raises TrainerError: not-found.
    """
    try:
        with open(job.file, "rb") as file:
            format = _format_of(file.read(16))
            known = _known(job)

            def read(beside: bytes | None) -> dict[str, Any]:
                found = _read(file, format, beside, "".join(one.anchors_pem for one in known), known)
                if found.get("certificate") == "unknown" and (anchors := trusted(job.credentials_dir)):
                    found = _read(file, format, beside, anchors, [])
                return found

            found = {"kind": "none"} if format is None else read(None)
            if found["kind"] != "none":
                return found
            named = _manifest_at(job.file.with_name(f"{job.file.name}.c2pa"))
            if named is not None:
                return read(named)
            # By others' name for it it may be of another file that differs in its ending alone.
            other = _manifest_at(job.file.with_suffix(".c2pa"))
            said = found if other is None else read(other)
            return said if said["kind"] == "valid" else found
    except OSError as error:
        raise TrainerError("not-found", f"{job.file.name} cannot be read.", "Choose another file.") from error
    except (c2pa.C2paError, ValueError) as error:
        if "RemoteManifest" in type(error).__name__ or "remote" in str(error).lower():
            return {"kind": "none"}
        return {"kind": "invalid", **_NOBODY, "problems": [_text(str(error))]}


_NOBODY: dict[str, Any] = {
    "signer": None,
    "certificate": "unknown",
    "generator": None,
    "title": None,
    "generated": False,
    "actions": [],
    "ingredients": [],
}


def _manifest_at(path: Path) -> bytes | None:
    """A file that holds a manifest alone, where there is one."""
    if not path.is_file() or path.stat().st_size > _MOST_BYTES:  # what is no file would be waited for
        return None
    return path.read_bytes()


def _read(
    file: BinaryIO, format: str | None, beside: bytes | None, anchors: str, known: list[Credential]
) -> dict[str, Any]:
    """`beside`: the manifest where it is not in the file; then the format may be one that holds none. `known`: those
    that `anchors` issued and that have a name here; who else they issued is `trusted`."""
    file.seek(0)
    vouching = context(anchors)
    if beside is None:
        reader = c2pa.Reader.try_create(format, file, context=vouching)
    else:
        reader = c2pa.Reader(format or "application/octet-stream", file, beside, context=vouching)
    if reader is None:
        return {"kind": "none"}
    with reader:
        return _told(json.loads(reader.json()), known)


def _told(store: dict[str, Any], known: list[Credential]) -> dict[str, Any]:
    manifest = store.get("manifests", {}).get(store.get("active_manifest"), {})
    results = store.get("validation_results", {}).get("activeManifest", {})
    failures = results.get("failure", [])
    succeeded = {success.get("code") for success in results.get("success", [])}
    problems = [failure for failure in failures if failure.get("code") != _UNTRUSTED]
    state = store.get("validation_state")
    signature = manifest.get("signature_info", {})
    actions = [
        action
        for assertion in manifest.get("assertions", [])
        if str(assertion.get("label", "")).startswith("c2pa.actions")
        for action in assertion.get("data", {}).get("actions", [])
    ]
    signed = {
        "signer": _text(signature.get("issuer") or signature.get("common_name")),
        "certificate": _vouched(signature.get("cert_serial_number"), succeeded, known),
        "generator": _generator(manifest),
        "title": _text(manifest.get("title")),
        "generated": any(_is_ai(action.get("digitalSourceType")) for action in actions),
        "actions": [_text(action.get("action")) for action in actions[:_MOST]],
        "ingredients": [
            {"title": _text(one.get("title")), "relationship": _text(one.get("relationship"))}
            for one in manifest.get("ingredients", [])[:_MOST]
        ],
    }
    if state in ("Valid", "Trusted") and not problems:
        return {"kind": "valid", **signed}
    changed = any(failure.get("code") in _CHANGED for failure in problems)
    told = [_text(failure.get("code")) for failure in problems[:_MOST]] or ["not valid"]
    return {"kind": "changed" if changed else "invalid", **signed, "problems": told}


def _vouched(serial: Any, succeeded: set[Any], known: list[Credential]) -> str:
    """Whose certificate it is; of a file that was changed too, where the signature itself holds."""
    if not {"signingCredential.trusted", "claimSignature.validated"} <= succeeded:
        return "unknown"
    if not known:
        return "trusted"
    return next((one.origin for one in known if one.serial == serial), "unknown")


def _known(job: CredentialsJob) -> list[Credential]:
    """The certificates that are known here; one of the user's that cannot be used any more is not."""
    found = [known_local(job.credentials_dir)]
    path = job.credentials_dir / OWN_FILE
    if path.exists():
        with contextlib.suppress(TrainerError):
            found.append(own(path, path))
    return [one for one in found if one is not None]


def _generator(manifest: dict[str, Any]) -> str | None:
    told = manifest.get("claim_generator_info") or []
    if told:
        return _text(" ".join(str(told[0][part]) for part in ("name", "version") if part in told[0]))
    return _text(manifest.get("claim_generator"))


def _is_ai(source_type: Any) -> bool:
    return isinstance(source_type, str) and source_type.rsplit("/", 1)[-1] in _AI_SOURCES


def _text(value: Any) -> str | None:
    """What somebody wrote, as it may be shown."""
    if not isinstance(value, str):
        return None
    return "".join(letter if letter.isprintable() else " " for letter in value)[:_MOST_LETTERS]


def _format_of(head: bytes) -> str | None:
    """By its first bytes: a name says what it likes. None for what holds no manifest."""
    if head[4:8] == b"ftyp":
        return "video/quicktime" if head[8:12] == b"qt  " else "video/mp4"
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/avi"}.get(head[8:12])
    beginnings = {
        b"\x89PNG\r\n\x1a\n": "image/png",
        b"\xff\xd8\xff": "image/jpeg",
        b"GIF8": "image/gif",
        b"II*\0": "image/tiff",
        b"MM\0*": "image/tiff",
        b"ID3": "audio/mpeg",
    }
    return next((format for begin, format in beginnings.items() if head.startswith(begin)), None)
