"""What is heavy is imported when a run is built, off the window's thread, and never before the window is there."""

from __future__ import annotations

import subprocess
import sys

_HEAVY = ("mediapipe", "openvino", "onnxruntime", "cv2", "jax", "matplotlib", "scipy", "pandas", "pyarrow", "torch")
_OPEN = """
import sys
from desktop_affect.cli.main import main
from desktop_affect.core.settings_table import default_settings
from desktop_affect.ui.app import WindowOptions, open_window
from desktop_affect.ui.backend import RealBackend

app, window = open_window(RealBackend(default_settings()), WindowOptions(source=""))
app.processEvents()
assert window.isVisible()
print(*sorted(name for name in {heavy} if name in sys.modules))
window.force_close()
while not window.control.closed:
    app.processEvents()
"""


def test_the_window_is_there_before_anything_heavy_is_imported() -> None:
    script = _OPEN.replace("{heavy}", repr(_HEAVY))
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []
