"""What goes into a build and what stays out, as plain rules: the spec asks them for every file that PyInstaller found.

Everything here was decided by looking at what a run really loads (`strace`, /proc/PID/maps). A rule that leaves out too
much shows in the smoke test; one that leaves in too much shows in `python -m installer.sizes`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import PurePath

ENTRY = "desktop_affect/__main__.py"

EXCLUDED_MODULES = (
    # The workshop's and the tests' packages, should the building environment have them.
    "desktop_affect.training",
    *("torch", "jax", "jaxlib", "scipy", "sklearn", "matplotlib", "moderngl", "glcontext", "onnx", "pandas", "tqdm"),
    *("pyarrow", "sympy", "PIL", "IPython", "jedi", "pytest", "_pytest", "hypothesis", "mypy", "setuptools", "pip"),
    *(
        "sounddevice",
        "sentencepiece",
        "flatbuffers",
        "absl",
        "attr",
        "openvino_telemetry",
        "yaml",
        "jinja2",
        "distributed",
        "dask",
        "tornado",
    ),
    # Python's own that a window with networks has no use for.
    *("tkinter", "_tkinter", "turtle", "idlelib", "test", "lib2to3", "pydoc_data", "ensurepip", "distutils"),
    *("sqlite3.test", "xmlrpc", "unittest.test", "doctest"),
    # GNU readline is under the GPL, and nobody types at a prompt of ours.
    *("readline", "rlcompleter", "pdb", "cmd", "code", "codeop", "curses", "_curses"),
    # Nothing of ours speaks to the network, and hashes need no OpenSSL: Python falls back on its own.
    *("_ssl", "ssl", "_hashlib"),
    *("_codecs_cn", "_codecs_hk", "_codecs_iso2022", "_codecs_jp", "_codecs_kr", "_codecs_tw", "PyObjCTest"),
    # MediaPipe: the face mesh alone is used (vision/mediapipe_import.py goes around the packages' `__init__`).
    *("mediapipe.tasks", "mediapipe.model_maker", "mediapipe.examples", "mediapipe.genai"),
    *(f"mediapipe.python.solutions.{name}" for name in ("drawing_utils", "drawing_styles", "face_detection", "hands")),
    *(f"mediapipe.python.solutions.{name}" for name in ("holistic", "objectron", "pose", "selfie_segmentation")),
    # OpenVINO: converting models, other frameworks' formats.
    *("openvino.tools", "openvino.torch", "openvino.frontend.pytorch", "openvino.frontend.tensorflow"),
    *("openvino.frontend.jax", "openvino.frontend.paddle", "onnxruntime.transformers", "onnxruntime.tools"),
    *("onnxruntime.quantization", "onnxruntime.training", "onnxruntime.datasets", "onnxruntime.backend"),
    # Plots: examples, 3D, and the other Qt bindings.
    *("pyqtgraph.examples", "pyqtgraph.opengl", "pyqtgraph.console", "pyqtgraph.flowchart"),
    *("PySide6.QtOpenGL", "PySide6.QtOpenGLWidgets", "PySide6.QtTest", "PySide6.QtSvg", "PySide6.QtDBus"),
    *("PyQt5", "PyQt6", "PySide2", "numpy.f2py", "numpy.distutils", "numpy.testing.tests"),
)

HIDDEN_IMPORTS = (
    # Loaded by name in vision/mesh_graph.py.
    "mediapipe.python.solutions.face_mesh",
    "mediapipe.python.packet_creator",
    "mediapipe.python.packet_getter",
    # Loaded by the native module of MediaPipe and of OpenVINO.
    "google.protobuf.descriptor_pb2",
)

QT_LIBRARIES = ("Core", "Gui", "Widgets", "Network", "DBus", "Svg", "XcbQpa", "WaylandClient", "OpenGL")
"""Qt libraries that the window or the plug-ins below load; Network for the message of a second start."""

QT_BINDINGS = ("Core", "Gui", "Widgets", "Network")
"""What Python imports of them. pyqtgraph would import OpenGL as well, 10 MB for nothing: see at_start.py."""

QT_PLUGINS: dict[str, tuple[str, ...]] = {
    "platforms": ("xcb", "wayland", "offscreen", "minimal", "windows", "cocoa"),
    "styles": ("modernwindowsstyle", "windowsvistastyle", "macstyle"),
    "iconengines": ("svgicon",),
    "imageformats": ("svg", "ico", "icns", "jpeg"),
    # Not gtk3: it brings GTK's libraries into a process that has a GLib of its own, and the portal shows GTK's dialogs.
    "platformthemes": ("xdgdesktopportal",),
    "platforminputcontexts": ("composeplatforminputcontextplugin", "ibusplatforminputcontextplugin"),
    "xcbglintegrations": ("xcb-glx-integration", "xcb-egl-integration"),
    "wayland-shell-integration": ("xdg-shell",),
    "wayland-decoration-client": ("adwaita", "bradient"),
    "wayland-graphics-integration-client": ("qt-plugin-wayland-egl", "dmabuf-server"),
}
"""Folder → plug-ins, as their files are called without “libq” and ending. TLS, network information, printing, SQL, QML
are out."""

MEDIAPIPE_MODELS = (
    "mediapipe/modules/face_detection/face_detection_short_range.tflite",
    "mediapipe/modules/face_landmark/face_landmark_front_cpu.binarypb",
    "mediapipe/modules/face_landmark/face_landmark_with_attention.tflite",
)
"""All that the face mesh opens while it runs."""

_LEFT_OUT = tuple(
    re.compile(pattern)
    for pattern in (
        # OpenVINO reads ONNX and its own format.
        r"openvino/libs/.*_(tensorflow|tensorflow_lite|pytorch|paddle|jax|gguf)_frontend",
        r"openvino/libs/.*openvino_(tensorflow|tensorflow_lite|pytorch|paddle|jax|gguf)_frontend",
        r"openvino/libs/(lib)?openvino_c\.",
        # Devices that are made of others, which we never ask for (AUTO stays), and the template for makers of devices.
        r"openvino/libs/(lib)?openvino_(hetero|auto_batch|template)_plugin",
        # On Windows the preview of an NPU compiler of OpenVINO's own, 100 MB: the driver's is the one that is used.
        r"openvino/libs/(lib)?openvino_intel_npu_compiler",
        # Which kernels were fast for the layers of well-known networks on some graphics chips: ours are not among them,
        # and without the table the graphics plug-in chooses as it does for every other network.
        r"openvino/libs/cache\.json$",
        r"openvino/(include|cmake|openvino-.*\.data)/",
        r"\.(pc|lib|cmake|pyi|h|hpp|pdb)$",
        # The Python module of ONNX Runtime holds the runtime itself; the plain library is for C programs.
        r"onnxruntime/capi/libonnxruntime\.(so|.*dylib)",
        # OpenCV: cascades of the last century, and Qt 5 in its contrib wheel.
        r"^cv2/(data|qt)/",
        r"^pyqtgraph/(examples|icons/peegee|colors/maps/(?!PAL-relaxed|CET-L1))",
        r"^PySide6/Qt/(translations|qml|metatypes|libexec|resources)/",
        r"^PySide6/(translations|qml|metatypes|resources|opengl32sw)",
        r"^mediapipe/.*(_test\.py|\.proto|BUILD)$",
        r"^google/protobuf/.*\.proto$",
        r"/(tests?|testing/tests)/",
        # The system's own, newer ones, which its graphics and OpenCL drivers need; every desktop has them.
        r"^(libstdc\+\+|libgcc_s)\.so",
    )
)
_QT_LIBRARY = re.compile(r"(?:^|/)(?:lib)?Qt6(?P<name>[A-Za-z0-9]+?)(?:\.so|\.dll|\.dylib|\.abi3)")
_QT_FRAMEWORK = re.compile(r"(?:^|/)Qt(?P<name>[A-Za-z0-9]+)\.framework/")
_QT_BINDING = re.compile(r"^PySide6/Qt(?P<name>[A-Za-z0-9]+)\.(abi3|pyd|so)")
_QT_PLUGIN = re.compile(r"^PySide6/(?:Qt/)?plugins/(?P<folder>[^/]+)/(?P<file>[^/]+)$")


def wanted(target: str) -> bool:
    """Whether a file belongs into the build, by its place in it (as PyInstaller's table of contents names it)."""
    place = PurePath(target.replace("\\", "/")).as_posix()
    if any(pattern.search(place) for pattern in _LEFT_OUT):
        return False
    if place.startswith("mediapipe/modules/") and not place.endswith((".py", ".pyc")):
        return place in MEDIAPIPE_MODELS
    return _wanted_of_qt(place)


def _wanted_of_qt(place: str) -> bool:
    plugin = _QT_PLUGIN.search(place)
    if plugin is not None:
        return _plugin_name(plugin["file"]) in QT_PLUGINS.get(plugin["folder"], ())
    for pattern, names in ((_QT_BINDING, QT_BINDINGS), (_QT_LIBRARY, QT_LIBRARIES), (_QT_FRAMEWORK, QT_LIBRARIES)):
        found = pattern.search(place)
        if found is not None:
            return found["name"] in names
    return True


def _plugin_name(file: str) -> str:
    """libqxcb.so, libqxcb.dylib and qxcb.dll are all xcb; libadwaita.so has no q."""
    bare = file.partition(".")[0].lower().removeprefix("lib")
    return bare if bare.startswith("qt-") else bare.removeprefix("q")


Entry = tuple[str, str, str]
"""One line of PyInstaller's tables: target, source, kind."""


def keep(table: Iterable[Entry]) -> list[Entry]:
    return [entry for entry in table if wanted(entry[0])]


def reached(table: Iterable[Entry], imports: Callable[[str], Iterable[str]], ours: Sequence[str]) -> list[Entry]:
    """Without the system's libraries that nothing inside loads: PyInstaller gathered them for what `keep` left out (the
    GTK plug-in alone brings fifty). `imports` gives the names of all libraries that a file loads, directly or not;
    whatever lies below a folder of `ours` came from Python or its packages. So did Python's own library, which no
    module loads where a distribution has linked it into its interpreter; our program does."""
    entries = list(table)
    own = [entry for entry in entries if entry[1].startswith(tuple(ours)) or entry[0].startswith("libpython")]
    names = {name for _, source, kind in own if kind != "SYMLINK" for name in imports(source)}
    return [entry for entry in entries if entry in own or PurePath(entry[0]).name in names]


def program_name(platform: str = sys.platform) -> str:
    """The file that is started from a terminal."""
    return "desktop-affect.exe" if platform == "win32" else "desktop-affect"
