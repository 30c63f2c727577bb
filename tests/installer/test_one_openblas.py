"""Linear algebra of NumPy and OpenCV through one OpenBLAS gives what it gave through one each."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from installer import environment, inside, one_openblas

SITE = Path(sysconfig.get_path("platlib"))
pytest.importorskip("scipy_openblas64", reason="needs the extra “installer” on Linux")
pytestmark = [
    pytest.mark.skipif(platform.machine() != "x86_64", reason="made for x86-64"),
    pytest.mark.skipif(shutil.which("cc") is None or shutil.which("nm") is None, reason="needs a C compiler"),
    pytest.mark.skipif(not list(SITE.glob("numpy.libs/libopenblas64*.so")), reason="NumPy is not a wheel here"),
]

# Large enough that OpenCV hands them to LAPACK (from 100 rows on); held against NumPy, whose library is its own.
COMPARISON = """
import numpy as np
from desktop_affect.system.cv2_import import cv2

random = np.random.default_rng(7)
for kind, close in ((np.float32, 2e-3), (np.float64, 1e-9)):
    a = (random.standard_normal((150, 150)) + 15 * np.eye(150)).astype(kind)
    b = random.standard_normal((150, 3)).astype(kind)
    tall = random.standard_normal((220, 150)).astype(kind)
    exact = np.linalg.solve(a.astype(float), b.astype(float))
    assert np.allclose(a.astype(float) @ exact, b, atol=1e-9)
    assert np.allclose(cv2.solve(a, b, flags=cv2.DECOMP_LU)[1], exact, atol=close)
    assert np.allclose(cv2.solve(a, b, flags=cv2.DECOMP_QR)[1], exact, atol=close)
    assert np.allclose(cv2.solve(a, b, flags=cv2.DECOMP_SVD)[1], exact, atol=close)
    symmetric = (a @ a.T).astype(kind)
    known = np.linalg.solve(symmetric.astype(float), b.astype(float))
    assert np.allclose(cv2.solve(symmetric, b, flags=cv2.DECOMP_CHOLESKY)[1], known, atol=close)
    far = random.standard_normal((220, 2)).astype(kind)
    nearest = np.linalg.lstsq(tall.astype(float), far.astype(float), rcond=None)[0]
    assert np.allclose(cv2.solve(tall, far, flags=cv2.DECOMP_QR)[1], nearest, atol=close)
    w, u, vt = cv2.SVDecomp(tall)
    assert np.allclose(u @ np.diag(w.ravel()) @ vt, tall, atol=close)
    assert np.allclose(cv2.invert(a)[1] @ a, np.eye(150), atol=close)
    # An odd number of exchanged rows: the sign comes out of the pivots.
    swapped = a[[1, 0, *range(2, 150)]] / 15
    assert np.isclose(cv2.determinant(swapped), np.linalg.det(swapped.astype(float)), rtol=1e-2)
    assert np.allclose(cv2.gemm(a, b, 2.0, None, 0.0), 2 * (a @ b), atol=close)
    z = random.standard_normal((130, 130, 2)).astype(kind)
    product = (z[..., 0] + 1j * z[..., 1]) @ (z[..., 0] + 1j * z[..., 1])
    got = cv2.gemm(z, z, 1.0, None, 0.0)
    assert np.allclose(got[..., 0] + 1j * got[..., 1], product, atol=close * 10)
values = cv2.eigenNonSymmetric(np.diag(np.arange(1.0, 121.0)) + np.triu(np.ones((120, 120)), 1))[0]
assert np.allclose(np.sort(values.ravel()), np.arange(1.0, 121.0), atol=1e-6)
maps = open("/proc/self/maps").read()
loaded = {line.split()[-1] for line in maps.splitlines() if "openblas" in line}
print(*sorted(loaded), sep="\\n")
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """In folders that lie as in an environment."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "scipy_openblas64").symlink_to(SITE / "scipy_openblas64")
    return one_openblas.make(SITE, folder)


@pytest.mark.timeout(400)
def test_every_kind_of_equation_comes_out_as_numpy_says(made: tuple[Path, Path]) -> None:
    # Loaded first under the names that NumPy and OpenCV ask for, they are what these get.
    environment = {**os.environ, "LD_PRELOAD": ":".join(map(str, made)), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", COMPARISON], env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    loaded = done.stdout.split()
    assert {str(path) for path in made} <= set(loaded)
    assert [name for name in loaded if name.startswith(str(SITE)) and "scipy_openblas64" not in name] == []


def test_they_are_small_cover_all_that_is_asked_for_and_are_ours(made: tuple[Path, Path]) -> None:
    one_openblas.check(SITE, *made)
    for path in made:
        assert path.stat().st_size < 50_000
        assert one_openblas.is_ours(path)
        assert inside.ours(Path("installer", path.name)).name == "Desktop Affect"
    assert not one_openblas.is_ours(one_openblas.opencv_s(SITE))


def test_what_is_not_handed_on_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    less = tmp_path / "less.c"
    less.write_text("void cblas_sgemm(void) {}\n")
    monkeypatch.setattr(one_openblas, "SOURCE", less)
    with pytest.raises(one_openblas.NotCoveredError, match=r"dgesdd_.*add them to less\.c"):
        one_openblas.check(SITE, *one_openblas.make(SITE, tmp_path))


def test_linux_builds_are_made_so() -> None:
    assert environment.steps("linux") == ("installer.one_openblas", "installer.small_icu")
    assert environment.steps("win32") == ()
