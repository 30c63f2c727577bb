"""One thing inside a build, with its licence: what notices and SBOM are made of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal["application", "package", "library", "model", "data", "system"]
Text = tuple[str, str]
"""Title and wording of a licence or a notice."""

UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class Component:
    name: str
    version: str
    kind: Kind
    licence: str
    """An SPDX expression; UNKNOWN stops the build."""
    home: str = ""
    texts: tuple[Text, ...] = ()
    source: str = ""
    """Where its source can be had, for licences that ask for it."""
    files: tuple[str, ...] = ()
    """Places in the build."""
    size_bytes: int = 0
    inside: str = ""
    """The package that brought it, for a library inside a wheel."""

    def holding(self, files: tuple[str, ...], size_bytes: int) -> Component:
        return replace(self, files=files, size_bytes=size_bytes)

    @property
    def copyleft(self) -> bool:
        """Asks for more than a notice: it must stay replaceable, and its source must be named."""
        return self.licence.startswith("LGPL")


def forbidden(component: Component) -> str:
    """Why this may not be shipped with a program under Apache-2.0; empty when it may."""
    if component.licence == UNKNOWN:
        return "its licence is not known"
    choices = component.licence.split(" OR ")
    if all(_binds_us(choice) for choice in choices):
        return f"its licence {component.licence} would bind the whole application"
    return ""


def _binds_us(licence: str) -> bool:
    """Plain (A)GPL does; with a linking exception, or offered beside another licence, it does not."""
    return any(
        word.startswith(("GPL", "AGPL")) and " WITH " not in part
        for part in licence.split(" AND ")
        for word in [part.strip("() ")]
    )
