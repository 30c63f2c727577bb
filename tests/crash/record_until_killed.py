"""Run as a program: records at 50 rows a second until somebody kills it. A real recorder on a real disk.

Says on standard output where the session is, then the number and time of every row right after it was handed over.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from itertools import count
from pathlib import Path

from desktop_affect.core.types import Fault, Marker
from desktop_affect.session.plan import SessionPlan
from desktop_affect.sinks.recorder import Recorder
from desktop_affect.system.clock import MonotonicClock, clock_pair
from tests.session.samples import full_sample, start

PERIOD_S = 0.02


def main(root: Path) -> None:
    clock = MonotonicClock()
    recorder = Recorder(SessionPlan(root, "Crash", "P1"), clock=clock, report=_complain)
    recorder.open(replace(start(), clock=clock_pair(clock)))
    if not recorder.wait_open(20):
        raise SystemExit(1)
    _tell(f"{recorder.folder}")
    template, begin_s = full_sample(), clock.now_s()
    for seq in count():
        clock.wait_until_s(begin_s + seq * PERIOD_S)
        now_s = clock.now_s()
        recorder.on_sample(replace(template, seq=seq, t_s=now_s), None)
        if seq % 10 == 0:
            recorder.on_event(Marker(now_s, f"marker {seq},\nwith a line break"))
        _tell(f"{seq} {now_s!r}")


def _tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _complain(fault: Fault) -> None:
    sys.stderr.write(fault.message + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
