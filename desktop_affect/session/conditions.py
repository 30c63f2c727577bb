"""Several sessions taken together: one table with two rows per condition.

scope `condition`: all valid rows of all its sessions together, so that a longer session weighs more;
scope `participants`: every participant weighs the same: the mean of their means, and the spread between them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

from desktop_affect.session.aggregate import Aggregator, intervals, who, write_rows
from desktop_affect.session.export.options import ExportOptions
from desktop_affect.session.export.table import ExportTable
from desktop_affect.session.export.target import replacing
from desktop_affect.session.part import part
from desktop_affect.session.reader import Session
from desktop_affect.session.totals import Row, Totals, between, total

FILE_NAME = "conditions_{label}.csv"

Group = tuple[str, str]
"""Study and condition."""


class Conditions:
    """Add sessions one after the other; only their totals are kept."""

    def __init__(self, options: ExportOptions) -> None:
        self._options = options
        self._found: dict[Group, dict[str, list[Totals]]] = defaultdict(lambda: defaultdict(list))

    def add(self, session: Session) -> None:
        """One without rows adds nothing."""
        table = ExportTable(part(session, self._options.begin_s, self._options.end_s), self._options)
        if table.rows == 0:
            return
        facts = who(table)
        # Who has no code is somebody of their own: two sessions without one are two people, as far as anybody knows.
        participant = str(facts["participant"]) or f"session {facts['session_id'] or facts['session']}"
        of_group = self._found[str(facts["study"]), str(facts["condition"])]
        of_group[participant].append(Aggregator(table).totals(next(intervals(table))))

    def rows(self) -> list[Row]:
        """By study and condition."""
        return [row for group, people in sorted(self._found.items()) for row in self._rows(group, people)]

    def _rows(self, group: Group, people: dict[str, list[Totals]]) -> Iterable[Row]:
        study, condition = group
        of_people = [total(sessions) for sessions in people.values()]
        sessions = sum(len(sessions) for sessions in people.values())
        label: Callable[[str], Row] = lambda scope: {  # noqa: E731  the two rows differ in this one word
            "scope": scope,
            "study": study,
            "condition": condition,
            "smoothing": self._options.smoothing.value,
            "participants": len(people),
            "sessions": sessions,
        }
        yield {**label("condition"), **total(of_people).cells()}
        yield {**label("participants"), **between(of_people)}

    def write(self, folder: Path) -> Path:
        """Raises SessionError in words."""
        path = folder / FILE_NAME.format(label=self._options.label())
        with replacing(path) as temporary:
            write_rows(self.rows(), temporary)
        return path
