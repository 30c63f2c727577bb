"""Licences, notices and the SBOM: nothing unknown, nothing that binds us, every wording, every source of the LGPL."""

from __future__ import annotations

import importlib.metadata
import sys
from pathlib import Path

import pytest

from installer import inside, legal, native, notices, packages, sbom, system_packages
from installer.component import Component, forbidden

PACKAGE = Component("opencv-python-headless", "4.11.0.86", "package", "Apache-2.0", texts=(("LICENSE", "the words"),))


@pytest.mark.parametrize(
    ("licence", "allowed"),
    [
        ("MIT", True),
        ("LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only", True),
        ("GPL-3.0-or-later WITH GCC-exception-3.1", True),
        ("Apache-2.0 AND MIT AND CC-BY-4.0", True),
        ("LGPL-2.1-or-later", True),
        ("GPL-2.0-or-later", False),
        ("MIT AND GPL-3.0-only", False),
        ("AGPL-3.0-only OR GPL-3.0-only", False),
        ("", False),
    ],
)
def test_what_may_be_shipped(licence: str, allowed: bool) -> None:
    assert (forbidden(Component("part", "1", "package", licence)) == "") is allowed


def test_a_forbidden_part_stops_the_build_and_is_named() -> None:
    encoder = Component("x264 and x265", "", "library", "GPL-2.0-or-later", files=("av.libs/libx264.so",))
    with pytest.raises(legal.ForbiddenLicenceError, match=r"x264.*bind the whole application.*av\.libs/libx264\.so"):
        legal.check([PACKAGE, encoder])


@pytest.mark.parametrize(
    ("file", "name", "licence"),
    [
        ("libavcodec-76c43bf0.so.59.37.100", "FFmpeg", "LGPL-2.1-or-later"),
        ("opencv_videoio_ffmpeg4110_64.dll", "FFmpeg", "LGPL-2.1-or-later"),
        ("libQt6Core.so.6", "Qt", "LGPL-3.0-only"),
        ("Qt6Gui.dll", "Qt", "LGPL-3.0-only"),
        ("libqxcb.so", "Qt", "LGPL-3.0-only"),
        ("libx264-5f2f0b.so.164", "x264 and x265", "GPL-2.0-or-later"),
        ("libicudata.so.73", "ICU", "Unicode-3.0"),
        ("libtbb.so.12", "oneTBB", "Apache-2.0"),
    ],
)
def test_libraries_inside_wheels_are_known_by_name(file: str, name: str, licence: str) -> None:
    found = native.library_in(PACKAGE, file)
    assert found is not None
    assert (found.name, found.licence, found.inside) == (name, licence, PACKAGE.name)


@pytest.mark.parametrize("file", ["cv2.abi3.so", "QtCore.abi3.so", "__init__.py", "backbone.onnx"])
def test_a_package_s_own_files_are_its_own(file: str) -> None:
    assert native.library_in(PACKAGE, file) is None


@pytest.mark.parametrize(
    ("said", "licence"),
    [
        ("libavcodec license: LGPL version 2.1 or later", "LGPL-2.1-or-later"),
        ("libavcodec license: GPL version 3 or later", "GPL-3.0-or-later"),
        ("libavcodec license: LGPL version 2.1 or later\0libswscale license: GPL version 2 or later",
         "GPL-2.0-or-later AND LGPL-2.1-or-later"),
        ("libavcodec license: nonfree and unredistributable", ""),
        ("nothing about it", ""),
    ],
)  # fmt: skip
def test_ffmpeg_is_under_the_licence_that_its_own_files_say(tmp_path: Path, said: str, licence: str) -> None:
    file = tmp_path / "libavcodec.61.dylib"
    file.write_bytes(b"\xcf\xfa\xed\xfe\0" + said.encode() + b"\0--prefix=/x --enable-shared --disable-debug\0")
    found = native.library_in(PACKAGE, file)
    assert found is not None
    assert found.licence == licence
    assert (forbidden(found) == "") is licence.startswith("LGPL")
    assert ("configured with", "--prefix=/x --enable-shared --disable-debug") in found.texts


@pytest.mark.parametrize("place", ["cv2/.dylibs/libgnutls.30.dylib", "numpy.libs/libmystery-1a2b.so.3"])
def test_a_library_that_a_wheel_s_maker_copied_in_is_not_the_package_s_own(place: str) -> None:
    found = native.library_in(PACKAGE, place)
    assert found is not None
    with pytest.raises(legal.ForbiddenLicenceError, match="its licence is not known"):
        legal.check([found])


def test_a_package_without_a_licence_text_stops_the_build() -> None:
    with pytest.raises(legal.ForbiddenLicenceError, match=r"pyobjc-core 13\.0: its licence text is missing"):
        legal.check([Component("pyobjc-core", "13.0", "package", "MIT")])


def test_every_package_of_an_installer_has_a_licence_and_its_wording() -> None:
    for name in packages.installed():
        component = packages.component_of(importlib.metadata.distribution(name))
        assert forbidden(component) == "", component
        assert component.texts, f"{name} brings no licence text, and none is in installer/licences"


def test_files_go_back_to_where_they_came_from() -> None:
    import numpy

    entries = [
        ("numpy/__init__.py", str(numpy.__file__)),
        ("python/os.py", str(Path(sys.modules["os"].__file__ or ""))),
        ("resources/demo/participant.mp4", str(inside.ROOT / "resources" / "demo" / "participant.mp4")),
        ("models/mobilenetv4-mixer/model.toml", str(inside.ROOT / "models" / "mobilenetv4-mixer" / "model.toml")),
        ("desktop_affect/__init__.py", str(inside.ROOT / "desktop_affect" / "__init__.py")),
    ]
    found = {part.name: part for part in inside.inventory(entries)}
    assert set(found) == {"numpy", "Python", "Demo participant", "Model mobilenetv4-mixer", "Desktop Affect"}
    assert found["numpy"].size_bytes == Path(entries[0][1]).stat().st_size
    assert all(part.texts for part in found.values()), found


def test_a_file_that_nobody_knows_stops_the_build(tmp_path: Path) -> None:
    stranger = tmp_path / "stranger.so"
    stranger.write_bytes(b"?")
    with pytest.raises(inside.UnknownOriginError, match=r"stranger\.so"):
        inside.inventory([("stranger.so", str(stranger))])


def test_notices_name_everything_say_each_wording_once_and_meet_the_lgpl() -> None:
    qt = native.library_in(PACKAGE, "libQt6Core.so.6")
    assert qt is not None
    text = notices.text([PACKAGE, qt, Component("twin", "2", "package", "MIT", texts=(("LICENSE", "the words "),))])
    assert text.count("the words") == 1
    assert "opencv-python-headless 4.11.0.86: LICENSE\ntwin 2: LICENSE" in text
    assert "you may replace it" in text
    assert "https://download.qt.io" in text
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in text


def components() -> list[Component]:
    qt = native.library_in(PACKAGE, "libQt6Core.so.6")
    gcc = native.library_in(PACKAGE, "libgfortran-91cc3cb1.so.3.0.0")
    assert qt is not None
    assert gcc is not None
    model = Component("Model m", "1.0", "model", "Apache-2.0")
    system = Component("libx11-6", "2:1.8", "system", "MIT")
    return [PACKAGE, qt, gcc, model, system, Component("Desktop Affect", "0", "application", "Apache-2.0")]


def test_the_sbom_is_the_same_for_the_same_contents_and_ties_libraries_to_packages() -> None:
    found = sbom.document(components())
    assert found == sbom.document(components())
    assert {"opencv-python-headless@4.11.0.86"} <= {part["bom-ref"] for part in found["components"]}
    inner = [line for line in found["dependencies"] if line["ref"] == "opencv-python-headless@4.11.0.86"]
    assert any("/Qt@" in ref for ref in inner[0]["dependsOn"])
    assert "Desktop Affect" not in {part["name"] for part in found["components"]}


def test_the_sbom_meets_the_standard_s_schema() -> None:
    validation = pytest.importorskip("cyclonedx.validation.json", reason="needs the extra “installer”")
    schema = pytest.importorskip("cyclonedx.schema")
    import json

    validator = validation.JsonStrictValidator(schema.SchemaVersion.V1_6)
    assert validator.validate_str(json.dumps(sbom.document(components()))) is None


def test_debian_s_own_words_become_spdx() -> None:
    text = "Format: x\n\nFiles: *\nCopyright: 2020 A\nLicense: Expat\n wording\n\nFiles: debian/*\nLicense: GPL-2+\n"
    assert system_packages.licences_named(text) == "MIT"
    assert system_packages.licences_named("This is prose about the BSD licence.") == ""
