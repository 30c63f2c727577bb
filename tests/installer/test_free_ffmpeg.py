"""OpenCV gets Qt's FFmpeg on macOS: what it loads, what stays, and that nothing that does not fit is let through.

The files here are made by tests/installer/macho.py; `tools/foreign_papers.py` does the same with the real wheels.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

pytest.importorskip("macholib", reason="needs the extra “installer”")

from installer import environment, free_ffmpeg, packages
from tests.installer import macho

VERSIONS = {
    "avcodec": "61.19.100", "avformat": "61.7.100", "avutil": "59.39.100", "swresample": "5.3.100",
    "swscale": "8.3.100",
}  # fmt: skip
NEEDS = {
    "avformat": ("avcodec", "avutil"), "avcodec": ("swresample", "avutil"), "swresample": ("avutil",),
    "swscale": ("avutil",), "avutil": (),
}  # fmt: skip
SYSTEM = "/usr/lib/libSystem.B.dylib"


def short(name: str) -> str:
    return f"lib{name}.{VERSIONS[name].partition('.')[0]}.dylib"


def opencv(folder: Path, machine: str = "arm64", more: dict[str, list[str]] | None = None) -> Path:
    """As its wheel is: OpenCV loads four libraries of Homebrew's FFmpeg, those load x264; libavif stays."""
    cv2, libraries = folder / "cv2", folder / "cv2" / ".dylibs"
    libraries.mkdir(parents=True)
    for name, version in VERSIONS.items():
        loads = [f"@loader_path/lib{other}.{VERSIONS[other]}.dylib" for other in NEEDS[name]]
        loads += ["@loader_path/libx264.164.dylib"] if name == "avcodec" else []
        file = libraries / f"lib{name}.{version}.dylib"
        file.write_bytes(macho.library(f"/DLC/cv2/.dylibs/{file.name}", loads, machine=machine))
    for name in ("libx264.164.dylib", "libx265.212.dylib", "libavif.16.1.1.dylib", "libaom.3.dylib"):
        loads = ["@loader_path/libaom.3.dylib"] if name.startswith("libavif") else [SYSTEM]
        (libraries / name).write_bytes(macho.library(f"/DLC/cv2/.dylibs/{name}", loads, machine=machine))
    takes = {SYSTEM: ["_malloc"], "@loader_path/.dylibs/libavif.16.1.1.dylib": ["_avifDecoderCreate"]}
    for name in ("avcodec", "avformat", "avutil", "swscale"):
        takes[f"@loader_path/.dylibs/lib{name}.{VERSIONS[name]}.dylib"] = [f"_{name}_open", *(more or {}).get(name, [])]
    (cv2 / "cv2.abi3.so").write_bytes(macho.extension(takes, machine=machine))
    about = folder / "opencv_python_headless-4.11.0.86.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: opencv-python-headless\nVersion: 4.11.0.86\n")
    (about / "RECORD").write_text("cv2/cv2.abi3.so,,\ncv2/.dylibs/libx264.164.dylib,,\n")
    return cv2


def addons(folder: Path, machine: str = "arm64", names: tuple[str, ...] = free_ffmpeg.FFMPEG) -> Path:
    wheel = folder / "pyside6_addons-6.11.3-cp310-abi3-macosx_13_0_universal2.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("PySide6/Qt/plugins/multimedia/libffmpegmediaplugin.dylib", b"")
        for name in names:
            loads = [SYSTEM, *(f"@loader_path/{short(other)}" for other in NEEDS[name])]
            content = macho.library(f"@rpath/{short(name)}", loads, offers=[f"_{name}_open"], machine=machine)
            archive.writestr(f"PySide6/Qt/lib/{short(name)}", content)
            archive.writestr(f"PySide6/Qt/lib/lib{name}.{VERSIONS[name]}.dylib", content)
    return wheel


@pytest.mark.parametrize("machine", ["arm64", "x86_64"])
def test_opencv_loads_qt_s_libraries_and_only_what_it_loads_stays(tmp_path: Path, machine: str) -> None:
    cv2 = opencv(tmp_path, machine)
    length = (cv2 / "cv2.abi3.so").stat().st_size
    wheel = addons(tmp_path, machine)
    free_ffmpeg.exchange(cv2, wheel)
    assert free_ffmpeg.loads(cv2 / "cv2.abi3.so") == [
        SYSTEM,
        "@loader_path/.dylibs/libavif.16.1.1.dylib",
        *(f"@loader_path/.dylibs/{short(name)}" for name in ("avcodec", "avformat", "avutil", "swscale")),
    ]
    left = {path.name for path in (cv2 / ".dylibs").iterdir()}
    assert left == {*map(short, free_ffmpeg.FFMPEG), "libavif.16.1.1.dylib", "libaom.3.dylib"}
    # Qt's libraries are its own, to the byte; OpenCV's code stays where it was.
    with zipfile.ZipFile(wheel) as archive:
        for name in free_ffmpeg.FFMPEG:
            assert (cv2 / ".dylibs" / short(name)).read_bytes() == archive.read(f"PySide6/Qt/lib/{short(name)}")
    assert (cv2 / "cv2.abi3.so").stat().st_size == length
    # The papers know whose they are.
    index = packages.index(tmp_path)
    owner = index.of((cv2 / ".dylibs" / "libavutil.59.dylib").resolve())
    assert owner is not None
    assert owner.name == "opencv-python-headless"


def test_a_function_that_qt_s_ffmpeg_lacks_stops_it_before_anything_is_deleted(tmp_path: Path) -> None:
    cv2 = opencv(tmp_path, more={"avformat": ["_avformat_open", "_av_new_in_ffmpeg_9"]})
    with pytest.raises(free_ffmpeg.ExchangeError, match=r"libavformat\.61\.dylib of Qt lacks.*_av_new_in_ffmpeg_9"):
        free_ffmpeg.exchange(cv2, addons(tmp_path))
    assert (cv2 / ".dylibs" / "libx264.164.dylib").is_file()


def test_a_name_counts_only_in_the_library_that_it_is_asked_of(tmp_path: Path) -> None:
    # avcodec offers it, but macOS would look into swscale alone.
    cv2 = opencv(tmp_path, more={"swscale": ["_avcodec_open"]})
    with pytest.raises(free_ffmpeg.ExchangeError, match=r"libswscale\.8\.dylib of Qt lacks"):
        free_ffmpeg.exchange(cv2, addons(tmp_path))


def test_another_major_version_is_refused(tmp_path: Path) -> None:
    cv2 = opencv(tmp_path)
    with pytest.raises(free_ffmpeg.ExchangeError, match=r"OpenCV wants .*libswscale\.8\.3\.100\.dylib, Qt brought"):
        free_ffmpeg.exchange(cv2, addons(tmp_path, names=("avcodec", "avformat", "avutil", "swresample")))


def test_libraries_for_another_processor_are_refused(tmp_path: Path) -> None:
    with pytest.raises(free_ffmpeg.ExchangeError, match="not made for this processor"):
        free_ffmpeg.exchange(opencv(tmp_path, "arm64"), addons(tmp_path, "x86_64"))


def test_only_macos_needs_it() -> None:
    assert environment.steps("darwin") == ("installer.free_ffmpeg",)
    assert "installer.free_ffmpeg" not in environment.steps("win32")
