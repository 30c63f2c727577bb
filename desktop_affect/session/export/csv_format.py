"""`csv`: comma separated, one column per field, empty cells where nothing is known."""

from __future__ import annotations

from pathlib import Path

from desktop_affect.session.export.fields import FIELDS
from desktop_affect.session.export.lines import COUNT, FLAG, TEXT, TIME, VALUE, Cells, write_table
from desktop_affect.session.export.options import Progress
from desktop_affect.session.export.table import ExportTable
from desktop_affect.session.format import Kind

_TEMPLATES = {Kind.COUNT: COUNT, Kind.TIME: TIME, Kind.VALUE: VALUE, Kind.FLAG: FLAG, Kind.TEXT: TEXT}


def write(table: ExportTable, path: Path, progress: Progress) -> None:
    """Raises OSError."""
    columns = [Cells(field.name, table[field.name], _template(table, field.kind)) for field in FIELDS]
    with path.open("w", encoding="utf-8", newline="") as file:
        write_table(file, columns, ",", progress)


def _template(table: ExportTable, kind: Kind) -> str:
    """On a grid a count may be unknown, which `%d` cannot print."""
    return FLAG if table.is_grid and kind is Kind.COUNT else _TEMPLATES[kind]
