"""The one table that every format prints: a session's rows, or an even grid over them, with the chosen smoothing."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

import numpy as np

from desktop_affect.core.types import Alert, Marker
from desktop_affect.session.export.fields import ALERT, BY_NAME, MARKER, TEXT_SEPARATOR
from desktop_affect.session.export.grid import Array, Grid
from desktop_affect.session.export.options import ExportOptions
from desktop_affect.session.export.signals_of import Signals
from desktop_affect.session.header import Document
from desktop_affect.session.reader import Session


class ExportTable:
    """Columns by name; nothing is kept, so ask once for each."""

    def __init__(self, session: Session, options: ExportOptions) -> None:
        self.session = session
        self.options = options
        self.signals = Signals(session, options)
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
        values = self.signals[name]
        return values if self._grid is None else self._grid.bring(values, BY_NAME[name].kind)

    def _markers(self, markers: Iterable[Marker]) -> Array:
        texts = _no_texts(self.rows)
        for marker in markers:
            if self.rows and np.isfinite(marker.t_s):
                row = min(int(np.searchsorted(self.t_s, marker.t_s)), self.rows - 1)
                _add(texts, slice(row, row + 1), marker.text)
        return texts

    def _alerts(self, alerts: Iterable[Alert]) -> Array:
        texts = _no_texts(self.rows)
        for alert in alerts:
            begin = int(np.searchsorted(self.t_s, alert.begin_s))
            end = self.rows if np.isnan(alert.end_s) else int(np.searchsorted(self.t_s, alert.end_s, side="right"))
            _add(texts, slice(begin, end), alert.rule)
        return texts


def _no_texts(rows: int) -> Array:
    texts: Array = np.full(rows, "", dtype=object)
    return texts


def _add(texts: Array, where: slice, text: str) -> None:
    texts[where] = [f"{there}{TEXT_SEPARATOR}{text}" if there else text for there in texts[where]]
