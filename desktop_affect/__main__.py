"""`python -m desktop_affect`, the `desktop-affect` command, and the entry point of the frozen application."""

from __future__ import annotations

import multiprocessing
import os
import signal
from typing import NoReturn

# Until there is somebody who takes Ctrl-C for what it means, it just ends the process, without a page about imports.
# Worker processes, which come by here too, never hear it.
_hears_ctrl_c = signal.getsignal(signal.SIGINT) is signal.default_int_handler
if _hears_ctrl_c:
    signal.signal(signal.SIGINT, signal.SIG_DFL)

# NumPy's OpenBLAS reads this once, when it is loaded. Our matrices are tiny, and its second thread would only spin
# between frames: measured 0.07 of a core, which belongs to the study's own software.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from desktop_affect.cli.main import main  # noqa: E402  Ctrl-C and the environment come first
from desktop_affect.system.leaving import leave  # noqa: E402

if _hears_ctrl_c:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def start() -> NoReturn:
    """The whole application, from the command line to the last step."""
    leave(main())


if __name__ == "__main__":
    multiprocessing.freeze_support()
    start()
