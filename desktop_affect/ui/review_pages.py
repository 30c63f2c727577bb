"""The pages of the window of recorded sessions: the list at once, the player and the comparison piece by piece while
the person looks at the list. Together they take a fifth of a second to be made, which nobody should wait for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop_affect.ui.browser import Browser
from desktop_affect.ui.compare import ComparePage
from desktop_affect.ui.compare_graph import made_plot
from desktop_affect.ui.curves import AffectPanel, HesitancyPanel
from desktop_affect.ui.dressing import Piece
from desktop_affect.ui.jobs import Jobs
from desktop_affect.ui.player import Player
from desktop_affect.ui.recording_view import RecordingView
from desktop_affect.ui.signal_panel import USUAL, SignalPanel
from desktop_affect.ui.theme import Theme, wear


class ReviewPages(QStackedWidget):
    """Whoever asks for a page that is not there yet gets it at once."""

    player_made = Signal()
    compare_made = Signal()

    def __init__(self, theme: Theme, jobs: Jobs) -> None:
        super().__init__()
        self._theme, self._jobs = theme, jobs
        self.browser = Browser()
        self.addWidget(self.browser)
        self.made_player: Player | None = None
        self.made_compare: ComparePage | None = None
        self._pieces = self._making()

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
    def signal_names(self) -> tuple[str, ...]:
        """What the player shows beside valence and arousal."""
        return self.made_player.view.signals.names if self.made_player is not None else USUAL

    def dress(self) -> None:
        """The list wears its sheet: a third of what it takes to make it, and not needed before it is shown."""
        if not self.browser.styleSheet():
            self.browser.set_theme(self._theme)

    def make_next(self) -> None:
        """One piece, in 10 to 30 ms; nothing when all are made."""
        next(self._pieces, None)

    def _making(self) -> Iterator[None]:
        theme = self._theme
        affect = AffectPanel(theme)
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
        made = [page for page in (self.browser, self.made_player, self.made_compare) if page is not None]
        for page in sorted(made, key=lambda page: not page.isVisible()):
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
