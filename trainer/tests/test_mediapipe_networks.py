"""MediaPipe's networks, asked for by several threads of a process that has loaded none of it."""

import subprocess
import sys

SEVERAL = """
from concurrent.futures import ThreadPoolExecutor
from likeness_trainer.media.mediapipe_networks import solution
with ThreadPoolExecutor(3) as pool:
    print(*[module.__name__ for module in pool.map(solution, ("face_mesh", "selfie_segmentation", "face_detection"))])
"""


def test_threads_that_ask_at_the_same_time_all_get_theirs() -> None:
    asked = subprocess.run([sys.executable, "-c", SEVERAL], capture_output=True, text=True, check=False)
    assert asked.stdout.split() == [
        f"mediapipe.python.solutions.{name}" for name in ("face_mesh", "selfie_segmentation", "face_detection")
    ], asked.stderr


def test_the_scan_does_not_wait_for_what_only_the_fit_needs() -> None:
    loaded = (
        "import sys, likeness_trainer.tracking.analyze; print(*{'numba', 'scipy', 'onnx', 'torch'} & {*sys.modules})"
    )
    asked = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=False)
    assert (asked.returncode, asked.stdout.split()) == (0, []), asked.stderr
