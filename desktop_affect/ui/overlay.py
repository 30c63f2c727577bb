"""What is drawn over the picture: mesh, box, head-pose axes, gaze. Points go in as picture pixels."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from desktop_affect.core.types import Box, Eyes, Face, HeadPose, Points
from desktop_affect.ui import mesh
from desktop_affect.ui.theme import Theme


@dataclass(frozen=True, slots=True)
class Placement:
    """Where the picture lies in the widget."""

    rect: QRectF
    scale: float
    """Widget pixels per picture pixel."""
    mirrored: bool = False

    def place(self, points: Points) -> NDArray[np.float64]:
        """Count × 2 in widget pixels."""
        placed = points[:, :2].astype(np.float64) * self.scale
        if self.mirrored:
            placed[:, 0] = self.rect.width() - placed[:, 0]
        placed += (self.rect.left(), self.rect.top())
        return placed

    def place_box(self, box: Box) -> QRectF:
        left = box.left * self.scale
        if self.mirrored:
            left = self.rect.width() - left - box.width * self.scale
        return QRectF(
            self.rect.left() + left, self.rect.top() + box.top * self.scale,
            box.width * self.scale, box.height * self.scale,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Layers:
    """Which overlays are on."""

    mesh: bool = True
    box: bool = True
    pose: bool = True
    gaze: bool = True


def paint_face(painter: QPainter, face: Face, place: Placement, layers: Layers, theme: Theme) -> None:
    """All chosen layers of one face."""
    if not math.isfinite(place.scale) or len(face.landmarks) <= max(mesh.IRIS_CENTRES):
        return
    points = place.place(face.landmarks)
    accent = QColor(theme.accent)
    if layers.box:
        paint_box(painter, place.place_box(face.box), accent)
    if layers.mesh:
        paint_mesh(painter, points)
    if layers.gaze:
        paint_gaze(painter, points, face.eyes, place)
    if layers.pose:
        paint_pose(painter, points[mesh.NOSE_TIP], face.pose, place, accent)


def paint_mesh(painter: QPainter, points: NDArray[np.float64]) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    _line(painter, QColor(255, 255, 255, 150), 1.2)
    painter.drawPath(_path(points, mesh.CONTOURS))
    _line(painter, QColor(255, 255, 255, 220), 1.4)
    for centre, rim in zip(mesh.IRIS_CENTRES, mesh.IRIS_RIMS, strict=True):
        radius_px = float(np.linalg.norm(points[list(rim)] - points[centre], axis=1).mean())
        painter.drawEllipse(QPointF(*points[centre]), radius_px, radius_px)


def paint_box(painter: QPainter, box: QRectF, colour: QColor) -> None:
    """Four corners instead of a cage: it says where without covering the face."""
    arm = min(box.width(), box.height()) * 0.16
    path = QPainterPath()
    for x, y, dx, dy in (
        (box.left(), box.top(), 1, 1),
        (box.right(), box.top(), -1, 1),
        (box.right(), box.bottom(), -1, -1),
        (box.left(), box.bottom(), 1, -1),
    ):
        path.moveTo(x + dx * arm, y)
        path.lineTo(x, y)
        path.lineTo(x, y + dy * arm)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    _line(painter, colour, 2.0)
    painter.drawPath(path)


def paint_pose(painter: QPainter, nose: NDArray[np.float64], pose: HeadPose, place: Placement, accent: QColor) -> None:
    """The head's own axes at the tip of the nose: thin to its left and up, thick where it faces."""
    axes = head_axes(pose)
    if not np.isfinite(axes).all():
        return
    if place.mirrored:
        axes = axes * (-1, 1)
    length_px = min(place.rect.width(), place.rect.height()) * 0.11
    origin = QPointF(*nose)
    for axis, colour, width in (
        (axes[0], QColor(255, 255, 255, 170), 1.6),
        (axes[1], QColor(255, 255, 255, 170), 1.6),
        (axes[2], accent, 3.5),
    ):
        _line(painter, colour, width)
        painter.drawLine(origin, QPointF(*(nose + axis * length_px)))


def paint_gaze(painter: QPainter, points: NDArray[np.float64], eyes: Eyes, place: Placement) -> None:
    """A short line from each iris to where it looks."""
    away = direction(eyes.gaze_yaw_deg, eyes.gaze_pitch_deg)
    if eyes.blink or not np.isfinite(away).all():
        return
    if place.mirrored:
        away = away * (-1, 1)
    length_px = min(place.rect.width(), place.rect.height()) * 0.14
    _line(painter, QColor(255, 255, 255, 230), 2.0)
    for eye in mesh.IRIS_CENTRES:
        painter.drawLine(QPointF(*points[eye]), QPointF(*(points[eye] + away * length_px)))


def direction(yaw_deg: float, pitch_deg: float) -> NDArray[np.float64]:
    """Where a look or a face points, seen in the unmirrored picture (x right, y down), as a share of its length."""
    yaw, pitch = math.radians(yaw_deg), math.radians(pitch_deg)
    return np.array([math.sin(yaw) * math.cos(pitch), -math.sin(pitch)])


def head_axes(pose: HeadPose) -> NDArray[np.float64]:
    """The head's left, up and forward in the picture, 3 × 2; signs as in core/types.py."""
    yaw, pitch, roll = (math.radians(a) for a in (pose.yaw_deg, pose.pitch_deg, pose.roll_deg))
    level_left = np.array([math.cos(yaw), 0.0])
    level_up = np.array([-math.sin(yaw) * math.sin(pitch), -math.cos(pitch)])
    left = level_left * math.cos(roll) - level_up * math.sin(roll)
    up = level_up * math.cos(roll) + level_left * math.sin(roll)
    return np.array([left, up, direction(pose.yaw_deg, pose.pitch_deg)])


def _path(points: NDArray[np.float64], chains: Iterable[tuple[int, ...]]) -> QPainterPath:
    path = QPainterPath()
    for chain in chains:
        path.addPolygon(QPolygonF([QPointF(x, y) for x, y in points[list(chain)].tolist()]))
    return path


def _line(painter: QPainter, colour: QColor, width_px: float) -> None:
    pen = QPen(colour, width_px)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
