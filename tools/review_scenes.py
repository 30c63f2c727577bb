"""The pictures of the window of recorded sessions, for `tools/screenshots.py`: every page, dark, light and at 2×."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from desktop_affect.session import annotations as notes
from desktop_affect.session.export.options import Format
from desktop_affect.ui.review import ReviewWindow
from desktop_affect.ui.theme import DARK, LIGHT
from desktop_affect.ui.window import MainWindow

Save = Callable[[QWidget, str, int], None]
Wait = Callable[[Callable[[], bool]], None]

ANNOTATED = (
    (7.0, 11.0, "broad smile", "smile", 0),
    (19.0, 23.0, "brows together", "frown", 2),
    (42.0, 46.0, "out of the picture", "away", 4),
)


def review_scenes(window: MainWindow, save: Save, wait: Wait) -> None:
    """The newest session is closed first; everything is drawn from what is on disk."""
    window.control.stop_recording()
    wait(lambda: window.control.session is None)
    window.show_sessions()
    review = window.review
    if review is None:
        raise AssertionError("no review was opened")
    browser_scene(review, save, wait)
    player_scenes(window, review, save, wait)
    dialog_scenes(review, save)
    compare_scene(review, save, wait)
    review.close()


def browser_scene(review: ReviewWindow, save: Save, wait: Wait) -> None:
    wait(lambda: bool(review.browser.model.rows))
    review.browser.choose([review.browser.model.rows[0].entry.path])
    save(review, "sessions", 1)


def player_scenes(window: MainWindow, review: ReviewWindow, save: Save, wait: Wait) -> None:
    folder = review.browser.model.rows[0].entry.path
    for begin_s, end_s, text, category, style in ANNOTATED:
        notes.put(folder, notes.made(begin_s, end_s, text, category, style))
    review.open_session(folder)
    wait(lambda: review.pages.currentWidget() is review.pages.made_player)
    review.player.seek(9.0)
    wait(lambda: review.player.picture.pixels is not None and review.player.up_to_date)
    wait(_counter(30))  # so that the picture is the one at the cursor
    for theme, name, scale in ((DARK, "review", 1), (LIGHT, "review-light", 1), (DARK, "review-2x", 2)):
        window.set_theme(theme)
        wait(lambda: review.updatesEnabled() and review.player.up_to_date)
        save(review, name, scale)
    window.set_theme(DARK)


def dialog_scenes(review: ReviewWindow, save: Save) -> None:
    review.player.desk.mark()
    editor = review.player.desk.editor
    review.export_desk.ask([review.browser.model.rows[0].entry.path], (0.0, 30.0))
    export = review.export_desk.dialog
    if editor is None or export is None:
        raise AssertionError("a dialog was not opened")
    editor.text.setText("hesitates before the answer")
    export.formats[Format.REPORT].setChecked(True)
    for dialog, name in ((editor, "annotation"), (export, "export")):
        save(dialog, name, 1)
        dialog.reject()


def compare_scene(review: ReviewWindow, save: Save, wait: Wait) -> None:
    """The session against itself, two seconds later: what matters here is how it looks."""
    folder = review.browser.model.rows[0].entry.path
    review.compare.open(folder, folder)
    wait(lambda: review.pages.currentWidget() is review.compare and review.compare.up_to_date)
    review.compare.offset.setValue(2.0)
    review.compare.seek(20.0)
    review.compare.tick()
    save(review, "compare", 1)


def _counter(turns: int) -> Callable[[], bool]:
    left = iter(range(turns))
    return lambda: next(left, None) is None
