"""The software bill of materials, as CycloneDX 1.6 JSON: plain, because the shape we need is small. The tests hold it
against the standard's own schema.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from installer import metadata
from installer.component import Component

SPEC_VERSION = "1.6"
_TYPES = {"application": "application", "model": "machine-learning-model", "data": "data"}
_NAMESPACE = uuid.UUID("7f0f4a6c-6f2e-4d0c-8a57-3d1f8b8c2f10")


def document(components: Sequence[Component]) -> dict[str, Any]:
    """The same for the same contents: no time and no random number, so that builds can be compared."""
    parts = [_component(part) for part in components if part.name != metadata.NAME]
    serial = uuid.uuid5(_NAMESPACE, repr(sorted(part["bom-ref"] for part in parts)) + metadata.VERSION)
    return {
        "$schema": f"http://cyclonedx.org/schema/bom-{SPEC_VERSION}.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": SPEC_VERSION,
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {"component": _application()},
        "components": parts,
        "dependencies": [
            {
                "ref": metadata.IDENTIFIER,
                "dependsOn": [ref for part in parts if "/" not in (ref := part["bom-ref"])],
            },
            *_inner(components),
        ],
    }


def _application() -> dict[str, Any]:
    return {
        "type": "application",
        "bom-ref": metadata.IDENTIFIER,
        "name": metadata.NAME,
        "version": metadata.VERSION,
        "description": metadata.SUMMARY,
        "licenses": [{"license": {"id": "Apache-2.0"}}],
        "properties": [{"name": "desktop-affect:platform", "value": metadata.platform_tag()}],
    }


def _component(part: Component) -> dict[str, Any]:
    found: dict[str, Any] = {
        "type": _TYPES.get(part.kind, "library"),
        "bom-ref": _ref(part),
        "name": part.name,
        "version": part.version,
        "licenses": [{"expression": part.licence}],
        "properties": [{"name": "desktop-affect:bytes", "value": str(part.size_bytes)}],
    }
    if part.kind == "package":
        found["purl"] = f"pkg:pypi/{part.name}@{part.version}"
    elif part.kind == "system":
        found["purl"] = f"pkg:deb/debian/{part.name}@{part.version}"
    references = (("website", part.home), ("source-distribution", part.source.partition(" ")[0]))
    links = [{"type": kind, "url": url} for kind, url in references if url.startswith("http")]
    if links:
        found["externalReferences"] = links
    return found


def _inner(components: Iterable[Component]) -> list[dict[str, Any]]:
    """Which package brought which library."""
    brought: dict[str, list[str]] = {}
    for part in components:
        if part.inside:
            brought.setdefault(part.inside, []).append(_ref(part))
    refs = {part.name: _ref(part) for part in components if part.kind == "package"}
    return [{"ref": refs[name], "dependsOn": sorted(set(parts))} for name, parts in brought.items() if name in refs]


def _ref(part: Component) -> str:
    own = f"{part.name}@{part.version}" if part.version else part.name
    return re.sub(r"\s+", "-", f"{part.inside}/{own}" if part.inside else own)
