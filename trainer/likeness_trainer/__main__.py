"""`python -m likeness_trainer [COMMAND]`: one job per process (see protocol/). A COMMAND that is given is loaded before
its job is read."""

import os
import sys

from likeness_trainer.protocol.guard import keep_guard

# Idle OpenMP threads must sleep: spinning ones collapse when cores are shared (8 -> 95 ms for one convolution).
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("GOMP_SPINCOUNT", "0")
# OpenBLAS has threads of its own that spin too: the face fit took 38 s instead of 3.6 s beside other programs.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("GLOG_minloglevel", "2")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")


def main() -> int:
    keep_guard()
    # Libraries print to standard output as they please; the protocol keeps the real one to itself.
    protocol_out = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    from likeness_trainer.protocol.dispatch import load, run

    for name in sys.argv[1:]:
        load(name)
    code = run(sys.stdin, protocol_out)
    protocol_out.flush()
    # Threads of native libraries (MediaPipe, the cancel listener) must not keep a finished job alive.
    os._exit(code)


if __name__ == "__main__":
    main()
