"""`parquet`: typed and compressed, for pandas, R, DuckDB and Spark; needs the optional package pyarrow."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from desktop_affect.core.errors import SessionError
from desktop_affect.session.export import about
from desktop_affect.session.export.fields import FIELDS, Field
from desktop_affect.session.export.lines import Array
from desktop_affect.session.export.options import Progress
from desktop_affect.session.export.table import ExportTable
from desktop_affect.session.format import Kind

METADATA_KEY = b"desktop_affect"
# About an hour at 30 fps: large enough to compress, small enough to report progress and to read in part.
GROUP_ROWS = 100_000


def write(table: ExportTable, path: Path, progress: Progress) -> None:
    """Raises OSError, and SessionError in words without pyarrow."""
    pa = pyarrow_module()
    from pyarrow import parquet

    columns = {field.name: table[field.name] for field in FIELDS}
    schema = _schema(pa, table)
    with parquet.ParquetWriter(path, schema, compression="zstd") as writer:
        for begin in range(0, table.rows, GROUP_ROWS):
            end = min(begin + GROUP_ROWS, table.rows)
            arrays = [_array(pa, columns[field.name][begin:end], field) for field in FIELDS]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            progress(end, table.rows)


def pyarrow_module() -> Any:
    """Raises SessionError in words where it is not installed."""
    try:
        import pyarrow
    except ImportError as error:
        raise SessionError(
            "Parquet needs the package pyarrow, which is not installed.", advice=_advice(), detail=str(error)
        ) from error
    return pyarrow


def _advice() -> str:
    """Nobody can install a package into a built application, and none holds this one: it is a fifth of its size."""
    if getattr(sys, "frozen", False):
        return "This build does not hold it. Choose CSV, which pandas, R and DuckDB read as well."
    return "Install it with: pip install “desktop-affect[export]”, or choose --format csv."


def _schema(pa: Any, table: ExportTable) -> Any:
    described = json.dumps(about.document(table, "parquet"), ensure_ascii=False)
    fields = [
        pa.field(f.name, _type(pa, f), metadata={"unit": f.unit.encode(), "meaning": f.meaning.encode()})
        for f in FIELDS
    ]
    return pa.schema(fields, metadata={METADATA_KEY: described.encode()})


def _type(pa: Any, field: Field) -> Any:
    kinds = {
        Kind.COUNT: pa.int64(),
        Kind.TIME: pa.float64(),
        Kind.VALUE: pa.float32(),
        Kind.FLAG: pa.bool_(),
        Kind.TEXT: pa.dictionary(pa.int32(), pa.string()),
    }
    return kinds[field.kind]


def _array(pa: Any, values: Array, field: Field) -> Any:
    """NaN becomes null."""
    if field.kind is Kind.TEXT:
        return pa.array(values, type=pa.string()).dictionary_encode()
    if field.kind in (Kind.FLAG, Kind.COUNT):
        return pa.array(values, from_pandas=True).cast(_type(pa, field))
    return pa.array(values.astype("f8" if field.kind is Kind.TIME else "f4"), from_pandas=True)
