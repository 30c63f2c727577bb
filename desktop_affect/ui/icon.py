"""Our icon, as the files beside the program hold it."""

from __future__ import annotations

from PySide6.QtGui import QIcon

from desktop_affect.system import paths


def app_icon() -> QIcon:
    """Our icon in every size that a desktop asks for."""
    icon = QIcon()
    for size in (48, 128, 256, 512):
        icon.addFile(str(paths.bundled(f"resources/icons/desktop-affect-{size}.png")))
    return icon
