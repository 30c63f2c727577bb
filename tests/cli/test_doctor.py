"""The doctor says what is there, what is missing, and what to do; it never breaks with a broken part."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable

import pytest

from desktop_affect.cli import camera_checks, checks
from desktop_affect.cli import main as front
from desktop_affect.cli.check import Check, Outcome
from desktop_affect.core.errors import AffectError
from desktop_affect.core.settings import Settings
from desktop_affect.core.settings_table import default_settings
from desktop_affect.sources import devices, platform_cameras
from desktop_affect.sources.platform_cameras import Permission, Platform


def test_json_has_every_check_with_outcome_and_advice(capsys: pytest.CaptureFixture[str]) -> None:
    code = front.main(["doctor", "--json"])
    document = json.loads(capsys.readouterr().out)
    names = {check["name"] for check in document["checks"]}
    assert {"versions", "inference devices", "face tracker", "display", "disk"} <= names
    assert (code == 1) == (document["outcome"] == "problem")
    for check in document["checks"]:
        assert check["outcome"] in {"ok", "warning", "problem"}
        assert check["advice"] or check["outcome"] == "ok", check


def test_the_tracker_is_really_tried(capsys: pytest.CaptureFixture[str]) -> None:
    front.main(["doctor", "--json"])
    found = {c["name"]: c for c in json.loads(capsys.readouterr().out)["checks"]}
    assert found["face tracker"]["outcome"] == "ok", found["face tracker"]


@pytest.mark.expected_log
@pytest.mark.parametrize("error", [AffectError("The tracker is gone.", advice="Install it."), RuntimeError("defect")])
def test_a_broken_part_is_a_line_not_the_end(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(settings: Settings) -> Iterable[Check]:
        raise error

    monkeypatch.setattr(checks, "tracker", broken)
    monkeypatch.setattr(checks, "cameras", lambda settings: iter(()))
    found = {check.name: check for check in checks.run_checks(default_settings())}
    assert found["face tracker"].outcome is Outcome.PROBLEM
    assert "disk" in found


def test_a_full_disk_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage:
        free = 5e8

    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage)
    (check,) = checks.disk(default_settings())
    assert check.outcome is Outcome.PROBLEM
    assert check.advice


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "_PACKAGES", ("numpy", "no-such-package"))
    (check,) = checks.versions(default_settings())
    assert check.outcome is Outcome.PROBLEM
    assert "no-such-package" in check.advice


@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        (Permission.GRANTED, Outcome.OK),
        (Permission.UNKNOWN, Outcome.OK),
        (Permission.NOT_ASKED, Outcome.WARNING),
        (Permission.REFUSED, Outcome.PROBLEM),
    ],
)
@pytest.mark.parametrize("platform", [Platform.MACOS, Platform.WINDOWS])
def test_permissions_in_words(
    state: Permission, outcome: Outcome, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platform_cameras, "this_platform", lambda: platform)
    monkeypatch.setattr(platform_cameras, "camera_permission", lambda *_: state)
    monkeypatch.setattr(devices, "list_cameras", lambda: ())
    (check,) = camera_checks.permissions(default_settings())
    assert check.outcome is outcome
    assert check.advice or outcome is Outcome.OK
