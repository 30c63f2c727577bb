"""What is let into a build and what is kept out, on names as PyInstaller gives them on the three systems."""

from __future__ import annotations

import pytest

from installer.contents import EXCLUDED_MODULES, Entry, keep, program_name, reached, wanted

IN = (
    "mediapipe/modules/face_landmark/face_landmark_with_attention.tflite",
    "mediapipe/modules/face_detection/face_detection_short_range.tflite",
    "mediapipe/python/_framework_bindings.cpython-311-x86_64-linux-gnu.so",
    "openvino/libs/libopenvino_onnx_frontend.so.2641",
    "openvino/libs/openvino_ir_frontend.dll",
    "openvino/libs/libopenvino_intel_gpu_plugin.so",
    "onnxruntime/capi/onnxruntime_pybind11_state.pyd",
    "onnxruntime/capi/libonnxruntime_providers_shared.so",
    "cv2/cv2.abi3.so",
    "PySide6/Qt/lib/libQt6Core.so.6",
    "PySide6/Qt6Widgets.dll",
    "PySide6/QtCore.pyd",
    "PySide6/Qt/lib/QtGui.framework/Versions/A/QtGui",
    "PySide6/Qt/plugins/platforms/libqxcb.so",
    "PySide6/plugins/platforms/qwindows.dll",
    "PySide6/Qt/plugins/platforms/libqcocoa.dylib",
    "PySide6/Qt/plugins/wayland-decoration-client/libadwaita.so",
    "PySide6/Qt/plugins/wayland-graphics-integration-client/libqt-plugin-wayland-egl.so",
    "models/mobilenetv4-mixer/model.toml",
    "resources/demo/participant.mp4",
    "libxcb-cursor.so.0",
)
OUT = (
    "mediapipe/modules/pose_landmark/pose_landmark_heavy.tflite",
    "openvino/libs/libopenvino_pytorch_frontend.so.2641",
    "openvino/libs/openvino_tensorflow_lite_frontend.dll",
    "openvino\\libs\\openvino_paddle_frontend.dll",
    "openvino/libs/tbb.pc",
    "onnxruntime/capi/libonnxruntime.so.1.31.1",
    "cv2/data/haarcascade_eye.xml",
    "cv2/qt/plugins/platforms/libqxcb.so",
    "PySide6/Qt/lib/libQt6Quick.so.6",
    "PySide6/Qt6Qml.dll",
    "PySide6/QtOpenGL.abi3.so",
    "PySide6/Qt/plugins/tls/libqopensslbackend.so",
    "PySide6/plugins/networkinformation/qnetworklistmanager.dll",
    "PySide6/Qt/plugins/platformthemes/libqgtk3.so",
    "PySide6/Qt/plugins/platforms/libqminimalegl.so",
    "PySide6/Qt/translations/qtbase_de.qm",
    "PySide6/opengl32sw.dll",
    "libstdc++.so.6",
)


@pytest.mark.parametrize("place", IN)
def test_what_is_used_comes_in(place: str) -> None:
    assert wanted(place)


@pytest.mark.parametrize("place", OUT)
def test_what_is_not_used_stays_out(place: str) -> None:
    assert not wanted(place)


def test_the_table_keeps_its_order_and_its_other_columns() -> None:
    table = [(place, f"/from/{place}", "BINARY") for place in (IN[0], OUT[0], IN[1])]
    assert keep(table) == [table[0], table[2]]


def test_a_library_of_the_system_that_nothing_inside_loads_stays_out() -> None:
    table: list[Entry] = [
        ("PySide6/libQt6Gui.so.6", "/env/PySide6/libQt6Gui.so.6", "BINARY"),
        ("libX11.so.6", "/usr/lib/libX11.so.6", "BINARY"),
        ("libgtk-3.so.0", "/usr/lib/libgtk-3.so.0", "BINARY"),
    ]
    loads = {"/env/PySide6/libQt6Gui.so.6": ["libX11.so.6", "libc.so.6"], "/usr/lib/libgtk-3.so.0": ["libX11.so.6"]}
    assert reached(table, loads.__getitem__, ["/env"]) == table[:2]


def test_pythons_own_library_comes_in_where_no_module_loads_it() -> None:
    table: list[Entry] = [
        ("libpython3.11.so.1.0", "/lib/libpython3.11.so.1.0", "BINARY"),
        ("libexpat.so.1", "/lib/libexpat.so.1", "BINARY"),
        ("libgtk-3.so.0", "/lib/libgtk-3.so.0", "BINARY"),
    ]
    loads = {"/lib/libpython3.11.so.1.0": ["libexpat.so.1"]}
    assert reached(table, loads.__getitem__, ["/env"]) == table[:2]


def test_heavy_and_foreign_packages_cannot_come_in_as_modules() -> None:
    assert {"jax", "torch", "scipy", "matplotlib", "readline", "desktop_affect.training"} <= set(EXCLUDED_MODULES)


def test_names_of_programs() -> None:
    assert program_name("win32") == "desktop-affect.exe"
    assert program_name("linux") == program_name("darwin") == "desktop-affect"
