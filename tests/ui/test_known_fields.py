"""The dialog offers what is known: codes, the next condition, kept baselines; and leaves alone what a person wrote."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop_affect.core.errors import SessionError
from desktop_affect.session.baselines import Shelf, Stored
from desktop_affect.session.known import Known
from desktop_affect.session.plan import NEWEST, NONE, SessionPlan
from desktop_affect.session.studies import Progress
from desktop_affect.ui.calibration_bar import calibration_words
from desktop_affect.ui.session_dialog import SessionDialog
from desktop_affect.ui.theme import DARK, LIGHT, style_sheet
from tests.signals.test_baseline import at_rest

STORED = Stored(Path("b.json"), "Calm", "P07", "2026-11-25T10:04:00+00:00", at_rest())
KNOWN = Known(
    studies=("Calm", "Storm"),
    participants=("P06", "P07"),
    conditions=("A", "B"),
    progress=Progress("P07", ("A", "B"), ("A",), ("B",)),
    shelf=Shelf((STORED,)),
)


class Desk:
    """Answers when it is told to."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.futures: list[Future[Known]] = []

    def ask(self, root: Path, study: str, participant: str) -> Future[Known]:
        self.asked.append((study, participant))
        self.futures.append(Future())
        return self.futures[-1]


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def dialog(qtbot: QtBot, desk: Desk) -> SessionDialog:
    made = SessionDialog(Path("sessions"), SessionPlan(Path("s"), "Calm", "P06", "A"), (), DARK, None, desk.ask)
    qtbot.addWidget(made)
    return made


def answered(qtbot: QtBot, dialog: SessionDialog, desk: Desk, known: Known) -> None:
    qtbot.waitUntil(lambda: bool(desk.futures), timeout=5000)
    desk.futures[-1].set_result(known)
    qtbot.waitUntil(lambda: not dialog.known._look.isActive(), timeout=5000)


def test_it_asks_at_once_and_once_after_typing(qtbot: QtBot, dialog: SessionDialog, desk: Desk) -> None:
    assert desk.asked == [("Calm", "")]
    dialog.participant.setText("P0")
    dialog.participant.setText("P07")
    qtbot.waitUntil(lambda: len(desk.asked) == 2, timeout=5000)
    assert desk.asked[1] == ("Calm", "P07")


def test_codes_are_offered_while_typing(qtbot: QtBot, dialog: SessionDialog, desk: Desk) -> None:
    answered(qtbot, dialog, desk, KNOWN)
    completer = dialog.participant.completer()
    completer.setCompletionPrefix("07")
    assert completer.currentCompletion() == "P07"


def test_the_next_planned_condition_is_filled_in(qtbot: QtBot, dialog: SessionDialog, desk: Desk) -> None:
    answered(qtbot, dialog, desk, KNOWN)
    assert dialog.condition.text() == "B"
    assert dialog.known.hint.text() == "1 of 2 planned conditions are done; next is B."
    done = Known(progress=Progress("P07", ("A", "B"), ("A", "B"), ()))
    dialog.known.look_up()
    answered(qtbot, dialog, desk, done)
    assert dialog.condition.text() == ""
    assert dialog.known.hint.text() == "All 2 conditions are done."


def test_what_a_person_wrote_stays(qtbot: QtBot, dialog: SessionDialog, desk: Desk) -> None:
    dialog.condition.setText("pilot")
    answered(qtbot, dialog, desk, KNOWN)
    assert dialog.condition.text() == "pilot"


def test_baselines_are_offered_and_chosen(qtbot: QtBot, dialog: SessionDialog, desk: Desk) -> None:
    assert dialog.plan().baseline == NEWEST
    answered(qtbot, dialog, desk, KNOWN)
    combo = dialog.known.baseline
    assert [combo.itemData(k) for k in range(combo.count())] == [NEWEST, at_rest().id, NONE]
    assert STORED.when in combo.itemText(0)
    assert at_rest().id in combo.itemData(1, Qt.ItemDataRole.ToolTipRole)
    combo.setCurrentIndex(1)
    assert dialog.plan().baseline == at_rest().id
    dialog.known.look_up()
    answered(qtbot, dialog, desk, Known())
    assert dialog.plan().baseline == NEWEST, "somebody else does not have it"


def test_a_folder_that_cannot_be_read_is_told_and_stops_nobody(qtbot: QtBot, dialog: SessionDialog, desk: Desk) -> None:
    desk.futures[-1].set_exception(SessionError("The list of sessions cannot be kept."))
    qtbot.waitUntil(lambda: bool(dialog.known.hint.text()), timeout=5000)
    dialog.agreed.click()
    assert dialog.record.isEnabled()


def test_closing_ends_its_timers(qtbot: QtBot, dialog: SessionDialog, desk: Desk) -> None:
    dialog.participant.setText("P")
    dialog.reject()
    assert not dialog.known._pause.isActive()
    assert not dialog.known._look.isActive()


def test_without_somebody_to_ask_it_is_a_plain_dialog(qtbot: QtBot) -> None:
    made = SessionDialog(Path("sessions"), None, (), DARK)
    qtbot.addWidget(made)
    assert made.plan().baseline == NEWEST
    assert made.known.hint.text() == ""


def test_a_baseline_of_another_model_is_not_called_calibrated() -> None:
    assert calibration_words(None, True, "measured with another model") == "! not calibrated for this model"
    assert calibration_words(None, True) == "✓ calibrated"


def test_the_lists_under_the_fields_wear_the_theme_too(qtbot: QtBot) -> None:
    made = SessionDialog(Path("sessions"), None, (), DARK)
    qtbot.addWidget(made)
    made.set_theme(LIGHT)
    for field in (made.study, made.participant, made.condition):
        popup = field.completer().popup()
        assert popup is not None
        assert popup.styleSheet() == style_sheet(LIGHT)
