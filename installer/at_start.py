"""Runs inside the frozen application before anything else of ours (a runtime hook of PyInstaller)."""

import os
import sys
from types import ModuleType

# On Linux PyInstaller starts us with LD_LIBRARY_PATH set to our own libraries. Ours are found by then; the programs
# that we start (the file manager that shows a session) must get the person's own.
if sys.platform.startswith("linux"):
    before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    if before is None:
        os.environ.pop("LD_LIBRARY_PATH", None)
    else:
        os.environ["LD_LIBRARY_PATH"] = before

# pyqtgraph imports Qt's OpenGL (10 MB) for drawing that we never turn on; it needs the names alone.
_opengl, _widgets = ModuleType("PySide6.QtOpenGL"), ModuleType("PySide6.QtOpenGLWidgets")
_widgets.QOpenGLWidget = type("QOpenGLWidget", (), {})  # type: ignore[attr-defined]
for _module in (_opengl, _widgets):
    sys.modules[_module.__name__] = _module
