"""What is really inside a build: every file goes back to the package, library, model or system package it came from.

Works on PyInstaller's tables (place in the build, file it was taken from), so nothing that is left out is listed and
nothing that is inside is forgotten: a file of unknown origin stops the build.
"""

from __future__ import annotations

import sys
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

from installer import metadata, native, one_openblas, packages, system_packages
from installer.component import Component

ROOT = Path(__file__).resolve().parent.parent

Entry = tuple[str, str]
"""Place in the build, file it was taken from."""

_STANDARD_LIBRARY = "base_library.zip"
"""PyInstaller puts the modules that Python needs to start into it."""


@dataclass
class _Piece:
    """A component while its files are being gathered."""

    component: Component
    files: list[str] = field(default_factory=list)
    size_bytes: int = 0

    def add(self, place: str, source: Path) -> None:
        self.files.append(place)
        self.size_bytes += source.stat().st_size

    def whole(self) -> Component:
        return self.component.holding(tuple(sorted(self.files)), self.size_bytes)


class UnknownOriginError(Exception):
    """A file that cannot be traced back: nobody may ship what he does not know."""


def inventory(entries: Iterable[Entry], root: Path = ROOT, index: packages.Index | None = None) -> list[Component]:
    """Every component inside, by name; `index` where the packages are not this environment's. Raises
    UnknownOriginError."""
    pieces: dict[tuple[str, ...], _Piece] = {}
    unknown: list[str] = []
    index = index or packages.index()
    for place, source in entries:
        path = Path(source).resolve()
        if not path.is_file():
            continue
        component = _origin(place, path, index, root)
        if component is None:
            unknown.append(f"{place} (from {source})")
            continue
        key = (component.name, component.version, component.inside, component.licence)
        pieces.setdefault(key, _Piece(component)).add(place, path)
    if unknown:
        raise UnknownOriginError("nobody knows where these come from:\n  " + "\n  ".join(sorted(unknown)))
    return sorted((piece.whole() for piece in pieces.values()), key=lambda part: part.name.lower())


def _origin(place: str, path: Path, index: packages.Index, root: Path) -> Component | None:
    package = index.of(path)
    if package is not None and one_openblas.is_ours(path):
        return ours(Path("installer", path.name))
    if package is not None:
        return native.library_in(package, path) or package
    if place == _STANDARD_LIBRARY:
        return python()
    if path.is_relative_to(root):
        return ours(path.relative_to(root))
    if path.is_relative_to(sys.base_prefix) or path.is_relative_to(sysconfig.get_path("stdlib")):
        return python()
    return system_packages.owner(path)


def ours(relative: Path) -> Component:
    """Our own code, models and demo participant; the last two have papers of their own."""
    folder = relative.parts[:2]
    if folder == ("resources", "demo"):
        text = (ROOT / "resources" / "demo" / "CREDITS.md").read_text(encoding="utf-8")
        return Component(
            "Demo participant", metadata.VERSION, "data", "Apache-2.0 AND MIT AND CC-BY-4.0", texts=(("Credits", text),)
        )
    if folder[:1] == ("models",) and len(relative.parts) > 2:
        return model(ROOT / "models" / relative.parts[1])
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    return Component(metadata.NAME, metadata.VERSION, "application", "Apache-2.0", texts=(("LICENSE", text),))


def model(folder: Path) -> Component:
    """A network of ours, with its card."""
    manifest = tomllib.loads((folder / "model.toml").read_text(encoding="utf-8"))
    texts = tuple(("Card", path.read_text(encoding="utf-8")) for path in [folder / "CARD.md"] if path.is_file())
    return Component(f"Model {manifest['name']}", manifest["version"], "model", manifest["licence"], texts=texts)


def python() -> Component:
    """The interpreter and its standard library."""
    found = [Path(sysconfig.get_path("stdlib")) / "LICENSE.txt", Path(sys.base_prefix) / "LICENSE.txt"]
    texts = tuple(("LICENSE", path.read_text(encoding="utf-8")) for path in found if path.is_file())[:1]
    version = ".".join(map(str, sys.version_info[:3]))
    return Component("Python", version, "application", "Python-2.0", "https://www.python.org", texts)


def unlisted() -> list[Component]:
    """What is inside without being a file of its own: PyInstaller's starter in our program files, and the networks of
    MediaPipe, which its licence covers and its model cards describe."""
    import importlib.metadata

    starter = packages.component_of(importlib.metadata.distribution("pyinstaller"))
    return [starter]
