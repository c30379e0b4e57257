"""The trainer: one process per job, which analyses a video, trains an avatar of it, and measures it."""

import os

# From its first use on, the published ONNX Runtime reports what is run with it to its maker, and keeps a number for
# this computer, unless this is set by then.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
