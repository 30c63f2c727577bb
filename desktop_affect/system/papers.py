"""What the application is made of, for About: from the papers inside a build, or from the installed packages."""

from __future__ import annotations

import importlib.metadata
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from desktop_affect.system import paths

NOTICES = "resources/legal/THIRD_PARTY_NOTICES.txt"
BILL = "resources/legal/sbom.cdx.json"
_PROJECT = "desktop-affect"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_LONGEST_LICENCE = 60
"""Some packages put the whole wording where its name belongs."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that is inside."""

    name: str
    version: str
    licence: str


def notices() -> str:
    """The licences' wordings; for a copy that runs from packages, where to find them."""
    path = paths.bundled(NOTICES)
    if path.is_file():
        return path.read_text(encoding="utf-8")
    return (
        "This copy of Desktop Affect runs from Python packages. Each has its licence in the folder of its metadata "
        f"(NAME-VERSION.dist-info):\n{_packages_folder()}\n\nThe installers carry all wordings inside."
    )


def parts() -> tuple[Part, ...]:
    """Everything inside, by name."""
    path = paths.bundled(BILL)
    found = _of_build(path) if path.is_file() else _of_packages()
    return tuple(sorted(found, key=lambda part: part.name.lower()))


def _of_build(bill: Path) -> Iterator[Part]:
    for component in json.loads(bill.read_text(encoding="utf-8"))["components"]:
        licences = [entry.get("expression", "") for entry in component.get("licenses", ())]
        inside, slash, _ = str(component.get("bom-ref", "")).partition("/")
        name = f"{component['name']} (in {inside})" if slash else component["name"]
        yield Part(name, component.get("version", ""), ", ".join(licences))


def _of_packages() -> Iterator[Part]:
    """The packages that we ask for ourselves, where they are installed."""
    try:
        asked = importlib.metadata.requires(_PROJECT) or []
    except importlib.metadata.PackageNotFoundError:
        return
    names = [found[0] for line in asked if "extra ==" not in line and (found := _NAME.match(line))]
    for name in names:
        try:
            distribution = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue
        yield Part(name, distribution.version, _licence(distribution))


def _licence(distribution: importlib.metadata.Distribution) -> str:
    about = distribution.metadata
    for key in ("License-Expression", "License"):
        said = next(iter(about.get_all(key) or ()), "")
        if said and len(said) < _LONGEST_LICENCE and "\n" not in said:
            return str(said)
    classifiers = about.get_all("Classifier") or ()
    return next((str(line).rpartition(" :: ")[2] for line in classifiers if str(line).startswith("License ::")), "")


def _packages_folder() -> str:
    try:
        return str(importlib.metadata.distribution("numpy").locate_file(""))
    except importlib.metadata.PackageNotFoundError:
        return "site-packages"
