"""Help: how to read the window, its keys, and the meaning of every signal, the last from the one table of signals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from itertools import groupby

from PySide6.QtWidgets import QDialogButtonBox, QLineEdit, QTextBrowser, QVBoxLayout, QWidget

from desktop_affect.signals.catalogue import SIGNALS, Signal
from desktop_affect.ui.button_box import ButtonBox
from desktop_affect.ui.dressing import ThemedDialog
from desktop_affect.ui.theme import GRID_PX, Theme

READING: tuple[tuple[str, str], ...] = (
    ("What a face shows", "Every value describes what a face looks like, not what somebody feels or thinks."),
    ("Strong and faint curves", "Strong is smoothed, faint is what the model said for each frame."),
    (
        "No face in view",
        "Sit 40 to 100 cm before the camera, lit from the front, with nothing before the face. Choose the right camera "
        "at the top left. Until then the rows of a session say that nobody was seen.",
    ),
    ("Gaps and shading", "A gap: nobody was seen. Shaded ground: poor light, blur or a turned head; believe it less."),
    (
        "Bars",
        "The line across a bar is the level from which a movement counts as present; then the light beside it is "
        "filled. The bright line is the peak of the last seconds. After a calibration the bar begins at the triangle, "
        "the participant's own neutral.",
    ),
    (
        "Experimental",
        "Hesitancy is an index from open rules over behaviour. It is a hint where to look, not a measurement.",
    ),
)
KEYS: tuple[tuple[str, str], ...] = (
    ("F1 to F12", "set the marker of that key"),
    ("Ctrl+M", "write a note; Enter sets it, at the time when you began to write"),
    ("← → on a plot", "move the crosshair; Esc takes it away"),
    ("Ctrl+,", "settings"),
    ("Ctrl+O", "recorded sessions"),
    ("Ctrl+Shift+O", "films to be analysed; films can also be dropped onto the window"),
    ("Ctrl+D", "second window: small and on top, or full screen on another display"),
    ("Alt+Enter", "full screen"),
    ("Ctrl+L", "alerts of this run"),
    ("Ctrl+H", "this help"),
    ("Ctrl+Q", "quit"),
)


class HelpDialog(ThemedDialog):
    """One page with a search; stays open beside the window."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.setWindowTitle("What the signals mean")
        self.resize(680, 640)
        self._theme = theme
        self.search, self.page = QLineEdit(), QTextBrowser()
        self.search.setPlaceholderText("Search")
        self.search.setAccessibleName("Search the help")
        self.search.setClearButtonEnabled(True)
        self.page.setAccessibleName("Help")
        self.search.textChanged.connect(self._show)
        buttons = ButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(GRID_PX * 2,) * 4)
        column.setSpacing(GRID_PX)
        for widget in (self.search, self.page, buttons):
            column.addWidget(widget)
        self._show("")

    def set_theme(self, theme: Theme) -> None:
        """The page has its colours written into it."""
        super().set_theme(theme)
        if theme is not self._theme:
            self._theme = theme
            self._show(self.search.text())

    def _show(self, words: str) -> None:
        self.page.setHtml(page(self._theme, words.lower().split()))


def page(theme: Theme, words: list[str]) -> str:
    """What fits all the words, as HTML."""
    parts = [
        *_section(theme, "How to read the window", [entry(theme, *pair) for pair in READING if _fits(words, *pair)]),
        *_section(theme, "Keys", [entry(theme, *pair) for pair in KEYS if _fits(words, *pair)]),
    ]
    for group, signals in groupby(SIGNALS, key=lambda signal: signal.group):
        found = [entry(theme, *said(s)) for s in signals if _fits(words, *said(s))]
        parts += _section(theme, group.value, found)
    return "".join(parts) or f'<p style="color:{theme.muted}">Nothing here is called that.</p>'


def said(signal: Signal) -> tuple[str, str, str]:
    """Name, meaning, and the small print."""
    notes = [f"{signal.range_words} · {signal.key} in exports"]
    if signal.experimental:
        notes.append("experimental: not validated against human judgement")
    return signal.label, signal.meaning, " · ".join(notes)


def entry(theme: Theme, name: str, meaning: str, small: str = "") -> str:
    colours: Mapping[str, str] = {
        "Valence": theme.valence,
        "Arousal": theme.arousal,
        "Hesitancy": theme.hesitancy,
    }
    note = f'<br><span style="color:{theme.muted}">{escape(small)}</span>' if small else ""
    head = f'<b style="color:{colours.get(name, theme.text)}">{escape(name)}</b>'
    return f'<p style="margin:0 0 8px 0">{head}<br>{escape(meaning)}{note}</p>'


def _section(theme: Theme, title: str, entries: list[str]) -> Iterator[str]:
    if entries:
        # No heading's tag: Qt makes those a size larger, whatever a style says.
        yield f'<p style="margin:16px 0 8px 0"><b style="color:{theme.muted}">{escape(title)}</b></p>'
        yield from entries


def _fits(words: list[str], *texts: str) -> bool:
    text = " ".join(texts).lower()
    return all(word in text for word in words)
