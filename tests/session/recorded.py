"""Session folders for tests, written by the real journal."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from desktop_affect.core.types import Event, Sample
from desktop_affect.session.files import DiskOps
from desktop_affect.session.journal import Journal
from desktop_affect.session.plan import SessionPlan
from tests.fakes import clock_pair
from tests.session.samples import start


class QuickDisk(DiskOps):
    """Does not wait for the disk: these tests do not cut the power."""

    def sync(self, handle: int) -> None:
        """Nothing to wait for."""

    def replace(self, path: Path, text: str) -> None:
        path.write_text(text, encoding="utf-8")


def open_journal(folder: Path) -> Journal:
    folder.mkdir(parents=True)
    return Journal(folder, SessionPlan(folder.parent, "Calm", "P07"), start(), clock_pair(), QuickDisk())


def record(folder: Path, samples: Iterable[Sample], events: Iterable[Event] = (), closed: bool = True) -> Path:
    """A whole session; not `closed`: as a crash leaves it."""
    journal = open_journal(folder)
    for sample in samples:
        journal.sample(sample)
    for event in events:
        journal.event(event)
    if closed:
        journal.finish("stopped", clock_pair())
    else:
        journal.sync()
    journal.close()
    return folder
