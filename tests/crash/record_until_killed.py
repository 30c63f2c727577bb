"""Run as a program: records at 50 rows a second, with a film or without, until somebody kills it. A real recorder on a
real disk. Every picture shows the number of its row.

Says on standard output where the session is, then the number and time of every row right after it was handed over.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from itertools import count
from pathlib import Path

from desktop_affect.core.types import Fault, Frame, Marker
from desktop_affect.session.plan import Consent, FilmConsent, SessionPlan
from desktop_affect.sinks import system_encoder
from desktop_affect.sinks.film_encoder import encoders
from desktop_affect.sinks.recorder import Recorder
from desktop_affect.system.clock import MonotonicClock, clock_pair
from tests.session.films import numbered
from tests.session.samples import full_sample, start

PERIOD_S = 0.02
SIZE_PX = (320, 180)


def main(root: Path, film: FilmConsent, compact: bool) -> None:
    clock = MonotonicClock()
    plan = SessionPlan(root, "Crash", "P1", consent=Consent(film))
    system_encoder.TEST_DEADLINE_S = 60.0  # many programs share this machine
    recorder = Recorder(plan, clock=clock, report=_complain, film_encoders=encoders(compact))
    recorder.open(replace(start(), clock=clock_pair(clock)))
    if not recorder.wait_open(20):
        raise SystemExit(1)
    _tell(f"{recorder.folder}")
    template, now_s = full_sample(), clock.now_s()
    for seq in count():
        clock.wait_until_s(now_s + PERIOD_S)  # like a camera: what a busy machine misses is not made up for
        now_s = clock.now_s()
        sample = replace(template, seq=seq, t_s=now_s)
        recorder.on_sample(sample, Frame(seq, now_s, numbered(seq % 25, SIZE_PX)))
        if seq % 10 == 0:
            recorder.on_event(Marker(now_s, f"marker {seq},\nwith a line break"))
        _tell(f"{seq} {now_s!r}")


def _tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _complain(fault: Fault) -> None:
    sys.stderr.write(fault.message + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), FilmConsent(sys.argv[2]), sys.argv[3] == "compact")
