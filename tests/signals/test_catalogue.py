"""One table for rules, tooltips and the page docs/signals.md: whole, readable off any sample, and as documented."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from desktop_affect.core.settings_table import default_settings
from desktop_affect.core.types import ACTION_UNITS, EXPRESSIONS, MIMICRY, Sample
from desktop_affect.session.format import SAMPLE_COLUMNS
from desktop_affect.signals.calibration import REASONS as CALIBRATION_REASONS
from desktop_affect.signals.catalogue import BY_KEY, SIGNALS, Group, Signal
from desktop_affect.signals.cues import CUES
from desktop_affect.signals.quality import REASONS
from desktop_affect.signals.rules import parse_rule
from tests.signals.made import affect, chain, face, judged, sample, still

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "signals.md"
OUR_GROUPS = ("baseline", "quality", "smoothing", "behaviour", "hesitancy", "alerts")


def signal_line(signal: Signal) -> str:
    mark = " *(experimental)*" if signal.experimental else ""
    return f"| `{signal.key}` | {signal.label}{mark} | {signal.range_words} | {signal.meaning} |"


def setting_line(key: str) -> str:
    row = default_settings().row(key)
    default = {True: "yes", False: "no"}[row.default] if isinstance(row.default, bool) else row.default
    value = f"{default} {row.unit}".strip()
    return f"| `{key}` | {value} | {row.help} |"


def page_lines() -> list[str]:
    """Every line that the page must have, in order of the tables; also what to paste when the tables change."""
    return [
        *(signal_line(signal) for signal in SIGNALS),
        *(f"| `{cue.name}` | {cue.weight:.2f} |" for cue in CUES),
        *(f"| `{name}` | {words} | {advice} |" for name, (words, advice) in REASONS.items()),
        *(f"| `{name}` | {words} |" for name, words in CALIBRATION_REASONS.items()),
        *(setting_line(row.key) for row in default_settings().table if row.group in OUR_GROUPS),
    ]


def test_the_page_says_what_the_tables_say() -> None:
    text = PAGE.read_text(encoding="utf-8")
    missing = [line for line in page_lines() if not any(have.startswith(line) for have in text.splitlines())]
    assert missing == []


def test_the_page_names_no_signal_that_does_not_exist() -> None:
    listed = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    assert len(listed) == len(page_lines())


def test_every_signal_is_a_column_of_the_recording() -> None:
    assert set(BY_KEY) <= {column.name for column in SAMPLE_COLUMNS}


def test_every_output_and_every_cue_is_in_the_catalogue() -> None:
    assert {*ACTION_UNITS, *(f"{unit}_present" for unit in ACTION_UNITS)} <= set(BY_KEY)
    assert {f"expression_{name}" for name in EXPRESSIONS} <= set(BY_KEY)
    assert {f"mimicry_{name}" for name in MIMICRY} <= set(BY_KEY)
    out, _ = judged(chain(), still(8.0))
    assert set(out[-1].cues) <= set(BY_KEY)
    assert len(BY_KEY) == len(SIGNALS)


@pytest.fixture(scope="module")
def smiling() -> Sample:
    """A judged sample on which most signals have a value."""
    return judged(chain(), [*still(8.0), sample(8.1, face(), affect(0.2, -0.1, {"AU12": 0.4}))])[0][-1]


@pytest.mark.parametrize("signal", SIGNALS, ids=lambda signal: signal.key)
def test_every_signal_can_be_read_explained_and_put_in_a_rule(signal: Signal, smiling: Sample) -> None:
    value = signal.read(smiling)
    assert math.isnan(value) or signal.minimum <= value <= signal.maximum
    nobody, _ = judged(chain(), [sample(0.0, None)])
    assert math.isnan(signal.read(nobody[0])) or signal.group in (Group.QUALITY, Group.FACE)
    assert signal.label in signal.tooltip
    assert ("xperimental" in signal.tooltip) == signal.experimental
    assert parse_rule(f"{signal.key} above {signal.minimum:g} for 1 s").signal == signal.key


def test_hesitancy_is_experimental_wherever_it_appears() -> None:
    assert all(signal.experimental for signal in SIGNALS if signal.key.startswith("hesitancy"))


def test_tooltips_have_units_and_signs() -> None:
    assert BY_KEY["yaw_deg"].tooltip == "Head turn, −90 to 90 °. Positive towards the person's own left."
    assert "−1 to 1" in BY_KEY["valence"].tooltip
