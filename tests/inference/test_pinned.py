"""The choice that a whole batch keeps to, and what is said when it cannot be made."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_affect.core.errors import ModelError
from desktop_affect.core.settings_table import default_settings
from desktop_affect.inference.catalog import Catalog
from desktop_affect.inference.pinned import choose_pin, load_pinned
from desktop_affect.inference.runtime import Machine
from tests.inference import tiny
from tests.inference.fakes import FakeRuntime


def test_a_pin_names_what_was_chosen_and_is_kept_to(tmp_path: Path) -> None:
    tiny.mixer_folder(tmp_path)
    catalog, machine = Catalog(tmp_path, tmp_path / "own"), Machine([FakeRuntime()])
    pin = choose_pin(default_settings(), catalog, machine)
    assert pin is not None
    assert (pin.name, pin.label, pin.device) == ("tiny-mixer", "tiny-mixer 0.1.0", "CPU")
    assert load_pinned(pin, catalog, machine).open().device == "Fake CPU"


def test_a_device_that_is_not_there_is_told_before_the_first_film(tmp_path: Path) -> None:
    tiny.mixer_folder(tmp_path)
    settings = default_settings().with_changes({"model.device": "npu"})
    with pytest.raises(ModelError, match="no NPU here") as caught:
        choose_pin(settings, Catalog(tmp_path, tmp_path / "own"), Machine([FakeRuntime()]))
    assert caught.value.advice == "Choose the device “automatic” or “cpu”."
