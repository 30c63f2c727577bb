"""The film of a recorded session: asks for the picture at the cursor and hands what comes to the pane that shows it."""

from __future__ import annotations

from desktop_affect.core.types import Sample
from desktop_affect.ui.picture_pane import PicturePane
from desktop_affect.ui.pictures import Fetcher, PictureSource
from desktop_affect.ui.recording import Recording

_NONE_HERE = "There is no picture here."


class SessionFilm:
    """GUI thread; the pictures are read on the fetcher's own."""

    def __init__(self, pane: PicturePane) -> None:
        self._pane = pane
        self._fetcher: Fetcher | None = None
        self._none_here = False

    def open(self, recording: Recording, source: PictureSource) -> None:
        """Another session's; what is not there is said in the pane."""
        facts, pane = recording.session.header.get("source") or {}, self._pane
        pane.set_analysed(int(facts.get("width_px") or 0), int(facts.get("height_px") or 0))
        pane.boxed = source.whole
        pane.say("Looking for the picture …" if source.open else source.words)
        pane.setToolTip(source.words)
        self._fetcher = Fetcher(source.open) if source.open else None

    def ask(self, sample: Sample | None) -> None:
        """Soon the picture of this moment; None before the first one that was looked at, which has none."""
        self._none_here = sample is None
        if self._fetcher is None:
            return
        if sample is None:
            self._pane.say(_NONE_HERE)
        else:
            self._fetcher.ask((sample.t_s, sample.media_t_s))

    def take(self) -> None:
        """Show what has come."""
        fetched = self._fetcher.take() if self._fetcher is not None else None
        if fetched is None or self._none_here:  # what comes late belongs to another moment
            return
        if fetched.problem is not None:
            self._pane.say(f"{fetched.problem.message} {fetched.problem.advice}")
        elif fetched.pixels is None:
            self._pane.say(_NONE_HERE)
        else:
            if any(fetched.analysed_px):
                self._pane.set_analysed(*fetched.analysed_px)
            self._pane.show_picture(fetched.pixels)

    def close(self) -> None:
        """Let the file go."""
        if self._fetcher is not None:
            self._fetcher.close()
            self._fetcher = None
