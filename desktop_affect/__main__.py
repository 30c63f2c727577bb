"""`python -m desktop_affect`, the `desktop-affect` command, and the entry point of the frozen application."""

from __future__ import annotations

import multiprocessing
import os
from typing import NoReturn

# NumPy's OpenBLAS reads this once, when it is loaded. Our matrices are tiny, and its second thread would only spin
# between frames: measured 0.07 of a core, which belongs to the study's own software.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from desktop_affect.cli.main import main
from desktop_affect.system.leaving import leave


def start() -> NoReturn:
    """The whole application, from the command line to the last step."""
    leave(main())


if __name__ == "__main__":
    multiprocessing.freeze_support()
    start()
