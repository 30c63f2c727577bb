"""The aligned face crop: one implementation for the live application, offline analysis and training.

For EYES_MOUTH a similarity transform (scale, rotation, shift; no shear) brings the two eye centres and the mouth's
centre as near as possible, in the least-squares sense, to the places that the `CropSpec` names. Three points instead
of two keep the face centred when the head turns or nods.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from desktop_affect.core.colour_order import is_turned, turned
from desktop_affect.core.types import Box, CropAlignment, CropSpec, Face, FaceCrop, Frame, Points, RgbImage
from desktop_affect.system.cv2_import import cv2

# MediaPipe's landmark numbers; left and right are the person's own.
RIGHT_EYE_CORNERS = (33, 133)
LEFT_EYE_CORNERS = (362, 263)
MOUTH_CORNERS = (61, 291)

LEAN = 0.0066
"""How far MediaPipe's points lie to the right of where they belong, in distances of the eyes: half of what they differ
by when 30 films are mirrored (0.55 pixels of a 96 px crop on average, and the same way in all of them)."""

# A power of two: a face may be halved five times, from 4K to 112 px.
_GRID_PX = 32


def alignment_points(landmarks: Points) -> Points:
    """The person's right eye, left eye and mouth centres: 3 × 2. In the picture the right eye is on the left."""
    centres = [landmarks[list(pair), :2].mean(axis=0) for pair in (RIGHT_EYE_CORNERS, LEFT_EYE_CORNERS, MOUTH_CORNERS)]
    return np.asarray(centres, dtype=np.float32)


def template(spec: CropSpec) -> Points:
    """Where the three points belong in the crop, in crop pixels; a mirrored picture gives the mirrored crop."""
    half = spec.eye_spread / 2
    shares = [(0.5 - half, spec.eye_y), (0.5 + half, spec.eye_y), (0.5, spec.mouth_y)]
    places = np.asarray(shares, dtype=np.float32) * spec.size_px
    # Pixels are counted by their middles: that of the crop is (size - 1) / 2.
    places[:, 0] += LEAN * spec.eye_spread * spec.size_px - 0.5
    return places


def similarity(source: Points, target: Points) -> NDArray[np.float64]:
    """The 2 × 3 matrix of the least-squares similarity from source to target points (Umeyama, without mirroring)."""
    a, b = source.astype(np.float64), target.astype(np.float64)
    a_mean, b_mean = a.mean(axis=0), b.mean(axis=0)
    a, b = a - a_mean, b - b_mean
    norm = float((a**2).sum()) or 1.0
    cos = float((a * b).sum()) / norm
    sin = float((a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]).sum()) / norm
    turn = np.array([[cos, -sin], [sin, cos]])
    return np.column_stack([turn, b_mean - turn @ a_mean])


def align(pixels: RgbImage, points: Points, spec: CropSpec) -> RgbImage:
    """The EYES_MOUTH crop of any picture from its three alignment points; black where the picture ends."""
    matrix = similarity(points, template(spec))
    return _warp(pixels, matrix, spec.size_px)


def box_crop(pixels: RgbImage, box: Box, spec: CropSpec) -> RgbImage:
    """The BOX crop: the padded box stretched to a square."""
    left, top = box.left - spec.padding * box.width, box.top - spec.padding * box.height
    scale_x = spec.size_px / max(box.width * (1 + 2 * spec.padding), 1.0)
    scale_y = spec.size_px / max(box.height * (1 + 2 * spec.padding), 1.0)
    matrix = np.array([[scale_x, 0.0, -left * scale_x], [0.0, scale_y, -top * scale_y]])
    return _warp(pixels, matrix, spec.size_px)


def crop_face(frame: Frame, face: Face, spec: CropSpec) -> FaceCrop:
    """The `FaceCropper` of this house."""
    if spec.alignment is CropAlignment.BOX:
        pixels = box_crop(frame.pixels, face.box, spec)
    else:
        pixels = align(frame.pixels, alignment_points(face.landmarks), spec)
    return FaceCrop(pixels, frame.t_s, face.track)


def _warp(pixels: RgbImage, matrix: NDArray[np.float64], size_px: int) -> RgbImage:
    if is_turned(pixels):
        crop = _warp(turned(pixels), matrix, size_px)
        return np.asarray(cv2.cvtColor(crop, cv2.COLOR_BGR2RGB), dtype=np.uint8)
    shrink = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    if shrink < 0.5:
        pixels, matrix = _halved(*_around(pixels, matrix, size_px), shrink)
    return np.asarray(
        cv2.warpAffine(pixels, matrix, (size_px, size_px), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT),
        dtype=np.uint8,
    )


def _halved(pixels: RgbImage, matrix: NDArray[np.float64], shrink: float) -> tuple[RgbImage, NDArray[np.float64]]:
    # INTER_LINEAR alone samples too few pixels when the face is much larger than the crop and aliases; halving the
    # scale by area first keeps the cost low and the crop as smooth as those of the training pictures.
    while shrink < 0.5 and min(pixels.shape[:2]) >= 2:
        pixels = np.asarray(cv2.resize(pixels, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        matrix = matrix @ np.diag([2.0, 2.0, 1.0])
        shrink *= 2
    return pixels, matrix


def _around(pixels: RgbImage, matrix: NDArray[np.float64], size_px: int) -> tuple[RgbImage, NDArray[np.float64]]:
    """The part of the picture that the crop shows, so that only that is halved; the crop comes out the same."""
    corners = np.array([[0, 0], [size_px, 0], [0, size_px], [size_px, size_px]], dtype=np.float64)
    back = cv2.invertAffineTransform(matrix)
    shown = corners @ back[:, :2].T + back[:, 2]
    height_px, width_px = pixels.shape[:2]
    # On a grid, so that pixels are halved with the same neighbours wherever the part begins; the rim is for the edges.
    left, top = (int(v) // _GRID_PX * _GRID_PX for v in np.maximum(shown.min(axis=0) - _GRID_PX, 0))
    right, bottom = (int(v) // _GRID_PX * _GRID_PX for v in np.maximum(shown.max(axis=0) + 2 * _GRID_PX, 0))
    part = pixels[top : min(bottom, height_px), left : min(right, width_px)]
    if 0 in part.shape:
        return pixels, matrix
    shifted = matrix.copy()
    shifted[:, 2] += matrix[:, :2] @ (left, top)
    return part, shifted
