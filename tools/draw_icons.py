"""`python -m tools.draw_icons`: the icon files of every platform from our two SVG drawings (one for small sizes, where
rings and thin strokes turn to mush). Writes resources/icons/; needs PySide6 and Pillow.
"""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PIL import Image
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "icons"
SMALL_UP_TO_PX = 32
ICO_PX = (16, 20, 24, 32, 40, 48, 64, 128, 256)
ICNS_PX = (16, 32, 64, 128, 256, 512, 1024)
PNG_PX = (48, 128, 256, 512)


def draw(size_px: int) -> Image.Image:
    name = "desktop-affect-small.svg" if size_px <= SMALL_UP_TO_PX else "desktop-affect.svg"
    picture = QImage(size_px, size_px, QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(str(FOLDER / name)).render(painter)
    painter.end()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, b"PNG")
    return Image.open(io.BytesIO(data.data())).convert("RGBA")


def main() -> int:
    application = QGuiApplication.instance() or QGuiApplication(sys.argv[:1])
    pictures = {size: draw(size) for size in {*ICO_PX, *ICNS_PX, *PNG_PX}}
    for size in PNG_PX:
        pictures[size].save(FOLDER / f"desktop-affect-{size}.png", optimize=True)
    for name, sizes in (("ico", ICO_PX), ("icns", ICNS_PX)):
        largest, *others = (pictures[size] for size in sorted(sizes, reverse=True))
        target = FOLDER / f"desktop-affect.{name}"
        if name == "ico":
            largest.save(target, append_images=others, sizes=[(size, size) for size in sizes])
        else:
            largest.save(target, append_images=others)
        print(target.name, target.stat().st_size)
    del application
    return 0


if __name__ == "__main__":
    sys.exit(main())
