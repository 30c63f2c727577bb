"""The look: colours of the dark and the light theme, type sizes, the grid, and the style sheet made of them.

Hues keep their meaning everywhere: valence blue, arousal orange, hesitancy violet, red for faults and alerts alone.
They stay apart for people who lack a kind of cone, and text has at least WCAG AA contrast on its surface; both are
computed in tests/ui/test_theme.py.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from enum import Enum
from functools import cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QWidget

GRID_PX = 8


def points(size_pt: int, platform: str = sys.platform) -> int:
    """Qt takes a screen for 96 dots to the inch, and for 72 on macOS, where text of the same size would be small."""
    return round(size_pt * 96 / 72) if platform == "darwin" else size_pt


SMALL_PT, BODY_PT, LARGE_PT = points(9), points(10), points(22)
"""Three sizes of type: labels and axes, everything, the numbers one reads from two metres."""


class Look(Enum):
    """Which theme is wanted."""

    SYSTEM = "system"
    DARK = "dark"
    LIGHT = "light"


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours as `#rrggbb`."""

    dark: bool
    ground: str
    surface: str
    raised: str
    line: str
    edge: str
    """Around what one types or ticks: seen without looking for it."""
    text: str
    muted: str
    accent: str
    on_accent: str
    valence: str
    arousal: str
    hesitancy: str
    alert: str
    alert_ground: str
    notice_ground: str
    amber: str


DARK = Theme(
    dark=True, ground="#101316", surface="#181c20", raised="#23292f", line="#333b43", edge="#6f7c87", text="#eceff1",
    muted="#a4b0ba", accent="#4cc2ae", on_accent="#06221d", valence="#74b7e9", arousal="#f2a03d", hesitancy="#ca62f7",
    alert="#ff6b60", alert_ground="#45191a", notice_ground="#2b3138", amber="#e6c34a",
)  # fmt: skip

LIGHT = Theme(
    dark=False, ground="#eceff1", surface="#fafbfb", raised="#ffffff", line="#cfd6db", edge="#7d8890", text="#14191d",
    muted="#53606a", accent="#00766a", on_accent="#ffffff", valence="#00559c", arousal="#b24b04", hesitancy="#7b2be0",
    alert="#a8141f", alert_ground="#fbe3e0", notice_ground="#ffffff", amber="#806200",
)  # fmt: skip


def chosen_theme(look: Look) -> Theme:
    """The theme for this wish; the system's when it is left to the system, dark when the system does not say."""
    if look is Look.SYSTEM:
        return LIGHT if QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Light else DARK
    return DARK if look is Look.DARK else LIGHT


def wear(widget: QWidget, theme: Theme) -> None:
    """The style sheet, on a window or what fills it: all that is inside wears it too. See `dressing.py`."""
    sheet = style_sheet(theme)
    if widget.styleSheet() != sheet:
        widget.setStyleSheet(sheet)


def give_role(widget: QWidget, role: str) -> None:
    """The style sheet looks at a widget's role once; when it becomes another one, it must look again."""
    if widget.property("role") != role:
        widget.setProperty("role", role)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def palette_of(theme: Theme) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for where, colour in (
        (role.Window, theme.ground),
        (role.Base, theme.raised),
        (role.AlternateBase, theme.surface),
        (role.Button, theme.raised),
        (role.WindowText, theme.text),
        (role.Text, theme.text),
        (role.ButtonText, theme.text),
        (role.PlaceholderText, theme.muted),
        (role.Highlight, theme.accent),
        (role.HighlightedText, theme.on_accent),
        (role.ToolTipBase, theme.raised),
        (role.ToolTipText, theme.text),
    ):
        palette.setColor(where, QColor(colour))
    for where in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, where, QColor(theme.muted))
    return palette


def mixed(colour: str, ground: str, share: float) -> str:
    """The colour laid over the ground with this share, as an opaque one."""
    over, under = QColor(colour), QColor(ground)
    rest = 1 - share
    return QColor.fromRgbF(
        over.redF() * share + under.redF() * rest,
        over.greenF() * share + under.greenF() * rest,
        over.blueF() * share + under.blueF() * rest,
    ).name()


def font(size_pt: int, bold: bool = False) -> QFont:
    """The system's font in one of the three sizes, with figures of equal width so that numbers do not dance."""
    made = QFont(QGuiApplication.font())
    made.setPointSize(size_pt)
    made.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    if hasattr(made, "setFeature"):
        made.setFeature(QFont.Tag("tnum"), 1)
    return made


@cache
def style_sheet(theme: Theme) -> str:
    t = theme
    return f"""
    QWidget {{ color: {t.text}; font-size: {BODY_PT}pt; }}
    QMainWindow, QDialog, QWidget#second {{ background: {t.ground}; }}
    QFrame#panel {{ background: {t.surface}; border-radius: 6px; }}
    QFrame#panel[docked="true"] {{ border-top-left-radius: 0; border-top-right-radius: 0; }}
    QWidget#dockHead {{ background: {t.surface}; border-top-left-radius: 6px; border-top-right-radius: 6px; }}
    QMainWindow::separator {{ width: {GRID_PX}px; height: {GRID_PX}px; background: transparent; }}
    QMainWindow::separator:hover {{ background: {t.line}; }}
    QLabel {{ background: transparent; }}
    QLabel[role="title"] {{ font-weight: 600; }}
    QLabel[role="muted"] {{ color: {t.muted}; }}
    QLabel[role="ok"] {{ color: {t.accent}; font-weight: 700; }}
    QLabel[role="look"] {{ color: {t.amber}; font-weight: 700; }}
    QLabel[role="stop"] {{ color: {t.alert}; font-weight: 700; }}
    QLabel[role="small"] {{ color: {t.muted}; font-size: {SMALL_PT}pt; }}
    QToolTip {{ background: {t.raised}; color: {t.text}; border: 1px solid {t.line}; padding: 4px 6px; }}
    QPushButton, QToolButton, QComboBox {{
        background: {t.raised}; border: 1px solid {t.line}; border-radius: 4px; padding: 5px 12px;
        min-height: 20px; max-height: 20px; }}
    QPushButton:hover, QToolButton:hover, QComboBox:hover {{ border-color: {t.muted}; }}
    QPushButton:pressed, QToolButton:pressed {{ background: {t.line}; }}
    QPushButton:focus, QToolButton:focus, QComboBox:focus, QLineEdit:focus {{ border-color: {t.accent}; }}
    QPushButton:disabled, QToolButton:disabled, QComboBox:disabled {{ color: {t.muted}; background: {t.surface}; }}
    QPushButton[role="primary"] {{ background: {t.accent}; color: {t.on_accent}; border-color: {t.accent};
        font-weight: 600; }}
    QPushButton[role="primary"]:hover, QPushButton[role="primary"]:focus {{ border-color: {t.text}; }}
    QPushButton[role="primary"]:disabled {{ background: {t.surface}; color: {t.muted}; border-color: {t.line}; }}
    QPushButton[role="flat"] {{ background: transparent; border-color: transparent; padding: 5px 8px 5px 0;
        text-align: left; }}
    QPushButton[role="flat"]:hover {{ border-color: transparent; color: {t.accent}; }}
    QPushButton[role="flat"]:focus {{ border-color: {t.accent}; }}
    QToolButton[role="chip"] {{ background: transparent; color: {t.muted}; border-color: transparent;
        padding: 2px 5px; font-size: {SMALL_PT}pt; min-height: 18px; }}
    QToolButton[role="chip"]:hover {{ border-color: {t.line}; }}
    QToolButton[role="chip"]:focus {{ border-color: {t.accent}; }}
    QToolButton[role="chip"]:checked {{ background: {t.raised}; color: {t.text}; border-color: {t.edge}; }}
    QToolButton[role="chip"]:checked:focus {{ border-color: {t.accent}; }}
    QLineEdit, QPlainTextEdit, QSpinBox, QDoubleSpinBox {{
        background: {t.raised}; border: 1px solid {t.edge}; border-radius: 4px; padding: 5px 8px; min-height: 20px; }}
    QLineEdit, QSpinBox, QDoubleSpinBox {{ max-height: 20px; }}
    QLineEdit:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled {{ color: {t.muted}; background: {t.surface};
        border-color: {t.line}; }}
    QLineEdit QToolButton {{ background: transparent; border: none; padding: 0; min-height: 0; max-height: 24px; }}
    QCheckBox, QRadioButton {{ spacing: 8px; }}
    QCheckBox::indicator {{ width: 14px; height: 14px; border: 1px solid {t.edge}; border-radius: 3px;
        background: {t.raised}; }}
    QCheckBox::indicator:checked {{ background: {t.accent}; border-color: {t.accent}; }}
    QCheckBox:focus, QRadioButton:focus {{ outline: none; }}
    QCheckBox::indicator:focus {{ width: 12px; height: 12px; border: 2px solid {t.accent}; }}
    QCheckBox::indicator:disabled {{ border-color: {t.line}; }}
    QComboBox {{ padding-right: 28px; combobox-popup: 0; }}
    QDialog QComboBox {{ border-color: {t.edge}; }}
    QComboBox::drop-down {{ border: none; width: 28px; }}
    QComboBox QAbstractItemView {{ background: {t.raised}; border: 1px solid {t.line}; padding: 4px; outline: none;
        selection-background-color: {t.accent}; selection-color: {t.on_accent}; }}
    QComboBox QAbstractItemView::item {{ min-height: 28px; padding: 0 8px; border-radius: 3px; }}
    QComboBox QAbstractItemView::item:selected {{ background: {t.accent}; color: {t.on_accent}; }}
    QComboBox QAbstractItemView::item:disabled {{ color: {t.muted}; }}
    QMenu {{ background: {t.raised}; border: 1px solid {t.line}; padding: 4px; }}
    QMenu::item {{ padding: 5px 24px 5px 12px; border-radius: 3px; }}
    QMenu::item:selected {{ background: {t.accent}; color: {t.on_accent}; }}
    QMenu::item:disabled {{ color: {t.muted}; }}
    QMenu::separator {{ height: 1px; background: {t.line}; margin: 4px 8px; }}
    QFrame#notice {{ background: {t.notice_ground}; border-radius: 6px; border-left: 4px solid {t.amber}; }}
    QFrame#notice[severity="error"] {{ background: {t.alert_ground}; border-left-color: {t.alert}; }}
    QFrame#notice[severity="notice"] {{ border-left-color: {t.accent}; }}
    QFrame#note {{ background: {t.raised}; border: 1px solid {t.edge}; border-radius: 6px; }}
    QScrollArea, QScrollArea > QWidget > QWidget {{ background: transparent; border: none; }}
    QAbstractSpinBox QLineEdit {{ border: none; background: transparent; padding: 0; min-height: 0; }}
    QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ width: 0; height: 0; border: none; }}
    QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
    QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
    QScrollBar::handle {{ background: {t.line}; border-radius: 4px; min-height: 32px; min-width: 32px; margin: 1px; }}
    QScrollBar::handle:hover {{ background: {t.muted}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QSplitter::handle {{ background: transparent; }}
    QListWidget {{ background: {t.surface}; border: none; border-radius: 6px; padding: 4px; outline: none; }}
    QListWidget::item {{ padding: 6px 8px; border-radius: 4px; border: 1px solid transparent; }}
    QListWidget::item:selected {{ background: {t.raised}; color: {t.text}; border: 1px solid {t.accent}; }}
    QTextBrowser {{ background: {t.surface}; border: 1px solid transparent; border-radius: 6px; padding: 8px; }}
    QTextBrowser:focus, QTableView:focus {{ border: 1px solid {t.accent}; }}
    QTableView {{ background: {t.surface}; border: 1px solid transparent; border-radius: 6px; gridline-color: {t.line};
        selection-background-color: {t.raised}; selection-color: {t.text}; outline: none; }}
    QTableView::item {{ padding: 0 5px; border: none; }}
    QTableView::item:selected {{ background: {t.raised}; color: {t.text}; border-top: 1px solid {t.accent};
        border-bottom: 1px solid {t.accent}; }}
    QTabWidget::pane {{ border: none; }}
    QTabBar {{ qproperty-drawBase: 0; }}
    QTabBar::tab {{ background: transparent; color: {t.muted}; padding: 5px 12px; border: none;
        border-bottom: 2px solid transparent; }}
    QTabBar::tab:hover {{ color: {t.text}; }}
    QTabBar::tab:selected {{ color: {t.text}; border-bottom-color: {t.edge}; }}
    QTabBar:focus::tab:selected {{ border-bottom-color: {t.accent}; }}
    QProgressBar {{ background: {t.raised}; border: none; border-radius: 4px; }}
    QProgressBar::chunk {{ background: {t.accent}; border-radius: 4px; }}
    QHeaderView::section {{ background: {t.surface}; color: {t.muted}; border: none; padding: 4px 8px; }}
    """
