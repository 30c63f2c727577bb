"""THIRD_PARTY_NOTICES.txt: what is inside, under which licence, and what follows for whoever has it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from installer import metadata
from installer.component import Component

_WIDTH = 88
_RULE = "=" * _WIDTH


def text(components: Sequence[Component]) -> str:
    return "\n".join((*_head(), *_lgpl(components), *_table(components), *_texts(components))) + "\n"


def _head() -> Iterator[str]:
    yield f"{metadata.NAME} {metadata.VERSION}: what it is made of"
    yield _RULE
    yield from _paragraph(
        f"{metadata.NAME} itself is under the Apache License 2.0 (LICENSE.txt beside this file). It is put together "
        "from the parts listed here. Each stays under its own licence; their wordings follow below the table. The same "
        "list for programs is in sbom.cdx.json (CycloneDX)."
    )


def _lgpl(components: Sequence[Component]) -> Iterator[str]:
    bound = [part for part in components if part.copyleft]
    if not bound:
        return
    yield from ("", "Parts under the LGPL: your rights", "-" * 33)
    yield from _paragraph(
        "These parts are free software under the GNU Lesser General Public License. We did not change them. They are "
        "linked dynamically: each is a file of its own in the program's folder (below “_internal”; in the application "
        "bundle on macOS below “Contents/Frameworks”), and you may replace it by your own build of the same "
        "interface. On macOS sign the bundle anew afterwards (codesign --force --deep --sign - “Desktop Affect.app”); "
        "it is built to load libraries of other signers. You may take the program apart to find faults in such "
        "a change."
    )
    yield from _paragraph("Their complete source code, in the versions named here, can be had at:")
    for part in bound:
        yield from _paragraph(f"{part.name} {part.version} ({part.licence}): {part.source or part.home}", "  - ")
    yield from _paragraph(
        "Should a source have moved, ask at the place where you got this program; we give the source at no more than "
        "the cost of handing it over, for at least three years after the release."
    )


def _table(components: Sequence[Component]) -> Iterator[str]:
    yield from ("", "Everything inside", "-" * 17, f"{'name':<34} {'version':<20} licence")
    for part in components:
        where = f"   (in {part.inside})" if part.inside else ""
        yield f"{part.name:<34} {part.version or '-':<20} {part.licence}{where}"


def _texts(components: Iterable[Component]) -> Iterator[str]:
    """Every wording once, under the names of all that use it."""
    users: dict[str, list[str]] = {}
    for part in components:
        for title, wording in part.texts:
            users.setdefault(wording.strip(), []).append(f"{part.name} {part.version}".strip() + f": {title}")
    for wording, names in users.items():
        yield from ("", _RULE, *dict.fromkeys(names), _RULE, "", wording)


def _paragraph(words: str, first: str = "") -> list[str]:
    lines = textwrap.wrap(words, _WIDTH, initial_indent=first, subsequent_indent=" " * len(first))
    return lines if first else ["", *lines]
