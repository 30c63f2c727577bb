"""What the face does, in bars: action units, and expressions and mimicry where the model has them."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from desktop_affect.core.types import ACTION_UNITS, EXPRESSIONS, MIMICRY, ModelInfo, Sample
from desktop_affect.signals.baseline import Baseline
from desktop_affect.signals.catalogue import BY_KEY
from desktop_affect.ui.bars import BarRow, Bars
from desktop_affect.ui.panel import Chips, Panel, chip
from desktop_affect.ui.theme import GRID_PX, Theme
from desktop_affect.ui.words import Offer

_PAGES = ("Action units", "Expressions", "Mimicry")
_HEADS = ("action_units", "expressions", "mimicry")
NOTHING_YET = "What the face does appears here once a source runs."
NO_MODEL = "No model is installed: the face is tracked, what it expresses is not estimated."
NO_HEADS = "This model estimates neither action units nor expressions."


def unit_name(unit: str) -> str:
    """“lip corner puller”: the catalogue's label without the number."""
    return BY_KEY[unit].label.removeprefix(unit).strip()


class FacesPanel(Panel):
    """One page per kind of output; only those that the model has are offered."""

    model_wanted = Signal()
    """There is none, and the person wants to choose one."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(_PAGES[0])
        self.pages = (
            Bars([BarRow(unit, unit, unit_name(unit)) for unit in ACTION_UNITS], theme, "Action units"),
            Bars([BarRow(name, name, "") for name in EXPRESSIONS], theme, "Expressions"),
            Bars([BarRow(name, name.replace("_", " "), "") for name in MIMICRY], theme, "Mimicry"),
        )
        self.chips = Chips(_PAGES, "Show")
        self.by_activity = chip("Most active first")
        self.nothing = QLabel(NOTHING_YET)
        self.nothing.setProperty("role", "muted")
        self.nothing.setWordWrap(True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.choose_model = QPushButton(Offer.MODEL.value)
        self.choose_model.clicked.connect(self.model_wanted)
        self.choose_model.hide()
        self._empty = self._empty_page()
        self._stack = QStackedWidget()
        for page in (*self.pages, self._empty):
            self._stack.addWidget(page)
        self.tools.addStretch(1)
        self.tools.addWidget(self.by_activity)
        self.tools.addSpacing(GRID_PX * 2)  # how they are sorted is no page
        self.tools.addWidget(self.chips)
        self.add(self._stack, 1)
        self.chips.chosen.connect(self._choose)
        self.by_activity.toggled.connect(self._sort)
        self._model: ModelInfo | None = None
        self._baseline: Baseline | None = None
        self.set_model(None)

    def _empty_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setSpacing(GRID_PX)
        column.addStretch(1)
        column.addWidget(self.nothing)
        column.addWidget(self.choose_model, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        return page

    def set_model(self, model: ModelInfo | None) -> None:
        """Offer what this model has."""
        self._model = model
        outputs = model.outputs if model else ()
        offered = [number for number, head in enumerate(_HEADS) if head in outputs]
        for number in range(len(_HEADS)):
            self.chips.set_offered(number, number in offered and len(offered) > 1)
        self.by_activity.setVisible(bool(offered))
        self.pages[0].set_thresholds(model.thresholds if model else {})
        if offered:
            self.chips.choose(offered[0])
        else:
            self.title.setText(_PAGES[0])
            self._stack.setCurrentWidget(self._empty)

    def set_baseline(self, baseline: Baseline | None) -> None:
        """The participant's neutral; it moves action units and mimicry, never the probabilities of expressions."""
        if baseline is self._baseline:
            return
        self._baseline = baseline
        centre = baseline.centre if baseline else {}
        for page, names, prefix in ((self.pages[0], ACTION_UNITS, ""), (self.pages[2], MIMICRY, "mimicry_")):
            page.set_baseline({name: centre[prefix + name] for name in names if prefix + name in centre})

    def set_theme(self, theme: Theme) -> None:
        for page in self.pages:
            page.set_theme(theme)

    def show_sample(self, sample: Sample | None, model: ModelInfo | None, now_s: float) -> None:
        if model is not self._model:
            self.set_model(model)
        if sample is None:
            self.nothing.setText(NOTHING_YET)
        else:
            self.nothing.setText(NO_HEADS if model else NO_MODEL)
        self.choose_model.setVisible(sample is not None and not model)
        affect = sample.affect if sample else None
        values: tuple[Mapping[str, float], ...] = ({}, {}, {})
        if affect is not None:
            values = (affect.action_units, affect.expressions, affect.mimicry)
        for page, shown in zip(self.pages, values, strict=True):
            if page.isVisible():
                page.show_values(shown, sample.present if sample else {}, now_s)

    def _choose(self, number: int) -> None:
        self._stack.setCurrentIndex(number)
        self.title.setText(_PAGES[number])

    def _sort(self, by_activity: bool) -> None:
        for page in self.pages:
            page.by_activity = by_activity
