"""markers.csv, alerts.csv and events.log, up to the last whole line of each."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from desktop_affect.core.types import NAN, Alert, AlertPhase, Marker
from desktop_affect.session.format import ALERT_REASON_SEPARATOR

Row = Mapping[str, str]


def whole_bytes(data: bytes) -> int:
    """How much of a table is whole: up to the last line feed that does not stand inside quotes."""
    end = data.rfind(b"\n") + 1
    while end and data.count(b'"', 0, end) % 2:
        end = data.rfind(b"\n", 0, end - 1) + 1
    return end


def _records(path: Path) -> list[Row]:
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return []
    text = data[: whole_bytes(data)].decode("utf-8", "replace").replace("\0", "\ufffd")
    names, *rows = list(csv.reader(io.StringIO(text, newline=""))) or [[]]
    return [dict(zip(names, row, strict=True)) for row in rows if len(row) == len(names)]


def _number(cell: str) -> float:
    return float(cell) if cell else NAN


def read_markers(path: Path) -> tuple[Marker, ...]:
    """In the order in which they came. A line that is no marker is left out."""
    return tuple(marker for row in _records(path) if (marker := _marker(row)) is not None)


def _marker(row: Row) -> Marker | None:
    try:
        return Marker(_number(row["t_s"]), row["text"], row["kind"])
    except (KeyError, ValueError):
        return None


def read_alerts(path: Path) -> tuple[Alert, ...]:
    """Each alert once, by number: complete if it ended, else as it began."""
    alerts = {alert.number: alert for row in _records(path) if (alert := _alert(row)) is not None}
    return tuple(alerts[number] for number in sorted(alerts))


def _alert(row: Row) -> Alert | None:
    try:
        return Alert(
            number=int(row["number"]),
            phase=AlertPhase(row["phase"]),
            rule=row["rule"],
            begin_s=_number(row["begin_s"]),
            peak_s=_number(row["peak_s"]),
            end_s=_number(row["end_s"]),
            peak=_number(row["peak"]),
            threshold=_number(row["threshold"]),
            reasons=tuple(row["reasons"].split(ALERT_REASON_SEPARATOR)) if row["reasons"] else (),
            experimental=row["experimental"] == "1",
        )
    except (KeyError, ValueError):
        return None


def read_events(path: Path) -> tuple[Mapping[str, Any], ...]:
    """Every line that is a whole JSON object."""
    try:
        lines = path.read_bytes().split(b"\n")[:-1]
    except FileNotFoundError:
        return ()
    return tuple(event for line in lines if isinstance(event := _parsed(line), dict))


def _parsed(line: bytes) -> object:
    try:
        return json.loads(line)
    except ValueError:  # torn, and later written behind
        return None
