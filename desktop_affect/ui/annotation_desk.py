"""What a person does with annotations while looking through a session: mark, in and out, edit, take away, undo."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from desktop_affect.session.annotations import Annotation, made
from desktop_affect.ui.annotating import Annotating
from desktop_affect.ui.annotation_editor import AnnotationEditor
from desktop_affect.ui.in_turns import InTurns
from desktop_affect.ui.jobs import Jobs
from desktop_affect.ui.showing import on_its_way, open_next_turn

if TYPE_CHECKING:
    from desktop_affect.ui.player import Player
    from desktop_affect.ui.recording import Recording


class AnnotationDesk:
    """Works on the player's cursor; shows what changed in its curves, strip and list."""

    def __init__(self, player: Player) -> None:
        self._player = player
        self._in_s = math.nan
        self.annotating: Annotating | None = None
        self.editor: AnnotationEditor | None = None
        """The newest one that was opened."""
        self._coming: InTurns | None = None

    def use(self, recording: Recording, jobs: Jobs) -> None:
        """Another session."""
        failed = self._player.failed.emit
        self.annotating = Annotating(recording.session.path, recording.annotations, jobs, self._show, failed)

    def leave(self) -> None:
        """A range that was begun is forgotten."""
        self._in_s = math.nan

    def mark(self) -> None:
        """An event at the cursor."""
        self._edit_new(made(self._cursor_s))

    def set_in(self) -> None:
        """A range begins at the cursor; once more at the same place takes it back."""
        self._in_s = math.nan if self._in_s == self._cursor_s else self._cursor_s
        self.show_pending()

    def set_out(self) -> None:
        """The range ends at the cursor. Without a beginning it begins at the moment before."""
        recording, begin_s = self._player.recording, self._in_s
        if math.isnan(begin_s) and recording is not None:
            before = recording.next_moment(self._cursor_s, forward=False)
            begin_s = before.t_s if before else recording.begin_s
        self._edit_new(made(begin_s, self._cursor_s))

    def edit(self, annotation: Annotation) -> None:
        if (annotating := self.annotating) is not None:
            self._open_editor(annotation, lambda after: annotating.edit(annotation, after))

    def remove(self, annotation: Annotation) -> None:
        """Without asking: Ctrl+Z brings it back."""
        if self.annotating is not None:
            self.annotating.remove(annotation)

    def undo(self) -> None:
        if self.annotating is not None:
            self.annotating.undo()

    def redo(self) -> None:
        if self.annotating is not None:
            self.annotating.redo()

    def show_pending(self) -> None:
        """The range that was begun, up to the cursor."""
        if math.isnan(self._in_s):
            self._player.view.show_pending(None)
        else:
            self._player.view.show_pending((min(self._in_s, self._cursor_s), max(self._in_s, self._cursor_s)))

    @property
    def _cursor_s(self) -> float:
        return self._player.playback.cursor_s

    def _edit_new(self, annotation: Annotation) -> None:
        if (annotating := self.annotating) is not None:
            self._open_editor(replace(annotation, author=""), annotating.add)

    def _open_editor(self, annotation: Annotation, save: Callable[[Annotation], None]) -> None:
        if on_its_way(self._coming):
            return
        player = self._player
        player.playback.playing = False
        categories = self.annotating.categories if self.annotating is not None else {}
        editor = AnnotationEditor(annotation, categories, player.playback.end_s, player.theme, player)
        editor.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        editor.accepted.connect(lambda: self._saved(save, editor.annotation()))
        self.editor = editor
        self._coming = open_next_turn(editor)

    def _saved(self, save: Callable[[Annotation], None], annotation: Annotation) -> None:
        self._in_s = math.nan
        self.show_pending()
        save(annotation)

    def _show(self, annotations: tuple[Annotation, ...]) -> None:
        player = self._player
        if player.recording is not None:
            player.recording.annotations = annotations
            player.view.show_annotations(annotations)
            player.moments.show_recording(player.recording)
            player.overview.refresh()
