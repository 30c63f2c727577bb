"""Writes the papers of a build into it: third-party notices, the SBOM and our licence. Called by the spec."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from installer import inside, notices, sbom
from installer.component import Component, forbidden

NOTICES_FILE = "THIRD_PARTY_NOTICES.txt"
SBOM_FILE = "sbom.cdx.json"
FOLDER = "resources/legal"

Entry = tuple[str, str, str]


class ForbiddenLicenceError(Exception):
    """Something inside may not be shipped."""


def write(workplace: Path, entries: Iterable[Entry]) -> list[Entry]:
    """The papers, written into `workplace`, as lines of PyInstaller's table. Raises what must stop a build."""
    files = [(place, source) for place, source, kind in entries if kind not in ("SYMLINK", "OPTION")]
    components = inside.inventory(files)
    named = {part.name for part in components}
    components += [part for part in inside.unlisted() if part.name not in named]
    check(components)
    workplace.mkdir(parents=True, exist_ok=True)
    (workplace / NOTICES_FILE).write_text(notices.text(components), encoding="utf-8")
    document = json.dumps(sbom.document(components), indent=1, ensure_ascii=False)
    (workplace / SBOM_FILE).write_text(document + "\n", encoding="utf-8")
    (workplace / "LICENSE.txt").write_text((inside.ROOT / "LICENSE").read_text(encoding="utf-8"), encoding="utf-8")
    names = (NOTICES_FILE, SBOM_FILE, "LICENSE.txt")
    return [(f"{FOLDER}/{name}", str(workplace / name), "DATA") for name in names]


def check(components: Iterable[Component]) -> None:
    """Raises ForbiddenLicenceError, naming everything that stands in the way."""
    problems = [f"{part.name} {part.version}: {why} ({', '.join(part.files[:3])})"
                for part in components if (why := forbidden(part) or _wordless(part))]  # fmt: skip
    if problems:
        raise ForbiddenLicenceError("this cannot be shipped:\n  " + "\n  ".join(problems))


def _wordless(component: Component) -> str:
    """Nearly every licence asks for its wording to travel along; libraries inside a wheel have it in the wheel's."""
    return "" if component.texts or component.kind != "package" else "its licence text is missing"
