"""Which Python package a file belongs to, and what that package says about its licence."""

from __future__ import annotations

import importlib.metadata
import os
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from installer.component import Component, Text

HERE = Path(__file__).resolve().parent

# Where the metadata says it in words, or in the wording of the licence itself. Checked against the packages' texts.
LICENCES: Mapping[str, str] = MappingProxyType(
    {
        "altgraph": "MIT",
        "colorama": "BSD-3-Clause",
        "cv2-enumerate-cameras": "MIT",
        "mediapipe": "Apache-2.0",
        "numpy": "BSD-3-Clause",
        "onnxruntime": "MIT",
        "opencv-python-headless": "Apache-2.0",
        "openvino": "Apache-2.0",
        "opencv-contrib-python": "Apache-2.0",
        "protobuf": "BSD-3-Clause",
        "psutil": "BSD-3-Clause",
        "pyinstaller": "GPL-2.0-or-later WITH Bootloader-exception",
        "pyinstaller-hooks-contrib": "Apache-2.0 OR GPL-2.0-or-later",
        "pyqtgraph": "MIT",
        "pyobjc-core": "MIT",
        "scipy-openblas64": "BSD-3-Clause",
        "setuptools": "MIT",
        "tomli": "MIT",
    }
)
_FROM_CLASSIFIER = MappingProxyType(
    {
        "License :: OSI Approved :: MIT License": "MIT",
        "License :: OSI Approved :: Apache Software License": "Apache-2.0",
        "License :: OSI Approved :: BSD License": "BSD-3-Clause",
        "License :: OSI Approved :: ISC License (ISCL)": "ISC",
        "License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
        "License :: OSI Approved :: Python Software Foundation License": "PSF-2.0",
    }
)
_SPDX = re.compile(r"[A-Za-z0-9.+-]+(( (OR|AND|WITH) )[A-Za-z0-9.+-]+)*")
_TEXT_NAMES = re.compile(r"(licen[cs]e|copying|notice|third.?party)", re.IGNORECASE)
_NOT_TEXTS = (".py", ".pyc", ".xml", ".pyi", ".json")
# Packages without a text of their own, and what says it instead.
_LGPL_3 = ("LGPL-3.0.txt", "GPL-3.0.txt")
TEXTS_HERE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "pyside6-essentials": _LGPL_3,
        "shiboken6": _LGPL_3,
        **{f"pyobjc-{name}": ("pyobjc.txt",) for name in ("core", "framework-avfoundation", "framework-coreaudio")},
        "pyobjc-framework-coremedia": ("pyobjc.txt",),
    }
)
_SOURCES = MappingProxyType(
    {
        name: "https://code.qt.io/cgit/pyside/pyside-setup.git (the tag of this version)"
        for name in ("pyside6-essentials", "shiboken6")
    }
)


@dataclass(frozen=True, slots=True)
class Index:
    """File → package, for every package of this environment."""

    owners: Mapping[str, Component]

    def of(self, path: Path) -> Component | None:
        return self.owners.get(str(path))


def index(site: Path | None = None) -> Index:
    """Of this environment, or of the packages unpacked into `site`."""
    owners: dict[str, Component] = {}
    where = sys.path if site is None else [str(site)]
    for distribution in importlib.metadata.distributions(path=where):
        component = component_of(distribution)
        if component.name == "desktop-affect":
            continue
        # Not `resolve` for each: there may be tens of thousands.
        base = os.path.realpath(str(distribution.locate_file("")))
        for file in distribution.files or ():
            owners[os.path.normpath(os.path.join(base, str(file)))] = component
    return Index(MappingProxyType(owners))


def component_of(distribution: importlib.metadata.Distribution) -> Component:
    about, name = distribution.metadata, normal(distribution.metadata["Name"])
    return Component(
        name=name,
        version=distribution.version,
        kind="package",
        licence=licence_of(name, about),
        home=_home(about),
        texts=(*_texts(distribution), *(read(file) for file in TEXTS_HERE.get(name, ()))),
        source=_SOURCES.get(name, ""),
    )


def installed() -> list[str]:
    """What `requirements.txt` asked for and is here: the packages whose metadata travel along, so that `doctor` can say
    their versions."""
    lines = (HERE / "requirements.txt").read_text(encoding="utf-8").splitlines()
    wanted = {normal(found[0]) for line in lines if (found := re.match(r"[A-Za-z][\w.-]*", line))}
    here = {normal(distribution.metadata["Name"]) for distribution in importlib.metadata.distributions()}
    return sorted(wanted & here)


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def licence_of(name: str, about: importlib.metadata.PackageMetadata) -> str:
    """Our table, the expression, a short licence field, a classifier; empty when none says it."""
    if name in LICENCES:
        return LICENCES[name]
    for key in ("License-Expression", "License"):
        said = _field(about, key)
        if said and _SPDX.fullmatch(said):
            return said
    for classifier in about.get_all("Classifier") or ():
        if classifier in _FROM_CLASSIFIER:
            return _FROM_CLASSIFIER[classifier]
    return ""


def _field(about: importlib.metadata.PackageMetadata, key: str) -> str:
    return next(iter(about.get_all(key) or ()), "")


def read(name: str) -> Text:
    """A licence text of which packages carry only the name."""
    return name.removesuffix(".txt"), (HERE / "licences" / name).read_text(encoding="utf-8")


def _home(about: importlib.metadata.PackageMetadata) -> str:
    urls = dict(line.split(", ", 1) for line in about.get_all("Project-URL") or () if ", " in line)
    return _field(about, "Home-page") or urls.get("Homepage") or urls.get("Source") or ""


def _texts(distribution: importlib.metadata.Distribution) -> Iterable[Text]:
    seen: set[str] = set()
    for file in distribution.files or ():
        if not _TEXT_NAMES.search(file.name) or file.suffix in _NOT_TEXTS or len(file.parts) > 4:
            continue
        text = Path(str(distribution.locate_file(file))).read_text(encoding="utf-8", errors="replace")
        if text not in seen:
            seen.add(text)
            yield file.name, text
