"""`python -m desktop_affect`, the `desktop-affect` command, and the entry point of the frozen application."""

from __future__ import annotations

import multiprocessing
import os
import sys

# NumPy's OpenBLAS reads this once, when it is loaded. Our matrices are tiny, and its second thread would only spin
# between frames: measured 0.07 of a core, which belongs to the study's own software.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from desktop_affect.cli.main import main

if __name__ == "__main__":
    multiprocessing.freeze_support()
    sys.exit(main())
