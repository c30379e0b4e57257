"""The trainer's protocol: one job line in, NDJSON events out."""

from likeness_trainer.protocol.errors import ERROR_CODES, Cancelled, ErrorCode, TrainerError, exit_code, from_exception
from likeness_trainer.protocol.reporter import PROTOCOL_VERSION, Reporter, sha256_of

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
