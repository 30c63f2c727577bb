"""`python -m desktop_affect`, the `desktop-affect` command, and the entry point of the frozen application."""

from __future__ import annotations

import multiprocessing
import sys

from desktop_affect.cli.main import main

if __name__ == "__main__":
    multiprocessing.freeze_support()
    sys.exit(main())
