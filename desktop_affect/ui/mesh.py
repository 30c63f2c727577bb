"""The lines of the landmark mesh that are drawn: contours of MediaPipe's 478 points as chains of their numbers."""

from __future__ import annotations

FACE_OVAL: tuple[int, ...] = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152,
    148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109, 10,
)  # fmt: skip

CONTOURS: tuple[tuple[int, ...], ...] = (
    FACE_OVAL,
    # lips, outer and inner
    (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291),
    (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291),
    (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308),
    (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308),
    # the person's left eye and brow
    (263, 466, 388, 387, 386, 385, 384, 398, 362),
    (263, 249, 390, 373, 374, 380, 381, 382, 362),
    (276, 283, 282, 295, 285),
    (300, 293, 334, 296, 336),
    # the person's right eye and brow
    (33, 7, 163, 144, 145, 153, 154, 155, 133),
    (33, 246, 161, 160, 159, 158, 157, 173, 133),
    (46, 53, 52, 65, 55),
    (70, 63, 105, 66, 107),
    # bridge and wings of the nose
    (168, 6, 197, 195, 5, 4, 1),
    (98, 97, 2, 326, 327),
)

IRIS_CENTRES: tuple[int, int] = (468, 473)
IRIS_RIMS: tuple[tuple[int, ...], tuple[int, ...]] = ((469, 470, 471, 472), (474, 475, 476, 477))
NOSE_TIP = 1
