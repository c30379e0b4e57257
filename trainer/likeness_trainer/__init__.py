"""The trainer: analyses videos, trains avatars, measures them, and signs what is exported."""

import os

# Nothing leaves the computer: ONNX Runtime, from 1.29 on, tells its makers of every network that is opened, unless it
# was told not to before it is first imported (the engine: src/main/studio/ground/no-telemetry.ts).
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
