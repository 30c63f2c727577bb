"""`json`: one document with the session's header, what happened, and one list per column; null where not known.

`pandas.DataFrame(document["data"])` is the table.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TextIO

from desktop_affect.core.types import Alert
from desktop_affect.session.export import about
from desktop_affect.session.export.fields import FIELDS, Field
from desktop_affect.session.export.lines import BLOCK_ROWS, COUNT, FLAG, TIME, VALUE, Array
from desktop_affect.session.export.options import Progress
from desktop_affect.session.export.table import ExportTable
from desktop_affect.session.format import Kind
from desktop_affect.session.header import Document

_TEMPLATES = {Kind.COUNT: COUNT, Kind.TIME: TIME, Kind.VALUE: VALUE, Kind.FLAG: FLAG}


def write(table: ExportTable, path: Path, progress: Progress) -> None:
    """Column by column: an eight-hour session does not fit into memory as one document. Raises OSError."""
    with path.open("w", encoding="utf-8", newline="") as file:
        head = about.document(table, "json") | _events(table)
        file.write(json.dumps(head | {"columns": about.fields_document()}, ensure_ascii=False, allow_nan=False)[:-1])
        file.write(',\n"data": {')
        for number, field in enumerate(FIELDS):
            file.write(f'{"," if number else ""}\n"{field.name}": [')
            _column(file, field, table[field.name])
            file.write("]")
            progress(table.rows * (number + 1) // len(FIELDS), table.rows)
        file.write("\n}}\n")


def _column(file: TextIO, field: Field, values: Array) -> None:
    for begin in range(0, len(values), BLOCK_ROWS):
        cells = ",".join(_cells(field, values[begin : begin + BLOCK_ROWS]))
        file.write(f",{cells}" if begin else cells)


def _cells(field: Field, values: Array) -> Iterator[str]:
    if field.kind is Kind.TEXT:
        return (json.dumps(text, ensure_ascii=False) for text in values)
    template = _TEMPLATES[field.kind]
    return ("null" if math.isnan(value) else template % value for value in values.tolist())


def _events(table: ExportTable) -> Document:
    return {"markers": _markers(table), "alerts": _alerts(table), "annotations": _annotations(table)}


def _annotations(table: ExportTable) -> list[Document]:
    return [asdict(found) | {"end_s": _known(found.end_s)} for found in table.session.annotations]


def _markers(table: ExportTable) -> list[Document]:
    return [{"t_s": _known(m.t_s), "kind": m.kind, "text": m.text} for m in table.session.markers]


def _alerts(table: ExportTable) -> list[Document]:
    return [_alert(alert) for alert in table.session.alerts]


def _alert(alert: Alert) -> Document:
    return {
        "number": alert.number,
        "rule": alert.rule,
        "begin_s": _known(alert.begin_s),
        "peak_s": _known(alert.peak_s),
        "end_s": _known(alert.end_s),
        "peak": _known(alert.peak),
        "threshold": _known(alert.threshold),
        "reasons": list(alert.reasons),
        "experimental": alert.experimental,
    }


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None
