"""What takes the room in a build: `python -m installer.sizes FOLDER` prints the table."""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

MB = 1e6
LIMIT_UNPACKED_MB, LIMIT_PACKED_MB = 550, 220
"""More is a mistake: something came in that nobody uses."""

_GROUPS = (
    ("OpenVINO", ("openvino/",)),
    ("OpenCV and FFmpeg", ("cv2/", "opencv_")),
    ("Qt and PySide6", ("PySide6/", "shiboken6/")),
    ("NumPy", ("numpy/", "numpy.libs/", "scipy_openblas64/")),
    ("MediaPipe", ("mediapipe/", "mediapipe.libs/", "google/")),
    ("ONNX Runtime", ("onnxruntime/",)),
    ("PyAV", ("av/", "av.libs/")),
    ("Python", ("libpython", "python3", "base_library.zip", "lib-dynload/", "Python")),
    ("models", ("models/",)),
    ("demo, icons, licences", ("resources/",)),
    ("pyqtgraph", ("pyqtgraph/",)),
)


def measure(folder: Path) -> dict[str, int]:
    """Group → bytes, links not followed; the largest first."""
    sizes: dict[str, int] = defaultdict(int)
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            sizes[_group(path.relative_to(folder))] += path.stat().st_size
    return dict(sorted(sizes.items(), key=lambda pair: -pair[1]))


def _group(relative: Path) -> str:
    inner = relative.as_posix()
    for start in ("_internal/", "Contents/Frameworks/", "Contents/Resources/", "Contents/MacOS/"):
        inner = inner.removeprefix(start)
    for name, starts in _GROUPS:
        if inner.startswith(starts):
            return name
    return "the program and our code" if inner.startswith(("desktop-affect", "Desktop Affect")) else "system libraries"


def table(sizes: dict[str, int]) -> str:
    total = sum(sizes.values())
    lines = [f"{name:<28} {size / MB:8.1f} MB {100 * size / total:5.1f} %" for name, size in sizes.items()]
    return "\n".join((*lines, f"{'together':<28} {total / MB:8.1f} MB"))


def main() -> int:
    sizes = measure(Path(sys.argv[1]))
    print(table(sizes))
    return 0 if sum(sizes.values()) < LIMIT_UNPACKED_MB * MB else 1


if __name__ == "__main__":
    sys.exit(main())
