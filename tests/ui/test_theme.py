"""The colours: readable on every surface, and apart for people who lack a kind of cone."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from desktop_affect.ui.theme import DARK, LIGHT, Theme, mixed, points

Colour = NDArray[np.float64]
THEMES = pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
SURFACES = ("ground", "surface", "raised")

# Machado, Oliveira and Fernandes 2009, severity 1: what is left of a linear RGB colour.
SIGHT = {
    "all cones": np.eye(3),
    "no red cones": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "no green cones": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "no blue cones": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
_TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
_WHITE = np.array([0.95047, 1.0, 1.08883])


def linear(colour: str) -> Colour:
    made = QColor(colour)
    parts = np.array([made.redF(), made.greenF(), made.blueF()])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    """WCAG 2.2."""
    high, low = sorted((float(_TO_XYZ[1] @ linear(colour)) for colour in (one, other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def lab(colour: Colour) -> Colour:
    share = _TO_XYZ @ np.clip(colour, 0, 1) / _WHITE
    root = np.where(share > 0.008856, np.cbrt(share), 7.787 * share + 16 / 116)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def distance(one: str, other: str, sight: Colour) -> float:
    """CIE 1976: 2 can just be told apart side by side, 10 at a glance."""
    return float(np.linalg.norm(lab(sight @ linear(one)) - lab(sight @ linear(other))))


@THEMES
@pytest.mark.parametrize("name", ["text", "muted", "valence", "arousal", "hesitancy", "alert", "accent", "amber"])
def test_text_can_be_read_on_every_surface(theme: Theme, name: str) -> None:
    for surface in SURFACES:
        assert contrast(getattr(theme, name), getattr(theme, surface)) >= 4.5


@THEMES
@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("on_accent", "accent"), ("text", "alert_ground"), ("text", "notice_ground"), ("ground", "text"),
        ("ground", "alert"),
    ],
)  # fmt: skip
def test_text_can_be_read_on_buttons_notices_and_the_badge(theme: Theme, text: str, surface: str) -> None:
    assert contrast(getattr(theme, text), getattr(theme, surface)) >= 4.5


@THEMES
def test_borders_of_fields_and_marks_of_bars_are_seen(theme: Theme) -> None:
    """WCAG 1.4.11: what one must see to use a control has 3 to 1."""
    for name, surface in product(("edge", "accent", "text"), ("ground", "surface")):
        assert contrast(getattr(theme, name), getattr(theme, surface)) >= 3.0


@THEMES
@pytest.mark.parametrize("sight", SIGHT, ids=lambda name: name.replace(" ", "-"))
def test_signals_stay_apart_for_the_colour_blind(theme: Theme, sight: str) -> None:
    for one, other in combinations(("valence", "arousal", "hesitancy"), 2):
        assert distance(getattr(theme, one), getattr(theme, other), SIGHT[sight]) >= 20
    for name in ("valence", "arousal", "hesitancy"):
        assert distance(getattr(theme, name), theme.alert, SIGHT[sight]) >= 15


def test_the_measure_knows_what_a_person_without_green_cones_confuses() -> None:
    """The violet of an earlier palette beside its blue."""
    assert distance("#5bb4f5", "#bd93f9", SIGHT["all cones"]) > 30
    assert distance("#5bb4f5", "#bd93f9", SIGHT["no green cones"]) < 2


def test_mixing_colours() -> None:
    assert mixed("#ffffff", "#000000", 0.5) == "#808080"


@pytest.mark.parametrize(("platform", "size"), [("linux", 9), ("win32", 9), ("darwin", 12)])
def test_type_is_as_large_on_every_system(platform: str, size: int) -> None:
    assert points(9, platform) == size
