"""The C2PA library as this program uses it: nothing is fetched, no picture of anybody is put into a manifest."""

from __future__ import annotations

from typing import Any

import c2pa

SETTINGS: dict[str, Any] = {
    # What is signed here is read back by the tests; reading every film again would double what signing costs.
    "verify": {"verify_after_sign": False, "verify_trust": True, "remote_manifest_fetch": False, "ocsp_fetch": False},
    "core": {"backing_store_memory_threshold_in_mb": 16},  # of a film that is being signed; else 512
    "builder": {"thumbnail": {"enabled": False}},
}


def context(anchors: str = "") -> c2pa.Context:
    """`anchors`: certificates, PEM; what they issued is vouched for."""
    return c2pa.Context.from_dict({**SETTINGS, "trust": {"user_anchors": anchors}} if anchors else SETTINGS)
