"""The one table that every format prints: a session's rows, or an even grid over them, with the chosen smoothing."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

import numpy as np

from desktop_affect.core.types import Alert, Marker
from desktop_affect.session.annotations import Annotation
from desktop_affect.session.export.fields import ALERT, ANNOTATION, BY_NAME, MARKER, TEXT_SEPARATOR
from desktop_affect.session.export.grid import Array, Grid
from desktop_affect.session.export.options import ExportOptions
from desktop_affect.session.export.signals_of import Signals
from desktop_affect.session.header import Document
from desktop_affect.session.part import Part, whole_of
from desktop_affect.session.reader import Session


class ExportTable:
    """Columns by name; nothing is kept, so ask once for each."""

    def __init__(self, session: Session, options: ExportOptions) -> None:
        self.session = session
        self.options = options
        # Baselines and smoothing are those of the whole session, also where only a part of it is printed.
        self._kept = session.kept if isinstance(session, Part) else slice(None)
        self.signals = Signals(whole_of(session), options)
        self._grid = self._make_grid(session, options)

    @staticmethod
    def _make_grid(session: Session, options: ExportOptions) -> Grid | None:
        if options.resample_hz is None:
            return None
        return Grid(session["t_s"], session["seen"] != "skipped", options.resample_hz)

    @property
    def header(self) -> Document:
        return self.session.header

    @property
    def is_grid(self) -> bool:
        return self._grid is not None

    @property
    def rows(self) -> int:
        return self.session.rows if self._grid is None else len(self._grid)

    @cached_property
    def t_s(self) -> Array:
        return self.session["t_s"] if self._grid is None else self._grid.t_s

    def __getitem__(self, name: str) -> Array:
        """float or texts; NaN and "" where nothing is known. Raises KeyError for a name that is no field."""
        if name == "t_s":
            return self.t_s
        if name == MARKER.name:
            return self._markers(self.session.markers)
        if name == ALERT.name:
            return self._alerts(self.session.alerts)
        if name == ANNOTATION.name:
            return self._annotations(self.session.annotations)
        values = self.signals[name][self._kept]
        return values if self._grid is None else self._grid.bring(values, BY_NAME[name].kind)

    def _markers(self, markers: Iterable[Marker]) -> Array:
        texts = _no_texts(self.rows)
        for marker in markers:
            if self.rows and np.isfinite(marker.t_s):
                _add(texts, self._row_of(marker.t_s), marker.text)
        return texts

    def _annotations(self, annotations: Iterable[Annotation]) -> Array:
        texts = _no_texts(self.rows)
        for annotation in annotations:
            if annotation.is_range:
                _add(texts, self._rows_of(annotation.begin_s, annotation.end_s), annotation.label)
            elif self.rows:
                _add(texts, self._row_of(annotation.begin_s), annotation.label)
        return texts

    def _row_of(self, t_s: float) -> slice:
        """The first row at or after this moment; the last one behind the end."""
        row = min(int(np.searchsorted(self.t_s, t_s)), self.rows - 1)
        return slice(row, row + 1)

    def _rows_of(self, begin_s: float, end_s: float) -> slice:
        begin = int(np.searchsorted(self.t_s, begin_s))
        end = self.rows if np.isnan(end_s) else int(np.searchsorted(self.t_s, end_s, side="right"))
        return slice(begin, end)

    def _alerts(self, alerts: Iterable[Alert]) -> Array:
        texts = _no_texts(self.rows)
        for alert in alerts:
            _add(texts, self._rows_of(alert.begin_s, alert.end_s), alert.rule)
        return texts


def _no_texts(rows: int) -> Array:
    texts: Array = np.full(rows, "", dtype=object)
    return texts


def _add(texts: Array, where: slice, text: str) -> None:
    texts[where] = [f"{there}{TEXT_SEPARATOR}{text}" if there else text for there in texts[where]]
