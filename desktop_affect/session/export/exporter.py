"""Exports a session in one format: picks the name, writes the file whole or not at all, and says what is in it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from typing import TypeAlias

from desktop_affect.core.errors import SessionError
from desktop_affect.session import aggregate
from desktop_affect.session.export import about, csv_format, facereader, fex, json_format, openface, parquet
from desktop_affect.session.export.options import ExportOptions, Format, Progress
from desktop_affect.session.export.table import ExportTable
from desktop_affect.session.export.target import replacing
from desktop_affect.session.naming import clean
from desktop_affect.session.part import part
from desktop_affect.session.reader import Session
from desktop_affect.session.report import page

Writer: TypeAlias = Callable[[ExportTable, Path, Progress], None]

_WRITERS: Mapping[Format, tuple[Writer, str]] = {
    Format.CSV: (csv_format.write, "{stem}_{label}.csv"),
    Format.JSON: (json_format.write, "{stem}_{label}.json"),
    Format.PARQUET: (parquet.write, "{stem}_{label}.parquet"),
    Format.OPENFACE: (openface.write, "{stem}_openface_{label}.csv"),
    Format.FEX: (fex.write, "{stem}_fex_{label}.csv"),
    Format.FACEREADER: (facereader.write, "{stem}_facereader_{label}_detailed.txt"),
    Format.AGGREGATES: (aggregate.write, "{stem}_aggregates_{label}.csv"),
    Format.REPORT: (page.write, "{stem}_report.html"),
}
"""Names of files: the session, the look, the values inside."""

_TELL_THEMSELVES = (Format.JSON, Format.PARQUET, Format.REPORT)

OWN_FOLDER = "exports"
"""Inside the session's folder, where no other is named."""


def no_progress(done: int, rows: int) -> None:
    """For those who do not want to know."""


def export_session(
    session: Session, look: Format, options: ExportOptions, path: Path, progress: Progress = no_progress
) -> Path:
    """Write one file, and beside a table that cannot describe itself its `.about.json`.

    Raises SessionError in words. Whatever `progress` raises ends the export and leaves an older file as it was.
    """
    session = part(session, options.begin_s, options.end_s)
    if session.rows == 0:
        raise SessionError(f"The session in “{session.path}” has no rows to export there.")
    write, _ = _WRITERS[look]
    table = ExportTable(session, options)
    with replacing(path) as temporary:
        write(table, temporary, progress)
    if look not in _TELL_THEMSELVES:
        with replacing(path.with_name(path.name + ".about.json")) as temporary:
            temporary.write_text(_described(table, look), encoding="utf-8")
    return path


def _described(table: ExportTable, look: Format) -> str:
    return json.dumps(about.document(table, look.value), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def check_available(look: Format) -> None:
    """Raises SessionError in words for a format that this installation cannot write."""
    if look is Format.PARQUET:
        parquet.pyarrow_module()


def file_name(session: Session, look: Format, options: ExportOptions) -> str:
    """The name an export has by itself."""
    _, pattern = _WRITERS[look]
    return pattern.format(stem=stem(session), label=options.label())


def stem(session: Session) -> str:
    """The session in a file's name: study, participant and the folder's own name, as far as they are known."""
    header = session.header
    words = [str(header.get(key) or "").strip() for key in ("study", "participant")]
    return "_".join(clean(word) for word in (*words, session.path.resolve().name) if word)


def free_name(name: str, taken: set[str]) -> str:
    """The name, or with a number when this run has used it: exports of two sessions never share a file."""
    plain = PurePosixPath(name)
    number, free = 1, name
    while free.casefold() in taken:
        number += 1
        free = f"{plain.stem}_{number}{plain.suffix}"
    taken.add(free.casefold())
    return free
