"""The trainer's protocol: one job line in, NDJSON events out."""

from .errors import ERROR_CODES, Cancelled, ErrorCode, TrainerError, exit_code, from_exception
from .reporter import PROTOCOL_VERSION, Reporter, sha256_of

__all__ = [
    "ERROR_CODES",
    "PROTOCOL_VERSION",
    "Cancelled",
    "ErrorCode",
    "Reporter",
    "TrainerError",
    "exit_code",
    "from_exception",
    "sha256_of",
]
