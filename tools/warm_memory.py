"""Keeps the memory of this process within reach, on a virtual machine that takes it away from whoever is idle.

Some virtual machines (above all those inside another one) forget where a page of memory lies when it was not touched
for a third of a second, and take 6 to 40 µs to find it again: `python tools/warm_memory.py` measures that. A window
that rests between two presses of a key then seems two to four times as slow as on a computer of its own. A thread that
reads every page several times a second gives such a machine the memory of a real one. Linux alone.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import random
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

PAGE = mmap.PAGESIZE
_PAUSE_S, _ANEW_S = 0.1, 2.0
_AT_ONCE = 1024
"""Linux takes no more places in one call."""
_MOST_BYTES = 1 << 29
_PRESENT = 63
"""The bit of a page's number that says so."""
_LIBC = ctypes.CDLL(None)


def keep_warm() -> None:
    """From now on, as long as the process runs."""
    threading.Thread(target=_keep, name="warm-memory", daemon=True).start()


def _keep() -> None:
    sink = os.memfd_create("warm-memory")
    while True:
        parts = [places(begin, end) for begin, end in readable()]
        until_s = time.monotonic() + _ANEW_S
        while time.monotonic() < until_s:
            for part in parts:
                touch(part, sink)
            time.sleep(_PAUSE_S)


def readable() -> Iterator[tuple[int, int]]:
    """From where to where there is memory that may be read."""
    for line in Path("/proc/self/maps").read_text("ascii").splitlines():
        fields = line.split()
        begin, end = (int(number, 16) for number in fields[0].split("-"))
        if fields[1].startswith("r") and end - begin < _MOST_BYTES:
            yield begin, end


def places(begin: int, end: int) -> NDArray[np.uint64]:
    """The first byte of every page that is there, as Linux wants to be told: address and length."""
    with open("/proc/self/pagemap", "rb") as pages:
        pages.seek(begin // PAGE * 8)
        known = np.frombuffer(pages.read((end - begin) // PAGE * 8), dtype=np.uint64)
    there = np.flatnonzero(known >> np.uint64(_PRESENT)).astype(np.uint64)
    found = np.ones((len(there), 2), dtype=np.uint64)
    found[:, 0] = np.uint64(begin) + there * np.uint64(PAGE)
    return found


def touch(part: NDArray[np.uint64], sink: int) -> None:
    """Let Linux read them, which tells where this process would die: what has gone meanwhile is left out."""
    for first in range(0, len(part), _AT_ONCE):
        some = part[first : first + _AT_ONCE]
        if _LIBC.pwritev(sink, ctypes.c_void_p(some.ctypes.data), len(some), ctypes.c_long(0)) < len(some):
            return


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
