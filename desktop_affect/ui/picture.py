"""The live picture with what was found on it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_affect.core.colour_order import as_stored, is_turned
from desktop_affect.core.types import Preview, RgbImage
from desktop_affect.ui.overlay import Layers, Placement, paint_face
from desktop_affect.ui.theme import DARK, GRID_PX, Theme

HIDDEN = "Picture hidden. The analysis goes on."
# Width over height.
_USUAL_SHAPE, _NARROWEST_SHAPE = 16 / 9, 4 / 3


class PictureView(QWidget):
    """Shows the newest preview it was given; draws only when that changes."""

    reshaped = Signal()
    """Pictures of another shape come in."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._preview: Preview | None = None
        self.layers = Layers()
        self.mirrored = True
        self.hidden_face = False
        """The picture is not shown (nor the face drawn) while the analysis goes on."""
        self.painted_seq = -1
        """Of the last preview that reached the screen."""
        self.setMinimumSize(320, 180)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._shape = _USUAL_SHAPE
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        # Where the keyboard rests when nothing is being typed: a stray key must not begin a note.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName("Live picture")

    def sizeHint(self) -> QSize:
        return QSize(640, 360)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return round(width / self._shape)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def show_preview(self, preview: Preview | None) -> None:
        if preview is not self._preview:
            self._preview = preview
            self._take_shape(preview)
            self.update()

    def _take_shape(self, preview: Preview | None) -> None:
        """As wide or tall as the picture, within reason: a portrait film gets bars at its sides."""
        if preview is not None:
            height, width = preview.frame.pixels.shape[:2]
            shape = max(width / height, _NARROWEST_SHAPE)
            if shape != self._shape:
                self._shape = shape
                self.updateGeometry()
                self.reshaped.emit()

    def set_options(self, *, mirrored: bool, hidden_face: bool, layers: Layers) -> None:
        self.mirrored, self.hidden_face, self.layers = mirrored, hidden_face, layers
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.surface))
        if self._preview is None:
            return
        pixels = self._preview.frame.pixels
        place = fit(self.width(), self.height(), pixels.shape[1], pixels.shape[0], self.mirrored)
        face = self._preview.sample.face
        if self.hidden_face:
            painter.fillRect(place.rect, QColor(self._theme.raised))
            painter.setPen(QColor(self._theme.muted))
            bottom = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom
            painter.drawText(place.rect.adjusted(0, 0, 0, -GRID_PX * 2), bottom, HIDDEN)
        else:
            draw_picture(painter, pixels, place)
        if face is not None:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            layers = Layers(mesh=False, box=True, pose=False, gaze=False) if self.hidden_face else self.layers
            # On a picture the bright accent is the one that is seen, in either theme.
            paint_face(painter, face, place, layers, DARK)
        self.painted_seq = self._preview.frame.seq


def fit(width: int, height: int, picture_width: int, picture_height: int, mirrored: bool) -> Placement:
    """The largest place for the picture, centred, on whole pixels so that it need not be filtered twice."""
    scale = min(width / picture_width, height / picture_height)
    w, h = round(picture_width * scale), round(picture_height * scale)
    rect = QRectF((width - w) // 2, (height - h) // 2, w, h)
    return Placement(rect, w / picture_width, mirrored)


def draw_picture(painter: QPainter, pixels: RgbImage, place: Placement) -> None:
    """The whole picture at its place."""
    order = QImage.Format.Format_BGR888 if is_turned(pixels) else QImage.Format.Format_RGB888
    stored = as_stored(pixels)
    # Borrows the memory, which nobody writes again.
    image = QImage(stored.data, stored.shape[1], stored.shape[0], stored.strides[0], order)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    if place.mirrored:
        painter.translate(place.rect.left() + place.rect.right(), 0)
        painter.scale(-1, 1)
    painter.drawImage(place.rect, image)
    painter.restore()
