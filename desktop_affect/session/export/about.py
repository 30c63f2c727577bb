"""What an export says of itself: whose session, which values, which columns, and what to keep in mind."""

from __future__ import annotations

from collections.abc import Mapping

from desktop_affect import __version__
from desktop_affect.session.export.fields import FIELDS
from desktop_affect.session.export.options import Smoothing
from desktop_affect.session.export.signals_of import OFFLINE_SIGMA_S
from desktop_affect.session.export.table import ExportTable
from desktop_affect.session.header import Document
from desktop_affect.signals.offline import LABEL as OFFLINE_LABEL

EXPORT_FORMAT = "desktop-affect export"

SMOOTHING_WORDS: Mapping[Smoothing, str] = {
    Smoothing.RAW: "as the model gave them",
    Smoothing.LIVE: "as shown and recorded live: after baseline and causal smoothing, with its delay",
    Smoothing.OFFLINE: OFFLINE_LABEL.format(sigma_s=OFFLINE_SIGMA_S) + ": values also depend on what came after them",
}

CAVEATS = (
    "Values are estimates of what a face expresses, made by software; they are no measurement of what a person feels.",
    "Hesitancy, its cues and the rates of behaviour come from rules that are not validated against human judgement: "
    "they are experimental.",
)
"""Of every export and report."""
EMPTY_CELLS = "An empty cell means “not known”, never zero."


def options_document(table: ExportTable) -> Document:
    options, baseline = table.options, table.signals.baseline
    return {
        "smoothing": options.smoothing.value,
        "smoothing_meaning": SMOOTHING_WORDS[options.smoothing],
        "resample_hz": options.resample_hz,
        "baseline": None if baseline is None else baseline.to_dict(),
    }


def document(table: ExportTable, look: str) -> Document:
    """Everything but the values."""
    model = table.header.get("model") or {}
    return {
        "format": EXPORT_FORMAT,
        "version": 1,
        "look": look,
        "app_version": __version__,
        "options": options_document(table),
        "rows": table.rows,
        "session": table.header,
        "trained_on": model.get("trained_on", ""),
        "caveats": [*CAVEATS, EMPTY_CELLS],
    }


def fields_document() -> list[Document]:
    return [{"name": f.name, "unit": f.unit, "meaning": f.meaning, "kind": f.kind.name.lower()} for f in FIELDS]
