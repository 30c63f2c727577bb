"""Names that every system takes, whatever a person types."""

from __future__ import annotations

from datetime import datetime
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_affect.core.errors import SessionError
from desktop_affect.session.naming import (
    BIDS_TEMPLATE,
    DEFAULT_TEMPLATE,
    check_template,
    clean,
    numbered,
    relative_folder,
)

NOON = datetime(2026, 11, 21, 12, 3, 4)


def named(template: str = DEFAULT_TEMPLATE, **texts: str) -> str:
    return str(relative_folder(template, texts, NOON))


def test_the_default_and_the_bids_preset() -> None:
    texts = {"study": "Calm", "participant": "P 07", "condition": "loud-2"}
    assert named(**texts) == "Calm/P 07/2026-11-21_12-03-04"
    assert named(BIDS_TEMPLATE, **texts) == "Calm/sub-P07/ses-20261121T120304/sub-P07_task-loud2"


def test_what_nobody_typed_is_left_out() -> None:
    assert named() == "2026-11-21_12-03-04"
    assert named(participant="P1") == "P1/2026-11-21_12-03-04"
    assert named(BIDS_TEMPLATE, participant="P1") == "sub-P1/ses-20261121T120304/sub-P1_task-"
    assert named("{study}") == "2026-11-21_12-03-04"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("a/b", "a_b"), ("..", "_"), ("a:b?", "a_b_"), ("CON", "CON_"), ("nul.txt", "nul_.txt"), ("com1", "com1_"),
        ("P1. ", "P1"), (".hidden", "hidden"),
        ("com10", "com10"), ("e\u0301", "é"), ("tab\there", "tab_here"), ("CON .x", "CON_.x"),
    ],
)  # fmt: skip
def test_forbidden_names_are_cleaned(typed: str, expected: str) -> None:
    assert clean(typed) == expected


@given(st.text())
def test_any_text_becomes_a_name(text: str) -> None:
    name = clean(text)
    assert name
    assert not name.startswith(".")
    assert not set(name) & set('<>:"/\\|?*')
    assert min(map(ord, name)) >= 32
    assert not name.endswith((".", " "))
    assert len(name.encode()) <= 61
    assert clean(name) == name
    assert len(relative_folder(DEFAULT_TEMPLATE, {"study": text, "participant": text}, NOON).parts) <= 3


@pytest.mark.parametrize("template", ["{studie}", "{study", "{study!r}", "{date:%Y}", "{0}"])
def test_a_pattern_that_cannot_work_is_told_in_words(template: str) -> None:
    with pytest.raises(SessionError, match="pattern"):
        check_template(template)


def test_a_pattern_cannot_leave_the_folder() -> None:
    assert named("/../{study}/..", study="S") == "_/S/_"


def test_numbers_follow_a_taken_name() -> None:
    names = numbered(PurePosixPath("a/b"))
    assert [str(next(names)) for _ in range(3)] == ["a/b", "a/b_2", "a/b_3"]
