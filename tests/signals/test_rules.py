"""Rules in words, and the words for those that cannot be read."""

from __future__ import annotations

import pytest

from desktop_affect.core.errors import SettingsError
from desktop_affect.signals.rules import parse_rule, parse_rules
from tests.signals.made import chain


def test_the_rules_of_the_manual() -> None:
    below, lost, present = parse_rules("valence below -0.4 for 3 s; face lost for 5 s\nAU04 present for 2 s", 7.0)
    assert (below.signal, below.threshold, below.above, below.least_s, below.gated) == (
        "valence",
        -0.4,
        False,
        3.0,
        True,
    )
    assert (lost.signal, lost.above, lost.least_s, lost.gated) == ("face", False, 5.0, False)
    assert (present.signal, present.above, present.cooldown_s) == ("AU04_present", True, 7.0)


@pytest.mark.parametrize(
    ("text", "signal"),
    [
        ("gaze away share above 0.5 for 10 s", "gaze_away_share"),
        ("Blink_rate_per_min over 30 for 10s", "blink_rate_per_min"),
        ("au4 present for 1 second", "AU04_present"),
        ("AU 12 above 0.5 for .5 seconds", "AU12"),
        ("valence under −0,4 for 3 s".replace(",", "."), "valence"),
        ("quality below 0.5 for 2 s", "quality"),
        ("yaw_deg above 20 for 1 s", "yaw_deg"),
        ("expression_happiness above 0.8 for 1 s", "expression_happiness"),
        ("hesitancy above 0.7 for 1 s", "hesitancy"),
        ("face found for 1 s", "face"),
        ("AU12 absent for 60 s", "AU12_present"),
    ],
)
def test_how_people_write(text: str, signal: str) -> None:
    assert parse_rule(text).signal == signal


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("valence below -0.4", "for how long"),
        ("valance below -0.4 for 3 s", "Did you mean “valence”"),
        ("valence below -4 for 3 s", "can never fire"),
        ("valence present for 3 s", "only action units"),
        ("valence wobbles for 3 s", "no condition"),
        ("valence below -0.4 for 7200 s", "more than an hour"),
        ("AU99 present for 1 s", "no signal"),
    ],
)
def test_errors_say_what_is_wrong_and_how_to_write_it(text: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words) as caught:
        parse_rules(f"face lost for 5 s; {text}")
    assert text in caught.value.message
    assert "for example" in caught.value.advice


def test_empty_parts_and_doubles_are_nothing() -> None:
    assert parse_rules("") == ()
    assert len(parse_rules(" ; face lost for 5 s;; face lost for 5 s ;")) == 1


def test_rules_on_experimental_signals_are_experimental() -> None:
    assert parse_rule("hesitancy above 0.7 for 1 s").experimental
    assert not parse_rule("valence above 0.7 for 1 s").experimental


def test_a_text_that_cannot_be_read_costs_the_persons_rules_only() -> None:
    broken = chain({"alerts.rules": "face gone for 5 s"})
    assert len(broken.problems) == 1
    assert "face gone for 5 s" in broken.problems[0]
    assert chain().problems == ()
