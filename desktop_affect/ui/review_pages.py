"""The pages of the window of recorded sessions, made piece by piece: the list before the window is shown, the player
and the comparison while the person looks at it. Together they take a fifth of a second, too long for one turn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop_affect.ui.browser import Browser, SessionsTable
from desktop_affect.ui.compare import ComparePage
from desktop_affect.ui.compare_graph import made_plot
from desktop_affect.ui.curves import AffectPanel, HesitancyPanel, affect_plot
from desktop_affect.ui.dressing import Piece
from desktop_affect.ui.jobs import Jobs
from desktop_affect.ui.player import Player
from desktop_affect.ui.recording_view import RecordingView
from desktop_affect.ui.session_details import SessionDetails
from desktop_affect.ui.session_search import SessionSearch
from desktop_affect.ui.signal_panel import USUAL, SignalPanel
from desktop_affect.ui.theme import Theme, wear


class ReviewPages(QStackedWidget):
    """Whoever asks for a page that is not there yet gets it at once."""

    browser_made = Signal()
    player_made = Signal()
    compare_made = Signal()

    def __init__(self, theme: Theme, jobs: Jobs) -> None:
        super().__init__()
        self._theme, self._jobs = theme, jobs
        self.made_browser: Browser | None = None
        self.made_player: Player | None = None
        self.made_compare: ComparePage | None = None
        self.presentable = False
        """The list is there and wears its sheet."""
        self._pieces = self._making()

    @property
    def browser(self) -> Browser:
        while self.made_browser is None:
            self.make_next()
        return self.made_browser

    @property
    def player(self) -> Player:
        while self.made_player is None:
            self.make_next()
        return self.made_player

    @property
    def compare(self) -> ComparePage:
        while self.made_compare is None:
            self.make_next()
        return self.made_compare

    @property
    def made(self) -> list[Browser | Player | ComparePage]:
        """Those that are there."""
        return [page for page in (self.made_browser, self.made_player, self.made_compare) if page is not None]

    @property
    def signal_names(self) -> tuple[str, ...]:
        """What the player shows beside valence and arousal."""
        return self.made_player.view.signals.names if self.made_player is not None else USUAL

    def be_presentable(self) -> None:
        """Now: it is about to be shown."""
        while not self.presentable:
            self.make_next()

    def make_next(self) -> None:
        """One piece, in 10 to 30 ms; nothing when all are made."""
        next(self._pieces, None)

    def _making(self) -> Iterator[None]:
        yield from self._making_browser()
        theme = self._theme
        plot = affect_plot(theme)
        yield
        affect = AffectPanel(theme, plot)
        yield
        hesitancy = HesitancyPanel(theme)
        yield
        signals = SignalPanel(theme)
        yield
        view = RecordingView(theme, (affect, hesitancy, signals))
        yield
        player = Player(theme, self._jobs, view)
        yield
        self._add_player(player, theme)
        theme, plots = self._theme, []
        for _ in range(3):
            yield
            plots.append(made_plot(theme))
        yield
        compare = ComparePage(theme, self._jobs, tuple(plots))
        yield
        self._add_compare(compare, theme)

    def _making_browser(self) -> Iterator[None]:
        search = SessionSearch()
        yield
        table, details = SessionsTable(), SessionDetails()
        yield
        browser = self.made_browser = Browser(search, table, details)
        self.addWidget(browser)
        self.browser_made.emit()
        for part in browser.parts:
            yield
            wear(part, self._theme)
        self.presentable = True
        yield

    def _add(self, page: QWidget, theme: Theme, parts: Iterable[QWidget]) -> None:
        """What wears a sheet already is styled again when it comes to lie in another widget."""
        self.addWidget(page)
        for part in parts:
            wear(part, theme)

    def _add_player(self, player: Player, theme: Theme) -> None:
        self._add(player, theme, (player,))
        self.made_player = player
        if theme is not self._theme:  # it was changed meanwhile
            player.set_theme(self._theme)
        self.player_made.emit()

    def _add_compare(self, compare: ComparePage, theme: Theme) -> None:
        self._add(compare, theme, compare.parts)
        self.made_compare = compare
        if theme is not self._theme:
            compare.set_theme(self._theme)
        self.compare_made.emit()

    def theme_turns(self, theme: Theme) -> Iterable[Piece]:
        """A page after the other, the one in view first."""
        self._theme = theme
        for page in sorted(self.made, key=lambda page: not page.isVisible()):
            yield from page.theme_turns(theme)

    def tick(self) -> None:
        """What is in view brings itself up to date."""
        for page in (self.made_player, self.made_compare):
            if page is not None and page is self.currentWidget():
                page.tick()

    def leave(self) -> None:
        """Stop playing and let the files go."""
        for page in (self.made_player, self.made_compare):
            if page is not None:
                page.leave()
