"""What test_side_process.py has done in a process of its own; such functions are found by their module's name."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from desktop_affect.core.errors import AffectError
from desktop_affect.session.export.target import replacing
from desktop_affect.system.side_process import SideProcess, Tell


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    numbers: NDArray[np.float32]
    words: tuple[str, ...]
    pid: int


def made(count: int, tell: Tell) -> Made:
    return Made(np.arange(count, dtype=np.float32), ("a", "b"), os.getpid())


def in_words(tell: Tell) -> None:
    raise AffectError("The disk is full.", advice="Make room.", detail="ENOSPC")


def breaks(tell: Tell) -> float:
    return 1 / 0


def writes_for_ever(path: Path, tell: Tell) -> None:
    """Half a file, as long as nobody stops it."""
    with replacing(path) as temporary:
        temporary.write_text("half", encoding="utf-8")
        steps = 0
        while True:
            steps += 1
            tell(steps, 0)
            time.sleep(0.005)


def hears_nothing(path: Path, tell: Tell) -> None:
    path.touch()
    time.sleep(600.0)


def loaded(prefix: str, tell: Tell) -> list[str]:
    """After the modules were imported whose functions the window has done aside."""
    import desktop_affect.ui.compare_data
    import desktop_affect.ui.exporting
    import desktop_affect.ui.finding
    import desktop_affect.ui.review_open  # noqa: F401

    return [name for name in sys.modules if name.startswith(prefix)]


def main() -> int:
    """Somebody who is killed while his process works."""

    def tell(done: int, total: int) -> Any:
        if done:
            sys.stdout.write(f"{side.pid}\n")
            sys.stdout.flush()
            os._exit(9)

    side = SideProcess("test-side")
    side.do(writes_for_ever, Path(sys.argv[1]), tell=tell)
    return 0


if __name__ == "__main__":
    sys.exit(main())
