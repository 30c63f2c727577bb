"""What of a picture goes into the film: all of it, the face alone, or all but the face.

Where it is not known for sure where the face is, the picture is hidden whole rather than shown: without a face, with
more faces than the participant's, and where the tracker is not sure of itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from desktop_affect.core.types import Face, RgbImage, Sample
from desktop_affect.session.plan import FilmConsent
from desktop_affect.system.cv2_import import cv2

Keeper: TypeAlias = Callable[[RgbImage, Sample], RgbImage]
"""A frame's pixels to the film's picture, of the same size for every frame."""

# 720p is what a webcam gives; more costs time and room and shows no more of a face at a desk.
MOST_SIDE_PX = 1280
FACE_SIDE_PX = 384

# The mesh ends at the forehead, the ears and the chin; hair and ears tell who somebody is.
BLUR_MARGIN = 1.45
FACE_MARGIN = 1.2
_MESH = slice(0, 468)
_SURE = 0.5

# So few patches across a face that no feature is left: with six, the tracker still made out a face in one picture of
# seven and followed it through most of a film; with four or fewer it found none.
_FACE_PATCHES = 3
_WHOLE_PATCHES = 16


def keeper_for(mode: FilmConsent, width_px: int, height_px: int) -> Keeper:
    """For frames of this size (others are scaled to it)."""
    size = film_size(width_px, height_px)
    if mode is FilmConsent.FACE:
        return face_alone
    if mode is FilmConsent.BLURRED:
        return lambda pixels, sample: _blurred(pixels, sample, size)
    if mode is FilmConsent.WHOLE:
        return lambda pixels, sample: _scaled(pixels, size)
    raise ValueError("no film is kept without consent")


def film_size(width_px: int, height_px: int) -> tuple[int, int]:
    """Even numbers, because colours are stored at half the resolution."""
    scale = min(1.0, MOST_SIDE_PX / max(width_px, height_px))
    return max(2, round(width_px * scale) // 2 * 2), max(2, round(height_px * scale) // 2 * 2)


def _scaled(pixels: RgbImage, size: tuple[int, int]) -> RgbImage:
    if (pixels.shape[1], pixels.shape[0]) == size:
        return pixels
    return _bytes(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA))


def _blurred(pixels: RgbImage, sample: Sample, size: tuple[int, int]) -> RgbImage:
    face, picture = sample.face, _scaled(pixels, size)
    if face is None or face.other_faces > 0 or not face.confidence >= _SURE:
        return hide(picture, _WHOLE_PATCHES)
    scale = np.array([size[0] / pixels.shape[1], size[1] / pixels.shape[0]])
    return blur_face(picture, outline(face, BLUR_MARGIN) * scale)


def outline(face: Face, margin: float) -> NDArray[Any]:
    """The hull of the face and its box, grown around its middle; corners in picture pixels."""
    left, top, width, height = face.box
    corners = [(left, top), (left + width, top), (left, top + height), (left + width, top + height)]
    points = np.vstack([face.landmarks[_MESH, :2], corners]).astype(np.float32)
    hull = cv2.convexHull(points)[:, 0, :]
    middle = (hull.min(axis=0) + hull.max(axis=0)) / 2
    return np.asarray((hull - middle) * margin + middle)


def blur_face(picture: RgbImage, corners: NDArray[Any]) -> RgbImage:
    """A copy with everything inside the corners hidden."""
    height, width = picture.shape[:2]
    left, top = np.clip(np.floor(corners.min(axis=0)), 0, (width, height)).astype(int)
    right, bottom = np.clip(np.ceil(corners.max(axis=0)) + 1, 0, (width, height)).astype(int)
    if right - left < 1 or bottom - top < 1:
        return picture  # the face has left the picture
    result = picture.copy()
    region = result[top:bottom, left:right]
    mask = np.zeros(region.shape[:2], np.uint8)
    cv2.fillConvexPoly(mask, np.round(corners - (left, top)).astype(np.int32), (255,))
    result[top:bottom, left:right] = cv2.copyTo(hide(region, _FACE_PATCHES), mask, region.copy())
    return result


def hide(picture: RgbImage, patches: int) -> RgbImage:
    """So few patches across, each the mean of what was there, drawn smoothly: nothing can be made out of them."""
    height, width = picture.shape[:2]
    small = cv2.resize(picture, (patches, max(1, round(patches * height / width))), interpolation=cv2.INTER_AREA)
    return _bytes(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR))


def face_alone(pixels: RgbImage, sample: Sample) -> RgbImage:
    """The face in the middle of a square, black around it; all black without a face."""
    side = FACE_SIDE_PX
    face = sample.face
    if face is None or not face.confidence >= _SURE:
        return np.zeros((side, side, 3), np.uint8)
    corners = outline_of_mesh(face)
    low, high = corners.min(axis=0), corners.max(axis=0)
    scale = side / max(1.0, float((high - low).max()))
    shift = side / 2 - scale * (low + high) / 2
    placed = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])
    cut = cv2.warpAffine(pixels, placed, (side, side), flags=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    mask = np.zeros((side, side), np.uint8)
    cv2.fillConvexPoly(mask, np.round(corners * scale + shift).astype(np.int32), (255,))
    return _bytes(cv2.bitwise_and(cut, cut, mask=mask))


def outline_of_mesh(face: Face) -> NDArray[Any]:
    """The hull of the mesh alone, a little grown: what lies outside is not the face."""
    hull = cv2.convexHull(face.landmarks[_MESH, :2].astype(np.float32))[:, 0, :]
    middle = (hull.min(axis=0) + hull.max(axis=0)) / 2
    return np.asarray((hull - middle) * FACE_MARGIN + middle)


def _bytes(picture: NDArray[Any]) -> RgbImage:
    return picture.astype(np.uint8, copy=False)
