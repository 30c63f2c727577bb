"""A metric head: where stable landmarks lie on an average face, in millimetres.

Measured by us: MediaPipe's landmarks on 50 neutral, frontal portraits (Face Research Lab, DeBruine & Jones, CC BY
4.0), scaled to a pupil distance of 63 mm (the adult mean), averaged, made symmetric. The origin lies between the eyes;
x to the picture's right, y down, z away from the camera. Only points that expressions hardly move: nose, eye corners,
forehead, temples, upper cheeks; no lips, brows, lids or jaw.
"""

from __future__ import annotations

import numpy as np

_TABLE = np.array(
    [
        (4, 0.0, 33.6, -42.6),
        (6, 0.0, 2.8, -24.2),
        (10, 0.0, -55.0, -15.1),
        (33, -44.6, -1.1, 2.7),
        (263, 44.6, -1.1, 2.7),
        (54, -60.3, -36.5, 17.5),
        (284, 60.3, -36.5, 17.5),
        (67, -35.3, -51.7, -7.0),
        (297, 35.3, -51.7, -7.0),
        (117, -52.7, 16.5, 2.8),
        (346, 52.7, 16.5, 2.8),
        (119, -33.3, 18.1, -5.8),
        (348, 33.3, 18.1, -5.8),
        (121, -18.3, 12.4, -9.1),
        (350, 18.3, 12.4, -9.1),
        (127, -70.8, 3.5, 54.1),
        (356, 70.8, 3.5, 54.1),
        (129, -20.4, 37.5, -12.6),
        (358, 20.4, 37.5, -12.6),
        (133, -16.9, 1.1, -2.7),
        (362, 16.9, 1.1, -2.7),
        (143, -62.4, 3.6, 17.4),
        (372, 62.4, 3.6, 17.4),
        (198, -13.5, 25.4, -22.9),
        (420, 13.5, 25.4, -22.9),
    ]
)

LANDMARKS = _TABLE[:, 0].astype(np.intp)
"""Landmark numbers."""

POINTS_MM = _TABLE[:, 1:].astype(np.float64)
"""Their places on the average head; count × 3."""
