"""Keeps the memory of this process within reach, on a virtual machine that takes it away from whoever is idle.

Some virtual machines (above all those inside another one) forget where a page of memory lies when it was not touched
for a third of a second, and take 6 to 40 µs to find it again: `python tools/warm_memory.py` measures that. A window
that rests between two presses of a key then seems two to four times as slow as on a computer of its own. A thread that
reads every page thirty times a second gives such a machine the memory of a real one.

Linux, with a C compiler: written in Python the thread would hold up all others. It may read what has gone in that very
moment, so it is for a benchmark and nothing else.
"""

from __future__ import annotations

import ctypes
import mmap
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

PAGE = mmap.PAGESIZE
SOURCE = Path(__file__).with_suffix(".c")
_PAUSE_S = 0.03
_PASSES = 20
"""Until it is looked again what there is."""


def keep_warm() -> None:
    """From now on, as long as the process runs."""
    library = compiled()
    threading.Thread(target=_keep, args=(library,), name="warm-memory", daemon=True).start()


def compiled() -> ctypes.CDLL:
    """Raises CalledProcessError, or FileNotFoundError where there is no compiler."""
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "warm_memory.so"
        subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", str(library), str(SOURCE)], check=True)
        return ctypes.CDLL(str(library))


def _keep(library: ctypes.CDLL) -> None:
    while True:
        bounds = [address for part in readable() for address in part]
        told = (ctypes.c_ulong * len(bounds))(*bounds)
        for _ in range(_PASSES):
            library.warm_pass(told, len(bounds) // 2)
            time.sleep(_PAUSE_S)


def readable() -> Iterator[tuple[int, int]]:
    """From where to where there is memory that may be read."""
    for line in Path("/proc/self/maps").read_text("ascii").splitlines():
        fields = line.split()
        begin, end = (int(number, 16) for number in fields[0].split("-"))
        special = len(fields) > 5 and fields[5].startswith(("[v", "/dev/"))
        if fields[1].startswith("r") and not special:
            yield begin, end


def main() -> int:
    memory = np.zeros(64 << 20, dtype=np.uint8)
    places = list(range(0, len(memory), PAGE))
    random.Random(1).shuffle(places)
    touched = np.array(places[:4000])
    memory[places] = 1
    print("after s at rest   µs a page")
    for pause_s in (0.0, 0.0, 0.3, 1.0, 3.0):
        time.sleep(pause_s)
        begin_s = time.perf_counter()
        memory[touched].sum()
        print(f"{pause_s:15.1f}   {(time.perf_counter() - begin_s) / len(touched) * 1e6:9.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
