"""docs/exports.md knows every format, every kind of values and every column that it explains."""

from __future__ import annotations

import re

import pytest

from desktop_affect.session.aggregate import aggregate
from desktop_affect.session.export.fex import EMOTIONS
from desktop_affect.session.export.options import ExportOptions, Format, Smoothing
from desktop_affect.session.export.signals_of import OFFLINE_SIGMA_S
from desktop_affect.session.export.table import ExportTable
from desktop_affect.session.reader import Session
from tests.shared_data import ROOT

PAGE = (ROOT / "docs" / "exports.md").read_text("utf-8")


@pytest.mark.parametrize("name", [*(look.value for look in Format), *(smoothing.value for smoothing in Smoothing)])
def test_every_choice_is_explained(name: str) -> None:
    assert re.search(rf"^\| `{name}`", PAGE, re.MULTILINE)


def test_the_numbers_in_the_text_are_those_of_the_code() -> None:
    assert f"standard deviation of {OFFLINE_SIGMA_S:g} s" in PAGE
    assert all(f"`{name}`" in PAGE for name in EMOTIONS)


def test_aggregates_are_explained(session: Session) -> None:
    row = aggregate(ExportTable(session, ExportOptions()))[0]
    own = [name for name in row if not re.search(r"_(mean|sd|present_share|count)$", name)]
    explained = PAGE.split("## aggregates")[1].split("## report")[0]
    assert [name for name in own if f"`{name}`" not in explained] == []
